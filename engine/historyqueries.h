// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/history.h"
#include "engine/api/query.h"
#include "engine/base/result.h"
#include "engine/history/seriesbook.h"

#include <functional>
#include <optional>
#include <vector>

namespace signalbox {

class HistoryWriter;

/// What memory knows of a query, and from where on it knows everything.
template <typename Page> struct FromMemory
{
    Page page;
    std::optional<std::uint64_t> knownFrom; ///< sequence number; nullopt: memory holds nothing
};

/// The history of a running engine, for a thread that may wait for the disk. A copy is cheap.
class HistoryQueries
{
public:
    using Cancelled = std::function<bool()>;

    /// The writer must outlive every call; nullptr: nothing is recorded.
    explicit HistoryQueries(HistoryWriter *writer = nullptr) : m_writer(writer) { }

    /// Goes on where memory ends, if it does not hold the whole answer.
    RequestPage complete(FromMemory<RequestPage> known, RequestQuery query, const Cancelled &cancelled) const;
    EventPage complete(FromMemory<EventPage> known, EventQuery query, const Cancelled &cancelled) const;

    /// What memory does not reach back to, or could only join from finished points.
    Result<std::vector<SeriesPoint>> complete(SeriesFromMemory known, SeriesQuery query,
                                              const Cancelled &cancelled) const;
    Result<std::vector<CapturedContent>> captures(std::uint64_t sequence, const Cancelled &cancelled) const;
    /// The whole file.
    Status deleteAll() const;

private:
    HistoryWriter *m_writer;
};

/// The state events that a breaker's timeline is made of: the provider's transitions and the engine's starts and stops,
/// each of that time and the last one before it.
std::vector<EventQuery> timelineQueries(const QString &provider, std::int64_t sinceMs, std::int64_t untilMs);
/// From what those queries gave, in any order.
std::vector<BreakerSegment> breakerSegments(std::vector<StateEvent> events, std::int64_t sinceMs, std::int64_t untilMs);

} // namespace signalbox
