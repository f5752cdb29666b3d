// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin/adminreplay.h"

#include "engine/base/bytes.h"

#include <QJsonArray>

namespace signalbox {

namespace {

constexpr int mostPoints = 10'000;
constexpr qint64 longestShadowMs = qint64 { 7 } * 86'400'000;

QString isoTime(std::int64_t ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs);
}

qint64 count(std::uint64_t number)
{
    return static_cast<qint64>(number);
}

Result<std::int64_t> timeFrom(const QUrlQuery &query, const QString &name, std::int64_t otherwise)
{
    const QString text = query.queryItemValue(name, QUrl::FullyDecoded);
    if (text.isEmpty())
        return otherwise;
    const QDateTime time = QDateTime::fromString(text, Qt::ISODate);
    if (time.isValid())
        return std::int64_t { time.toMSecsSinceEpoch() };
    return Error { QStringLiteral("%1 must be a time, e.g. 2026-01-31T08:00:00Z").arg(name), {} };
}

QJsonObject toJson(const ReplayTransition &transition)
{
    return { { QStringLiteral("at"), isoTime(transition.atMs) },
             { QStringLiteral("from"), QLatin1String(toString(transition.from)) },
             { QStringLiteral("to"), QLatin1String(toString(transition.to)) },
             { QStringLiteral("mode"), QLatin1String(toString(transition.mode)) },
             { QStringLiteral("reason"), transition.reason },
             { QStringLiteral("sentence"), transition.sentence } };
}

QJsonObject toJson(const ReplayStretch &stretch)
{
    return { { QStringLiteral("from"), isoTime(stretch.fromMs) }, { QStringLiteral("to"), isoTime(stretch.toMs) } };
}

QJsonValue toJson(const std::optional<ReplayRate> &rate)
{
    if (!rate)
        return QJsonValue::Null;
    return QJsonArray { rate->lowest, rate->highest };
}

QJsonObject toJson(const ReplayPoint &point)
{
    return { { QStringLiteral("at"), isoTime(point.startMs) },
             { QStringLiteral("lengthMs"), qint64 { point.lengthMs } },
             { QStringLiteral("actualRate"), toJson(point.actualRate) },
             { QStringLiteral("draftRate"), toJson(point.draftRate) },
             { QStringLiteral("actualSlowRate"), toJson(point.actualSlowRate) },
             { QStringLiteral("mostInARow"), qint64 { point.mostInARow } },
             { QStringLiteral("mostCalls"), qint64 { point.mostCalls } },
             { QStringLiteral("succeeded"), qint64 { point.succeeded } },
             { QStringLiteral("failed"), qint64 { point.failed } },
             { QStringLiteral("throttled"), qint64 { point.throttled } },
             { QStringLiteral("ignored"), qint64 { point.ignored } },
             { QStringLiteral("slow"), qint64 { point.slow } },
             { QStringLiteral("diverted"), qint64 { point.diverted } } };
}

QJsonObject toJson(const ProviderReplay &replay);

template <typename List> QJsonArray array(const List &list)
{
    QJsonArray result;
    for (const auto &item : list)
        result.append(toJson(item));
    return result;
}

QJsonObject toJson(const ReplayRun &run)
{
    return { { QStringLiteral("opened"), count(run.opened) },
             { QStringLiteral("transitionCount"), count(run.transitionCount) },
             { QStringLiteral("transitions"), array(run.transitions) },
             { QStringLiteral("failureRateLimit"), run.failureRateLimit },
             { QStringLiteral("minimumCalls"), qint64 { run.minimumCalls } } };
}

QJsonObject toJson(const ProviderReplay &replay)
{
    return { { QStringLiteral("provider"), replay.provider },
             { QStringLiteral("requests"), count(replay.requests) },
             { QStringLiteral("records"), count(replay.records) },
             { QStringLiteral("unusableRecords"), count(replay.unusable) },
             { QStringLiteral("recordedFrom"),
               replay.recordedFromMs > 0 ? QJsonValue(isoTime(replay.recordedFromMs)) : QJsonValue::Null },
             { QStringLiteral("actual"), toJson(replay.actual) },
             { QStringLiteral("draft"), toJson(replay.draft) },
             { QStringLiteral("diverted"), count(replay.diverted) },
             { QStringLiteral("failuresAvoided"), count(replay.failuresAvoided) },
             { QStringLiteral("goodDiverted"), count(replay.goodDiverted) },
             { QStringLiteral("unknown"), array(replay.unknown) },
             { QStringLiteral("notRecorded"), array(replay.notRecorded) },
             { QStringLiteral("points"), array(replay.points) },
             { QStringLiteral("sentence"), replay.sentence } };
}

} // namespace

Result<ReplayQuery> replayQueryFrom(const QUrlQuery &query, const QDateTime &now)
{
    ReplayQuery result;
    const Result<std::int64_t> since = timeFrom(query, QStringLiteral("since"), now.addDays(-1).toMSecsSinceEpoch());
    if (!since)
        return since.error();
    const Result<std::int64_t> until = timeFrom(query, QStringLiteral("until"), 0);
    if (!until)
        return until.error();
    result.sinceMs = since.value();
    result.untilMs = until.value();
    result.providers = query.allQueryItemValues(QStringLiteral("provider"), QUrl::FullyDecoded);
    for (const QString &item : query.allQueryItemValues(QStringLiteral("set"), QUrl::FullyDecoded)) {
        const qsizetype equals = item.indexOf(QLatin1Char('='));
        if (equals < 1)
            return Error { QStringLiteral("set must be SETTING=VALUE, e.g. breaker.threshold=3"), {} };
        result.draft.settings.emplace_back(item.left(equals), item.mid(equals + 1));
    }
    const QString points = query.queryItemValue(QStringLiteral("points"));
    const std::optional<std::int64_t> number = parseDecimal(points.toUtf8());
    if (!points.isEmpty() && (!number || *number < 1 || *number > mostPoints))
        return Error { QStringLiteral("points must be from 1 to %1").arg(mostPoints), {} };
    result.maxPoints = static_cast<int>(number.value_or(60));
    return result;
}

Result<ShadowRequest> shadowRequestFrom(const QJsonObject &object)
{
    ShadowRequest request;
    const qint64 duration = object.value(QStringLiteral("durationMs")).toInteger(-1);
    if (duration < 1 || duration > longestShadowMs)
        return Error { QStringLiteral("durationMs must be from 1 to %1 (7 days)").arg(longestShadowMs), {} };
    request.duration = Milliseconds(duration);
    const QJsonObject settings = object.value(QStringLiteral("settings")).toObject();
    for (auto it = settings.begin(); it != settings.end(); ++it) {
        if (!it.value().isString())
            return Error { QStringLiteral("settings must hold each value as text"), {} };
        request.draft.settings.emplace_back(it.key(), it.value().toString());
    }
    if (request.draft.settings.empty())
        return Error { QStringLiteral("needs \"settings\", e.g. {\"breaker.threshold\": \"3\"}"), {} };
    return request;
}

QJsonObject toJson(const ReplayResult &result)
{
    return { { QStringLiteral("since"), isoTime(result.sinceMs) },
             { QStringLiteral("until"), isoTime(result.untilMs) },
             { QStringLiteral("providers"), array(result.providers) },
             { QStringLiteral("requests"), count(result.requests) },
             { QStringLiteral("computedMs"), result.computedMs },
             { QStringLiteral("sentence"), result.sentence } };
}

} // namespace signalbox
