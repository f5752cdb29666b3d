// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin/adminapi.h"

#include "engine/admin/adminquery.h"
#include "engine/admin/adminreplay.h"
#include "engine/api/har.h"
#include "engine/api/requestjson.h"
#include "engine/telemetry/statusjson.h"

#include <QFutureWatcher>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

namespace signalbox {

namespace {

constexpr int apiVersion = 1;
constexpr qint64 longestShelfMs = qint64 { 30 } * 86'400'000;

AdminReply jsonReply(QJsonObject object, int status = 200)
{
    object.insert(QStringLiteral("apiVersion"), apiVersion);
    return { status, "application/json", QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n' };
}

AdminReply badRequest(const Error &error)
{
    return AdminApi::error(400, QStringLiteral("bad_request"), error.reason);
}

AdminReply statusReply(const Status &status)
{
    if (status)
        return jsonReply({ { QStringLiteral("ok"), true } });
    const Error &error = status.error();
    const QString place = error.place.isEmpty() ? QString() : error.place + QLatin1Char(' ');
    return AdminApi::error(409, QStringLiteral("refused"), place + error.reason);
}

/// Calls back on the context's thread when the engine has answered.
template <typename Value, typename Call> void whenDone(const QFuture<Value> &future, QObject *context, Call call)
{
    auto *watcher = new QFutureWatcher<Value>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, call] {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            call(watcher->result());
    });
    watcher->setFuture(future);
}

template <typename List> QByteArray lines(const List &list)
{
    QByteArray text;
    for (const auto &item : list)
        text += toJsonLine(toJson(item));
    return text;
}

template <typename List> QJsonArray array(const List &list)
{
    QJsonArray result;
    for (const auto &item : list)
        result.append(toJson(item));
    return result;
}

QJsonObject statusObject(const EngineSnapshot &snapshot)
{
    return QJsonDocument::fromJson(statusJson(snapshot)).object();
}

QJsonObject dryRunObject(const DryRun &run)
{
    QJsonArray candidates;
    for (const DryRunCandidate &candidate : run.candidates) {
        candidates.append(QJsonObject { { QStringLiteral("provider"), candidate.provider },
                                        { QStringLiteral("usable"), candidate.usable },
                                        { QStringLiteral("chosen"), candidate.chosen },
                                        { QStringLiteral("reason"), candidate.reason },
                                        { QStringLiteral("text"), candidate.text },
                                        { QStringLiteral("mappedModel"), QString::fromUtf8(candidate.mappedModel) },
                                        { QStringLiteral("score"), candidate.score } });
    }
    return { { QStringLiteral("candidates"), candidates }, { QStringLiteral("summary"), run.summary } };
}

/// It is stored, logged and shown.
bool isNameOfClient(const QString &by)
{
    static const QRegularExpression name(QStringLiteral("^[\\w.-]{1,32}$"));
    return name.match(by).hasMatch();
}

bool isPostPath(const QString &path)
{
    static const QStringList paths { QStringLiteral("/v1/providers/command"), QStringLiteral("/v1/settings"),
                                     QStringLiteral("/v1/alarms/ack"),        QStringLiteral("/v1/alarms/shelve"),
                                     QStringLiteral("/v1/shadow/start"),      QStringLiteral("/v1/shadow/stop"),
                                     QStringLiteral("/v1/requests/cancel") };
    return paths.contains(path);
}

bool isGetPath(const QString &path)
{
    static const QStringList paths { QStringLiteral("/v1/status"),          QStringLiteral("/v1/providers"),
                                     QStringLiteral("/v1/requests"),        QStringLiteral("/v1/events"),
                                     QStringLiteral("/v1/alarms"),          QStringLiteral("/v1/route"),
                                     QStringLiteral("/v1/replay"),          QStringLiteral("/v1/requests/in-flight"),
                                     QStringLiteral("/v1/requests/details") };
    return paths.contains(path);
}

} // namespace

AdminReply AdminApi::error(int status, const QString &code, const QString &message)
{
    const QJsonObject error { { QStringLiteral("code"), code }, { QStringLiteral("message"), message } };
    return jsonReply({ { QStringLiteral("error"), error } }, status);
}

