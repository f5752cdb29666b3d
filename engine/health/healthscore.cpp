// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/healthscore.h"

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

constexpr double SuccessWeight = 0.40;
constexpr double ResponseWeight = 0.25;
constexpr double AvailabilityWeight = 0.20;
constexpr double TrendWeight = 0.15;

constexpr double PseudoSuccesses = 2.0; ///< so that one bad first call does not give 0
constexpr double ZeroScoreSlowdown = 4.0; ///< a trend that makes it this much slower at the horizon scores 0

/// NaN gives 0.
double clamped(double x)
{
    return !(x > 0.0) ? 0.0 : x > 1.0 ? 1.0 : x;
}

double latencyFactor(double ms, const LatencyTarget &target)
{
    if (!(ms > target.goodMs))
        return 1.0;
    return ms >= target.badMs ? 0.0 : std::log(target.badMs / ms) / std::log(target.badMs / target.goodMs);
}

bool isBetween(double ms, const LatencyTarget &target)
{
    return ms > target.goodMs && ms < target.badMs;
}

/// Of both quantiles. Between the targets their two logarithms, the most expensive part of a score, are taken as one.
double meanFactor(const LatencyInput &input, const LatencyTarget &target)
{
    if (isBetween(input.p50Ms, target) && isBetween(input.p95Ms, target))
        return 0.5 * std::log(target.badMs * target.badMs / (input.p50Ms * input.p95Ms)) /
            std::log(target.badMs / target.goodMs);
    return 0.5 * latencyFactor(input.p50Ms, target) + 0.5 * latencyFactor(input.p95Ms, target);
}

double weightedFactor(const LatencyInput &input, const LatencyTarget &target)
{
    return static_cast<double>(input.samples) * meanFactor(input, target);
}

double responseFactor(const ScoreInput &input, double success)
{
    const auto samples = static_cast<double>(input.firstByte.samples + input.total.samples);
    if (!(samples > 0.0))
        return 0.5 * success;
    return (weightedFactor(input.firstByte, input.targets.firstByte) +
            weightedFactor(input.total, input.targets.total)) /
        samples;
}

double gateFactor(Gate gate)
{
    switch (gate) {
    case Gate::Closed:
        return 1.0;
    case Gate::HalfOpen:
        return 0.5;
    case Gate::Open:
    case Gate::Throttled:
    case Gate::ForcedOpen:
        break;
    }
    return 0.0;
}

double availabilityFactor(const ScoreInput &input)
{
    const double closed = clamped(input.closedShare);
    const double probes =
        input.probes > 0 ? clamped(static_cast<double>(input.probesOk) / static_cast<double>(input.probes)) : closed;
    return gateFactor(input.gate) * (0.5 * probes + 0.5 * closed);
}

double trendFactor(const TrendEstimate &trend, double success)
{
    if (!trend.isKnown())
        return success;
    const double slowdown = std::max(0.0, trend.tau) * trend.slopePerMinute * TrendEstimator::HorizonMinutes;
    return 1.0 - clamped(slowdown / std::log(ZeroScoreSlowdown));
}

} // namespace

Gate gateOf(BreakerMode mode, BreakerState state, bool throttled) noexcept
{
    switch (mode) {
    case BreakerMode::ForcedOpen:
        return Gate::ForcedOpen;
    case BreakerMode::ForcedClosed:
    case BreakerMode::Disabled:
        return Gate::Closed;
    case BreakerMode::Auto:
        break;
    }
    if (throttled)
        return Gate::Throttled;
    return state == BreakerState::Closed ? Gate::Closed : state == BreakerState::Open ? Gate::Open : Gate::HalfOpen;
}

ScoreResult healthScore(const ScoreInput &input) noexcept
{
    const auto ok = static_cast<double>(input.ok);
    const auto failed = static_cast<double>(input.failed);
    ScoreResult result;
    result.success = (ok + PseudoSuccesses) / (ok + failed + PseudoSuccesses);
    result.response = responseFactor(input, result.success);
    result.availability = availabilityFactor(input);
    result.trend = trendFactor(input.trend, result.success);
    result.score = 100.0 *
        (SuccessWeight * result.success + ResponseWeight * result.response + AvailabilityWeight * result.availability +
         TrendWeight * result.trend);
    return result;
}

} // namespace signalbox
