// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/providerstate.h"

#include <QLocale>
#include <QTest>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

const QDateTime takenAt(QDate(2026, 3, 1), QTime(12, 42, 19), Qt::UTC);

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

/// Closed, healthy, with enough calls.
ProviderSnapshot busyProvider()
{
    ProviderSnapshot provider;
    provider.name = QStringLiteral("alpha");
    provider.recentCalls = 100;
    provider.breaker.calls = 30;
    provider.score.value = 96.2;
    provider.score.label = HealthLabel::Healthy;
    return provider;
}

void compareState(const ProviderSnapshot &provider, LampShape lamp, const char *word)
{
    const ProviderState state = describeState(provider, takenAt);
    QCOMPARE(plain(state.word), QString::fromUtf8(word));
    QCOMPARE(state.lamp, lamp);
}

} // namespace

class TestProviderState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void saysWhatTheBreakerDoes();
    void saysWhatAnOperatorOrdered();
    void saysWhatElseIsWrong();
    void neverCallsTooFewCallsGood();
    void explainsInOneSentence();
    void takesTheScoreApart();
    void showsNoScoreBeforeTheFirstCall();
    void speaksTheWholeRow();
};

void TestProviderState::saysWhatTheBreakerDoes()
{
    ProviderSnapshot provider = busyProvider();
    compareState(provider, LampShape::Circle, "Closed");
    provider.breaker.state = BreakerState::Open;
    provider.breaker.retryIn = 22600ms;
    compareState(provider, LampShape::Square, "Open · retry in 0:23");
    provider.breaker.state = BreakerState::HalfOpen;
    compareState(provider, LampShape::Diamond, "Half-open · probe 1/2");
    provider.breaker.probeSuccesses = 1;
    compareState(provider, LampShape::Diamond, "Half-open · probe 2/2");
}

void TestProviderState::saysWhatAnOperatorOrdered()
{
    ProviderSnapshot provider = busyProvider();
    provider.breaker.state = BreakerState::Open;
    provider.breaker.mode = BreakerMode::Disabled;
    compareState(provider, LampShape::Triangle, "No breaker");
    provider.breaker.mode = BreakerMode::ForcedClosed;
    compareState(provider, LampShape::LockedCircle, "Forced closed");
    provider.breaker.mode = BreakerMode::ForcedOpen;
    provider.breaker.overrideUntil = takenAt.addSecs(12 * 60);
    compareState(provider, LampShape::LockedSquare, "Forced open · 12 min left");
    provider.draining = true;
    compareState(provider, LampShape::SlashedCircle, "Draining · 12 min left");
    provider.enabled = false;
    compareState(provider, LampShape::SlashedCircle, "Disabled");
}

void TestProviderState::saysWhatElseIsWrong()
{
    ProviderSnapshot provider = busyProvider();
    provider.score.label = HealthLabel::Degraded;
    compareState(provider, LampShape::Triangle, "Degraded");
    provider.score.label = HealthLabel::Unhealthy;
    compareState(provider, LampShape::Triangle, "Unhealthy");
    provider.breaker.throttled = true;
    provider.breaker.retryIn = 12s;
    compareState(provider, LampShape::Triangle, "Throttled · retry in 0:12");
    provider.authBlocked = true;
    compareState(provider, LampShape::Triangle, "Key refused");
    provider.keyMissing = true;
    compareState(provider, LampShape::Triangle, "Key missing");
    provider.breaker.state = BreakerState::Open;
    compareState(provider, LampShape::Square, "Open · retry in 0:12");
}

void TestProviderState::neverCallsTooFewCallsGood()
{
    ProviderSnapshot provider = busyProvider();
    provider.breaker.calls = 9;
    compareState(provider, LampShape::DashedCircle, "Closed · 9 of 20 calls");
    provider.breaker.calls = 0;
    provider.recentCalls = 0;
    compareState(provider, LampShape::DashedCircle, "No requests");
    provider.breaker.state = BreakerState::Open; // nothing is sent because it is open: that stays to be seen
    provider.breaker.retryIn = 5s;
    compareState(provider, LampShape::Square, "Open · retry in 0:05");
}

void TestProviderState::explainsInOneSentence()
{
    ProviderSnapshot provider = busyProvider();
    provider.breaker.state = BreakerState::Open;
    provider.breaker.retryIn = 23s;
    provider.breaker.since = takenAt.addSecs(-72);
    provider.breaker.reason = QStringLiteral("Failure rate 62 % of 47 calls");
    const QString since = provider.breaker.since.toLocalTime().toString(QStringLiteral("HH:mm:ss"));
    QCOMPARE(plain(reasonSentence(provider, takenAt)),
             QStringLiteral("Open · retry in 0:23, since %1 (72 s). Failure rate 62 % of 47 calls.").arg(since));
}

void TestProviderState::takesTheScoreApart()
{
    ProviderSnapshot provider = busyProvider();
    provider.score = { 61.2, 0.68, 0.632, 0.325, 0.7733, HealthLabel::Degraded };
    QCOMPARE(scoreSentence(provider),
             QStringLiteral("Score 61.2 = success 27.2 of 40 + response time 15.8 of 25 + availability 6.5 of 20 + "
                            "trend 11.6 of 15"));
    provider.score = {};
    QVERIFY(scoreSentence(provider).contains(QStringLiteral("87.5 is assumed")));
}

void TestProviderState::showsNoScoreBeforeTheFirstCall()
{
    ProviderSnapshot provider;
    QVERIFY(!hasScore(provider));
    provider.score.label = HealthLabel::Healthy;
    QVERIFY(!hasScore(provider));
    provider.score.label = HealthLabel::Degraded; // its checks fail
    QVERIFY(hasScore(provider));
    provider.score.label = HealthLabel::Healthy;
    provider.recentCalls = 1;
    QVERIFY(hasScore(provider));
}

void TestProviderState::speaksTheWholeRow()
{
    ProviderSnapshot provider = busyProvider();
    provider.simulated = true;
    provider.successRate = 0.38;
    provider.recentCalls = 47;
    provider.firstByte = { 300.0, 8400.0, 9000.0, 47 };
    provider.inFlight = 2;
    QCOMPARE(plain(spokenSummary(provider, takenAt)),
             QStringLiteral("alpha, simulated, breaker closed, score 96 of 100, first byte median 300 ms, 95th "
                            "percentile 8.4 s, error rate 62.0 % of 47 requests, 2 in flight"));
}

QTEST_GUILESS_MAIN(TestProviderState)
#include "tst_providerstate.moc"
