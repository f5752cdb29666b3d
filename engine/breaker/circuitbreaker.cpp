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
    : m_policy(policy), m_jitter(std::move(jitter)), m_self(this), m_memory(policy, nowMs)
{
    m_memory.probes.reserve(static_cast<std::size_t>(std::max(1, policy.maxProbes)));
}

CircuitBreaker::~CircuitBreaker()
{
    m_self.cut();
}

void CircuitBreaker::setPolicy(const BreakerPolicy &policy)
{
    m_policy = policy;
    m_memory.window.resize(policy.bucketMs, policy.bucketCount, m_memory.nowMs);
    m_memory.probes.reserve(static_cast<std::size_t>(std::max(1, policy.maxProbes)));
    if (!m_inputSink)
        return;
    BreakerInput input { BreakerInput::Kind::Policy };
    input.policy = &m_policy;
    tell(input);
}

BreakerCheckpoint CircuitBreaker::checkpoint() const
{
    BreakerCheckpoint checkpoint { m_policy, m_memory, {} };
    for (std::size_t number = 0; number < m_calls.size(); ++number) {
        if (m_calls[number].next == inFlight)
            checkpoint.calls.emplace_back(static_cast<std::uint32_t>(number), m_calls[number].call);
    }
    return checkpoint;
}

void CircuitBreaker::restore(const BreakerCheckpoint &checkpoint)
{
    // Tokens of before are not ours any more.
    m_self.cut();
    m_self = BreakerLink(this);
    m_policy = checkpoint.policy;
    m_memory = checkpoint.memory;
    m_calls.clear();
    m_freeCall = noCall;
}

BreakerToken CircuitBreaker::resume(const BreakerCall &call)
{
    BreakerToken token = std::move(admit(call.kind, call.probe).token);
    token.m_epoch = call.epoch;
    token.m_marked = call.overdue;
    m_calls[token.m_call].call = call;
    return token;
}

void CircuitBreaker::setInputSink(BreakerInputSink *sink) noexcept
{
    m_inputSink = sink;
    m_usedJitter.reset();
}

void CircuitBreaker::tell(BreakerInput &input)
{
    input.atMs = m_memory.nowMs;
    input.jitter = std::exchange(m_usedJitter, std::nullopt);
    m_inputSink->record(input);
}

void CircuitBreaker::tellPlain(BreakerInput::Kind kind)
{
    if (!m_inputSink)
        return;
    BreakerInput input { kind };
    tell(input);
}

void CircuitBreaker::tellCall(BreakerInput::Kind kind, const Admission &admission)
{
    if (!m_inputSink)
        return;
    BreakerInput input { kind };
    input.admitted = admission.admitted;
    input.call = admission.token.m_call;
    tell(input);
}

inline std::int64_t CircuitBreaker::advanceTo(std::int64_t nowMs) noexcept
{
    m_memory.nowMs = std::max(m_memory.nowMs, nowMs);
    return m_memory.nowMs;
}

// ---- admission

inline Admission CircuitBreaker::admit(TokenKind kind, std::uint64_t probe)
{
    Admission admission;
    admission.admitted = true;
    admission.token.m_breaker = m_self;
    admission.token.m_epoch = m_memory.epoch;
    admission.token.m_probe = probe;
    admission.token.m_startMs = m_memory.nowMs;
    admission.token.m_kind = kind;
    admission.token.m_call = takeSlot();
    m_calls[admission.token.m_call].call = { m_memory.epoch, probe, kind, false };
    return admission;
}

std::uint32_t CircuitBreaker::addSlot()
{
    m_calls.push_back({ {}, inFlight });
    return static_cast<std::uint32_t>(m_calls.size() - 1);
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
    const std::uint64_t epoch = m_memory.epoch;
    Admission admission = decide();
    if (admission.admitted || m_memory.epoch != epoch)
        tellCall(BreakerInput::Kind::Acquire, admission);
    notify();
    return admission;
}

