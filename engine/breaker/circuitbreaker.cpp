// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/circuitbreaker.h"

#include <QtGlobal>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr int MaxThrottleLevel = 20;

/// min(limit, base * 2^level) without overflow.
std::int64_t doubledAtMost(std::int64_t base, int level, std::int64_t limit)
{
    if (level >= 62)
        return base > 0 ? limit : std::min<std::int64_t>(base, limit);
    return base > (limit >> level) ? limit : base * (std::int64_t { 1 } << level);
}

TransitionReason operatorReason(BreakerMode mode)
{
    switch (mode) {
    case BreakerMode::ForcedOpen:
        return TransitionReason::OperatorForcedOpen;
    case BreakerMode::ForcedClosed:
        return TransitionReason::OperatorForcedClosed;
    case BreakerMode::Disabled:
        return TransitionReason::OperatorDisabled;
    case BreakerMode::Auto:
        break;
    }
    return TransitionReason::OperatorAuto;
}

RefusalReason refusalOf(BreakerMode mode)
{
    switch (mode) {
    case BreakerMode::ForcedOpen:
        return RefusalReason::ForcedOpen;
    case BreakerMode::ForcedClosed:
        return RefusalReason::ForcedClosed;
    case BreakerMode::Disabled:
        return RefusalReason::Disabled;
    case BreakerMode::Auto:
        break;
    }
    return RefusalReason::None;
}

} // namespace

CircuitBreaker::CircuitBreaker(const BreakerPolicy &policy, std::function<double()> jitter, std::int64_t nowMs)
    : m_policy(policy), m_jitter(std::move(jitter)), m_self(std::make_shared<CircuitBreaker *>(this)), m_nowMs(nowMs),
      m_window(policy.bucketMs, policy.bucketCount)
{
    m_probes.reserve(static_cast<std::size_t>(std::max(1, policy.maxProbes)));
}

CircuitBreaker::~CircuitBreaker()
{
    *m_self = nullptr;
}

void CircuitBreaker::setPolicy(const BreakerPolicy &policy)
{
    m_policy = policy;
    m_window.resize(policy.bucketMs, policy.bucketCount, m_nowMs);
    m_probes.reserve(static_cast<std::size_t>(std::max(1, policy.maxProbes)));
}

std::int64_t CircuitBreaker::advanceTo(std::int64_t nowMs) noexcept
{
    m_nowMs = std::max(m_nowMs, nowMs);
    return m_nowMs;
}

// ---- admission

Admission CircuitBreaker::admit(TokenKind kind, std::uint64_t probe)
{
    Admission admission;
    admission.admitted = true;
    admission.token.m_breaker = m_self;
    admission.token.m_epoch = m_epoch;
    admission.token.m_probe = probe;
    admission.token.m_startMs = m_nowMs;
    admission.token.m_kind = kind;
    return admission;
}

Admission CircuitBreaker::refuse(RefusalReason reason, std::int64_t retryAfterMs)
{
    ++m_refusals[static_cast<std::size_t>(reason)];
    Admission admission;
    admission.refusal = reason;
    admission.retryAfterMs = retryAfterMs;
    return admission;
}

Admission CircuitBreaker::acquire(std::int64_t nowMs)
{
    advanceTo(nowMs);
    if (m_mode == BreakerMode::ForcedOpen)
        return refuse(RefusalReason::ForcedOpen);
    if (m_mode == BreakerMode::Disabled)
        return admit(TokenKind::Bypass);
    if (m_mode == BreakerMode::ForcedClosed)
        return admit(TokenKind::Normal);
    if (m_nowMs < m_throttledUntilMs)
        return refuse(RefusalReason::Throttled, m_throttledUntilMs - m_nowMs);
    if (m_state == BreakerState::Closed)
        return admit(TokenKind::Normal);
    if (m_state == BreakerState::Open) {
        if (m_nowMs < m_openUntilMs)
            return refuse(RefusalReason::Open, m_openUntilMs - m_nowMs);
        go(BreakerState::HalfOpen, TransitionReason::OpenTimeOver);
    }
    Admission admission = admitProbe();
    notify();
    return admission;
}

