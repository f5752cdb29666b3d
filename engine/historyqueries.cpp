// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/historyqueries.h"

#include "engine/history/historyreader.h"
#include "engine/history/historywriter.h"

#include <QFileInfo>

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::uint64_t commitDelayUs = 3'000'000; ///< what is younger may not be in the file yet

std::uint64_t nowUs()
{
    return static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch()) * 1000;
}

int pageSize(int limit)
{
    return std::clamp(limit, 1, largestPage);
}

/// Where the directory cannot be written to it may never have been: then memory holds all there is.
bool isThere(const HistoryWriter &writer)
{
    return QFileInfo::exists(writer.path());
}

std::size_t sizeOf(const RequestPage &page)
{
    return page.requests.size();
}

std::size_t sizeOf(const EventPage &page)
{
    return page.events.size();
}

template <typename Page, typename Query>
bool mayGoOn(const HistoryWriter *writer, const FromMemory<Page> &known, const Query &query)
{
    if (!writer || known.page.more)
        return false;
    // An event's number is the time of its end, which is not before its own time.
    const bool coveredByMemory = query.since && known.knownFrom &&
        static_cast<std::uint64_t>(std::max<qint64>(query.since->toMSecsSinceEpoch(), 0)) * 1000 >= *known.knownFrom;
    return !coveredByMemory;
}

/// What is left to be asked of the history.
template <typename Page, typename Query> void goOn(const FromMemory<Page> &known, Query &query, HistoryWriter &writer)
{
    if (known.knownFrom) {
        query.beforeSequence = std::min(query.beforeSequence.value_or(*known.knownFrom), *known.knownFrom);
        // So much happens that memory ends before the last commit.
        if (nowUs() < *known.knownFrom + commitDelayUs)
            writer.flush();
    }
    query.limit = pageSize(query.limit) - static_cast<int>(sizeOf(known.page));
}

template <typename List> void append(List &list, List &&more)
{
    list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

bool tellsOfBreaker(const StateEvent &event)
{
    return event.kind == StateEvent::Kind::Breaker ||
        (event.kind == StateEvent::Kind::Listener &&
         (event.after == QLatin1String("started") || event.after == QLatin1String("stopped")));
}

BreakerSegment segmentAfter(const StateEvent &event)
{
    BreakerSegment segment;
    segment.fromMs = event.at.toMSecsSinceEpoch();
    if (event.kind != StateEvent::Kind::Breaker) {
        segment.known = event.after == QLatin1String("started");
        return segment;
    }
    segment.reason = event.reason;
    for (const BreakerState state : { BreakerState::Closed, BreakerState::Open, BreakerState::HalfOpen }) {
        if (event.after == QLatin1String(toString(state)))
            segment.state = state;
    }
    for (const BreakerMode mode : { BreakerMode::ForcedOpen, BreakerMode::ForcedClosed, BreakerMode::Disabled }) {
        if (event.after == QLatin1String(toString(mode)))
            segment.mode = mode;
    }
    return segment;
}

bool isSame(const BreakerSegment &a, const BreakerSegment &b)
{
    return a.state == b.state && a.mode == b.mode && a.known == b.known;
}

} // namespace

RequestPage HistoryQueries::complete(FromMemory<RequestPage> known, RequestQuery query,
                                     const Cancelled &cancelled) const
{
    if (!mayGoOn(m_writer, known, query) || !isThere(*m_writer))
        return std::move(known.page);
    goOn(known, query, *m_writer);
    RequestPage page = std::move(known.page);
    Result<HistoryReader> reader = HistoryReader::open(m_writer->path());
    Result<RequestPage> older =
        reader ? reader.value().requests(query, cancelled) : Result<RequestPage>(reader.error());
    if (!older) {
        page.problem = older.error().reason;
        return page;
    }
    append(page.requests, std::move(older.value().requests));
    page.more = older.value().more;
    page.searched += older.value().searched;
    return page;
}

