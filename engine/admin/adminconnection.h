// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/admin/adminapi.h"
#include "engine/base/secret.h"
#include "engine/transport/requestparser.h"

#include <QTimer>

class QTcpSocket;

namespace signalbox {

/// One request on one connection: checked, answered, closed.
class AdminConnection : public QObject, private RequestParser::Handler
{
    Q_OBJECT

public:
    AdminConnection(QTcpSocket *socket, Engine &engine, AdminApi &api, const Secret &token, QObject *parent);
    ~AdminConnection() override;

Q_SIGNALS:
    void closed();

private:
    void onReadyRead();
    void onRequestHead(RequestHead &&head) override;
    void onRequestBody(QByteArrayView piece) override;
    void onRequestComplete() override;
    void onRequestError(int status, const QString &reason) override;
    std::optional<AdminReply> refusal() const;
    void reply(const AdminReply &answer);
    void follow(const FollowRequest &what);
    template <typename Event> void followed(const std::vector<Event> &newestFirst);
    template <typename Event> void onEvent(const Event &event);
    void sendLine(const QByteArray &line);
    void finish();

    QTcpSocket *m_socket;
    Engine &m_engine;
    AdminApi &m_api;
    const Secret &m_token;
    RequestParser m_parser;
    QTimer m_deadline;
    RequestHead m_head;
    QByteArray m_body;
    bool m_answered = false;
    bool m_finishing = false;
    bool m_tailSent = false; ///< of a follower: new events go straight out
    std::vector<std::pair<std::uint64_t, QByteArray>> m_early; ///< events that came before the tail, by sequence
};

} // namespace signalbox