Admission CircuitBreaker::admitProbe()
{
    if (static_cast<std::int64_t>(m_probes.size()) >= m_policy.maxProbes) {
        if (m_probes.empty() || m_nowMs - m_probes.front().startMs < m_policy.probeLifetimeMs)
            return refuse(RefusalReason::HalfOpenBusy);
        m_probes.erase(m_probes.begin());
    }
    m_probes.push_back({ ++m_lastProbe, m_nowMs });
    return admit(TokenKind::Probe, m_lastProbe);
}

bool CircuitBreaker::removeProbe(std::uint64_t id) noexcept
{
    const auto it = std::find_if(m_probes.begin(), m_probes.end(), [id](const Probe &probe) { return probe.id == id; });
    if (it == m_probes.end())
        return false;
    m_probes.erase(it);
    return true;
}

Admission CircuitBreaker::acquirePanic(std::int64_t nowMs)
{
    advanceTo(nowMs);
    if (m_mode != BreakerMode::Auto)
        return refuse(refusalOf(m_mode));
    if (m_panicInFlight || (m_lastPanicMs && m_nowMs - *m_lastPanicMs < m_policy.panicIntervalMs))
        return refuse(RefusalReason::PanicBudget);
    m_lastPanicMs = m_nowMs;
    m_panicInFlight = true;
    return admit(TokenKind::Panic);
}

// ---- results

CompletionResult CircuitBreaker::complete(BreakerToken &token, Outcome outcome, std::int64_t nowMs, bool slow,
                                          std::optional<std::int64_t> retryAfterMs)
{
    Q_ASSERT(!token.m_breaker || *token.m_breaker == this);
    advanceTo(nowMs);
    if (!token.isPending()) {
        ++m_duplicateCount;
        return CompletionResult::Duplicate;
    }
    token.m_done = true;
    const CompletionResult result = record(token, outcome, slow, retryAfterMs);
    notify();
    return result;
}

CompletionResult CircuitBreaker::record(BreakerToken &token, Outcome outcome, bool slow,
                                        std::optional<std::int64_t> retryAfterMs)
{
    ++m_outcomes[static_cast<std::size_t>(outcome)];
    if (token.m_kind == TokenKind::Bypass || m_mode == BreakerMode::Disabled)
        return CompletionResult::Bypass;
    if (outcome == Outcome::Throttled)
        throttle(retryAfterMs);
    if (token.m_epoch != m_epoch) {
        ++m_lateCount;
        return CompletionResult::Late;
    }
    if (token.m_kind == TokenKind::Panic)
        m_panicInFlight = false;
    if (token.m_kind == TokenKind::Probe && !removeProbe(token.m_probe)) {
        ++m_lateCount;
        return CompletionResult::Superseded;
    }
    if (outcome == Outcome::Success) {
        m_lastSuccessMs = m_nowMs;
        if (m_nowMs >= m_throttledUntilMs)
            m_throttleLevel = 0;
    }
    if (token.m_marked)
        --m_overdueInFlight;
    if (m_state == BreakerState::Closed)
        return recordClosed(token, outcome, slow, retryAfterMs);
    if (m_state == BreakerState::HalfOpen)
        return recordHalfOpen(outcome, slow, retryAfterMs);
    if (token.m_kind == TokenKind::Panic && outcome == Outcome::Success) {
        go(BreakerState::HalfOpen, TransitionReason::PanicSuccess);
        m_probeSuccesses = 1;
        closeIfProven();
    }
    return CompletionResult::Counted;
}

