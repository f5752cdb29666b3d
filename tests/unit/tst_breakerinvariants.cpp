// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold after every step, whatever the steps: 300 runs of 400 random ones.
#include "engine/breaker/circuitbreaker.h"

#include <QTest>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

using namespace signalbox;

class TestBreakerInvariants : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdOnRandomSteps();
    void closesAgainWithSuccessesOnly();
    void thresholdIsBoundedAndFallsWithFailures();
};

namespace {

/// One random run; every step checks what it may and may not have changed.
class RandomRun
{
public:
    explicit RandomRun(unsigned seed)
        : m_random(seed), m_breaker(
                              {}, [this] { return real(); }, 0)
    {
        m_breaker.setObserver([this](const BreakerTransition &transition) { m_seen.push_back(transition); });
    }
    RandomRun(const RandomRun &) = delete;
    RandomRun &operator=(const RandomRun &) = delete;

    void step()
    {
        m_nowMs = std::max<std::int64_t>(0, m_nowMs + pick(-50, pick(0, 20) == 0 ? 90'000 : 900));
        const std::size_t seenBefore = m_seen.size();
        const std::uint64_t epochBefore = m_breaker.epoch();
        act();
        // I12: one notification a transition, in order, and the epoch counts them.
        QCOMPARE(m_seen.size() - seenBefore, static_cast<std::size_t>(m_breaker.epoch() - epochBefore));
        for (std::size_t i = seenBefore; i < m_seen.size(); ++i)
            QCOMPARE(m_seen[i].sequence, static_cast<std::uint64_t>(i + 1));
        // I2
        QVERIFY(m_breaker.probesInFlight() <= m_breaker.policy().maxProbes);
        QVERIFY(m_breaker.probesInFlight() == 0 || m_breaker.state() == BreakerState::HalfOpen);
        // I6, I10
        QVERIFY(m_breaker.openUntilMs() - m_breaker.openedAtMs() <= m_breaker.policy().maxOpenMs);
        for (std::size_t i = 1; i < m_seen.size(); ++i)
            QVERIFY(m_seen[i].atMs >= m_seen[i - 1].atMs);
    }

private:
    int pick(int low, int high) { return std::uniform_int_distribution(low, high)(m_random); }
    double real() { return std::uniform_real_distribution(0.0, 1.0)(m_random); }

    void act()
    {
        const int kind = pick(0, 99);
        if (kind < 45) {
            Admission admission = m_breaker.acquire(m_nowMs);
            if (admission)
                m_tokens.push_back(std::move(admission.token));
        } else if (kind < 82) {
            complete();
        } else if (kind < 86) {
            Admission admission = m_breaker.acquirePanic(m_nowMs);
            if (admission)
                m_tokens.push_back(std::move(admission.token));
        } else if (kind < 90) {
            if (!m_tokens.empty())
                m_breaker.markOverdue(m_tokens.front(), m_nowMs);
        } else if (kind < 94) {
            m_breaker.health(pick(0, 1) == 0, m_nowMs);
        } else if (kind < 97) {
            m_breaker.tick(m_nowMs);
        } else if (kind < 98) {
            m_breaker.force(static_cast<BreakerMode>(pick(0, 3)), m_nowMs);
        } else if (!m_tokens.empty()) {
            m_tokens.pop_front(); // I8: given up
        }
    }

    void complete()
    {
        if (m_tokens.empty())
            return;
        BreakerToken token = std::move(m_tokens.front());
        m_tokens.pop_front();
        const auto outcome = static_cast<Outcome>(pick(0, 9) < 6 ? pick(0, 1) : pick(2, 3));
        const bool slow = pick(0, 5) == 0;
        const BreakerState stateBefore = m_breaker.state();
        const std::int64_t openUntilBefore = m_breaker.openUntilMs();
        const int levelBefore = m_breaker.nextLevel();
        const bool late = token.epoch() != m_breaker.epoch();
        const bool marked = m_breaker.overdueInFlight() > 0;
        const auto hint = pick(0, 3) == 0 ? std::optional<std::int64_t>(pick(0, 900'000)) : std::nullopt;
        const CompletionResult result = m_breaker.complete(token, outcome, m_nowMs, slow, hint);

        if (outcome == Outcome::Success && !slow && !marked) // I3
            QVERIFY(m_breaker.state() != BreakerState::Open || stateBefore == BreakerState::Open);
        if (outcome == Outcome::Ignored) // I4
            QCOMPARE(m_breaker.state(), stateBefore);
        if (late) { // I5
            QVERIFY(result == CompletionResult::Late || result == CompletionResult::Bypass);
            QCOMPARE(m_breaker.state(), stateBefore);
            QCOMPARE(m_breaker.openUntilMs(), openUntilBefore);
        }
        if (outcome == Outcome::Throttled) { // I9
            QVERIFY(stateBefore != BreakerState::Closed || m_breaker.state() == BreakerState::Closed);
            QCOMPARE(m_breaker.nextLevel(), levelBefore);
        }
        QCOMPARE(m_breaker.complete(token, outcome, m_nowMs), CompletionResult::Duplicate); // I8
    }

    std::mt19937 m_random;
    std::int64_t m_nowMs = 0;
    std::vector<BreakerTransition> m_seen;
    CircuitBreaker m_breaker;
    std::deque<BreakerToken> m_tokens;
};

} // namespace

void TestBreakerInvariants::holdOnRandomSteps()
{
    for (unsigned seed = 1; seed <= 300; ++seed) {
        RandomRun run(seed);
        for (int i = 0; i < 400; ++i) {
            run.step();
            if (QTest::currentTestFailed())
                QFAIL(qPrintable(QStringLiteral("seed %1, step %2").arg(seed).arg(i)));
        }
    }
}

void TestBreakerInvariants::closesAgainWithSuccessesOnly() // I1
{
    CircuitBreaker breaker(
        {}, [] { return 0.5; }, 0);
    std::int64_t nowMs = 0;
    std::vector<BreakerToken> lost; // probes that never come back must not block it for ever
    for (int round = 0; round < 12; ++round) {
        while (breaker.state() != BreakerState::Open) {
            Admission admission = breaker.acquire(nowMs);
            if (admission)
                breaker.complete(admission.token, Outcome::Failure, nowMs);
            nowMs += 100;
        }
        nowMs += breaker.gateRemainingMs(nowMs);
        lost.push_back(std::move(breaker.acquire(nowMs).token));
        nowMs += breaker.policy().probeLifetimeMs;
        for (int i = 0; i < breaker.policy().probeSuccesses; ++i) {
            Admission admission = breaker.acquire(nowMs);
            QVERIFY(admission.admitted);
            breaker.complete(admission.token, Outcome::Success, nowMs);
        }
        QCOMPARE(breaker.state(), BreakerState::Closed);
    }
}

void TestBreakerInvariants::thresholdIsBoundedAndFallsWithFailures() // I7
{
    for (std::int64_t threshold = 1; threshold < 30; ++threshold) {
        for (std::int64_t calls = 0; calls < 80; ++calls) {
            std::int64_t previous = threshold;
            for (std::int64_t failures = 0; failures <= calls; ++failures) {
                const std::int64_t limit = effectiveThreshold(threshold, calls, failures);
                QVERIFY(limit >= std::min<std::int64_t>(2, threshold) && limit <= threshold);
                QVERIFY(limit <= previous);
                if (calls < threshold || 2 * failures <= calls)
                    QCOMPARE(limit, threshold);
                previous = limit;
            }
        }
    }
}

QTEST_APPLESS_MAIN(TestBreakerInvariants)
#include "tst_breakerinvariants.moc"