std::optional<Result<FollowRequest>> AdminApi::followRequest(const AdminRequest &request)
{
    const bool requests = request.path == QLatin1String("/v1/requests");
    const bool follows = request.query.queryItemValue(QStringLiteral("follow")) == QLatin1String("1");
    if (request.method != "GET" || !follows || !(requests || request.path == QLatin1String("/v1/events")))
        return std::nullopt;
    FollowRequest follow;
    follow.requests = requests;
    if (requests) {
        Result<RequestQuery> query = requestQueryFrom(request.query);
        if (!query)
            return Result<FollowRequest>(query.error());
        follow.requestQuery = std::move(query).value();
    } else {
        Result<EventQuery> query = eventQueryFrom(request.query);
        if (!query)
            return Result<FollowRequest>(query.error());
        follow.eventQuery = std::move(query).value();
    }
    return Result<FollowRequest>(std::move(follow));
}

void AdminApi::handle(const AdminRequest &request, QObject *context, const Answer &answer)
{
    const bool isPost = isPostPath(request.path);
    if (!isPost && !isGetPath(request.path))
        return answer(error(404, QStringLiteral("not_found"), QStringLiteral("There is no such call.")));
    if (request.method != (isPost ? "POST" : "GET")) {
        return answer(error(405, QStringLiteral("method_not_allowed"),
                            isPost ? QStringLiteral("This changes something, so it takes POST only.")
                                   : QStringLiteral("This changes nothing and takes GET only.")));
    }
    return isPost ? post(request, context, answer) : get(request, context, answer);
}

void AdminApi::get(const AdminRequest &request, QObject *context, const Answer &answer)
{
    const EngineSnapshotPtr snapshot = m_engine.snapshot();
    if (request.path == QLatin1String("/v1/requests"))
        return listRequests(request, context, answer);
    if (request.path == QLatin1String("/v1/requests/in-flight")) {
        return answer(jsonReply({ { QStringLiteral("requests"), array(snapshot->inFlightRequests) },
                                  { QStringLiteral("inFlight"), snapshot->inFlight } }));
    }
    if (request.path == QLatin1String("/v1/requests/details"))
        return requestDetails(request, context, answer);
    if (request.path == QLatin1String("/v1/events"))
        return listEvents(request, context, answer);
    if (request.path == QLatin1String("/v1/route"))
        return dryRun(request, context, answer);
    if (request.path == QLatin1String("/v1/replay"))
        return replay(request, context, answer);
    if (request.path == QLatin1String("/v1/alarms"))
        return answer(jsonReply({ { QStringLiteral("alarms"), array(snapshot->alarms) } }));
    const QJsonObject status = statusObject(*snapshot);
    if (request.path == QLatin1String("/v1/providers")) {
        const QString name = QStringLiteral("providers");
        return answer(jsonReply({ { name, status.value(name) } }));
    }
    answer(jsonReply(status));
}

void AdminApi::listRequests(const AdminRequest &request, QObject *context, const Answer &answer)
{
    const Result<RequestQuery> query = requestQueryFrom(request.query);
    if (!query)
        return answer(badRequest(query.error()));
    const QString format = request.query.queryItemValue(QStringLiteral("format"));
    whenDone(m_engine.requests(query.value()), context, [this, context, answer, format](RequestPage page) {
        if (format == QLatin1String("jsonl") || format == QLatin1String("har"))
            std::reverse(page.requests.begin(), page.requests.end()); // a log reads from old to new
        if (format == QLatin1String("jsonl"))
            return answer({ 200, "application/x-ndjson", lines(page.requests) });
        if (format == QLatin1String("har"))
            return answerHar(std::move(page.requests), context, answer);
        QJsonObject object { { QStringLiteral("requests"), array(page.requests) },
                             { QStringLiteral("more"), page.more },
                             { QStringLiteral("searched"), static_cast<qint64>(page.searched) } };
        if (!page.problem.isEmpty())
            object.insert(QStringLiteral("problem"), page.problem);
        answer(jsonReply(object));
    });
}

void AdminApi::answerHar(std::vector<RequestEvent> requests, QObject *context, const Answer &answer)
{
    std::vector<std::uint64_t> sequences;
    sequences.reserve(requests.size());
    for (const RequestEvent &event : requests)
        sequences.push_back(event.sequence);
    whenDone(m_engine.requestDetailsOf(sequences), context,
             [requests = std::move(requests), answer](const std::vector<RequestDetails> &details) {
                 answer({ 200, "application/json", harText(requests, details) });
             });
}

void AdminApi::requestDetails(const AdminRequest &request, QObject *context, const Answer &answer)
{
    bool good = false;
    const std::uint64_t sequence = request.query.queryItemValue(QStringLiteral("sequence")).toULongLong(&good);
    if (!good)
        return answer(badRequest({ QStringLiteral("sequence must be a request's sequence number"), {} }));
    whenDone(m_engine.requestDetails(sequence), context, [answer](const Result<RequestDetails> &details) {
        answer(details ? jsonReply(toJson(details.value()))
                       : error(404, QStringLiteral("not_found"), details.error().reason));
    });
}