CompletionResult CircuitBreaker::recordClosed(const BreakerToken &token, Outcome outcome, bool slow,
                                              std::optional<std::int64_t> retryAfterMs)
{
    if (outcome == Outcome::Throttled || outcome == Outcome::Ignored)
        return CompletionResult::Neutral;
    if (outcome == Outcome::Success) {
        m_window.addSuccess(m_nowMs);
        m_consecutive = 0;
    } else {
        m_window.addFailure(m_nowMs);
        countFailure();
    }
    if (slow && !token.m_marked)
        m_window.addSlow(m_nowMs);
    // A fast success never opens it, however bad the window looks.
    if (m_mode == BreakerMode::Auto && (outcome == Outcome::Failure || slow || token.m_marked))
        evaluate(retryAfterMs);
    return CompletionResult::Counted;
}

CompletionResult CircuitBreaker::recordHalfOpen(Outcome outcome, bool slow, std::optional<std::int64_t> retryAfterMs)
{
    switch (outcome) {
    case Outcome::Failure:
        trip(TransitionReason::ProbeFailed, retryAfterMs);
        return CompletionResult::Counted;
    case Outcome::Success:
        if (slow && m_tripReason == TransitionReason::Slow) {
            trip(TransitionReason::ProbeFailed, retryAfterMs);
            return CompletionResult::Counted;
        }
        ++m_probeSuccesses;
        closeIfProven();
        return CompletionResult::Counted;
    case Outcome::Throttled:
        openUntil(TransitionReason::ProbeThrottled, m_throttledUntilMs);
        return CompletionResult::Neutral;
    case Outcome::Ignored:
        break;
    }
    return CompletionResult::Neutral;
}

void CircuitBreaker::countFailure()
{
    const bool chains = m_lastFailureMs && m_nowMs - *m_lastFailureMs <= m_policy.failureChainMs;
    m_consecutive = chains ? m_consecutive + 1 : 1;
    m_lastFailureMs = m_nowMs;
}

void CircuitBreaker::throttle(std::optional<std::int64_t> retryAfterMs)
{
    if (retryAfterMs) {
        const std::int64_t hint = std::max<std::int64_t>(0, std::min(*retryAfterMs, m_policy.maxRetryAfterMs));
        m_throttledUntilMs = std::max(m_throttledUntilMs, m_nowMs + hint);
    } else if (m_nowMs >= m_throttledUntilMs) {
        m_throttledUntilMs = m_nowMs + doubledAtMost(m_policy.throttleBaseMs, m_throttleLevel, m_policy.throttleMaxMs);
        m_throttleLevel = std::min(m_throttleLevel + 1, MaxThrottleLevel);
    }
}

void CircuitBreaker::markOverdue(BreakerToken &token, std::int64_t nowMs)
{
    advanceTo(nowMs);
    if (!token.isPending() || token.m_marked || token.m_epoch != m_epoch || m_state != BreakerState::Closed)
        return;
    token.m_marked = true;
    m_window.addSlow(m_nowMs);
    ++m_overdueInFlight;
    if (m_mode == BreakerMode::Auto)
        evaluate();
    notify();
}

void CircuitBreaker::evaluate(std::optional<std::int64_t> retryAfterMs)
{
    const WindowCounts counts = m_window.counts(m_nowMs);
    const std::int64_t all = counts.calls + m_overdueInFlight;
    if (m_consecutive >= signalbox::effectiveThreshold(m_policy.failureThreshold, counts.calls, counts.failures))
        trip(TransitionReason::Consecutive, retryAfterMs);
    else if (counts.calls >= m_policy.rateVolume &&
             counts.failures * m_policy.rateDenominator >= m_policy.rateNumerator * counts.calls)
        trip(TransitionReason::Rate, retryAfterMs);
    else if (all >= m_policy.slowVolume && counts.slow * m_policy.slowDenominator >= m_policy.slowNumerator * all)
        trip(TransitionReason::Slow, retryAfterMs);
}

// ---- transitions

