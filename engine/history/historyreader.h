// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/history.h"
#include "engine/api/query.h"
#include "engine/history/database.h"
#include "engine/history/rollup.h"

#include <functional>
#include <map>

namespace signalbox {

/// Reads a history file beside its writer, for one thread at a time. Every call opens nothing that blocks the writer.
class HistoryReader
{
public:
    using Cancelled = std::function<bool()>;

    static Result<HistoryReader> open(const QString &path);

    /// Newest first. Stops at query.limit matches, or when `cancelled` says so.
    Result<RequestPage> requests(const RequestQuery &query, const Cancelled &cancelled);
    Result<EventPage> events(const EventQuery &query, const Cancelled &cancelled);
    /// Of one provider, or of all together if it is empty; ascending. A point is so long, or longer where no shorter
    /// roll-ups are kept.
    Result<std::vector<SeriesPoint>> series(const SeriesQuery &query, std::int64_t pointMs, const Cancelled &cancelled);
    /// Of the request with that sequence number.
    Result<std::vector<CapturedContent>> captures(std::uint64_t sequence, const Cancelled &cancelled);
    /// The chunks of the breakers' input logs that begin in that time, by provider, each ascending.
    Result<std::map<QString, std::vector<QByteArray>>> breakerInputs(std::int64_t sinceMs, std::int64_t untilMs,
                                                                     const Cancelled &cancelled);

private:
    RollupSpan spanFor(std::int64_t pointMs, std::int64_t sinceMs);
    Error failure() const;
    explicit HistoryReader(Database database) : m_database(std::move(database)) { }

    Database m_database;
};

} // namespace signalbox
