// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/breakerstate.h"
#include "engine/breaker/breakerinput.h"
#include "engine/breaker/breakerlink.h"
#include "engine/breaker/breakermemory.h"
#include "engine/breaker/breakerpolicy.h"
#include "engine/breaker/breakertransition.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace signalbox {

class CircuitBreaker;

enum class RefusalReason : std::uint8_t {
    None,
    ForcedOpen,
    ForcedClosed,
    Disabled,
    Throttled,
    Open,
    HalfOpenBusy,
    PanicBudget
};
/// Late: the breaker changed state since. Superseded: a probe that another one has replaced. Duplicate: completed
/// before.
enum class CompletionResult { Counted, Neutral, Late, Duplicate, Superseded, Bypass };

/// Machine names: "forced_open", "half_open_busy" ...; "counted", "dup" ...
const char *toString(RefusalReason reason) noexcept;
const char *toString(CompletionResult result) noexcept;

/// The permission for one call. Completed at most once; destroyed without that, it counts as ignored. It may outlive
/// its breaker.
class BreakerToken
{
public:
    BreakerToken() = default;
    // Inline: an admission is a handful of nanoseconds, and calls to move what it gives were a third of them.
    BreakerToken(BreakerToken &&other) noexcept = default;
    BreakerToken &operator=(BreakerToken &&other) noexcept
    {
        if (this == &other)
            return *this;
        if (isPending())
            abandon();
        m_breaker = std::move(other.m_breaker);
        m_epoch = other.m_epoch;
        m_probe = other.m_probe;
        m_startMs = other.m_startMs;
        m_call = other.m_call;
        m_kind = other.m_kind;
        m_marked = other.m_marked;
        m_done = other.m_done;
        return *this;
    }
    BreakerToken(const BreakerToken &) = delete;
    BreakerToken &operator=(const BreakerToken &) = delete;
    ~BreakerToken()
    {
        if (isPending())
            abandon();
    }

    /// Admitted and not completed yet.
    bool isPending() const noexcept { return m_breaker && !m_done; }
    TokenKind kind() const noexcept { return m_kind; }
    std::uint64_t epoch() const noexcept { return m_epoch; }
    std::int64_t startMs() const noexcept { return m_startMs; }

private:
    friend class CircuitBreaker;
    void abandon() noexcept;

    BreakerLink m_breaker;
    std::uint64_t m_epoch = 0;
    std::uint64_t m_probe = 0;
    std::int64_t m_startMs = 0;
    std::uint32_t m_call = 0; ///< its number in the input log
    TokenKind m_kind = TokenKind::Normal;
    bool m_marked = false;
    bool m_done = false;
};

struct Admission
{
    bool admitted = false;
    RefusalReason refusal = RefusalReason::None;
    std::int64_t retryAfterMs = 0; ///< 0: not known
    BreakerToken token;

    explicit operator bool() const noexcept { return admitted; }
};

/// Decides whether one provider may be asked. Pure and deterministic: time and jitter come from outside, so the same
/// inputs give the same decisions. One thread. Time never runs backwards: an earlier instant counts as the latest seen.
class CircuitBreaker
{
public:
    using Observer = std::function<void(const BreakerTransition &)>;

    /// jitter returns a number in [0, 1); asked once per opening from the second level on.
    CircuitBreaker(const BreakerPolicy &policy, std::function<double()> jitter, std::int64_t nowMs);
    ~CircuitBreaker();
    CircuitBreaker(const CircuitBreaker &) = delete;
    CircuitBreaker &operator=(const CircuitBreaker &) = delete;

    /// Called once per transition, in order, after the state is consistent. It may call the breaker, but must not
    /// destroy it.
    void setObserver(Observer observer) { m_observer = std::move(observer); }
    /// Takes effect with the next decision; state, counts and running waits stay.
    void setPolicy(const BreakerPolicy &policy);
    const BreakerPolicy &policy() const noexcept { return m_policy; }

    /// Told of every input that changed something, after it took effect and before the observer. Null: nobody. It must
    /// not call the breaker.
    void setInputSink(BreakerInputSink *sink) noexcept;
    BreakerCheckpoint checkpoint() const;
    /// Goes on from there. Tokens given before are void; those in flight at the checkpoint come from resume().
    void restore(const BreakerCheckpoint &checkpoint);
    BreakerToken resume(const BreakerCall &call);

    Admission acquire(std::int64_t nowMs);
    /// The last resort: only when no provider admits the request.
    Admission acquirePanic(std::int64_t nowMs);
    CompletionResult complete(BreakerToken &token, Outcome outcome, std::int64_t nowMs, bool slow = false,
                              std::optional<std::int64_t> retryAfterMs = std::nullopt);
    /// The call is slow already and still runs: counts now, not at its end.
    void markOverdue(BreakerToken &token, std::int64_t nowMs);

    void tick(std::int64_t nowMs);
    /// The verdict of an active check.
    void health(bool ok, std::int64_t nowMs);

    void force(BreakerMode mode, std::int64_t nowMs);
    /// Opens for that long, then recovers through a probe, without escalating.
    void tripFor(std::int64_t durationMs, std::int64_t nowMs);
    void reset(std::int64_t nowMs);

