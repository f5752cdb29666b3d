// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/circuitbreaker.h"

#include <QTest>

#include <memory>
#include <utility>
#include <vector>

using namespace signalbox;

class TestCircuitBreaker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void destroyedTokenCountsAsIgnored();
    void destroyedProbeGivesItsPermitBack();
    void completedTokenIsADuplicateAfterwards();
    void movedTokenCompletesOnce();
    void assignedOverTokenIsGivenUp();
    void tokenMayOutliveItsBreaker();
    void policyChangeKeepsCountsAndWaits();
    void windowKeepsCountsWhenItsLayoutChanges();
    void observerSeesConsistentState();
    void observerMayCommandTheBreaker();
    void sentencesSayWhatHappened();
    void adaptiveLimitIsExplained();
};

namespace {

std::unique_ptr<CircuitBreaker> makeBreaker(const BreakerPolicy &policy = {})
{
    return std::make_unique<CircuitBreaker>(
        policy, [] { return 0.0; }, 0);
}

void call(CircuitBreaker &breaker, Outcome outcome, std::int64_t nowMs, bool slow = false)
{
    Admission admission = breaker.acquire(nowMs);
    QVERIFY(admission.admitted);
    breaker.complete(admission.token, outcome, nowMs, slow);
}

void fail(CircuitBreaker &breaker, int times, std::int64_t nowMs = 0)
{
    for (int i = 0; i < times; ++i)
        call(breaker, Outcome::Failure, nowMs);
}

} // namespace

void TestCircuitBreaker::destroyedTokenCountsAsIgnored()
{
    const auto breaker = makeBreaker();
    {
        const Admission admission = breaker->acquire(0);
        QVERIFY(admission.token.isPending());
    }
    QCOMPARE(breaker->outcomeCount(Outcome::Ignored), std::uint64_t { 1 });
    QCOMPARE(breaker->windowCounts(0).calls, std::int64_t { 0 });
}