Admission CircuitBreaker::decide()
{
    if (m_memory.mode == BreakerMode::ForcedOpen)
        return refuse(RefusalReason::ForcedOpen);
    if (m_memory.mode == BreakerMode::Disabled)
        return admit(TokenKind::Bypass);
    if (m_memory.mode == BreakerMode::ForcedClosed)
        return admit(TokenKind::Normal);
    if (m_memory.nowMs < m_memory.throttledUntilMs)
        return refuse(RefusalReason::Throttled, m_memory.throttledUntilMs - m_memory.nowMs);
    if (m_memory.state == BreakerState::Closed)
        return admit(TokenKind::Normal);
    if (m_memory.state == BreakerState::Open) {
        if (m_memory.nowMs < m_memory.openUntilMs)
            return refuse(RefusalReason::Open, m_memory.openUntilMs - m_memory.nowMs);
        go(BreakerState::HalfOpen, TransitionReason::OpenTimeOver);
    }
    return admitProbe();
}

Admission CircuitBreaker::admitProbe()
{
    if (static_cast<std::int64_t>(m_memory.probes.size()) >= m_policy.maxProbes) {
        if (m_memory.probes.empty() || m_memory.nowMs - m_memory.probes.front().startMs < m_policy.probeLifetimeMs)
            return refuse(RefusalReason::HalfOpenBusy);
        m_memory.probes.erase(m_memory.probes.begin());
    }
    m_memory.probes.push_back({ ++m_memory.lastProbe, m_memory.nowMs });
    return admit(TokenKind::Probe, m_memory.lastProbe);
}

bool CircuitBreaker::removeProbe(std::uint64_t id) noexcept
{
    const auto it = std::find_if(m_memory.probes.begin(), m_memory.probes.end(),
                                 [id](const BreakerProbe &probe) { return probe.id == id; });
    if (it == m_memory.probes.end())
        return false;
    m_memory.probes.erase(it);
    return true;
}

Admission CircuitBreaker::acquirePanic(std::int64_t nowMs)
{
    advanceTo(nowMs);
    if (m_memory.mode != BreakerMode::Auto)
        return refuse(refusalOf(m_memory.mode));
    if (m_memory.panicInFlight ||
        (m_memory.lastPanicMs && m_memory.nowMs - *m_memory.lastPanicMs < m_policy.panicIntervalMs))
        return refuse(RefusalReason::PanicBudget);
    m_memory.lastPanicMs = m_memory.nowMs;
    m_memory.panicInFlight = true;
    Admission admission = admit(TokenKind::Panic);
    tellCall(BreakerInput::Kind::Panic, admission);
    return admission;
}

// ---- results

CompletionResult CircuitBreaker::complete(BreakerToken &token, Outcome outcome, std::int64_t nowMs, bool slow,
                                          std::optional<std::int64_t> retryAfterMs)
{
    Q_ASSERT(!token.m_breaker || token.m_breaker.breaker() == this);
    advanceTo(nowMs);
    if (!token.isPending()) {
        ++m_duplicateCount;
        return CompletionResult::Duplicate;
    }
    token.m_done = true;
    const CompletionResult result = record(token, outcome, slow, retryAfterMs);
    m_calls[token.m_call].next = std::exchange(m_freeCall, token.m_call);
    if (m_inputSink) {
        BreakerInput input { BreakerInput::Kind::Complete };
        input.call = token.m_call;
        input.outcome = outcome;
        input.slow = slow;
        input.retryAfterMs = retryAfterMs;
        tell(input);
    }
    notify();
    return result;
}

