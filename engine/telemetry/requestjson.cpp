// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/requestjson.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <array>

namespace signalbox {

namespace {

using std::chrono::microseconds;

constexpr std::array allEnds { RequestEvent::End::Completed, RequestEvent::End::LocalAnswer, RequestEvent::End::Failed,
                               RequestEvent::End::Truncated, RequestEvent::End::ClientGone };
constexpr std::array allStreamEnds { RequestEvent::StreamEnd::NoStream,   RequestEvent::StreamEnd::Completed,
                                     RequestEvent::StreamEnd::ErrorEvent, RequestEvent::StreamEnd::Truncated,
                                     RequestEvent::StreamEnd::Stalled,    RequestEvent::StreamEnd::ClientGone };
constexpr std::array allOutcomes { Outcome::Success, Outcome::Failure, Outcome::Throttled, Outcome::Ignored };
constexpr std::array allKinds { StateEvent::Kind::Breaker,    StateEvent::Kind::Command,  StateEvent::Kind::Config,
                                StateEvent::Kind::Credential, StateEvent::Kind::Listener, StateEvent::Kind::Request,
                                StateEvent::Kind::Probe,      StateEvent::Kind::Alarm,    StateEvent::Kind::Recording,
                                StateEvent::Kind::Trend };
constexpr std::array allPriorities { AlarmPriority::High, AlarmPriority::Medium, AlarmPriority::Low };
constexpr std::array allAlarmStates { AlarmState::Active, AlarmState::Acknowledged, AlarmState::Cleared,
                                      AlarmState::Shelved };

struct PhaseName
{
    QLatin1String name;
    microseconds AttemptPhases::*member;
};
constexpr std::array phaseNames {
    PhaseName { QLatin1String("queueUs"), &AttemptPhases::queue },
    PhaseName { QLatin1String("dnsUs"), &AttemptPhases::dns },
    PhaseName { QLatin1String("connectUs"), &AttemptPhases::connect },
    PhaseName { QLatin1String("tlsUs"), &AttemptPhases::tls },
    PhaseName { QLatin1String("sentUs"), &AttemptPhases::sent },
    PhaseName { QLatin1String("headUs"), &AttemptPhases::head },
    PhaseName { QLatin1String("firstByteUs"), &AttemptPhases::firstByte },
    PhaseName { QLatin1String("lastByteUs"), &AttemptPhases::lastByte },
};

struct TokenName
{
    QLatin1String name;
    std::uint64_t TokenUsage::*member;
};
constexpr std::array tokenNames {
    TokenName { QLatin1String("input"), &TokenUsage::inputTokens },
    TokenName { QLatin1String("cached"), &TokenUsage::cachedTokens },
    TokenName { QLatin1String("cacheWrite"), &TokenUsage::cacheWriteTokens },
    TokenName { QLatin1String("output"), &TokenUsage::outputTokens },
    TokenName { QLatin1String("reasoning"), &TokenUsage::reasoningTokens },
};

/// Of our own machine names: lower case.
template <typename Enum> QString word(Enum value)
{
    return QString::fromLatin1(toString(value)).toLower();
}

template <typename List, typename Enum> bool readWord(const List &all, const QJsonValue &json, Enum &into)
{
    const QString text = json.toString();
    for (const Enum value : all) {
        if (word(value) == text) {
            into = value;
            return true;
        }
    }
    return false;
}

QJsonValue number(std::uint64_t value)
{
    return static_cast<qint64>(value);
}

QJsonValue number(microseconds value)
{
    return static_cast<qint64>(value.count());
}

std::uint64_t unsignedOf(const QJsonValue &json)
{
    return static_cast<std::uint64_t>(std::max<qint64>(0, json.toInteger()));
}

microseconds microsecondsOf(const QJsonValue &json)
{
    return microseconds(json.toInteger());
}

QJsonValue time(const QDateTime &value)
{
    return value.toUTC().toString(Qt::ISODateWithMs);
}

QDateTime timeOf(const QJsonValue &json)
{
    return QDateTime::fromString(json.toString(), Qt::ISODateWithMs);
}

void insertText(QJsonObject &object, QLatin1String name, const QString &text)
{
    if (!text.isEmpty())
        object.insert(name, text);
}

QJsonObject header(QLatin1String type)
{
    return { { QStringLiteral("v"), eventJsonVersion }, { QStringLiteral("type"), type } };
}

std::optional<Error> checkHeader(const QJsonObject &object, QLatin1String type)
{
    if (object.value(QStringLiteral("v")).toInt() != eventJsonVersion)
        return Error { QStringLiteral("is not of version %1").arg(eventJsonVersion), QStringLiteral("v") };
    if (object.value(QStringLiteral("type")).toString() != type)
        return Error { QStringLiteral("must be '%1'").arg(type), QStringLiteral("type") };
    return std::nullopt;
}

QJsonObject usageJson(const TokenUsage &usage)
{
    QJsonObject object;
    for (const TokenName &token : tokenNames)
        object.insert(token.name, number(usage.*token.member));
    return object;
}

QJsonObject phasesJson(const AttemptPhases &phases)
{
    QJsonObject object;
    for (const PhaseName &phase : phaseNames) {
        if (phases.*phase.member >= microseconds(0))
            object.insert(phase.name, number(phases.*phase.member));
    }
    return object;
}

QJsonArray skippedJson(const std::vector<SkippedProvider> &skipped)
{
    QJsonArray array;
    for (const SkippedProvider &provider : skipped) {
        array.append(QJsonObject { { QStringLiteral("provider"), provider.provider },
                                   { QStringLiteral("reason"), provider.reason } });
    }
    return array;
}

QJsonObject attemptJson(const AttemptEvent &attempt)
{
    QJsonObject object { { QStringLiteral("provider"), attempt.provider },
                         { QStringLiteral("outcome"), word(attempt.outcome) },
                         { QStringLiteral("reason"), attempt.reason },
                         { QStringLiteral("status"), attempt.status },
                         { QStringLiteral("possiblyBilled"), attempt.possiblyBilled },
                         { QStringLiteral("reusedConnection"), attempt.reusedConnection },
                         { QStringLiteral("firstByteUs"), number(attempt.firstByte) },
                         { QStringLiteral("totalUs"), number(attempt.total) },
                         { QStringLiteral("startedAfterUs"), number(attempt.startedAfter) },
                         { QStringLiteral("chosenBecause"), attempt.chosenBecause },
                         { QStringLiteral("score"), attempt.score },
                         { QStringLiteral("phases"), phasesJson(attempt.phases) },
                         { QStringLiteral("bytesSent"), attempt.bytesSent },
                         { QStringLiteral("bytesReceived"), attempt.bytesReceived } };
    insertText(object, QLatin1String("detail"), attempt.detail);
    insertText(object, QLatin1String("servedModel"), QString::fromUtf8(attempt.servedModel));
    if (!attempt.skipped.empty())
        object.insert(QStringLiteral("skipped"), skippedJson(attempt.skipped));
    if (attempt.usage.known)
        object.insert(QStringLiteral("usage"), usageJson(attempt.usage));
    if (attempt.costUsd)
        object.insert(QStringLiteral("costUsd"), *attempt.costUsd);
    return object;
}

TokenUsage usageOf(const QJsonValue &json)
{
    TokenUsage usage;
    usage.known = json.isObject();
    const QJsonObject object = json.toObject();
    for (const TokenName &token : tokenNames)
        usage.*token.member = unsignedOf(object.value(token.name));
    return usage;
}

AttemptPhases phasesOf(const QJsonObject &object)
{
    AttemptPhases phases;
    for (const PhaseName &phase : phaseNames) {
        if (object.contains(phase.name))
            phases.*phase.member = microsecondsOf(object.value(phase.name));
    }
    return phases;
}

AttemptEvent attemptOf(const QJsonObject &object)
{
    const auto value = [&object](const char *name) { return object.value(QLatin1String(name)); };
    AttemptEvent attempt;
    attempt.provider = value("provider").toString();
    readWord(allOutcomes, value("outcome"), attempt.outcome);
    attempt.reason = value("reason").toString();
    attempt.detail = value("detail").toString();
    attempt.status = value("status").toInt();
    attempt.possiblyBilled = value("possiblyBilled").toBool();
    attempt.reusedConnection = value("reusedConnection").toBool();
    attempt.firstByte = microsecondsOf(value("firstByteUs"));
    attempt.total = microsecondsOf(value("totalUs"));
    attempt.startedAfter = microsecondsOf(value("startedAfterUs"));
    attempt.chosenBecause = value("chosenBecause").toString();
    const QJsonArray skipped = value("skipped").toArray();
    for (const QJsonValue entry : skipped)
        attempt.skipped.push_back(
            { entry[QLatin1String("provider")].toString(), entry[QLatin1String("reason")].toString() });
    attempt.score = value("score").toDouble();
    attempt.phases = phasesOf(value("phases").toObject());
    attempt.bytesSent = value("bytesSent").toInteger();
    attempt.bytesReceived = value("bytesReceived").toInteger();
    attempt.usage = usageOf(value("usage"));
    attempt.servedModel = value("servedModel").toString().toUtf8();
    if (value("costUsd").isDouble())
        attempt.costUsd = value("costUsd").toDouble();
    return attempt;
}

QJsonObject gapsJson(const StreamGaps &gaps)
{
    return { { QStringLiteral("events"), static_cast<qint64>(gaps.events) },
             { QStringLiteral("p50Us"), number(gaps.p50) },
             { QStringLiteral("p99Us"), number(gaps.p99) },
             { QStringLiteral("longestUs"), number(gaps.longest) } };
}

StreamGaps gapsOf(const QJsonObject &object)
{
    return { static_cast<std::uint32_t>(unsignedOf(object.value(QStringLiteral("events")))),
             microsecondsOf(object.value(QStringLiteral("p50Us"))),
             microsecondsOf(object.value(QStringLiteral("p99Us"))),
             microsecondsOf(object.value(QStringLiteral("longestUs"))) };
}

} // namespace

QJsonObject toJson(const RequestEvent &event)
{
    QJsonObject object = header(QLatin1String("request"));
    const auto put = [&object](const char *name, const QJsonValue &value) {
        object.insert(QLatin1String(name), value);
    };
    put("sequence", number(event.sequence));
    put("id", QString::fromLatin1(event.id));
    put("at", time(event.at));
    put("monotonicNs", static_cast<qint64>(event.monotonic.count()));
    put("client", QString::fromLatin1(event.userAgent));
    insertText(object, QLatin1String("session"), QString::fromLatin1(event.session));
    put("method", QString::fromLatin1(event.method));
    put("path", QString::fromUtf8(event.path));
    if (event.dialect)
        put("dialect", QString::fromLatin1(toString(*event.dialect)));
    put("endpoint", QString::fromLatin1(event.endpoint));
    insertText(object, QLatin1String("model"), QString::fromUtf8(event.model));
    put("stream", event.stream);
    put("status", event.status);
    put("end", word(event.end));
    insertText(object, QLatin1String("streamEnd"), word(event.streamEnd));
    if (event.gaps.events > 0)
        put("gaps", gapsJson(event.gaps));
    insertText(object, QLatin1String("provider"), event.provider);
    QJsonArray attempts;
    for (const AttemptEvent &attempt : event.attempts)
        attempts.append(attemptJson(attempt));
    put("attempts", attempts);
    put("firstByteUs", number(event.firstByte));
    put("totalUs", number(event.total));
    put("overheadUs", number(event.overhead));
    put("bytesFromClient", event.bytesFromClient);
    put("bytesToClient", event.bytesToClient);
    return object;
}

Result<RequestEvent> requestFromJson(const QJsonObject &object)
{
    if (const std::optional<Error> error = checkHeader(object, QLatin1String("request")))
        return *error;
    const auto value = [&object](const char *name) { return object.value(QLatin1String(name)); };
    RequestEvent event;
    event.sequence = unsignedOf(value("sequence"));
    event.id = value("id").toString().toLatin1();
    event.at = timeOf(value("at"));
    if (!event.at.isValid())
        return Error { QStringLiteral("must be a time as in ISO 8601"), QStringLiteral("at") };
    if (!readWord(allEnds, value("end"), event.end))
        return Error { QStringLiteral("is unknown"), QStringLiteral("end") };
    readWord(allStreamEnds, value("streamEnd"), event.streamEnd);
    event.monotonic = std::chrono::nanoseconds(value("monotonicNs").toInteger());
    event.userAgent = value("client").toString().toLatin1();
    event.session = value("session").toString().toLatin1();
    event.method = value("method").toString().toLatin1();
    event.path = value("path").toString().toUtf8();
    event.dialect = dialectFromName(value("dialect").toString());
    event.endpoint = value("endpoint").toString().toLatin1();
    event.model = value("model").toString().toUtf8();
    event.stream = value("stream").toBool();
    event.status = value("status").toInt();
    event.gaps = gapsOf(value("gaps").toObject());
    event.provider = value("provider").toString();
    const QJsonArray attempts = value("attempts").toArray();
    for (const QJsonValue attempt : attempts)
        event.attempts.push_back(attemptOf(attempt.toObject()));
    event.firstByte = microsecondsOf(value("firstByteUs"));
    event.total = microsecondsOf(value("totalUs"));
    event.overhead = microsecondsOf(value("overheadUs"));
    event.bytesFromClient = value("bytesFromClient").toInteger();
    event.bytesToClient = value("bytesToClient").toInteger();
    return event;
}

QJsonObject toJson(const StateEvent &event)
{
    QJsonObject object = header(QLatin1String("state"));
    object.insert(QStringLiteral("sequence"), number(event.sequence));
    object.insert(QStringLiteral("at"), time(event.at));
    object.insert(QStringLiteral("kind"), word(event.kind));
    insertText(object, QLatin1String("provider"), event.provider);
    insertText(object, QLatin1String("before"), event.before);
    insertText(object, QLatin1String("after"), event.after);
    object.insert(QStringLiteral("reason"), event.reason);
    return object;
}

Result<StateEvent> stateFromJson(const QJsonObject &object)
{
    if (const std::optional<Error> error = checkHeader(object, QLatin1String("state")))
        return *error;
    StateEvent event;
    if (!readWord(allKinds, object.value(QStringLiteral("kind")), event.kind))
        return Error { QStringLiteral("is unknown"), QStringLiteral("kind") };
    event.sequence = unsignedOf(object.value(QStringLiteral("sequence")));
    event.at = timeOf(object.value(QStringLiteral("at")));
    event.provider = object.value(QStringLiteral("provider")).toString();
    event.before = object.value(QStringLiteral("before")).toString();
    event.after = object.value(QStringLiteral("after")).toString();
    event.reason = object.value(QStringLiteral("reason")).toString();
    return event;
}

QJsonObject toJson(const Alarm &alarm)
{
    QJsonObject object = header(QLatin1String("alarm"));
    object.insert(QStringLiteral("id"), alarm.id);
    object.insert(QStringLiteral("rule"), alarm.rule);
    insertText(object, QLatin1String("subject"), alarm.subject);
    object.insert(QStringLiteral("priority"), word(alarm.priority));
    object.insert(QStringLiteral("state"), word(alarm.state));
    object.insert(QStringLiteral("text"), alarm.text);
    object.insert(QStringLiteral("since"), time(alarm.since));
    object.insert(QStringLiteral("changed"), time(alarm.changed));
    if (alarm.shelvedUntil.isValid())
        object.insert(QStringLiteral("shelvedUntil"), time(alarm.shelvedUntil));
    object.insert(QStringLiteral("grouped"), alarm.grouped);
    return object;
}

Result<Alarm> alarmFromJson(const QJsonObject &object)
{
    if (const std::optional<Error> error = checkHeader(object, QLatin1String("alarm")))
        return *error;
    Alarm alarm;
    if (!readWord(allPriorities, object.value(QStringLiteral("priority")), alarm.priority))
        return Error { QStringLiteral("is unknown"), QStringLiteral("priority") };
    if (!readWord(allAlarmStates, object.value(QStringLiteral("state")), alarm.state))
        return Error { QStringLiteral("is unknown"), QStringLiteral("state") };
    alarm.id = object.value(QStringLiteral("id")).toString();
    alarm.rule = object.value(QStringLiteral("rule")).toString();
    alarm.subject = object.value(QStringLiteral("subject")).toString();
    alarm.text = object.value(QStringLiteral("text")).toString();
    alarm.since = timeOf(object.value(QStringLiteral("since")));
    alarm.changed = timeOf(object.value(QStringLiteral("changed")));
    alarm.shelvedUntil = timeOf(object.value(QStringLiteral("shelvedUntil")));
    alarm.grouped = object.value(QStringLiteral("grouped")).toBool();
    return alarm;
}

QByteArray toJsonLine(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace signalbox