EventPage HistoryQueries::complete(FromMemory<EventPage> known, EventQuery query, const Cancelled &cancelled) const
{
    if (!mayGoOn(m_writer, known, query) || !isThere(*m_writer))
        return std::move(known.page);
    goOn(known, query, *m_writer);
    EventPage page = std::move(known.page);
    Result<HistoryReader> reader = HistoryReader::open(m_writer->path());
    Result<EventPage> older = reader ? reader.value().events(query, cancelled) : Result<EventPage>(reader.error());
    if (!older) {
        page.problem = older.error().reason;
        return page;
    }
    append(page.events, std::move(older.value().events));
    page.more = older.value().more;
    return page;
}

Result<std::vector<SeriesPoint>> HistoryQueries::complete(SeriesFromMemory known, SeriesQuery query,
                                                          const Cancelled &cancelled) const
{
    query.sinceMs -= query.sinceMs % std::max<std::int64_t>(known.lengthMs, 1);
    const bool reachesBack = known.knownFromMs && *known.knownFromMs <= query.sinceMs;
    if (!m_writer || (known.exact && reachesBack) || !isThere(*m_writer))
        return std::move(known.points);
    if (known.exact && known.knownFromMs)
        query.untilMs = std::min(query.untilMs, *known.knownFromMs);
    Result<HistoryReader> reader = HistoryReader::open(m_writer->path());
    if (!reader)
        return known.points.empty() ? Result<std::vector<SeriesPoint>>(reader.error()) : std::move(known.points);
    Result<std::vector<SeriesPoint>> older = reader.value().series(query, known.lengthMs, cancelled);
    if (!older)
        return known.points.empty() ? older : std::move(known.points);
    if (known.exact)
        append(older.value(), std::move(known.points));
    return older;
}

Result<std::vector<CapturedContent>> HistoryQueries::captures(std::uint64_t sequence, const Cancelled &cancelled) const
{
    if (!m_writer)
        return Error { QStringLiteral("Nothing is recorded."), {} };
    if (nowUs() < sequence + commitDelayUs)
        m_writer->flush();
    if (!isThere(*m_writer))
        return Error { QStringLiteral("Nothing is recorded."), {} };
    Result<HistoryReader> reader = HistoryReader::open(m_writer->path());
    if (!reader)
        return reader.error();
    return reader.value().captures(sequence, cancelled);
}

Status HistoryQueries::deleteAll() const
{
    return m_writer ? m_writer->deleteAll() : ok(); // memory held all there was
}

std::vector<EventQuery> timelineQueries(const QString &provider, std::int64_t sinceMs, std::int64_t untilMs)
{
    const QDateTime since = QDateTime::fromMSecsSinceEpoch(sinceMs, Qt::UTC);
    const QDateTime until = QDateTime::fromMSecsSinceEpoch(untilMs, Qt::UTC);
    std::vector<EventQuery> queries;
    for (const StateEvent::Kind kind : { StateEvent::Kind::Breaker, StateEvent::Kind::Listener }) {
        EventQuery inside;
        inside.kind = kind;
        inside.provider = kind == StateEvent::Kind::Breaker ? provider : QString();
        inside.since = since;
        inside.until = until;
        inside.limit = largestPage;
        EventQuery before = inside;
        before.since.reset();
        before.until = since;
        before.limit = 1;
        queries.push_back(inside);
        queries.push_back(before);
    }
    return queries;
}

std::vector<BreakerSegment> breakerSegments(std::vector<StateEvent> events, std::int64_t sinceMs, std::int64_t untilMs)
{
    std::sort(events.begin(), events.end(),
              [](const StateEvent &a, const StateEvent &b) { return a.sequence < b.sequence; });
    std::vector<BreakerSegment> segments { BreakerSegment {
        sinceMs, untilMs, BreakerState::Closed, BreakerMode::Auto, false, {} } };
    for (const StateEvent &event : events) {
        if (!tellsOfBreaker(event))
            continue;
        BreakerSegment next = segmentAfter(event);
        next.untilMs = untilMs;
        BreakerSegment &last = segments.back();
        if (next.fromMs <= last.fromMs || isSame(last, next)) {
            const std::int64_t from = last.fromMs;
            last = isSame(last, next) && !last.reason.isEmpty() ? last : next;
            last.fromMs = from;
            continue;
        }
        last.untilMs = next.fromMs;
        segments.push_back(next);
    }
    return segments;
}

} // namespace signalbox
