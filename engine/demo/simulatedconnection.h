// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/demo/simulatedanswer.h"
#include "engine/demo/simulatedserver.h"
#include "engine/transport/requestparser.h"

#include <QObject>
#include <QTimer>

class QTcpSocket;

namespace signalbox {

/// One client of a simulated provider.
class SimulatedConnection : public QObject, private RequestParser::Handler
{
    Q_OBJECT

public:
    SimulatedConnection(SimulatedServer &server, QTcpSocket *socket);
    /// A reset, as a dying process gives.
    void reset();

private:
    void read();
    void answer();
    void beginAnswer();
    void sendHead(int status, const QByteArray &contentType, qsizetype length, const QByteArray &extra = {});
    void sendPlain(int status, const QByteArray &contentType, const QByteArray &body, const QByteArray &extra = {});
    void sendNextEvent();
    void nextRequest();
    QByteArray errorText(int status) const;

    void onRequestHead(RequestHead &&head) override { m_head = std::move(head); }
    void onRequestBody(QByteArrayView piece) override { m_body.append(piece); }
    void onRequestComplete() override { m_complete = true; }
    void onRequestError(int status, const QString &reason) override;

    SimulatedServer &m_server;
    QTcpSocket *m_socket;
    RequestParser m_parser;
    QTimer m_timer;
    QByteArray m_unread;
    RequestHead m_head;
    QByteArray m_body;
    bool m_complete = false;
    SimulatedAnswer m_answer;
    SimulatedFault m_fault;
    std::size_t m_nextEvent = 0;
};

} // namespace signalbox