CompletionResult CircuitBreaker::record(BreakerToken &token, Outcome outcome, bool slow,
                                        std::optional<std::int64_t> retryAfterMs)
{
    ++m_outcomes[static_cast<std::size_t>(outcome)];
    if (token.m_kind == TokenKind::Bypass || m_memory.mode == BreakerMode::Disabled)
        return CompletionResult::Bypass;
    if (outcome == Outcome::Throttled)
        throttle(retryAfterMs);
    if (token.m_epoch != m_memory.epoch) {
        ++m_lateCount;
        return CompletionResult::Late;
    }
    if (token.m_kind == TokenKind::Panic)
        m_memory.panicInFlight = false;
    if (token.m_kind == TokenKind::Probe && !removeProbe(token.m_probe)) {
        ++m_lateCount;
        return CompletionResult::Superseded;
    }
    if (outcome == Outcome::Success) {
        m_memory.lastSuccessMs = m_memory.nowMs;
        if (m_memory.nowMs >= m_memory.throttledUntilMs)
            m_memory.throttleLevel = 0;
    }
    if (token.m_marked)
        --m_memory.overdueInFlight;
    if (m_memory.state == BreakerState::Closed)
        return recordClosed(token, outcome, slow, retryAfterMs);
    if (m_memory.state == BreakerState::HalfOpen)
        return recordHalfOpen(outcome, slow, retryAfterMs);
    if (token.m_kind == TokenKind::Panic && outcome == Outcome::Success) {
        go(BreakerState::HalfOpen, TransitionReason::PanicSuccess);
        m_memory.probeSuccesses = 1;
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
        m_memory.window.addSuccess(m_memory.nowMs);
        m_memory.consecutive = 0;
    } else {
        m_memory.window.addFailure(m_memory.nowMs);
        countFailure();
    }
    if (slow && !token.m_marked)
        m_memory.window.addSlow(m_memory.nowMs);
    // A fast success never opens it, however bad the window looks.
    if (m_memory.mode == BreakerMode::Auto && (outcome == Outcome::Failure || slow || token.m_marked))
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
        if (slow && m_memory.tripReason == TransitionReason::Slow) {
            trip(TransitionReason::ProbeFailed, retryAfterMs);
            return CompletionResult::Counted;
        }
        ++m_memory.probeSuccesses;
        closeIfProven();
        return CompletionResult::Counted;
    case Outcome::Throttled:
        openUntil(TransitionReason::ProbeThrottled, m_memory.throttledUntilMs);
        return CompletionResult::Neutral;
    case Outcome::Ignored:
        break;
    }
    return CompletionResult::Neutral;
}

void CircuitBreaker::countFailure()
{
    const bool chains = m_memory.lastFailureMs && m_memory.nowMs - *m_memory.lastFailureMs <= m_policy.failureChainMs;
    m_memory.consecutive = chains ? m_memory.consecutive + 1 : 1;
    m_memory.lastFailureMs = m_memory.nowMs;
}

void CircuitBreaker::throttle(std::optional<std::int64_t> retryAfterMs)
{
    if (retryAfterMs) {
        const std::int64_t hint = std::max<std::int64_t>(0, std::min(*retryAfterMs, m_policy.maxRetryAfterMs));
        m_memory.throttledUntilMs = std::max(m_memory.throttledUntilMs, m_memory.nowMs + hint);
    } else if (m_memory.nowMs >= m_memory.throttledUntilMs) {
        m_memory.throttledUntilMs =
            m_memory.nowMs + doubledAtMost(m_policy.throttleBaseMs, m_memory.throttleLevel, m_policy.throttleMaxMs);
        m_memory.throttleLevel = std::min(m_memory.throttleLevel + 1, MaxThrottleLevel);
    }
}

void CircuitBreaker::markOverdue(BreakerToken &token, std::int64_t nowMs)
{
    advanceTo(nowMs);
    if (!token.isPending() || token.m_marked || token.m_epoch != m_memory.epoch ||
        m_memory.state != BreakerState::Closed)
        return;
    token.m_marked = true;
    m_calls[token.m_call].call.overdue = true;
    m_memory.window.addSlow(m_memory.nowMs);
    ++m_memory.overdueInFlight;
    if (m_memory.mode == BreakerMode::Auto)
        evaluate();
    if (m_inputSink) {
        BreakerInput input { BreakerInput::Kind::Overdue };
        input.call = token.m_call;
        tell(input);
    }
    notify();
}

void CircuitBreaker::evaluate(std::optional<std::int64_t> retryAfterMs)
{
    const WindowCounts counts = m_memory.window.counts(m_memory.nowMs);
    const std::int64_t all = counts.calls + m_memory.overdueInFlight;
    if (m_memory.consecutive >= signalbox::effectiveThreshold(m_policy.failureThreshold, counts.calls, counts.failures))
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
    if (m_memory.state != BreakerState::Closed || !m_memory.recoveredAtMs)
        return m_memory.nextLevel;
    const std::int64_t forgotten =
        (m_memory.nowMs - *m_memory.recoveredAtMs) / std::max<std::int64_t>(1, m_policy.levelDecayMs);
    return static_cast<int>(std::max<std::int64_t>(0, m_memory.nextLevel - forgotten));
}