void AdminApi::listEvents(const AdminRequest &request, QObject *context, const Answer &answer)
{
    const Result<EventQuery> query = eventQueryFrom(request.query);
    if (!query)
        return answer(badRequest(query.error()));
    whenDone(m_engine.events(query.value()), context, [answer](const EventPage &page) {
        answer(jsonReply({ { QStringLiteral("events"), array(page.events) }, { QStringLiteral("more"), page.more } }));
    });
}

void AdminApi::dryRun(const AdminRequest &request, QObject *context, const Answer &answer)
{
    const Result<RouteQuery> query = routeQueryFrom(request.query);
    if (!query)
        return answer(badRequest(query.error()));
    whenDone(m_engine.dryRun(query.value()), context,
             [answer](const DryRun &run) { answer(jsonReply(dryRunObject(run))); });
}

/// Whoever goes away before the answer stops the computation.
void AdminApi::replay(const AdminRequest &request, QObject *context, const Answer &answer)
{
    const Result<ReplayQuery> query = replayQueryFrom(request.query, QDateTime::currentDateTimeUtc());
    if (!query)
        return answer(badRequest(query.error()));
    QFuture<Result<ReplayResult>> future = m_engine.replay(query.value());
    connect(context, &QObject::destroyed, this, [future]() mutable { future.cancel(); });
    whenDone(future, context, [answer](const Result<ReplayResult> &result) {
        answer(result ? jsonReply(toJson(result.value())) : badRequest(result.error()));
    });
}

void AdminApi::post(const AdminRequest &request, QObject *context, const Answer &answer)
{
    const auto reply = [answer](const Status &status) { answer(statusReply(status)); };
    const QJsonDocument document = QJsonDocument::fromJson(request.body);
    if (!document.isObject())
        return answer(badRequest({ QStringLiteral("The body must be one JSON object."), {} }));
    const QJsonObject object = document.object();
    if (request.path == QLatin1String("/v1/providers/command")) {
        const Result<ProviderCommand> command = providerCommandFrom(object);
        return command ? whenDone(m_engine.command(command.value()), context, reply)
                       : answer(badRequest(command.error()));
    }
    if (request.path == QLatin1String("/v1/settings")) {
        const QJsonValue key = object.value(QStringLiteral("key"));
        const QJsonValue value = object.value(QStringLiteral("value"));
        if (!key.isString() || !value.isString())
            return answer(badRequest({ QStringLiteral("needs \"key\" and \"value\", both as text"), {} }));
        return whenDone(m_engine.setSetting(key.toString(), value.toString()), context, reply);
    }
    if (request.path == QLatin1String("/v1/shadow/stop"))
        return whenDone(m_engine.stopShadow(), context, reply);
    if (request.path == QLatin1String("/v1/shadow/start")) {
        const Result<ShadowRequest> shadow = shadowRequestFrom(object);
        return shadow ? whenDone(m_engine.startShadow(shadow.value().draft, shadow.value().duration), context, reply)
                      : answer(badRequest(shadow.error()));
    }
    answerAlarm(request.path, object, context, answer);
}

void AdminApi::answerAlarm(const QString &path, const QJsonObject &object, QObject *context, const Answer &answer)
{
    const auto reply = [answer](const Status &status) { answer(statusReply(status)); };
    const QString id = object.value(QStringLiteral("id")).toString();
    if (id.isEmpty())
        return answer(badRequest({ QStringLiteral("needs \"id\""), {} }));
    if (path == QLatin1String("/v1/requests/cancel"))
        return whenDone(m_engine.cancelRequest(id.toLatin1()), context, reply);
    if (path == QLatin1String("/v1/alarms/ack")) {
        const QString by = object.value(QStringLiteral("by")).toString(QStringLiteral("api"));
        if (!isNameOfClient(by))
            return answer(badRequest({ QStringLiteral("\"by\" takes 1 to 32 letters, digits, '-', '_' or '.'"), {} }));
        return whenDone(m_engine.acknowledgeAlarm(id, by), context, reply);
    }
    const qint64 duration = object.value(QStringLiteral("durationMs")).toInteger(-1);
    if (duration < 0 || duration > longestShelfMs)
        return answer(
            badRequest({ QStringLiteral("durationMs must be from 0 to %1 (30 days)").arg(longestShelfMs), {} }));
    whenDone(m_engine.shelveAlarm(id, Milliseconds(duration)), context, reply);
}

} // namespace signalbox
