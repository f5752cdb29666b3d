// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/breakerstate.h"
#include "engine/breaker/breakerpolicy.h"
#include "engine/breaker/breakertransition.h"
#include "engine/breaker/callwindow.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox {

class CircuitBreaker;

enum class RefusalReason { None, ForcedOpen, ForcedClosed, Disabled, Throttled, Open, HalfOpenBusy, PanicBudget };
enum class TokenKind { Normal, Probe, Bypass, Panic };
/// Late: the breaker changed state since. Superseded: a probe that another one has replaced. Duplicate: completed
/// before.
enum class CompletionResult { Counted, Neutral, Late, Duplicate, Superseded, Bypass };

/// Machine names: "forced_open", "half_open_busy" ...; "normal" ...; "counted", "dup" ...
const char *toString(RefusalReason reason) noexcept;
const char *toString(TokenKind kind) noexcept;
const char *toString(CompletionResult result) noexcept;

/// The permission for one call. Completed at most once; destroyed without that, it counts as ignored. It may outlive
/// its breaker.
class BreakerToken
{
public:
    BreakerToken() = default;
    BreakerToken(BreakerToken &&other) noexcept;
    BreakerToken &operator=(BreakerToken &&other) noexcept;
    BreakerToken(const BreakerToken &) = delete;
    BreakerToken &operator=(const BreakerToken &) = delete;
    ~BreakerToken();

    /// Admitted and not completed yet.
    bool isPending() const noexcept { return m_breaker && !m_done; }
    TokenKind kind() const noexcept { return m_kind; }
    std::uint64_t epoch() const noexcept { return m_epoch; }
    std::int64_t startMs() const noexcept { return m_startMs; }

private:
    friend class CircuitBreaker;
    void abandon() noexcept;

    std::shared_ptr<CircuitBreaker *> m_breaker; ///< holds null once the breaker is gone
    std::uint64_t m_epoch = 0;
    std::uint64_t m_probe = 0;
    std::int64_t m_startMs = 0;
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

    BreakerState state() const noexcept { return m_state; }
    BreakerMode mode() const noexcept { return m_mode; }
    /// Bumped by every transition.
    std::uint64_t epoch() const noexcept { return m_epoch; }
    std::int64_t consecutiveFailures() const noexcept { return m_consecutive; }
    int nextLevel() const noexcept { return m_nextLevel; }
    std::int64_t openUntilMs() const noexcept { return m_openUntilMs; } ///< of the last opening
    std::int64_t openedAtMs() const noexcept { return m_openedAtMs; }
    std::int64_t throttledUntilMs() const noexcept { return m_throttledUntilMs; }
    int probeSuccesses() const noexcept { return m_probeSuccesses; }
    int probeSuccessesNeeded() const noexcept { return m_policy.probeSuccesses; }
    int probesInFlight() const noexcept { return static_cast<int>(m_probes.size()); }
    std::int64_t overdueInFlight() const noexcept { return m_overdueInFlight; }
    /// The rule that opened it last, of consecutive, rate, slow and health.
    std::optional<TransitionReason> tripReason() const noexcept { return m_tripReason; }
    std::uint64_t transitionCount() const noexcept { return m_sequence; }
    std::uint64_t openedCount() const noexcept { return m_openedCount; }
    std::uint64_t lateCount() const noexcept { return m_lateCount; }
    std::uint64_t duplicateCount() const noexcept { return m_duplicateCount; }
    std::uint64_t outcomeCount(Outcome outcome) const noexcept { return m_outcomes[static_cast<std::size_t>(outcome)]; }
    std::uint64_t refusalCount(RefusalReason reason) const noexcept
    {
        return m_refusals[static_cast<std::size_t>(reason)];
    }

private:
    friend class BreakerToken;
    struct Probe
    {
        std::uint64_t id;
        std::int64_t startMs;
    };

    std::int64_t advanceTo(std::int64_t nowMs) noexcept;
    Admission admit(TokenKind kind, std::uint64_t probe = 0);
    Admission refuse(RefusalReason reason, std::int64_t retryAfterMs = 0);
    Admission admitProbe();
    bool removeProbe(std::uint64_t id) noexcept;

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
    void notify();

    BreakerPolicy m_policy;
    std::function<double()> m_jitter;
    Observer m_observer;
    std::shared_ptr<CircuitBreaker *> m_self;

    std::int64_t m_nowMs;
    BreakerMode m_mode = BreakerMode::Auto;
    BreakerState m_state = BreakerState::Closed;
    std::uint64_t m_epoch = 1;
    CallWindow m_window;
    std::int64_t m_consecutive = 0;
    std::optional<std::int64_t> m_lastFailureMs;
    std::optional<std::int64_t> m_lastSuccessMs;
    std::int64_t m_overdueInFlight = 0;

    std::int64_t m_openUntilMs = 0;
    std::int64_t m_openedAtMs = 0;
    std::optional<TransitionReason> m_tripReason;
    std::optional<TransitionReason> m_openReason; ///< of the last opening, whatever it was
    int m_nextLevel = 0;
    std::optional<std::int64_t> m_recoveredAtMs; ///< unset: never was open, or an operator took over
    std::vector<Probe> m_probes; ///< oldest first
    std::uint64_t m_lastProbe = 0;
    int m_probeSuccesses = 0;

    std::int64_t m_throttledUntilMs = 0;
    int m_throttleLevel = 0;
    int m_failedChecks = 0;
    std::optional<std::int64_t> m_lastPanicMs;
    bool m_panicInFlight = false;

    std::vector<BreakerTransition> m_pending;
    bool m_notifying = false;
    std::uint64_t m_sequence = 0;
    std::uint64_t m_openedCount = 0;
    std::uint64_t m_lateCount = 0;
    std::uint64_t m_duplicateCount = 0;
    std::array<std::uint64_t, 4> m_outcomes {};
    std::array<std::uint64_t, 8> m_refusals {};
};

} // namespace signalbox