void TestCircuitBreaker::destroyedProbeGivesItsPermitBack()
{
    const auto breaker = makeBreaker();
    fail(*breaker, 5);
    {
        const Admission probe = breaker->acquire(60'000);
        QCOMPARE(probe.token.kind(), TokenKind::Probe);
        QCOMPARE(breaker->acquire(60'000).refusal, RefusalReason::HalfOpenBusy);
    }
    QCOMPARE(breaker->state(), BreakerState::HalfOpen);
    QVERIFY(breaker->acquire(60'000).admitted);
}

void TestCircuitBreaker::completedTokenIsADuplicateAfterwards()
{
    const auto breaker = makeBreaker();
    {
        Admission admission = breaker->acquire(0);
        QCOMPARE(breaker->complete(admission.token, Outcome::Success, 0), CompletionResult::Counted);
        QVERIFY(!admission.token.isPending());
        QCOMPARE(breaker->complete(admission.token, Outcome::Failure, 0), CompletionResult::Duplicate);
    }
    QCOMPARE(breaker->windowCounts(0).calls, std::int64_t { 1 });
    QCOMPARE(breaker->windowCounts(0).failures, std::int64_t { 0 });
    QCOMPARE(breaker->duplicateCount(), std::uint64_t { 1 });
    QCOMPARE(breaker->outcomeCount(Outcome::Ignored), std::uint64_t { 0 });
}

void TestCircuitBreaker::movedTokenCompletesOnce()
{
    const auto breaker = makeBreaker();
    {
        Admission admission = breaker->acquire(0);
        BreakerToken moved = std::move(admission.token);
        QVERIFY(moved.isPending());
        QVERIFY(!admission.token.isPending());
        QCOMPARE(breaker->complete(admission.token, Outcome::Failure, 0), CompletionResult::Duplicate);
        QCOMPARE(breaker->complete(moved, Outcome::Failure, 0), CompletionResult::Counted);
    }
    QCOMPARE(breaker->windowCounts(0).calls, std::int64_t { 1 });
    QCOMPARE(breaker->outcomeCount(Outcome::Ignored), std::uint64_t { 0 });
}

void TestCircuitBreaker::assignedOverTokenIsGivenUp()
{
    const auto breaker = makeBreaker();
    BreakerToken token = std::move(breaker->acquire(0).token);
    token = std::move(breaker->acquire(0).token);
    QCOMPARE(breaker->outcomeCount(Outcome::Ignored), std::uint64_t { 1 });
    QVERIFY(token.isPending());
}

void TestCircuitBreaker::tokenMayOutliveItsBreaker()
{
    auto breaker = makeBreaker();
    Admission admission = breaker->acquire(0);
    breaker.reset();
    BreakerToken moved = std::move(admission.token); // its destruction must touch nothing
    QVERIFY(moved.kind() == TokenKind::Normal);
}

void TestCircuitBreaker::policyChangeKeepsCountsAndWaits()
{
    const auto breaker = makeBreaker();
    fail(*breaker, 3);
    BreakerPolicy policy;
    policy.failureThreshold = 4;
    policy.openMs = 5'000;
    breaker->setPolicy(policy);
    QCOMPARE(breaker->consecutiveFailures(), std::int64_t { 3 });
    QCOMPARE(breaker->state(), BreakerState::Closed);
    fail(*breaker, 1);
    QCOMPARE(breaker->state(), BreakerState::Open);
    QCOMPARE(breaker->openUntilMs(), std::int64_t { 5'000 });
    policy.openMs = 90'000;
    breaker->setPolicy(policy);
    QCOMPARE(breaker->openUntilMs(), std::int64_t { 5'000 });
}

void TestCircuitBreaker::windowKeepsCountsWhenItsLayoutChanges()
{
    const auto breaker = makeBreaker();
    fail(*breaker, 2);
    call(*breaker, Outcome::Success, 6'000, true);
    BreakerPolicy policy;
    policy.bucketMs = 1'000;
    policy.bucketCount = 5;
    breaker->setPolicy(policy);
    QCOMPARE(breaker->windowCounts(6'000).calls, std::int64_t { 3 });
    QCOMPARE(breaker->windowCounts(6'000).failures, std::int64_t { 2 });
    QCOMPARE(breaker->windowCounts(10'999).slow, std::int64_t { 1 });
    QCOMPARE(breaker->windowCounts(11'000).calls, std::int64_t { 0 });
}

void TestCircuitBreaker::observerSeesConsistentState()
{
    const auto breaker = makeBreaker();
    std::vector<BreakerTransition> seen;
    breaker->setObserver([&](const BreakerTransition &transition) {
        QCOMPARE(breaker->state(), transition.to);
        QCOMPARE(breaker->mode(), transition.mode);
        if (transition.to == BreakerState::Open)
            QCOMPARE(breaker->openUntilMs() - transition.atMs, transition.retryAfterMs);
        seen.push_back(transition);
    });
    fail(*breaker, 5, 1'000);
    breaker->tick(61'000);
    call(*breaker, Outcome::Success, 61'000);
    call(*breaker, Outcome::Success, 61'001);
    breaker->force(BreakerMode::ForcedOpen, 62'000);
    QCOMPARE(seen.size(), std::size_t { 4 });
    QCOMPARE(seen[0].reason, TransitionReason::Consecutive);
    QCOMPARE(seen[0].consecutiveFailures, std::int64_t { 5 });
    QCOMPARE(seen[0].retryAfterMs, std::int64_t { 60'000 });
    QCOMPARE(seen[1].reason, TransitionReason::OpenTimeOver);
    QCOMPARE(seen[2].reason, TransitionReason::Recovered);
    QCOMPARE(seen[3].mode, BreakerMode::ForcedOpen);
}

void TestCircuitBreaker::observerMayCommandTheBreaker()
{
    const auto breaker = makeBreaker();
    std::vector<std::uint64_t> sequence;
    breaker->setObserver([&](const BreakerTransition &transition) {
        if (transition.reason == TransitionReason::Consecutive)
            breaker->reset(transition.atMs);
        sequence.push_back(transition.sequence);
    });
    fail(*breaker, 5);
    QCOMPARE(breaker->state(), BreakerState::Closed);
    QCOMPARE(sequence, (std::vector<std::uint64_t> { 1, 2 }));
}

void TestCircuitBreaker::sentencesSayWhatHappened()
{
    const auto breaker = makeBreaker();
    QStringList sentences;
    breaker->setObserver([&](const BreakerTransition &transition) { sentences << reasonSentence(transition); });
    fail(*breaker, 5);
    QCOMPARE(sentences.last(),
             QStringLiteral("Open: 5 consecutive failures reached the limit of 5. Next probe in 60 s."));
    breaker->tick(60'000);
    QVERIFY(sentences.last().startsWith(QStringLiteral("Half-open: ")));
    call(*breaker, Outcome::Success, 60'000);
    call(*breaker, Outcome::Success, 60'000);
    QCOMPARE(sentences.last(), QStringLiteral("Closed: 2 probes in a row succeeded."));
    breaker->force(BreakerMode::Disabled, 60'000);
    QVERIFY(sentences.last().startsWith(QStringLiteral("No breaker")));
    breaker->tripFor(150'000, 60'000);
    QCOMPARE(sentences.last(), QStringLiteral("Open: tripped by the operator. Next probe in 2 min 30 s."));
}

void TestCircuitBreaker::adaptiveLimitIsExplained()
{
    const auto breaker = makeBreaker();
    QString sentence;
    breaker->setObserver([&](const BreakerTransition &transition) { sentence = reasonSentence(transition); });
    fail(*breaker, 4);
    call(*breaker, Outcome::Success, 0);
    fail(*breaker, 2);
    QCOMPARE(breaker->state(), BreakerState::Open);
    QVERIFY2(sentence.contains(QStringLiteral("adaptive limit of 2 (lowered from 5 at 86 % errors)")),
             qPrintable(sentence));
}

QTEST_APPLESS_MAIN(TestCircuitBreaker)
#include "tst_circuitbreaker.moc"
