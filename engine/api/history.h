// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace signalbox {

/// Roll-ups of a stretch of time. Wall times are milliseconds since 1970, UTC.
struct SeriesQuery
{
    QString provider; ///< empty: all together
    std::int64_t sinceMs = 0;
    std::int64_t untilMs = 0;
    int maxPoints = 600;
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
    std::uint64_t tokens = 0;
    double costUsd = 0;
};

} // namespace signalbox