int CircuitBreaker::currentLevel() const noexcept
{
    if (m_state != BreakerState::Closed || !m_recoveredAtMs)
        return m_nextLevel;
    const std::int64_t forgotten = (m_nowMs - *m_recoveredAtMs) / std::max<std::int64_t>(1, m_policy.levelDecayMs);
    return static_cast<int>(std::max<std::int64_t>(0, m_nextLevel - forgotten));
}

std::int64_t CircuitBreaker::openPeriodMs(int level, std::optional<std::int64_t> retryAfterMs)
{
    std::int64_t period = doubledAtMost(m_policy.openMs, level, m_policy.maxOpenMs);
    if (level >= 1)
        period -= static_cast<std::int64_t>(static_cast<double>(period) * m_policy.jitterFraction * m_jitter());
    if (retryAfterMs)
        period = std::max(period, std::min(*retryAfterMs, m_policy.maxRetryAfterMs));
    return period;
}

void CircuitBreaker::trip(TransitionReason reason, std::optional<std::int64_t> retryAfterMs)
{
    const int level = currentLevel();
    openUntil(reason, m_nowMs + openPeriodMs(level, retryAfterMs));
    m_nextLevel = std::min(level + 1, m_policy.maxLevel);
    if (reason != TransitionReason::ProbeFailed)
        m_tripReason = reason;
}

void CircuitBreaker::openUntil(TransitionReason reason, std::int64_t untilMs)
{
    go(BreakerState::Open, reason, untilMs - m_nowMs);
    m_openedAtMs = m_nowMs;
    m_openUntilMs = untilMs;
    m_openReason = reason;
    ++m_openedCount;
}

void CircuitBreaker::closeIfProven()
{
    if (m_probeSuccesses >= m_policy.probeSuccesses)
        go(BreakerState::Closed, TransitionReason::Recovered);
}

BreakerTransition CircuitBreaker::describe(BreakerState to, TransitionReason reason, std::int64_t retryAfterMs)
{
    const WindowCounts counts = m_window.counts(m_nowMs);
    BreakerTransition transition;
    transition.sequence = ++m_sequence;
    transition.atMs = m_nowMs;
    transition.from = m_state;
    transition.to = to;
    transition.mode = m_mode;
    transition.reason = reason;
    transition.calls = counts.calls;
    transition.failures = counts.failures;
    transition.slow = counts.slow;
    transition.overdueInFlight = m_overdueInFlight;
    transition.windowMs = m_policy.bucketMs * m_policy.bucketCount;
    transition.consecutiveFailures = m_consecutive;
    transition.threshold = m_policy.failureThreshold;
    transition.effectiveThreshold =
        signalbox::effectiveThreshold(m_policy.failureThreshold, counts.calls, counts.failures);
    transition.failedChecks = m_failedChecks;
    transition.healthGraceMs = m_policy.healthGraceMs;
    transition.probeSuccesses = m_probeSuccesses;
    transition.probeSuccessesNeeded = m_policy.probeSuccesses;
    transition.retryAfterMs = std::max<std::int64_t>(0, retryAfterMs);
    return transition;
}

void CircuitBreaker::go(BreakerState to, TransitionReason reason, std::int64_t retryAfterMs)
{
    m_pending.push_back(describe(to, reason, retryAfterMs));
    m_state = to;
    ++m_epoch;
    m_probes.clear();
    m_probeSuccesses = 0;
    m_overdueInFlight = 0;
    m_consecutive = 0;
    m_lastFailureMs.reset();
    m_panicInFlight = false;
    if (to == BreakerState::Closed) {
        m_window.clear();
        m_recoveredAtMs = m_nowMs;
        m_failedChecks = 0;
    }
}