std::int64_t CircuitBreaker::openPeriodMs(int level, std::optional<std::int64_t> retryAfterMs)
{
    std::int64_t period = doubledAtMost(m_policy.openMs, level, m_policy.maxOpenMs);
    if (level >= 1) {
        m_usedJitter = m_jitter();
        period -= static_cast<std::int64_t>(static_cast<double>(period) * m_policy.jitterFraction * *m_usedJitter);
    }
    if (retryAfterMs)
        period = std::max(period, std::min(*retryAfterMs, m_policy.maxRetryAfterMs));
    return period;
}

void CircuitBreaker::trip(TransitionReason reason, std::optional<std::int64_t> retryAfterMs)
{
    const int level = currentLevel();
    openUntil(reason, m_memory.nowMs + openPeriodMs(level, retryAfterMs));
    m_memory.nextLevel = std::min(level + 1, m_policy.maxLevel);
    if (reason != TransitionReason::ProbeFailed)
        m_memory.tripReason = reason;
}

void CircuitBreaker::openUntil(TransitionReason reason, std::int64_t untilMs)
{
    go(BreakerState::Open, reason, untilMs - m_memory.nowMs);
    m_memory.openedAtMs = m_memory.nowMs;
    m_memory.openUntilMs = untilMs;
    m_memory.openReason = reason;
    ++m_memory.openedCount;
}

void CircuitBreaker::closeIfProven()
{
    if (m_memory.probeSuccesses >= m_policy.probeSuccesses)
        go(BreakerState::Closed, TransitionReason::Recovered);
}

BreakerTransition CircuitBreaker::describe(BreakerState to, TransitionReason reason, std::int64_t retryAfterMs)
{
    const WindowCounts counts = m_memory.window.counts(m_memory.nowMs);
    BreakerTransition transition;
    transition.sequence = ++m_memory.sequence;
    transition.atMs = m_memory.nowMs;
    transition.from = m_memory.state;
    transition.to = to;
    transition.mode = m_memory.mode;
    transition.reason = reason;
    transition.calls = counts.calls;
    transition.failures = counts.failures;
    transition.slow = counts.slow;
    transition.overdueInFlight = m_memory.overdueInFlight;
    transition.windowMs = m_policy.bucketMs * m_policy.bucketCount;
    transition.consecutiveFailures = m_memory.consecutive;
    transition.threshold = m_policy.failureThreshold;
    transition.effectiveThreshold =
        signalbox::effectiveThreshold(m_policy.failureThreshold, counts.calls, counts.failures);
    transition.failedChecks = m_memory.failedChecks;
    transition.healthGraceMs = m_policy.healthGraceMs;
    transition.probeSuccesses = m_memory.probeSuccesses;
    transition.probeSuccessesNeeded = m_policy.probeSuccesses;
    transition.retryAfterMs = std::max<std::int64_t>(0, retryAfterMs);
    return transition;
}

void CircuitBreaker::go(BreakerState to, TransitionReason reason, std::int64_t retryAfterMs)
{
    m_pending.push_back(describe(to, reason, retryAfterMs));
    m_memory.state = to;
    ++m_memory.epoch;
    m_memory.probes.clear();
    m_memory.probeSuccesses = 0;
    m_memory.overdueInFlight = 0;
    m_memory.consecutive = 0;
    m_memory.lastFailureMs.reset();
    m_memory.panicInFlight = false;
    if (to == BreakerState::Closed) {
        m_memory.window.clear();
        m_memory.recoveredAtMs = m_memory.nowMs;
        m_memory.failedChecks = 0;
    }
}

/// An observer that causes further transitions gets them after the ones that are already waiting.
void CircuitBreaker::tellObserver()
{
    if (m_notifying)
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
    if (m_memory.mode == BreakerMode::Auto && m_memory.state == BreakerState::Open &&
        m_memory.nowMs >= std::max(m_memory.openUntilMs, m_memory.throttledUntilMs)) {
        go(BreakerState::HalfOpen, TransitionReason::OpenTimeOver);
        tellPlain(BreakerInput::Kind::Tick);
    }
    notify();
}

