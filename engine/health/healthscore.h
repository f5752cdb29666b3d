// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/breakerstate.h"
#include "engine/health/trendestimator.h"

#include <cstdint>

namespace signalbox {

/// Whether a call could be sent now.
enum class Gate { Closed, HalfOpen, Open, Throttled, ForcedOpen };

/// A forced-closed or disabled breaker lets everything through: Closed.
Gate gateOf(BreakerMode mode, BreakerState state, bool throttled) noexcept;

/// Of the successful calls of one latency class.
struct LatencyInput
{
    std::uint64_t samples = 0;
    double p50Ms = 0.0;
    double p95Ms = 0.0;
};

/// Milliseconds: as good as can be wished, and useless.
struct LatencyTarget
{
    double goodMs;
    double badMs;
};

/// What the response factor measures by; the defaults are the specification's.
struct ScoreTargets
{
    LatencyTarget firstByte { 500.0, 10'000.0 };
    LatencyTarget total { 2'000.0, 60'000.0 };
};

/// What is known of one provider over the last 5 min. The defaults are "nothing yet".
struct ScoreInput
{
    std::uint64_t ok = 0;
    std::uint64_t failed = 0;
    LatencyInput firstByte; ///< streams
    LatencyInput total; ///< other answers
    Gate gate = Gate::Closed;
    std::uint64_t probesOk = 0; ///< of the last checks, at most 10
    std::uint64_t probes = 0;
    double closedShare = 1.0; ///< of the time: closed and not throttled, half-open counts 1/2
    TrendEstimate trend;
    ScoreTargets targets;
};

struct ScoreResult
{
    double score = 87.5; ///< 0..100
    double success = 1.0;
    double response = 0.5;
    double availability = 1.0;
    double trend = 1.0;

    friend bool operator==(const ScoreResult &, const ScoreResult &) = default;
};

/// 100 * (0.40 success + 0.25 response + 0.20 availability + 0.15 trend). Depends on nothing but its input.
ScoreResult healthScore(const ScoreInput &input) noexcept;

} // namespace signalbox
