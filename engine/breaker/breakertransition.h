// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/breakerstate.h"

#include <QString>

#include <cstdint>

namespace signalbox {

enum class TransitionReason {
    Consecutive,
    Rate,
    Slow,
    Health,
    ProbeFailed,
    ProbeThrottled,
    OperatorTrip,
    OpenTimeOver,
    HealthOk,
    PanicSuccess,
    Recovered,
    Reset,
    OperatorAuto,
    OperatorForcedOpen,
    OperatorForcedClosed,
    OperatorDisabled
};

/// Machine names: "consecutive", "probe_failed", "operator_forced_open" ...
const char *toString(TransitionReason reason) noexcept;

/// One change of state or mode, with the numbers that were the reason, as they were just before it.
struct BreakerTransition
{
    std::uint64_t sequence = 0; ///< 1, 2, 3 ... per breaker, without gaps
    std::int64_t atMs = 0; ///< the breaker's clock
    BreakerState from = BreakerState::Closed;
    BreakerState to = BreakerState::Closed;
    BreakerMode mode = BreakerMode::Auto; ///< after it
    TransitionReason reason = TransitionReason::Consecutive;
    std::int64_t calls = 0; ///< in the window
    std::int64_t failures = 0; ///< in the window
    std::int64_t slow = 0; ///< in the window
    std::int64_t overdueInFlight = 0;
    std::int64_t windowMs = 60'000;
    std::int64_t consecutiveFailures = 0;
    std::int64_t threshold = 5; ///< configured
    std::int64_t effectiveThreshold = 5;
    int failedChecks = 0;
    std::int64_t healthGraceMs = 30'000;
    int probeSuccesses = 0;
    int probeSuccessesNeeded = 2;
    std::int64_t retryAfterMs = 0; ///< if it opened: until it may be asked again
};

/// What an operator reads: the state it is in and why.
QString reasonSentence(const BreakerTransition &transition);

} // namespace signalbox
