// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/replay.h"
#include "engine/base/result.h"
#include "engine/breaker/breakerpolicy.h"

#include <QByteArray>

#include <functional>
#include <optional>
#include <vector>

namespace signalbox {

struct ReplaySpan
{
    std::int64_t sinceMs = 0; ///< wall time
    std::int64_t untilMs = 0;
    int maxPoints = 600;
};

/// Replays the input log of one breaker with another policy (none: as it was), by running the same CircuitBreaker on
/// it. Pure. The chunks ascend in time and begin before span.sinceMs, so that a checkpoint can be among them. The error
/// is that it was cancelled.
Result<ProviderReplay> replayPolicy(const std::vector<QByteArray> &chunks, const ReplaySpan &span,
                                    const std::optional<BreakerPolicy> &draft, const std::function<bool()> &cancelled);

/// "With the draft, alpha would have opened 3 times instead of once, ...".
QString replaySentence(const ProviderReplay &replay);

} // namespace signalbox
