// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/historyreader.h"

#include "engine/history/eventcodec.h"

#include <QTimeZone>

#include <algorithm>
#include <limits>

namespace signalbox {

namespace {

constexpr int rowsBetweenLooks = 256; ///< at `cancelled`

std::int64_t microseconds(std::int64_t ms)
{
    return ms > std::numeric_limits<std::int64_t>::max() / 1000 ? std::numeric_limits<std::int64_t>::max() : ms * 1000;
}

struct IdRange
{
    std::int64_t from;
    std::int64_t to; ///< not included
};

/// Ids are wall times in microseconds.
IdRange idRange(const std::optional<QDateTime> &since, const std::optional<QDateTime> &until,
                std::optional<std::uint64_t> before)
{
    IdRange range { 0, std::numeric_limits<std::int64_t>::max() };
    if (since)
        range.from = microseconds(since->toMSecsSinceEpoch());
    if (until)
        range.to = microseconds(until->toMSecsSinceEpoch());
    if (before)
        range.to = std::min(range.to, static_cast<std::int64_t>(*before));
    return range;
}

/// The finest stretches that are kept for that long and give not more points than asked for.
RollupSpan spanFor(const SeriesQuery &query)
{
    const std::int64_t range = std::max<std::int64_t>(query.untilMs - query.sinceMs, 1);
    for (const RollupSpan span : rollupSpans) {
        if (range / lengthMs(span) <= std::max(query.maxPoints, 1) * std::int64_t { 60 })
            return span;
    }
    return RollupSpan::Hour;
}

SeriesPoint pointOf(const Rollup &rollup, std::int64_t startMs, std::int64_t length)
{
    SeriesPoint point;
    point.startMs = startMs;
    point.lengthMs = length;
    point.succeeded = rollup.outcomes[static_cast<std::size_t>(Outcome::Success)];
    point.failed = rollup.outcomes[static_cast<std::size_t>(Outcome::Failure)];
    point.throttled = rollup.outcomes[static_cast<std::size_t>(Outcome::Throttled)];
    point.ignored = rollup.outcomes[static_cast<std::size_t>(Outcome::Ignored)];
    point.firstByteP50Ms = rollup.firstByte.quantile(0.5);
    point.firstByteP95Ms = rollup.firstByte.quantile(0.95);
    point.firstByteP99Ms = rollup.firstByte.quantile(0.99);
    point.totalP50Ms = rollup.total.quantile(0.5);
    point.totalP95Ms = rollup.total.quantile(0.95);
    point.totalP99Ms = rollup.total.quantile(0.99);
    point.tokens = rollup.usage.inputTokens + rollup.usage.cachedTokens + rollup.usage.cacheWriteTokens +
        rollup.usage.outputTokens;
    point.costUsd = rollup.costUsd;
    return point;
}

} // namespace

Result<HistoryReader> HistoryReader::open(const QString &path)
{
    Result<Database> database = Database::open(path, Database::Access::ReadOnly);
    if (!database)
        return database.error();
    return HistoryReader(std::move(database).value());
}

Error HistoryReader::failure() const
{
    return { m_database.problemText(), {} };
}

Result<RequestPage> HistoryReader::requests(const RequestQuery &query, const Cancelled &cancelled)
{
    Result<Statement> prepared =
        m_database.prepare("SELECT event FROM requests WHERE id >= ?1 AND id < ?2 ORDER BY id DESC");
    if (!prepared)
        return prepared.error();
    Statement &rows = prepared.value();
    const IdRange range = idRange(query.since, query.until, query.beforeSequence);
    rows.bind(1, range.from).bind(2, range.to);
    RequestPage page;
    while (rows.step()) {
        if (++page.searched % rowsBetweenLooks == 0 && cancelled && cancelled())
            return Error { QStringLiteral("cancelled"), {} };
        std::optional<RequestEvent> event = unpackEvent(rows.bytes(0));
        if (!event || !query.filter.matches(*event))
            continue;
        page.more = static_cast<int>(page.requests.size()) >= query.limit;
        if (page.more)
            break;
        page.requests.push_back(std::move(*event));
    }
    if (rows.failed())
        return failure();
    return page;
}

Result<EventPage> HistoryReader::events(const EventQuery &query, const Cancelled &cancelled)
{
    Result<Statement> prepared = m_database.prepare(
        "SELECT id, kind, at, provider, before, after, reason FROM states WHERE id >= ?1 AND id < ?2 AND "
        "(?3 = '' OR provider = ?3) AND (?4 < 0 OR kind = ?4) ORDER BY id DESC");
    if (!prepared)
        return prepared.error();
    Statement &rows = prepared.value();
    const IdRange range = idRange(query.since, query.until, query.beforeSequence);
    rows.bind(1, range.from)
        .bind(2, range.to)
        .bindText(3, query.provider)
        .bind(4, query.kind ? static_cast<int>(*query.kind) : -1);
    EventPage page;
    while (rows.step()) {
        if (cancelled && cancelled())
            return Error { QStringLiteral("cancelled"), {} };
        page.more = static_cast<int>(page.events.size()) >= query.limit;
        if (page.more)
            break;
        StateEvent event;
        event.sequence = static_cast<std::uint64_t>(rows.integer(0));
        event.kind = static_cast<StateEvent::Kind>(
            std::clamp<std::int64_t>(rows.integer(1), 0, static_cast<std::int64_t>(StateEvent::Kind::Shadow)));
        event.at = QDateTime::fromMSecsSinceEpoch(rows.integer(2), QTimeZone::utc());
        event.provider = rows.text(3);
        event.before = rows.text(4);
        event.after = rows.text(5);
        event.reason = rows.text(6);
        page.events.push_back(std::move(event));
    }
    if (rows.failed())
        return failure();
    return page;
}

Result<std::vector<SeriesPoint>> HistoryReader::series(const SeriesQuery &query, const Cancelled &cancelled)
{
    const RollupSpan span = spanFor(query);
    const std::int64_t wanted = (query.untilMs - query.sinceMs) / std::max(query.maxPoints, 1);
    const std::int64_t length =
        std::max<std::int64_t>(1, (wanted + lengthMs(span) - 1) / lengthMs(span)) * lengthMs(span);
    Result<Statement> prepared = m_database.prepare("SELECT start, numbers FROM rollups WHERE span = ?1 AND start >= "
                                                    "?2 AND start < ?3 AND (?4 = '' OR provider = ?4)");
    if (!prepared)
        return prepared.error();
    Statement &rows = prepared.value();
    rows.bind(1, static_cast<std::int64_t>(span))
        .bind(2, query.sinceMs)
        .bind(3, query.untilMs)
        .bindText(4, query.provider);
    std::vector<SeriesPoint> points;
    std::optional<std::pair<std::int64_t, Rollup>> current;
    for (int seen = 1; rows.step(); ++seen) {
        if (seen % rowsBetweenLooks == 0 && cancelled && cancelled())
            return Error { QStringLiteral("cancelled"), {} };
        const std::optional<Rollup> rollup = unpackRollup(rows.bytes(1));
        if (!rollup)
            continue;
        const std::int64_t startMs = rows.integer(0) - (rows.integer(0) % length);
        if (current && current->first == startMs) {
            current->second.merge(*rollup);
            continue;
        }
        if (current)
            points.push_back(pointOf(current->second, current->first, length));
        current.emplace(startMs, *rollup);
    }
    if (current)
        points.push_back(pointOf(current->second, current->first, length));
    if (rows.failed())
        return failure();
    return points;
}

Result<std::map<QString, std::vector<QByteArray>>>
HistoryReader::breakerInputs(std::int64_t sinceMs, std::int64_t untilMs, const Cancelled &cancelled)
{
    Result<Statement> prepared =
        m_database.prepare("SELECT provider, records FROM breaker_inputs WHERE id >= ?1 AND id < ?2 ORDER BY id");
    if (!prepared)
        return prepared.error();
    Statement &rows = prepared.value();
    rows.bind(1, microseconds(sinceMs)).bind(2, microseconds(untilMs));
    std::map<QString, std::vector<QByteArray>> chunks;
    for (int seen = 1; rows.step(); ++seen) {
        if (seen % rowsBetweenLooks == 0 && cancelled && cancelled())
            return Error { QStringLiteral("cancelled"), {} };
        chunks[rows.text(0)].push_back(rows.bytes(1));
    }
    if (rows.failed())
        return failure();
    return chunks;
}

} // namespace signalbox