void CircuitBreaker::health(bool ok, std::int64_t nowMs)
{
    advanceTo(nowMs);
    if (m_memory.mode == BreakerMode::Auto)
        judgeHealth(ok);
    if (m_inputSink) {
        BreakerInput input { BreakerInput::Kind::Health };
        input.ok = ok;
        tell(input);
    }
    notify();
}

void CircuitBreaker::judgeHealth(bool ok)
{
    if (m_memory.state == BreakerState::Closed) {
        m_memory.failedChecks = ok ? 0 : m_memory.failedChecks + 1;
        const bool recentSuccess =
            m_memory.lastSuccessMs && m_memory.nowMs - *m_memory.lastSuccessMs <= m_policy.healthGraceMs;
        if (m_memory.failedChecks >= m_policy.healthFailures && !recentSuccess)
            trip(TransitionReason::Health);
    } else if (m_memory.state == BreakerState::Open && ok && m_memory.openReason == TransitionReason::Health &&
               m_memory.nowMs - m_memory.openedAtMs >= m_policy.healthMinOpenMs &&
               m_memory.nowMs >= m_memory.throttledUntilMs) {
        go(BreakerState::HalfOpen, TransitionReason::HealthOk);
    }
}

void CircuitBreaker::force(BreakerMode mode, std::int64_t nowMs)
{
    advanceTo(nowMs);
    m_memory.mode = mode;
    go(BreakerState::Closed, operatorReason(mode));
    if (mode != BreakerMode::Auto)
        m_memory.recoveredAtMs.reset();
    if (m_inputSink) {
        BreakerInput input { BreakerInput::Kind::Force };
        input.mode = mode;
        tell(input);
    }
    notify();
}

void CircuitBreaker::tripFor(std::int64_t durationMs, std::int64_t nowMs)
{
    advanceTo(nowMs);
    openUntil(TransitionReason::OperatorTrip, m_memory.nowMs + durationMs);
    if (m_inputSink) {
        BreakerInput input { BreakerInput::Kind::Trip };
        input.durationMs = durationMs;
        tell(input);
    }
    notify();
}

void CircuitBreaker::reset(std::int64_t nowMs)
{
    advanceTo(nowMs);
    m_memory.mode = BreakerMode::Auto;
    go(BreakerState::Closed, TransitionReason::Reset);
    m_memory.nextLevel = 0;
    m_memory.throttledUntilMs = 0;
    m_memory.throttleLevel = 0;
    m_memory.recoveredAtMs.reset();
    tellPlain(BreakerInput::Kind::Reset);
    notify();
}

std::int64_t CircuitBreaker::gateRemainingMs(std::int64_t nowMs)
{
    advanceTo(nowMs);
    const std::int64_t throttled = std::max<std::int64_t>(0, m_memory.throttledUntilMs - m_memory.nowMs);
    return m_memory.state == BreakerState::Open ? std::max(throttled, m_memory.openUntilMs - m_memory.nowMs)
                                                : throttled;
}

double CircuitBreaker::weight(std::int64_t nowMs)
{
    advanceTo(nowMs);
    if (m_memory.state != BreakerState::Closed)
        return 0.0;
    if (!m_memory.recoveredAtMs || m_policy.slowStartMs <= 0)
        return 1.0;
    const auto closedMs = static_cast<double>(m_memory.nowMs - *m_memory.recoveredAtMs);
    return std::min(1.0, 0.1 + 0.9 * closedMs / static_cast<double>(m_policy.slowStartMs));
}

WindowCounts CircuitBreaker::windowCounts(std::int64_t nowMs)
{
    return m_memory.window.counts(advanceTo(nowMs));
}

std::int64_t CircuitBreaker::effectiveThreshold(std::int64_t nowMs)
{
    const WindowCounts counts = windowCounts(nowMs);
    return signalbox::effectiveThreshold(m_policy.failureThreshold, counts.calls, counts.failures);
}

bool CircuitBreaker::isThrottled(std::int64_t nowMs)
{
    return advanceTo(nowMs) < m_memory.throttledUntilMs;
}

} // namespace signalbox