    /// Until it may be asked again (0: now), by throttle and open period; forced modes and busy probes don't show here.
    std::int64_t gateRemainingMs(std::int64_t nowMs);
    /// Slow start: 0.1 to 1 after recovery, 0 unless closed.
    double weight(std::int64_t nowMs);
    WindowCounts windowCounts(std::int64_t nowMs);
    std::int64_t effectiveThreshold(std::int64_t nowMs);
    bool isThrottled(std::int64_t nowMs);

    BreakerState state() const noexcept { return m_memory.state; }
    BreakerMode mode() const noexcept { return m_memory.mode; }
    /// Bumped by every transition.
    std::uint64_t epoch() const noexcept { return m_memory.epoch; }
    std::int64_t consecutiveFailures() const noexcept { return m_memory.consecutive; }
    int nextLevel() const noexcept { return m_memory.nextLevel; }
    std::int64_t openUntilMs() const noexcept { return m_memory.openUntilMs; } ///< of the last opening
    std::int64_t openedAtMs() const noexcept { return m_memory.openedAtMs; }
    std::int64_t throttledUntilMs() const noexcept { return m_memory.throttledUntilMs; }
    int probeSuccesses() const noexcept { return m_memory.probeSuccesses; }
    int probeSuccessesNeeded() const noexcept { return m_policy.probeSuccesses; }
    int probesInFlight() const noexcept { return static_cast<int>(m_memory.probes.size()); }
    std::int64_t overdueInFlight() const noexcept { return m_memory.overdueInFlight; }
    /// The rule that opened it last, of consecutive, rate, slow and health.
    std::optional<TransitionReason> tripReason() const noexcept { return m_memory.tripReason; }
    std::uint64_t transitionCount() const noexcept { return m_memory.sequence; }
    std::uint64_t openedCount() const noexcept { return m_memory.openedCount; }
    std::uint64_t lateCount() const noexcept { return m_lateCount; }
    std::uint64_t duplicateCount() const noexcept { return m_duplicateCount; }
    std::uint64_t outcomeCount(Outcome outcome) const noexcept { return m_outcomes[static_cast<std::size_t>(outcome)]; }
    std::uint64_t refusalCount(RefusalReason reason) const noexcept
    {
        return m_refusals[static_cast<std::size_t>(reason)];
    }

private:
    friend class BreakerToken;
    static constexpr std::uint32_t noCall = 0xffffffff;
    static constexpr std::uint32_t inFlight = 0xfffffffe;
    struct CallSlot
    {
        BreakerCall call;
        std::uint32_t next; ///< free one after this; or inFlight
    };

    std::int64_t advanceTo(std::int64_t nowMs) noexcept;
    Admission decide();
    Admission admit(TokenKind kind, std::uint64_t probe = 0);
    Admission refuse(RefusalReason reason, std::int64_t retryAfterMs = 0);
    Admission admitProbe();
    bool removeProbe(std::uint64_t id) noexcept;
    std::uint32_t takeSlot()
    {
        if (m_freeCall == noCall)
            return addSlot();
        return std::exchange(m_freeCall, std::exchange(m_calls[m_freeCall].next, inFlight));
    }
    std::uint32_t addSlot();
    void judgeHealth(bool ok);

    void tell(BreakerInput &input);
    void tellPlain(BreakerInput::Kind kind);
    void tellCall(BreakerInput::Kind kind, const Admission &admission);

    CompletionResult record(BreakerToken &token, Outcome outcome, bool slow, std::optional<std::int64_t> retryAfterMs);
    CompletionResult recordClosed(const BreakerToken &token, Outcome outcome, bool slow,
                                  std::optional<std::int64_t> retryAfterMs);
    CompletionResult recordHalfOpen(Outcome outcome, bool slow, std::optional<std::int64_t> retryAfterMs);
    void countFailure();
    void throttle(std::optional<std::int64_t> retryAfterMs);
    void evaluate(std::optional<std::int64_t> retryAfterMs = std::nullopt);

    int currentLevel() const noexcept;
    std::int64_t openPeriodMs(int level, std::optional<std::int64_t> retryAfterMs);
    void trip(TransitionReason reason, std::optional<std::int64_t> retryAfterMs = std::nullopt);
    void openUntil(TransitionReason reason, std::int64_t untilMs);
    void go(BreakerState to, TransitionReason reason, std::int64_t retryAfterMs = 0);
    BreakerTransition describe(BreakerState to, TransitionReason reason, std::int64_t retryAfterMs);
    void closeIfProven();
    void notify()
    {
        if (!m_pending.empty())
            tellObserver();
    }
    void tellObserver();

    BreakerPolicy m_policy;
    std::function<double()> m_jitter;
    Observer m_observer;
    BreakerLink m_self;

    BreakerMemory m_memory;
    BreakerInputSink *m_inputSink = nullptr;
    std::optional<double> m_usedJitter; ///< by the input that is being worked on
    std::vector<CallSlot> m_calls; ///< by number
    std::uint32_t m_freeCall = noCall;

    std::vector<BreakerTransition> m_pending;
    bool m_notifying = false;
    std::uint64_t m_lateCount = 0;
    std::uint64_t m_duplicateCount = 0;
    std::array<std::uint64_t, 4> m_outcomes {};
    std::array<std::uint64_t, 8> m_refusals {};
};

} // namespace signalbox
