// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/clock.h"
#include "engine/base/standstill.h"
#include "engine/provider/provider.h"

#include <QTest>

#include <chrono>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::nanoseconds start = 10h; ///< so that there is room for going back

ProviderConfig config()
{
    ProviderConfig settings;
    settings.name = QStringLiteral("alpha");
    settings.baseUrl = QUrl(QStringLiteral("http://127.0.0.1:9"));
    return settings;
}

/// A provider and the clock that it lives by.
struct Scene
{
    Scene() { clock.set(start); }

    BreakerToken begin()
    {
        Admission admission = provider.breaker().acquire(clock.nowMs());
        provider.attemptStarted();
        return std::move(admission.token);
    }
    void end(BreakerToken &token, Outcome outcome)
    {
        AttemptResult result;
        result.outcome = outcome;
        if (outcome == Outcome::Success)
            result.latencyMs = 100;
        provider.attemptEnded(token, result);
    }
    void call(Outcome outcome)
    {
        BreakerToken token = begin();
        end(token, outcome);
    }
    void openIt()
    {
        for (int i = 0; i < 5; ++i)
            call(Outcome::Failure);
        QCOMPARE(provider.breaker().state(), BreakerState::Open);
    }

    ManualClock clock;
    Provider provider { config(), clock, [] { return 0.0; } };
};

void jumps()
{
    QTest::addColumn<std::chrono::nanoseconds>("by");
    QTest::newRow("an hour ahead") << std::chrono::nanoseconds(1h);
    QTest::newRow("a day ahead") << std::chrono::nanoseconds(24h);
    QTest::newRow("a year ahead") << std::chrono::nanoseconds(24h * 365);
    QTest::newRow("a second back") << std::chrono::nanoseconds(-1s);
    QTest::newRow("an hour back") << std::chrono::nanoseconds(-1h);
}

} // namespace

Q_DECLARE_METATYPE(std::chrono::nanoseconds)

/// A machine that sleeps, a virtual machine that is moved, a clock that misbehaves.
class TestClockJumps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void scoreStaysAScore_data() { jumps(); }
    void scoreStaysAScore();
    void aCallAcrossTheJumpCountsOnce_data() { jumps(); }
    void aCallAcrossTheJumpCountsOnce();
    void anOpenBreakerHealsAfterSleep();
    void anOpenBreakerDoesNotWaitLongerForAClockGoneBack();
    void oldFailuresDoNotCountAfterSleep();
    void anOverrideEndsWhileAsleep();
    void aStandstillIsNoticed();
};

void TestClockJumps::scoreStaysAScore()
{
    QFETCH(std::chrono::nanoseconds, by);
    Scene scene;
    for (int i = 0; i < 20; ++i)
        scene.call(i % 4 == 0 ? Outcome::Failure : Outcome::Success);
    scene.provider.tick();
    scene.provider.score();
    scene.clock.advance(by);
    scene.provider.tick();
    const ProviderSnapshot snapshot = scene.provider.snapshot();
    QVERIFY(snapshot.score.value >= 0 && snapshot.score.value <= 100);
    for (const double factor :
         { snapshot.score.success, snapshot.score.response, snapshot.score.availability, snapshot.score.trend })
        QVERIFY(factor >= 0 && factor <= 1);
    // And goes on from there.
    for (int i = 0; i < 50; ++i) {
        scene.clock.advance(1s);
        scene.call(Outcome::Success);
        scene.provider.tick();
    }
    QCOMPARE(scene.provider.breaker().state(), BreakerState::Closed);
    QVERIFY(scene.provider.score().result.score > 80);
}

void TestClockJumps::aCallAcrossTheJumpCountsOnce()
{
    QFETCH(std::chrono::nanoseconds, by);
    Scene scene;
    scene.call(Outcome::Success);
    BreakerToken token = scene.begin();
    scene.clock.advance(by);
    scene.provider.tick();
    scene.end(token, Outcome::Success);
    const ProviderSnapshot snapshot = scene.provider.snapshot();
    QCOMPARE(snapshot.inFlight, 0);
    QCOMPARE(snapshot.outcomes.success, 2U);
    QCOMPARE(snapshot.outcomes.failure, 0U);
    QVERIFY(!token.isPending());
}

void TestClockJumps::anOpenBreakerHealsAfterSleep()
{
    Scene scene;
    scene.openIt();
    QVERIFY(!scene.provider.breaker().acquire(scene.clock.nowMs()));
    scene.clock.advance(24h);
    scene.provider.tick();
    for (int i = 0; i < 10 && scene.provider.breaker().state() != BreakerState::Closed; ++i) {
        scene.call(Outcome::Success);
        scene.clock.advance(10ms);
    }
    QCOMPARE(scene.provider.breaker().state(), BreakerState::Closed);
}

void TestClockJumps::anOpenBreakerDoesNotWaitLongerForAClockGoneBack()
{
    Scene scene;
    scene.openIt();
    const std::int64_t wait = scene.provider.breaker().gateRemainingMs(scene.clock.nowMs());
    QVERIFY(wait > 0);
    scene.clock.advance(-1h);
    scene.provider.tick();
    QVERIFY(scene.provider.breaker().gateRemainingMs(scene.clock.nowMs()) <= wait);
    scene.clock.set(start + std::chrono::milliseconds(wait));
    QVERIFY(scene.provider.breaker().acquire(scene.clock.nowMs()));
}

void TestClockJumps::oldFailuresDoNotCountAfterSleep()
{
    Scene scene;
    for (int i = 0; i < 4; ++i)
        scene.call(Outcome::Failure);
    scene.clock.advance(24h);
    scene.call(Outcome::Failure);
    QCOMPARE(scene.provider.breaker().state(), BreakerState::Closed);
}

void TestClockJumps::anOverrideEndsWhileAsleep()
{
    Scene scene;
    scene.provider.breaker().force(BreakerMode::ForcedOpen, scene.clock.nowMs());
    scene.provider.setOverrideUntil(scene.clock.nowMs() + 60'000);
    scene.clock.advance(24h);
    QVERIFY(scene.provider.tick());
}

void TestClockJumps::aStandstillIsNoticed()
{
    ManualClock clock;
    clock.set(start);
    Standstill standstill(clock);
    const std::int64_t began = clock.nowMs();
    QVERIFY(!standstill.beat());
    for (int i = 0; i < 20; ++i) {
        clock.advance(i % 5 == 0 ? 2s : 250ms); // a busy machine
        QVERIFY(!standstill.isSince(began, clock.nowMs()));
        QVERIFY(!standstill.beat());
    }
    const std::int64_t asleep = clock.nowMs();
    clock.advance(1h);
    QVERIFY(standstill.isSince(asleep, clock.nowMs())); // before anybody has beaten
    QVERIFY(standstill.beat());
    const std::int64_t awake = clock.nowMs();
    clock.advance(250ms);
    QVERIFY(!standstill.beat());
    QVERIFY(standstill.isSince(asleep, clock.nowMs()));
    QVERIFY(!standstill.isSince(awake, clock.nowMs()));
    QCOMPARE(standstill.endedMs(clock.nowMs()), awake);
    clock.advance(-2h); // as if none had been
    QVERIFY(!standstill.beat());
}

QTEST_APPLESS_MAIN(TestClockJumps)
#include "tst_clockjumps.moc"
