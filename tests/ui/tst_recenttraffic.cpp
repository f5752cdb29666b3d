// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/recenttraffic.h"

#include <QTest>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

EngineSnapshotPtr at(std::chrono::seconds uptime, std::uint64_t requests, std::vector<std::uint64_t> firstBytes = {})
{
    EngineSnapshot snapshot;
    snapshot.uptime = uptime;
    snapshot.totals.requests = requests;
    snapshot.requestFirstByte.upperBounds = { 0.1, 1.0, 10.0 };
    firstBytes.resize(3);
    snapshot.requestFirstByte.cumulativeCounts = firstBytes;
    snapshot.requestFirstByte.count = firstBytes.back();
    return std::make_shared<const EngineSnapshot>(std::move(snapshot));
}

} // namespace

class TestRecentTraffic : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsNothingFromOneSnapshot();
    void countsWhatCameBetween();
    void forgetsAfterAMinute();
    void takesTheQuantileOfTheDifference();
    void beginsAgainWithAnotherEngine();
};

void TestRecentTraffic::knowsNothingFromOneSnapshot()
{
    RecentTraffic traffic;
    QVERIFY(!traffic.requestsPerSecond());
    traffic.add(at(1s, 50));
    QVERIFY(!traffic.requestsPerSecond());
    QVERIFY(!traffic.firstByteP95Ms());
}

void TestRecentTraffic::countsWhatCameBetween()
{
    RecentTraffic traffic;
    traffic.add(at(10s, 100));
    traffic.add(at(20s, 125));
    QCOMPARE(*traffic.requestsPerSecond(), 2.5);
}

void TestRecentTraffic::forgetsAfterAMinute()
{
    RecentTraffic traffic;
    traffic.add(at(0s, 0));
    for (int second = 10; second <= 200; second += 10)
        traffic.add(at(std::chrono::seconds(second), 1000));
    QCOMPARE(*traffic.requestsPerSecond(), 0.0);
}

void TestRecentTraffic::takesTheQuantileOfTheDifference()
{
    RecentTraffic traffic;
    // 1,000 fast ones in the past say nothing of the last minute.
    traffic.add(at(10s, 0, { 1000, 1000, 1000 }));
    traffic.add(at(20s, 0, { 1000, 1000, 1100 }));
    QVERIFY(traffic.firstByteP95Ms());
    QCOMPARE(*traffic.firstByteP95Ms(), 1000 + 0.95 * 9000);
}

void TestRecentTraffic::beginsAgainWithAnotherEngine()
{
    RecentTraffic traffic;
    traffic.add(at(500s, 9000));
    traffic.add(at(1s, 3));
    QVERIFY(!traffic.requestsPerSecond());
    traffic.add(at(3s, 7));
    QCOMPARE(*traffic.requestsPerSecond(), 2.0);
}

QTEST_GUILESS_MAIN(TestRecentTraffic)
#include "tst_recenttraffic.moc"
