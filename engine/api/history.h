// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/breakerstate.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox {

/// What happened in a stretch of time. Wall times are milliseconds since 1970, UTC.
struct SeriesQuery
{
    QString provider; ///< empty: all together
    std::int64_t sinceMs = 0;
    std::int64_t untilMs = 0;
    int maxPoints = 600;
};

/// The health score and its factors over a stretch.
struct ScoreSeries
{
    double average = 0; ///< 0..100
    double lowest = 0;
    double success = 0; ///< averages of the factors, 0..1
    double response = 0;
    double availability = 0;
    double trend = 0;
};

/// Which part of a stretch the breaker was in each state, 0..1; together 1. Forced: an operator decided (forced open,
/// forced closed, no breaker).
struct BreakerShare
{
    double closed = 0;
    double halfOpen = 0;
    double open = 0;
    double forced = 0;
};

/// One stretch of time. Quantiles in milliseconds; nullopt without a sample.
struct SeriesPoint
{
    std::int64_t startMs = 0;
    std::int64_t lengthMs = 0;
    std::uint64_t succeeded = 0; ///< attempts
    std::uint64_t failed = 0;
    std::uint64_t throttled = 0;
    std::uint64_t ignored = 0;
    std::optional<double> firstByteP50Ms;
    std::optional<double> firstByteP95Ms;
    std::optional<double> firstByteP99Ms;
    std::optional<double> totalP50Ms;
    std::optional<double> totalP95Ms;
    std::optional<double> totalP99Ms;
    std::optional<double> overheadP50Ms; ///< our own share of a request's time
    std::optional<double> overheadP99Ms;
    std::optional<double> gapP50Ms; ///< between events of a stream: median of the streams' medians
    std::optional<double> gapP99Ms; ///< 99th percentile of the streams' 99th percentiles
    std::uint64_t tokens = 0;
    double costUsd = 0;
    std::optional<int> mostInFlight; ///< at once; this and what follows only for one provider
    std::optional<ScoreSeries> score;
    std::optional<BreakerShare> breaker;

    std::uint64_t attempts() const { return succeeded + failed + throttled + ignored; }
    double attemptsPerSecond() const
    {
        return lengthMs > 0 ? static_cast<double>(attempts()) * 1000.0 / static_cast<double>(lengthMs) : 0.0;
    }
};

/// 5 s of one provider, for a drawing the size of a word.
struct RecentPoint
{
    std::int64_t startMs = 0; ///< wall time, a multiple of 5 s
    std::uint32_t attempts = 0;
    std::uint32_t errors = 0; ///< attempts that failed
    std::optional<float> p95Ms; ///< first byte of streams, or the total of other answers where no stream succeeded
    float openShare = 0; ///< part of the time, 0..1; forced open counts
    float halfOpenShare = 0;
};

/// The last 5 min in up to 60 points, oldest first, without the 5 s that run. Shared by snapshots until it changes.
using RecentPoints = std::shared_ptr<const std::vector<RecentPoint>>;

/// One provider's breaker from one change to the next.
struct BreakerSegment
{
    std::int64_t fromMs = 0;
    std::int64_t untilMs = 0;
    BreakerState state = BreakerState::Closed;
    BreakerMode mode = BreakerMode::Auto; ///< other than Auto: what holds, whatever the state
    bool known = true; ///< false: nothing was recorded of that time, or no engine ran
    QString reason; ///< why it changed to this: one sentence; empty: it began before anything was recorded
};

/// A body as it was captured: secrets masked, at most 256 KiB.
struct CapturedContent
{
    enum class Kind { Request, Answer };
    Kind kind = Kind::Request;
    QString provider; ///< that it went to or came from
    QByteArray body; ///< without content coding where that could be undone
    bool complete = true; ///< false: cut at the limit
};

} // namespace signalbox
