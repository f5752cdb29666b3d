// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/provider/breakersettings.h"

#include <algorithm>

namespace signalbox {

BreakerPolicy toPolicy(const BreakerSettings &settings)
{
    BreakerPolicy policy;
    policy.failureThreshold = settings.threshold;
    policy.openMs = settings.timeoutMs.count();
    policy.maxOpenMs = std::max(settings.maxOpenMs, settings.timeoutMs).count();
    policy.bucketMs = std::max<std::int64_t>(1, settings.windowMs.count() / policy.bucketCount);
    policy.rateVolume = settings.minimumCalls;
    policy.rateNumerator = settings.failureRatePercent;
    policy.rateDenominator = 100;
    policy.slowVolume = settings.slowMinimumCalls;
    policy.slowNumerator = settings.slowRatePercent;
    policy.slowDenominator = 100;
    policy.probeSuccesses = settings.probeSuccesses;
    policy.maxProbes = settings.maxProbes;
    policy.healthFailures = settings.healthFailures;
    policy.slowStartMs = settings.slowStartMs.count();
    policy.failureChainMs = settings.failureChainMs.count();
    policy.levelDecayMs = settings.levelDecayMs.count();
    policy.maxRetryAfterMs = settings.maxRetryAfterMs.count();
    return policy;
}

} // namespace signalbox
