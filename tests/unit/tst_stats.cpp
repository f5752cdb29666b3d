// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stats/availabilitywindow.h"
#include "engine/stats/cumulativehistogram.h"
#include "engine/stats/loghistogram.h"
#include "engine/stats/timeseries.h"
#include "engine/stats/trafficwindow.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <vector>

using namespace signalbox;

class TestStats : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void histogramErrorIsBounded();
    void histogramTakesAnyValue();
    void histogramQuantilesAreNearestRank();
    void histogramSubtractsWhatWasMerged();
    void trafficWindowForgetsAfterFiveMinutes();
    void trafficWindowSurvivesALongPause();
    void trafficWindowGivesMediansPerBucket();
    void trafficWindowKeepsClassesApart();
    void availabilityStartsAtItsLevel();
    void availabilityCountsHalfAndDown();
    void availabilitySlides();
    void availabilityMatchesExactIntegration();
    void cumulativeHistogramCounts();
    void timeRingGivesWhatWasPut();
    void timeRingForgetsAndLeavesGaps();
};

void TestStats::histogramErrorIsBounded()
{
    std::mt19937 random(1);
    std::uniform_real_distribution<double> exponent(std::log(LogHistogram::LowestMs), std::log(1'048'000.0));
    for (int i = 0; i < 200'000; ++i) {
        const double value = std::exp(exponent(random));
        const double read = LogHistogram::middleOf(LogHistogram::stepOf(value));
        QVERIFY2(std::abs(read - value) <= value / 64.0 * (1 + 1e-12), qPrintable(QString::number(value)));
    }
    for (std::size_t step = 0; step < LogHistogram::Steps; ++step)
        QCOMPARE(LogHistogram::stepOf(LogHistogram::middleOf(step)), step);
}

void TestStats::histogramTakesAnyValue()
{
    LogHistogram histogram;
    for (const double value : { -1.0, 0.0, 1e300, std::numeric_limits<double>::infinity(),
                                -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN() })
        histogram.add(value);
    QCOMPARE(histogram.count(), std::uint64_t { 6 });
    QCOMPARE(LogHistogram::stepOf(-1.0), std::size_t { 0 });
    QCOMPARE(LogHistogram::stepOf(1e300), LogHistogram::Steps - 1);
    QVERIFY(std::isfinite(histogram.sumMs()));
}

void TestStats::histogramQuantilesAreNearestRank()
{
    LogHistogram histogram;
    QVERIFY(!histogram.quantile(0.5).has_value());
    std::vector<double> values;
    std::mt19937 random(2);
    for (int i = 0; i < 997; ++i) {
        values.push_back(std::uniform_real_distribution(1.0, 5'000.0)(random));
        histogram.add(values.back());
    }
    std::sort(values.begin(), values.end());
    for (const double q : { 0.0, 0.01, 0.5, 0.95, 0.99, 1.0 }) {
        const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(q * 997.0)));
        const double exact = values[rank - 1];
        QVERIFY(std::abs(*histogram.quantile(q) - exact) <= exact / 64.0 * (1 + 1e-12));
    }
}

void TestStats::histogramSubtractsWhatWasMerged()
{
    LogHistogram a;
    LogHistogram b;
    for (int i = 1; i < 500; ++i) {
        a.add(i * 1.7);
        b.add(i * 13.3);
    }
    LogHistogram both = a;
    both.merge(b);
    QCOMPARE(both.count(), a.count() + b.count());
    both.subtract(b);
    QCOMPARE(both.count(), a.count());
    QCOMPARE(both.sumMs(), a.sumMs());
    for (const double q : { 0.1, 0.5, 0.9 })
        QCOMPARE(both.quantile(q), a.quantile(q));
}

