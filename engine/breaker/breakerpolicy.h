// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace signalbox {

/// Every number the breaker decides by. Times are milliseconds.
struct BreakerPolicy
{
    int failureThreshold = 5; ///< consecutive failures that open it
    std::int64_t openMs = 60'000; ///< the first open period; doubles with every level
    std::int64_t maxOpenMs = 600'000;
    int maxLevel = 10;
    double jitterFraction = 0.10; ///< shortens an open period, from level 1 on

    std::int64_t bucketMs = 6'000;
    int bucketCount = 10;

    std::int64_t rateVolume = 20; ///< calls in the window before the error rate counts
    std::int64_t rateNumerator = 1; ///< opens at errors / calls >= numerator / denominator
    std::int64_t rateDenominator = 2;
    std::int64_t slowVolume = 10; ///< calls in the window before the slow rate counts
    std::int64_t slowNumerator = 4;
    std::int64_t slowDenominator = 5;

    int probeSuccesses = 2; ///< consecutive ones that close it
    int maxProbes = 1; ///< in flight together
    std::int64_t probeLifetimeMs = 120'000; ///< an older probe may be replaced

    std::int64_t levelDecayMs = 120'000; ///< closed time that forgets one level
    std::int64_t failureChainMs = 300'000; ///< an older failure does not chain
    std::int64_t maxRetryAfterMs = 600'000; ///< a provider's hint is cut to this
    std::int64_t throttleBaseMs = 1'000; ///< without a hint; doubles every time
    std::int64_t throttleMaxMs = 60'000;

    int healthFailures = 3; ///< failed checks in a row that open it
    std::int64_t healthGraceMs = 30'000; ///< not if a call succeeded this recently
    std::int64_t healthMinOpenMs = 10'000; ///< a good check half-opens it only after this

    std::int64_t panicIntervalMs = 1'000; ///< between two panic admissions
    std::int64_t slowStartMs = 30'000; ///< the selection weight rises over this after recovery

    bool operator==(const BreakerPolicy &) const = default;
};

/// Consecutive failures needed to open, given the calls and failures of the window: the threshold while at most half
/// of the calls fail or there are fewer calls than the threshold, else ceil(2 * threshold * success rate), at least 2.
std::int64_t effectiveThreshold(std::int64_t threshold, std::int64_t calls, std::int64_t failures) noexcept;

} // namespace signalbox
