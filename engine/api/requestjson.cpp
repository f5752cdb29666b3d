// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/requestjson.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <array>

namespace signalbox {

namespace {

using std::chrono::microseconds;

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

QJsonValue number(std::uint64_t value)
{
    return static_cast<qint64>(value);
}

QJsonValue number(microseconds value)
{
    return static_cast<qint64>(value.count());
}

QJsonValue time(const QDateTime &value)
{
    return value.toUTC().toString(Qt::ISODateWithMs);
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

QJsonObject gapsJson(const StreamGaps &gaps)
{
    return { { QStringLiteral("events"), static_cast<qint64>(gaps.events) },
             { QStringLiteral("p50Us"), number(gaps.p50) },
             { QStringLiteral("p99Us"), number(gaps.p99) },
             { QStringLiteral("longestUs"), number(gaps.longest) } };
}

QJsonArray headersJson(const HeaderList &headers)
{
    QJsonArray array;
    for (const HeaderField &field : headers)
        array.append(QJsonArray { QString::fromLatin1(field.name), QString::fromLatin1(field.value) });
    return array;
}

QJsonObject consideredJson(const ConsideredProvider &considered)
{
    QJsonObject object { { QStringLiteral("provider"), considered.provider },
                         { QStringLiteral("reason"), considered.reason },
                         { QStringLiteral("score"), considered.score } };
    insertText(object, QLatin1String("mappedModel"), QString::fromUtf8(considered.mappedModel));
    return object;
}

QJsonObject attemptDetailsJson(const AttemptDetails &attempt)
{
    return { { QStringLiteral("provider"), attempt.provider },
             { QStringLiteral("target"), QString::fromLatin1(attempt.target) },
             { QStringLiteral("sent"), headersJson(attempt.sent) },
             { QStringLiteral("status"), attempt.status },
             { QStringLiteral("received"), headersJson(attempt.received) } };
}

QJsonArray streamEventsJson(const std::vector<StreamEventDetails> &events)
{
    QJsonArray array;
    for (const StreamEventDetails &event : events) {
        QJsonObject object { { QStringLiteral("atUs"), number(event.at) },
                             { QStringLiteral("bytes"), static_cast<qint64>(event.bytes) } };
        insertText(object, QLatin1String("name"), QString::fromUtf8(event.name));
        array.append(object);
    }
    return array;
}

} // namespace

QJsonObject toJson(const InFlightRequest &request)
{
    QJsonObject object = header(QLatin1String("in_flight"));
    object.insert(QStringLiteral("id"), QString::fromLatin1(request.id));
    object.insert(QStringLiteral("at"), time(request.at));
    object.insert(QStringLiteral("elapsedMs"), static_cast<qint64>(request.elapsed.count()));
    object.insert(QStringLiteral("client"), QString::fromLatin1(request.userAgent));
    insertText(object, QLatin1String("session"), QString::fromLatin1(request.session));
    object.insert(QStringLiteral("method"), QString::fromLatin1(request.method));
    object.insert(QStringLiteral("path"), QString::fromUtf8(request.path));
    if (request.dialect)
        object.insert(QStringLiteral("dialect"), QString::fromLatin1(toString(*request.dialect)));
    insertText(object, QLatin1String("model"), QString::fromUtf8(request.model));
    object.insert(QStringLiteral("stream"), request.stream);
    insertText(object, QLatin1String("provider"), request.provider);
    object.insert(QStringLiteral("attempt"), request.attempt);
    object.insert(QStringLiteral("phase"), word(request.phase));
    object.insert(QStringLiteral("bytesFromClient"), request.bytesFromClient);
    object.insert(QStringLiteral("bytesToClient"), request.bytesToClient);
    return object;
}

QJsonObject toJson(const RequestDetails &details)
{
    QJsonObject object = header(QLatin1String("request_details"));
    object.insert(QStringLiteral("sequence"), number(details.sequence));
    object.insert(QStringLiteral("target"), QString::fromLatin1(details.target));
    object.insert(QStringLiteral("received"), headersJson(details.received));
    QJsonArray considered;
    for (const ConsideredProvider &provider : details.considered)
        considered.append(consideredJson(provider));
    object.insert(QStringLiteral("considered"), considered);
    object.insert(QStringLiteral("notLookedAt"), number(details.notLookedAt));
    QJsonArray attempts;
    for (const AttemptDetails &attempt : details.attempts)
        attempts.append(attemptDetailsJson(attempt));
    object.insert(QStringLiteral("attempts"), attempts);
    object.insert(QStringLiteral("events"), streamEventsJson(details.events));
    object.insert(QStringLiteral("furtherEvents"), number(details.furtherEvents));
    return object;
}

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
    if (event.healthCheck)
        put("healthCheck", true);
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
    if (alarm.acknowledgedAt.isValid())
        object.insert(QStringLiteral("acknowledgedAt"), time(alarm.acknowledgedAt));
    insertText(object, QLatin1String("acknowledgedBy"), alarm.acknowledgedBy);
    object.insert(QStringLiteral("count"), alarm.count);
    object.insert(QStringLiteral("firstRaised"), time(alarm.firstRaised));
    object.insert(QStringLiteral("grouped"), alarm.grouped);
    return object;
}

QByteArray toJsonLine(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace signalbox
