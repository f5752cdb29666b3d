// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QUrlQuery>

#include <functional>

namespace signalbox {

struct AdminRequest
{
    QByteArray method;
    QString path;
    QUrlQuery query;
    QByteArray body;
};

struct AdminReply
{
    int status = 200;
    QByteArray contentType = "application/json";
    QByteArray body;
};

/// What goes on after its first answer: `tail` of the last requests or events, then each new one.
struct FollowRequest
{
    bool requests = true; ///< else state events
    RequestQuery requestQuery;
    EventQuery eventQuery;
};

/// The calls of the admin API under /v1/, without anything of HTTP's framing or safety.
class AdminApi : public QObject
{
    Q_OBJECT

public:
    using Answer = std::function<void(const AdminReply &)>;

    explicit AdminApi(Engine &engine, QObject *parent = nullptr) : QObject(parent), m_engine(engine) { }

    /// Answers once, now or later, on this object's thread; not if `context` is gone by then.
    void handle(const AdminRequest &request, QObject *context, const Answer &answer);
    /// Nullopt: no request to follow anything.
    static std::optional<Result<FollowRequest>> followRequest(const AdminRequest &request);

    static AdminReply error(int status, const QString &code, const QString &message);

private:
    void get(const AdminRequest &request, QObject *context, const Answer &answer);
    void post(const AdminRequest &request, QObject *context, const Answer &answer);
    void answerAlarm(const QString &path, const QJsonObject &object, QObject *context, const Answer &answer);
    void listRequests(const AdminRequest &request, QObject *context, const Answer &answer);
    void answerHar(std::vector<RequestEvent> requests, QObject *context, const Answer &answer);
    void requestDetails(const AdminRequest &request, QObject *context, const Answer &answer);
    void listEvents(const AdminRequest &request, QObject *context, const Answer &answer);
    void replay(const AdminRequest &request, QObject *context, const Answer &answer);
    void dryRun(const AdminRequest &request, QObject *context, const Answer &answer);

    Engine &m_engine;
};

} // namespace signalbox
