// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

namespace signalbox {

/// How the latency of one provider moves, on ln(median ms) over minutes.
struct TrendEstimate
{
    int points = 0;
    double slopePerMinute = 0.0; ///< Theil-Sen; 0 with too few points
    double tau = 0.0; ///< Kendall, -1..1: how steadily it moves one way
    std::optional<double> forecastMs; ///< median at the horizon at this pace

    bool isKnown() const noexcept { return points >= 4; }
};

/// Robust by construction: one or two outliers among ten buckets do not move it.
class TrendEstimator
{
public:
    static constexpr int MinPoints = 4;
    static constexpr double BucketMinutes = 0.5;
    static constexpr double HorizonMinutes = 5.0;

    /// Medians of consecutive 30 s buckets in ms, oldest first; empty buckets and values <= 0 are skipped.
    static TrendEstimate estimate(std::span<const std::optional<double>> mediansMs);
};

} // namespace signalbox