void TestStats::trafficWindowForgetsAfterFiveMinutes()
{
    const auto window = std::make_unique<TrafficWindow>(0);
    window->addSuccess(LatencyClass::FirstByte, 100, 29'999);
    window->addFailure(30'000);
    QCOMPARE(window->counts(299'999).ok, std::uint64_t { 1 });
    QCOMPARE(window->counts(300'000).ok, std::uint64_t { 0 });
    QCOMPARE(window->quantiles(LatencyClass::FirstByte, 300'000).samples, std::uint64_t { 0 });
    QCOMPARE(window->counts(329'999).failed, std::uint64_t { 1 });
    QCOMPARE(window->counts(330'000).failed, std::uint64_t { 0 });
}

void TestStats::trafficWindowSurvivesALongPause()
{
    const auto window = std::make_unique<TrafficWindow>(0);
    for (std::int64_t t = 0; t < 300'000; t += 1'000)
        window->addSuccess(LatencyClass::Total, 50, t);
    QCOMPARE(window->counts(7'000'000'000).ok, std::uint64_t { 0 });
    window->addSuccess(LatencyClass::Total, 50, 7'000'000'000);
    QCOMPARE(window->counts(7'000'000'000).ok, std::uint64_t { 1 });
    QCOMPARE(window->quantiles(LatencyClass::Total, 7'000'000'000).samples, std::uint64_t { 1 });
}

void TestStats::trafficWindowGivesMediansPerBucket()
{
    const auto window = std::make_unique<TrafficWindow>(0);
    window->addSuccess(LatencyClass::FirstByte, 100, 0);
    window->addSuccess(LatencyClass::FirstByte, 400, 60'000);
    window->addSuccess(LatencyClass::FirstByte, 400, 60'001);
    window->addSuccess(LatencyClass::FirstByte, 9'000, 60'002);
    const TrafficWindow::Medians medians = window->firstByteMedians(90'000);
    QVERIFY(std::abs(medians[6].value() - 100) <= 100 / 64.0);
    QVERIFY(!medians[7].has_value());
    QVERIFY(std::abs(medians[8].value() - 400) <= 400 / 64.0);
    QVERIFY(!medians[9].has_value());
}

void TestStats::trafficWindowKeepsClassesApart()
{
    const auto window = std::make_unique<TrafficWindow>(0);
    window->addSuccess(LatencyClass::FirstByte, 100, 0);
    window->addSuccess(LatencyClass::Total, 20'000, 0);
    window->addSuccess(0);
    QCOMPARE(window->counts(0).ok, std::uint64_t { 3 });
    QVERIFY(*window->quantiles(LatencyClass::FirstByte, 0).p99Ms < 110);
    QVERIFY(*window->quantiles(LatencyClass::Total, 0).p50Ms > 19'000);
}

void TestStats::availabilityStartsAtItsLevel()
{
    QCOMPARE(AvailabilityWindow(AvailabilityLevel::Up, 12'345).share(12'345), 1.0);
    QCOMPARE(AvailabilityWindow(AvailabilityLevel::Down, 12'345).share(12'345), 0.0);
}

void TestStats::availabilityCountsHalfAndDown()
{
    AvailabilityWindow window(AvailabilityLevel::Up, 500);
    window.setLevel(AvailabilityLevel::Down, 10'500);
    window.setLevel(AvailabilityLevel::Half, 20'500);
    QCOMPARE(window.share(40'500), (10.0 + 0.0 + 10.0) / 40.0);
}

void TestStats::availabilitySlides()
{
    AvailabilityWindow window(AvailabilityLevel::Down, 0);
    window.setLevel(AvailabilityLevel::Up, 300'000);
    QCOMPARE(window.share(450'000), 0.5);
    QCOMPARE(window.share(600'000), 1.0);
    window.setLevel(AvailabilityLevel::Down, 600'000);
    QCOMPARE(window.share(600'000'000), 0.0);
}

void TestStats::availabilityMatchesExactIntegration()
{
    std::mt19937 random(3);
    AvailabilityWindow window(AvailabilityLevel::Up, 0);
    std::vector<std::pair<std::int64_t, int>> changes { { 0, 2 } };
    std::int64_t nowMs = 0;
    for (int i = 0; i < 3'000; ++i) {
        nowMs += std::uniform_int_distribution<std::int64_t>(0, i % 100 == 0 ? 400'000 : 3'000)(random);
        const int level = std::uniform_int_distribution(0, 2)(random);
        window.setLevel(static_cast<AvailabilityLevel>(level), nowMs);
        changes.emplace_back(nowMs, level);
        const std::int64_t from = std::max<std::int64_t>(0, nowMs - AvailabilityWindow::WindowMs);
        double halves = 0;
        for (std::size_t k = 0; k + 1 < changes.size(); ++k) {
            const std::int64_t overlap = changes[k + 1].first - std::max(from, changes[k].first);
            halves += static_cast<double>(std::max<std::int64_t>(0, overlap)) * changes[k].second;
        }
        if (nowMs > from) // to the second of the window's far end
            QVERIFY(std::abs(window.share(nowMs) - halves / 2.0 / static_cast<double>(nowMs - from)) <=
                    1.0 / 300 + 1e-9);
    }
}

void TestStats::cumulativeHistogramCounts()
{
    CumulativeHistogram histogram({ 0.1, 1, 10 });
    for (const double value : { 0.05, 0.1, 0.5, 5.0, 50.0 })
        histogram.observe(value);
    const CumulativeCounts counts = histogram.counts();
    QCOMPARE(counts.cumulativeCounts, (std::vector<std::uint64_t> { 2, 3, 4 }));
    QCOMPARE(counts.count, std::uint64_t { 5 });
    QCOMPARE(counts.sum, 55.65);
    QVERIFY(std::is_sorted(CumulativeHistogram::answerBounds().begin(), CumulativeHistogram::answerBounds().end()));
    QVERIFY(std::is_sorted(CumulativeHistogram::overheadBounds().begin(), CumulativeHistogram::overheadBounds().end()));
}

namespace {

struct TestSlot
{
    std::int64_t startMs = -1;
    int value = 0;
};

} // namespace

void TestStats::timeRingGivesWhatWasPut()
{
    TimeRing<TestSlot> ring(10'000, 6);
    QVERIFY(!ring.oldestMs());
    QVERIFY(ring.slots(0, 1'000'000).empty());
    for (int i = 3; i < 6; ++i)
        ring.put({ i * 10'000, i });
    QCOMPARE(ring.oldestMs(), std::optional<std::int64_t>(30'000));
    const std::vector<TestSlot> all = ring.slots(0, 1'000'000);
    QCOMPARE(all.size(), std::size_t { 3 });
    QCOMPARE(all.front().value, 3);
    QCOMPARE(all.back().value, 5);
    // From the first that starts inside, to the last that starts before the end.
    QCOMPARE(ring.slots(30'001, 50'001).size(), std::size_t { 2 });
    QCOMPARE(ring.slots(30'000, 50'000).size(), std::size_t { 2 });
}

void TestStats::timeRingForgetsAndLeavesGaps()
{
    TimeRing<TestSlot> ring(1'000, 10);
    for (int i = 0; i < 25; ++i) {
        if (i != 20)
            ring.put({ i * 1'000, i });
    }
    QCOMPARE(ring.oldestMs(), std::optional<std::int64_t>(15'000));
    const std::vector<TestSlot> all = ring.slots(0, 100'000);
    // The slot of second 20 still holds second 10: that is not shown as if it were new.
    QCOMPARE(all.size(), std::size_t { 9 });
    QCOMPARE(all.front().value, 15);
    QVERIFY(std::none_of(all.begin(), all.end(), [](const TestSlot &slot) { return slot.startMs == 20'000; }));
}

QTEST_APPLESS_MAIN(TestStats)
#include "tst_stats.moc"
