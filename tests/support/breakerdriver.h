// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/breaker/circuitbreaker.h"

#include <algorithm>
#include <deque>
#include <random>

namespace signalbox::test {

/// Mostly the defaults, often a few small numbers so that rare rules come up early.
inline BreakerPolicy randomPolicy(std::mt19937 &random)
{
    const auto pick = [&](int low, int high) { return std::uniform_int_distribution(low, high)(random); };
    const auto oneIn = [&](int n) { return pick(1, n) == 1; };
    BreakerPolicy policy;
    if (oneIn(2))
        policy.failureThreshold = pick(1, 9);
    if (oneIn(3)) {
        policy.rateVolume = pick(2, 12);
        policy.rateNumerator = pick(1, 3);
        policy.rateDenominator = pick(2, 4);
    }
    if (oneIn(3)) {
        policy.slowVolume = pick(1, 6);
        policy.slowNumerator = pick(1, 4);
    }
    if (oneIn(3)) {
        policy.probeSuccesses = pick(1, 4);
        policy.maxProbes = pick(oneIn(8) ? 0 : 1, 3);
    }
    if (oneIn(4)) {
        policy.openMs = pick(100, 20'000);
        policy.jitterFraction = pick(0, 10) / 10.0;
    }
    if (oneIn(6)) {
        policy.bucketMs = pick(500, 10'000);
        policy.bucketCount = pick(1, 30);
    }
    if (oneIn(6))
        policy.probeLifetimeMs = pick(100, 5'000);
    if (oneIn(6))
        policy.healthFailures = pick(1, 2);
    if (oneIn(6))
        policy.panicIntervalMs = pick(0, 10'000);
    return policy;
}

/// Calls a breaker in random ways, at times of its own.
class BreakerDriver
{
public:
    explicit BreakerDriver(unsigned seed) : m_random(seed) { m_badness = pick(1, 9); }

    std::mt19937 &random() { return m_random; }
    std::int64_t nowMs() const { return m_nowMs; }
    int pick(int low, int high) { return std::uniform_int_distribution(low, high)(m_random); }
    double real() { return std::uniform_real_distribution(0.0, 1.0)(m_random); }

    void step(CircuitBreaker &breaker)
    {
        m_nowMs += pick(0, 20) == 0 ? pick(0, 90'000) : pick(0, 900);
        const int kind = pick(0, 199);
        if (kind < 90)
            keep(breaker.acquire(m_nowMs));
        else if (kind < 168)
            complete(breaker);
        else if (kind < 174)
            keep(breaker.acquirePanic(m_nowMs));
        else if (kind < 180 && !m_tokens.empty())
            breaker.markOverdue(m_tokens.front(), m_nowMs);
        else if (kind < 186)
            breaker.health(pick(0, 2) == 0, m_nowMs);
        else if (kind < 194)
            breaker.tick(m_nowMs);
        else if (kind < 196 && !m_tokens.empty())
            m_tokens.pop_front(); // given up
        else if (kind == 196)
            breaker.force(static_cast<BreakerMode>(pick(0, 3)), m_nowMs);
        else if (kind == 197)
            breaker.force(BreakerMode::Auto, m_nowMs);
        else if (kind == 198)
            breaker.tripFor(pick(0, 60'000), m_nowMs);
        else if (kind == 199)
            breaker.reset(m_nowMs);
    }
    /// The calls of a process that was killed never end.
    void forgetCalls(CircuitBreaker &) { m_tokens.clear(); }

private:
    void keep(Admission admission)
    {
        if (admission)
            m_tokens.push_back(std::move(admission.token));
    }
    void complete(CircuitBreaker &breaker)
    {
        if (m_tokens.empty())
            return;
        const bool inOrder = pick(0, 3) > 0;
        const auto which =
            inOrder ? m_tokens.begin() : m_tokens.begin() + pick(0, static_cast<int>(m_tokens.size()) - 1);
        BreakerToken token = std::move(*which);
        m_tokens.erase(which);
        Outcome outcome = pick(0, 9) < m_badness ? Outcome::Failure : Outcome::Success;
        if (pick(0, 9) == 0)
            outcome = pick(0, 1) == 0 ? Outcome::Throttled : Outcome::Ignored;
        const auto hint = pick(0, 3) == 0 ? std::optional<std::int64_t>(pick(-5, 900'000)) : std::nullopt;
        breaker.complete(token, outcome, m_nowMs, pick(0, 5) == 0, hint);
    }

    std::mt19937 m_random;
    std::int64_t m_nowMs = 0;
    int m_badness; ///< failures in ten
    std::deque<BreakerToken> m_tokens;
};

} // namespace signalbox::test
