// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/draftbreaker.h"

#include <algorithm>
#include <utility>

namespace signalbox {

DraftBreaker::DraftBreaker(const std::optional<BreakerPolicy> &policy, std::function<double()> jitter)
    : m_policy(policy), m_breaker(
                            policy.value_or(BreakerPolicy()),
                            [this, own = std::move(jitter)] { return m_recordedJitter ? *m_recordedJitter : own(); }, 0)
{
}

void DraftBreaker::restart(const BreakerCheckpoint &checkpoint)
{
    m_calls.clear();
    m_breaker.restore(checkpoint);
    for (const auto &[number, facts] : checkpoint.calls) {
        Call &started = call(number);
        started.token = m_breaker.resume(facts);
        started.fate = Fate::Admitted;
    }
    m_samePolicy = !m_policy || *m_policy == checkpoint.policy;
    m_sameGate = true;
    if (!m_samePolicy)
        m_breaker.setPolicy(*m_policy);
}

DraftBreaker::Call &DraftBreaker::call(std::uint32_t number)
{
    if (number >= m_calls.size())
        m_calls.resize(number + std::size_t { 1 });
    return m_calls[number];
}

void DraftBreaker::advance(std::int64_t nowMs)
{
    // While the real one waits for the same instant, its own tick or call decides when that is.
    if (m_sameGate || m_breaker.state() != BreakerState::Open || m_breaker.mode() != BreakerMode::Auto)
        return;
    const std::int64_t gateMs = std::max(m_breaker.openUntilMs(), m_breaker.throttledUntilMs());
    if (gateMs <= nowMs)
        m_breaker.tick(gateMs);
}

void DraftBreaker::take(const BreakerInput &input, const CircuitBreaker &real)
{
    advance(input.atMs);
    m_recordedJitter = input.jitter;
    apply(input);
    m_recordedJitter.reset();
    m_sameGate = m_breaker.state() == real.state() && m_breaker.mode() == real.mode() &&
        m_breaker.openUntilMs() == real.openUntilMs() && m_breaker.throttledUntilMs() == real.throttledUntilMs();
}

void DraftBreaker::apply(const BreakerInput &input)
{
    switch (input.kind) {
    case BreakerInput::Kind::Acquire:
    case BreakerInput::Kind::Panic:
        return admit(input);
    case BreakerInput::Kind::Overdue:
        return m_breaker.markOverdue(call(input.call).token, input.atMs);
    case BreakerInput::Kind::Complete:
        return complete(input);
    case BreakerInput::Kind::Tick:
        return m_breaker.tick(input.atMs);
    case BreakerInput::Kind::Health:
        return m_breaker.health(input.ok, input.atMs);
    case BreakerInput::Kind::Force:
        return m_breaker.force(input.mode, input.atMs);
    case BreakerInput::Kind::Trip:
        return m_breaker.tripFor(input.durationMs, input.atMs);
    case BreakerInput::Kind::Reset:
        return m_breaker.reset(input.atMs);
    case BreakerInput::Kind::Policy:
        m_breaker.isThrottled(input.atMs); // time goes on first
        if (!m_policy)
            m_breaker.setPolicy(*input.policy);
        else
            m_samePolicy = m_samePolicy && *m_policy == *input.policy;
        return;
    }
}

void DraftBreaker::admit(const BreakerInput &input)
{
    // A last resort in reality may be an ordinary call for a draft that is not shut.
    const bool ordinary = input.kind == BreakerInput::Kind::Acquire || !(m_samePolicy || m_sameGate);
    Admission admission;
    if (ordinary)
        admission = m_breaker.acquire(input.atMs);
    if (!admission && input.kind == BreakerInput::Kind::Panic)
        admission = m_breaker.acquirePanic(input.atMs);
    if (!input.admitted)
        return;
    Call &started = call(input.call);
    started.fate = admission ? Fate::Admitted : Fate::Diverted;
    started.token = std::move(admission.token);
}

void DraftBreaker::complete(const BreakerInput &input)
{
    Call &ended = call(input.call);
    const Fate fate = std::exchange(ended.fate, Fate::Unknown);
    if (fate == Fate::Unknown)
        return;
    ++m_counts.calls;
    if (fate == Fate::Admitted) {
        m_breaker.complete(ended.token, input.outcome, input.atMs, input.slow, input.retryAfterMs);
        return;
    }
    ++m_counts.diverted;
    m_counts.failuresAvoided += input.outcome == Outcome::Failure ? 1 : 0;
    m_counts.goodDiverted += input.outcome == Outcome::Success ? 1 : 0;
}

} // namespace signalbox