/// An observer that causes further transitions gets them after the ones that are already waiting.
void CircuitBreaker::notify()
{
    if (m_notifying || m_pending.empty())
        return;
    m_notifying = true;
    for (std::size_t i = 0; i < m_pending.size(); ++i) {
        const BreakerTransition transition = m_pending[i];
        if (m_observer)
            m_observer(transition);
    }
    m_pending.clear();
    m_notifying = false;
}

// ---- other inputs

void CircuitBreaker::tick(std::int64_t nowMs)
{
    advanceTo(nowMs);
    if (m_mode == BreakerMode::Auto && m_state == BreakerState::Open &&
        m_nowMs >= std::max(m_openUntilMs, m_throttledUntilMs))
        go(BreakerState::HalfOpen, TransitionReason::OpenTimeOver);
    notify();
}

void CircuitBreaker::health(bool ok, std::int64_t nowMs)
{
    advanceTo(nowMs);
    if (m_mode != BreakerMode::Auto)
        return;
    if (m_state == BreakerState::Closed) {
        m_failedChecks = ok ? 0 : m_failedChecks + 1;
        const bool recentSuccess = m_lastSuccessMs && m_nowMs - *m_lastSuccessMs <= m_policy.healthGraceMs;
        if (m_failedChecks >= m_policy.healthFailures && !recentSuccess)
            trip(TransitionReason::Health);
    } else if (m_state == BreakerState::Open && ok && m_openReason == TransitionReason::Health &&
               m_nowMs - m_openedAtMs >= m_policy.healthMinOpenMs && m_nowMs >= m_throttledUntilMs) {
        go(BreakerState::HalfOpen, TransitionReason::HealthOk);
    }
    notify();
}

void CircuitBreaker::force(BreakerMode mode, std::int64_t nowMs)
{
    advanceTo(nowMs);
    m_mode = mode;
    go(BreakerState::Closed, operatorReason(mode));
    if (mode != BreakerMode::Auto)
        m_recoveredAtMs.reset();
    notify();
}

void CircuitBreaker::tripFor(std::int64_t durationMs, std::int64_t nowMs)
{
    advanceTo(nowMs);
    openUntil(TransitionReason::OperatorTrip, m_nowMs + durationMs);
    notify();
}

void CircuitBreaker::reset(std::int64_t nowMs)
{
    advanceTo(nowMs);
    m_mode = BreakerMode::Auto;
    go(BreakerState::Closed, TransitionReason::Reset);
    m_nextLevel = 0;
    m_throttledUntilMs = 0;
    m_throttleLevel = 0;
    m_recoveredAtMs.reset();
    notify();
}

std::int64_t CircuitBreaker::gateRemainingMs(std::int64_t nowMs)
{
    advanceTo(nowMs);
    const std::int64_t throttled = std::max<std::int64_t>(0, m_throttledUntilMs - m_nowMs);
    return m_state == BreakerState::Open ? std::max(throttled, m_openUntilMs - m_nowMs) : throttled;
}

double CircuitBreaker::weight(std::int64_t nowMs)
{
    advanceTo(nowMs);
    if (m_state != BreakerState::Closed)
        return 0.0;
    if (!m_recoveredAtMs || m_policy.slowStartMs <= 0)
        return 1.0;
    const auto closedMs = static_cast<double>(m_nowMs - *m_recoveredAtMs);
    return std::min(1.0, 0.1 + 0.9 * closedMs / static_cast<double>(m_policy.slowStartMs));
}

WindowCounts CircuitBreaker::windowCounts(std::int64_t nowMs)
{
    return m_window.counts(advanceTo(nowMs));
}

std::int64_t CircuitBreaker::effectiveThreshold(std::int64_t nowMs)
{
    const WindowCounts counts = windowCounts(nowMs);
    return signalbox::effectiveThreshold(m_policy.failureThreshold, counts.calls, counts.failures);
}

bool CircuitBreaker::isThrottled(std::int64_t nowMs)
{
    return advanceTo(nowMs) < m_throttledUntilMs;
}

} // namespace signalbox
