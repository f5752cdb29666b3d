// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stats/gaprecorder.h"

#include <QTest>

using namespace signalbox;
using namespace std::chrono_literals;

class GapRecorderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fewerThanTwoEventsHaveNoGap();
    void quantilesAreNearTheTruth();
    void eventsTogetherHaveNoGapBetweenThem();
    void extremesStayInRange();
};

void GapRecorderTest::fewerThanTwoEventsHaveNoGap()
{
    GapRecorder gaps;
    QCOMPARE(gaps.quantile(0.5), 0us);
    gaps.add(1, 5s);
    QCOMPARE(gaps.events(), 1U);
    QCOMPARE(gaps.quantile(0.99), 0us);
    QCOMPARE(gaps.longest(), 0us);
}

void GapRecorderTest::quantilesAreNearTheTruth()
{
    GapRecorder gaps;
    std::chrono::nanoseconds at = 1s;
    gaps.add(1, at);
    for (int i = 1; i <= 1000; ++i)
        gaps.add(1, at += std::chrono::microseconds(i * 100));
    const auto near = [](std::chrono::microseconds got, double wantedUs) {
        return std::abs(static_cast<double>(got.count()) - wantedUs) <= wantedUs * 0.125;
    };
    QVERIFY(near(gaps.quantile(0.5), 50'000));
    QVERIFY(near(gaps.quantile(0.99), 99'000));
    QCOMPARE(gaps.longest(), 100'000us);
    QVERIFY(gaps.quantile(1.0) <= gaps.longest());
}

void GapRecorderTest::eventsTogetherHaveNoGapBetweenThem()
{
    GapRecorder gaps;
    gaps.add(10, 1s);
    gaps.add(10, 2s);
    QCOMPARE(gaps.events(), 20U);
    QCOMPARE(gaps.quantile(0.5), 0us);
    QCOMPARE(gaps.longest(), 1'000'000us);
}

void GapRecorderTest::extremesStayInRange()
{
    GapRecorder gaps;
    gaps.add(1, 0s);
    gaps.add(1, 24h);
    QCOMPARE(gaps.longest(), std::chrono::microseconds(24h));
    QVERIFY(gaps.quantile(0.5) > 10min);
    gaps.add(1, 1h); // a clock that went back counts as no time
    QVERIFY(gaps.quantile(0.01) <= 2us);
}

QTEST_GUILESS_MAIN(GapRecorderTest)
#include "tst_gaprecorder.moc"
