// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/breakerstate.h"
#include "engine/breaker/breakerpolicy.h"
#include "engine/breaker/breakertransition.h"
#include "engine/breaker/callwindow.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace signalbox {

enum class TokenKind : std::uint8_t { Normal, Probe, Bypass, Panic };

/// Machine names: "normal", "probe" ...
const char *toString(TokenKind kind) noexcept;

struct BreakerProbe
{
    std::uint64_t id = 0;
    std::int64_t startMs = 0;
    bool operator==(const BreakerProbe &) const = default;
};

/// All that a breaker's next decision depends on, besides its policy and its input.
struct BreakerMemory
{
    BreakerMemory() : BreakerMemory(BreakerPolicy(), 0) { }
    BreakerMemory(const BreakerPolicy &policy, std::int64_t startMs)
        : nowMs(startMs), window(policy.bucketMs, policy.bucketCount)
    {
    }

    std::int64_t nowMs;
    BreakerMode mode = BreakerMode::Auto;
    BreakerState state = BreakerState::Closed;
    std::uint64_t epoch = 1;
    CallWindow window;
    std::int64_t consecutive = 0;
    std::optional<std::int64_t> lastFailureMs;
    std::optional<std::int64_t> lastSuccessMs;
    std::int64_t overdueInFlight = 0;

    std::int64_t openUntilMs = 0;
    std::int64_t openedAtMs = 0;
    std::optional<TransitionReason> tripReason;
    std::optional<TransitionReason> openReason; ///< of the last opening, whatever it was
    int nextLevel = 0;
    std::optional<std::int64_t> recoveredAtMs; ///< unset: never was open, or an operator took over
    std::vector<BreakerProbe> probes; ///< oldest first
    std::uint64_t lastProbe = 0;
    int probeSuccesses = 0;

    std::int64_t throttledUntilMs = 0;
    int throttleLevel = 0;
    int failedChecks = 0;
    std::optional<std::int64_t> lastPanicMs;
    bool panicInFlight = false;

    std::uint64_t sequence = 0; ///< of the last transition
    std::uint64_t openedCount = 0;

    bool operator==(const BreakerMemory &) const = default;
};

/// An admitted call that has not ended.
struct BreakerCall
{
    std::uint64_t epoch = 0;
    std::uint64_t probe = 0;
    TokenKind kind = TokenKind::Normal;
    bool overdue = false;
    bool operator==(const BreakerCall &) const = default;
};

/// A breaker at one instant, from which it can go on.
struct BreakerCheckpoint
{
    BreakerPolicy policy;
    BreakerMemory memory;
    std::vector<std::pair<std::uint32_t, BreakerCall>> calls; ///< in flight, by their number in the input log
    bool operator==(const BreakerCheckpoint &) const = default;
};

} // namespace signalbox
