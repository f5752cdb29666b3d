// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/breakerstate.h"
#include "engine/breaker/breakerpolicy.h"

#include <cstdint>
#include <optional>

namespace signalbox {

/// One input of a breaker that changed what it remembers. The same inputs make another breaker do the same.
struct BreakerInput
{
    enum class Kind : std::uint8_t { Acquire, Panic, Overdue, Complete, Tick, Health, Force, Trip, Reset, Policy };

    Kind kind = Kind::Tick;
    bool admitted = false; ///< Acquire, Panic
    bool slow = false; ///< Complete
    bool ok = false; ///< Health
    Outcome outcome = Outcome::Ignored; ///< Complete; Ignored also for a call that was given up
    BreakerMode mode = BreakerMode::Auto; ///< Force
    std::uint32_t call = 0; ///< Acquire, Panic, Overdue, Complete: its number; used again once the call has ended
    std::int64_t atMs = 0; ///< the breaker's clock
    std::int64_t durationMs = 0; ///< Trip
    std::optional<std::int64_t> retryAfterMs = std::nullopt; ///< Complete
    std::optional<double> jitter = std::nullopt; ///< consumed by this input
    const BreakerPolicy *policy = nullptr; ///< Policy: the new one, during the call
};

/// Who wants to know a breaker's inputs.
class BreakerInputSink
{
public:
    virtual ~BreakerInputSink() = default;
    virtual void record(const BreakerInput &input) = 0;
};

} // namespace signalbox
