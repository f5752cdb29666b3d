// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/clock.h"
#include "engine/config/settings.h"
#include "engine/provider/breakersettings.h"
#include "engine/provider/provider.h"

#include <QTest>

using namespace signalbox;

namespace {

ProviderConfig config()
{
    ProviderConfig config;
    config.name = QStringLiteral("alpha");
    config.baseUrl = QUrl(QStringLiteral("http://127.0.0.1:9/v1"));
    return config;
}

void call(Provider &provider, Outcome outcome, double latencyMs = 1500.0)
{
    Admission admission = provider.breaker().acquire(ManualClock().nowMs());
    provider.attemptStarted();
    AttemptResult result;
    result.outcome = outcome;
    result.latencyClass = LatencyClass::FirstByte;
    if (outcome == Outcome::Success)
        result.latencyMs = latencyMs;
    provider.attemptEnded(admission.token, result);
}

bool concerns(const std::vector<SettingProblem> &problems, const char *key, bool isError)
{
    return problems.size() == 1 && problems.front().key == QLatin1String(key) && problems.front().isError == isError &&
        !problems.front().reason.isEmpty();
}

} // namespace

class TestBreakerSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultsAreTheDefaultPolicy()
    {
        const BreakerPolicy policy = toPolicy({});
        const BreakerPolicy standard;
        QCOMPARE(policy.failureThreshold, standard.failureThreshold);
        QCOMPARE(policy.openMs, standard.openMs);
        QCOMPARE(policy.maxOpenMs, standard.maxOpenMs);
        QCOMPARE(policy.bucketMs * policy.bucketCount, standard.bucketMs * standard.bucketCount);
        QCOMPARE(policy.bucketCount, standard.bucketCount);
        QCOMPARE(policy.rateVolume, standard.rateVolume);
        QCOMPARE(policy.rateNumerator * standard.rateDenominator, standard.rateNumerator * policy.rateDenominator);
        QCOMPARE(policy.slowVolume, standard.slowVolume);
        QCOMPARE(policy.slowNumerator * standard.slowDenominator, standard.slowNumerator * policy.slowDenominator);
        QCOMPARE(policy.probeSuccesses, standard.probeSuccesses);
        QCOMPARE(policy.maxProbes, standard.maxProbes);
        QCOMPARE(policy.healthFailures, standard.healthFailures);
        QCOMPARE(policy.slowStartMs, standard.slowStartMs);
        QCOMPARE(policy.failureChainMs, standard.failureChainMs);
        QCOMPARE(policy.levelDecayMs, standard.levelDecayMs);
        QCOMPARE(policy.maxRetryAfterMs, standard.maxRetryAfterMs);
    }

    void everySettingReachesThePolicy()
    {
        BreakerSettings settings { 6,
                                   Milliseconds(1),
                                   Milliseconds(2),
                                   Milliseconds(30000),
                                   3,
                                   4,
                                   5,
                                   7,
                                   8,
                                   9,
                                   10,
                                   Milliseconds(11),
                                   Milliseconds(12),
                                   Milliseconds(13),
                                   Milliseconds(14) };
        const BreakerPolicy policy = toPolicy(settings);
        QCOMPARE(policy.failureThreshold, 6);
        QCOMPARE(policy.openMs, 1);
        QCOMPARE(policy.maxOpenMs, 2);
        QCOMPARE(policy.bucketMs * policy.bucketCount, 30000);
        QCOMPARE(policy.rateVolume, 3);
        QCOMPARE(policy.rateNumerator, 4);
        QCOMPARE(policy.slowVolume, 5);
        QCOMPARE(policy.slowNumerator, 7);
        QCOMPARE(policy.probeSuccesses, 8);
        QCOMPARE(policy.maxProbes, 9);
        QCOMPARE(policy.healthFailures, 10);
        QCOMPARE(policy.slowStartMs, 11);
        QCOMPARE(policy.failureChainMs, 12);
        QCOMPARE(policy.levelDecayMs, 13);
        QCOMPARE(policy.maxRetryAfterMs, 14);
    }

    void aNewRateLimitCountsAtOnce()
    {
        const ManualClock clock;
        ProviderConfig settings = config();
        settings.breaker.threshold = 1000;
        Provider provider(settings, clock, [] { return 0.0; });
        for (int i = 0; i < 15; ++i) {
            call(provider, Outcome::Success);
            call(provider, i % 3 == 0 ? Outcome::Failure : Outcome::Success);
        }
        QCOMPARE(provider.breaker().state(), BreakerState::Closed);
        settings.breaker.failureRatePercent = 16;
        provider.setConfig(settings);
        call(provider, Outcome::Failure);
        QCOMPARE(provider.breaker().state(), BreakerState::Open);
        QCOMPARE(provider.breaker().tripReason(), std::optional(TransitionReason::Rate));
    }

    void newTargetsMoveTheScoreAtOnce()
    {
        const ManualClock clock;
        Provider provider(config(), clock, [] { return 0.0; });
        for (int i = 0; i < 10; ++i)
            call(provider, Outcome::Success, 1500.0);
        const ScoreSnapshot before = provider.snapshot().score;
        QVERIFY(before.response < 0.7);
        QCOMPARE(before.label, HealthLabel::Healthy);
        ProviderConfig settings = config();
        settings.health.firstByteGoodMs = Milliseconds(2000);
        provider.setConfig(settings);
        QCOMPARE(provider.snapshot().score.response, 1.0);
        settings.health.firstByteGoodMs = Milliseconds(1);
        settings.health.firstByteBadMs = Milliseconds(1000);
        provider.setConfig(settings);
        QCOMPARE(provider.snapshot().score.response, 0.0);
    }

    void namesProblems()
    {
        QVERIFY(problemsOf(BreakerSettings {}).empty() && problemsOf(HealthSettings {}).empty() &&
                problemsOf(Timeouts {}).empty());
        BreakerSettings breaker;
        breaker.timeoutMs = Milliseconds(600001);
        QVERIFY(concerns(problemsOf(breaker), "maxOpenMs", true));
        breaker = {};
        breaker.threshold = 100;
        QVERIFY(concerns(problemsOf(breaker), "threshold", false));
        breaker = {};
        breaker.failureRatePercent = 100;
        QVERIFY(concerns(problemsOf(breaker), "failureRatePercent", false));
        HealthSettings health;
        health.firstByteBadMs = health.firstByteGoodMs;
        QVERIFY(concerns(problemsOf(health), "firstByteBadMs", true));
        health = {};
        health.unhealthyBelow = 90;
        QVERIFY(concerns(problemsOf(health), "unhealthyBelow", true));
        Timeouts timeouts;
        timeouts.slowStreamMs = timeouts.firstByteMs;
        QVERIFY(concerns(problemsOf(timeouts), "slowStreamMs", false));
    }
};

QTEST_GUILESS_MAIN(TestBreakerSettings)
#include "tst_breakersettings.moc"
