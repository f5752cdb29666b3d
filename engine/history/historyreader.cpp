// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/historyreader.h"

#include "engine/history/eventcodec.h"

#include <QTimeZone>

#include <algorithm>
#include <limits>

namespace signalbox {

namespace {

constexpr int rowsBetweenLooks = 256; ///< at `cancelled`
/// Ids are the times at which requests ended; this is the longest that the configuration lets one run.
constexpr std::int64_t longestRequestMs = 86'400'000;
/// Captures stand right behind their request's id, or later where ids had to be moved up.
constexpr std::int64_t captureReachUs = 10'000'000;

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
    const std::optional<QDateTime> until =
        query.until ? std::optional(query.until->addMSecs(longestRequestMs)) : std::nullopt;
    const IdRange range = idRange(query.since, until, query.beforeSequence);
    rows.bind(1, range.from).bind(2, range.to);
    const std::int64_t sinceMs = query.since ? query.since->toMSecsSinceEpoch() : 0;
    const std::int64_t untilMs =
        query.until ? query.until->toMSecsSinceEpoch() : std::numeric_limits<std::int64_t>::max();
    RequestPage page;
    for (int seen = 1; rows.step(); ++seen) {
        if (seen % rowsBetweenLooks == 0 && cancelled && cancelled())
            return Error { QStringLiteral("cancelled"), {} };
        const std::optional<std::int64_t> atMs = eventTimeMs(rows.view(0));
        if (!atMs || *atMs < sinceMs || *atMs >= untilMs)
            continue;
        ++page.searched;
        std::optional<RequestEvent> event = unpackEvent(rows.view(0));
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

/// The coarsest that gives points of that length, among those that reach back that far (or to where anything does).
RollupSpan HistoryReader::spanFor(std::int64_t pointMs, std::int64_t sinceMs)
{
    Result<Statement> prepared = m_database.prepare("SELECT min(start) FROM rollups WHERE span = ?1");
    if (!prepared)
        return RollupSpan::Hour;
    std::array<std::int64_t, rollupSpans.size()> oldest {};
    for (const RollupSpan span : rollupSpans) {
        Statement &row = prepared.value();
        row.bind(1, static_cast<std::int64_t>(span));
        oldest[static_cast<std::size_t>(span)] = row.step() ? row.integer(0) : 0;
        row.reset();
    }
    RollupSpan best = RollupSpan::Hour;
    for (auto span = rollupSpans.rbegin(); span != rollupSpans.rend(); ++span) {
        const auto index = static_cast<std::size_t>(*span);
        const bool coarsest = *span == RollupSpan::Hour;
        const std::int64_t reach =
            coarsest ? 0 : std::max(sinceMs, oldest[index + 1] + lengthMs(rollupSpans[index + 1]));
        if (!coarsest && (oldest[index] == 0 || oldest[index] > reach))
            break;
        best = *span;
        if (pointMs % lengthMs(*span) == 0)
            break;
    }
    return best;
}

Result<std::vector<SeriesPoint>> HistoryReader::series(const SeriesQuery &query, std::int64_t pointMs,
                                                       const Cancelled &cancelled)
{
    const RollupSpan span = spanFor(pointMs, query.sinceMs);
    const std::int64_t length = std::max(pointMs, lengthMs(span));
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
            points.push_back(current->second.point(current->first, length));
        current.emplace(startMs, *rollup);
    }
    if (current)
        points.push_back(current->second.point(current->first, length));
    if (rows.failed())
        return failure();
    return points;
}

Result<std::vector<CapturedContent>> HistoryReader::captures(std::uint64_t sequence, const Cancelled &cancelled)
{
    const auto id = static_cast<std::int64_t>(sequence);
    Result<Statement> request = m_database.prepare("SELECT event FROM requests WHERE id >= ?1 ORDER BY id LIMIT 1");
    Result<Statement> bodies = m_database.prepare("SELECT provider, kind, body, complete FROM captures WHERE id >= ?1 "
                                                  "AND id < ?2 AND request = ?3 ORDER BY id");
    if (!request || !bodies)
        return failure();
    request.value().bind(1, id);
    const std::optional<RequestEvent> event =
        request.value().step() ? unpackEvent(request.value().view(0)) : std::nullopt;
    if (!event || event->sequence != sequence)
        return Error { QStringLiteral("That request is not in the history (any more)."), {} };
    Statement &rows = bodies.value();
    rows.bind(1, id).bind(2, id + captureReachUs).bindBytes(3, event->id);
    std::vector<CapturedContent> contents;
    while (rows.step() && !(cancelled && cancelled())) {
        CapturedContent content;
        content.provider = rows.text(0);
        content.kind = rows.integer(1) == 0 ? CapturedContent::Kind::Request : CapturedContent::Kind::Answer;
        content.body = rows.bytes(2);
        content.complete = rows.integer(3) != 0;
        contents.push_back(std::move(content));
    }
    if (rows.failed())
        return failure();
    return contents;
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
