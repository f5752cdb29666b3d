// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/chartmapping.h"
#include "ui/provider/scorebreakdownmodel.h"
#include "ui/provider/timewindow.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <numeric>

using namespace signalbox;

/// From the engine's answers to lines, bands, marks and points lost.
class TestChartMapping : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pointsLieInTheMiddleOfTheirStretch();
    void aStretchThatRunsCountsWhatIsOverOfIt();
    void quietStretchesHaveARateOfZero();
    void missingQuantilesAreGaps();
    void forecastGrowsFromTheLastValue();
    void segmentsTellModeBeforeState();
    void failoversOfOneStepShareAMark();
    void scoreShowsTheFactorThatIsPointedAt();
    void breakdownSumsToTheScore();
    void breakdownSaysWhatIsNotKnown();
    void windowIsLiveUntilItIsPaused();
};

namespace {

SeriesPoint pointAt(std::int64_t startMs, std::uint64_t succeeded, std::uint64_t failed)
{
    SeriesPoint point;
    point.startMs = startMs;
    point.lengthMs = 10'000;
    point.succeeded = succeeded;
    point.failed = failed;
    return point;
}

std::vector<double> values(const ChartSeries &series)
{
    std::vector<double> all;
    for (const ChartPoint &point : *series.points)
        all.push_back(point.value);
    return all;
}

QString cell(const ScoreBreakdownModel &model, int row, int column)
{
    return model.index(row, column).data().toString().replace(QChar(0x202F), QLatin1Char(' '));
}

} // namespace

void TestChartMapping::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

void TestChartMapping::pointsLieInTheMiddleOfTheirStretch()
{
    std::vector<SeriesPoint> points { pointAt(100'000, 4, 0), pointAt(110'000, 4, 0) };
    points[0].firstByteP50Ms = 120;
    const auto lines = latencySeries(points, Latency::FirstByte, 116'000);
    QCOMPARE(lines[0].points->front().timeMs, std::int64_t(105'000));
    QCOMPARE(lines[0].points->back().timeMs, std::int64_t(113'000)); // runs: the middle of what is over
    QCOMPARE(lines[0].points->front().value, 120.0);
    QCOMPARE(lines[0].stepMs, std::int64_t(10'000));
}

void TestChartMapping::aStretchThatRunsCountsWhatIsOverOfIt()
{
    const std::vector<SeriesPoint> points { pointAt(100'000, 18, 2), pointAt(110'000, 8, 4) };
    const auto lines = rateSeries(points, 116'000);
    QCOMPARE(values(lines[0]), (std::vector<double> { 2.0, 2.0 }));
    QCOMPARE(values(lines[1])[0], 0.2);
    QVERIFY(std::isnan(values(rateSeries(points, 112'000)[0])[1])); // has hardly begun
}

void TestChartMapping::quietStretchesHaveARateOfZero()
{
    const auto lines = rateSeries({ pointAt(100'000, 10, 0), pointAt(130'000, 20, 0) }, 200'000);
    QCOMPARE(values(lines[0]), (std::vector<double> { 1.0, 0.0, 0.0, 2.0 }));
    QCOMPARE(lines.size(), std::size_t(2)); // nothing was throttled
}

void TestChartMapping::missingQuantilesAreGaps()
{
    std::vector<SeriesPoint> points { pointAt(100'000, 1, 0), pointAt(110'000, 0, 1) };
    points[0].totalP95Ms = 900;
    points[0].overheadP99Ms = 0.4;
    const auto total = latencySeries(points, Latency::Total, 200'000);
    QCOMPARE(total[1].points->at(0).value, 900.0);
    QVERIFY(total[1].points->at(1).isGap());
    QVERIFY(latencySeries(points, Latency::FirstByte, 200'000)[1].points->at(0).isGap());
    QCOMPARE(overheadSeries(points, 200'000)[1].points->at(0).value, 0.4);
}

void TestChartMapping::forecastGrowsFromTheLastValue()
{
    std::vector<SeriesPoint> points { pointAt(100'000, 1, 0) };
    points[0].firstByteP50Ms = 1000;
    const auto lines = latencySeries(points, Latency::FirstByte, 110'000);
    ProviderSnapshot provider;
    QVERIFY(!forecastFrom(lines[0], provider, 110'000, 170'000));
    provider.trendSlopePerMinute = std::log(2.0) / 5;
    provider.forecastFirstByteMs = 2000;
    const ChartPoints forecast = forecastFrom(lines[0], provider, 110'000, 410'000);
    QCOMPARE(forecast->front().value, 1000.0);
    QVERIFY(std::abs(forecast->at(1).value - 1000) < 1);
    QVERIFY(std::abs(forecast->back().value - 2000) < 1e-6); // in 5 min
    QCOMPARE(forecast->back().timeMs, std::int64_t(410'000));
}

void TestChartMapping::segmentsTellModeBeforeState()
{
    BreakerSegment open;
    open.fromMs = 0;
    open.untilMs = 10;
    open.state = BreakerState::Open;
    open.reason = QStringLiteral("5 failures in a row.");
    BreakerSegment forced = open;
    forced.mode = BreakerMode::ForcedClosed;
    BreakerSegment unknown = open;
    unknown.known = false;
    const auto segments = timelineSegments({ open, forced, unknown });
    using Kind = TimelineSegment::Kind;
    QVERIFY(segments[0].kind == Kind::Open && segments[1].kind == Kind::ForcedClosed &&
            segments[2].kind == Kind::Unknown);
    QCOMPARE(segments[0].reason, open.reason);
    const auto bands = bandsOf({ open, forced, unknown });
    QCOMPARE(bands.size(), std::size_t(2)); // forced closed keeps nobody away
    QVERIFY(bands[0].kind == ChartBand::Kind::Open && bands[1].kind == ChartBand::Kind::Unknown);
}

void TestChartMapping::failoversOfOneStepShareAMark()
{
    std::vector<RequestEvent> failovers(3);
    failovers[0].at = QDateTime::fromMSecsSinceEpoch(100'500);
    failovers[1].at = QDateTime::fromMSecsSinceEpoch(109'000);
    failovers[2].at = QDateTime::fromMSecsSinceEpoch(110'000);
    StateEvent config;
    config.kind = StateEvent::Kind::Config;
    config.at = QDateTime::fromMSecsSinceEpoch(105'000);
    config.reason = QStringLiteral("The configuration was applied.");
    const auto markers = markersOf({ config }, failovers, 10'000);
    QCOMPARE(markers.size(), std::size_t(3));
    QCOMPARE(markers[0].text, config.reason);
    QVERIFY(markers[1].kind == ChartMarker::Kind::Failover && markers[1].text.startsWith(QLatin1Char('2')));
    QCOMPARE(markers[1].timeMs, std::int64_t(105'000));
    QVERIFY(markers[2].text.startsWith(QLatin1Char('1')));
}

void TestChartMapping::scoreShowsTheFactorThatIsPointedAt()
{
    std::vector<SeriesPoint> points { pointAt(100'000, 1, 0) };
    points[0].score = ScoreSeries { 76, 70, 0.9, 0.5, 1, 1 };
    QCOMPARE(scoreSeries(points, std::nullopt, 200'000).size(), std::size_t(1));
    const auto lines = scoreSeries(points, Factor::Response, 200'000);
    QCOMPARE(lines[0].points->front().value, 76.0);
    QCOMPARE(lines[1].points->front().value, 50.0);
    QCOMPARE(lines[1].name, QStringLiteral("response"));
}

void TestChartMapping::breakdownSumsToTheScore()
{
    ScoreBreakdownModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QRandomGenerator random(4);
    const QLocale locale;
    for (int i = 0; i < 200; ++i) {
        ProviderSnapshot provider;
        provider.recentCalls = 47;
        provider.score.label = HealthLabel::Degraded;
        ScoreSnapshot &score = provider.score;
        for (double *factor : { &score.success, &score.response, &score.availability, &score.trend })
            *factor = random.bounded(1.0);
        score.value =
            100 * (0.40 * score.success + 0.25 * score.response + 0.20 * score.availability + 0.15 * score.trend);
        model.setProvider(provider, {});
        // As a reader would add up what is written.
        int lostTenths = 0;
        for (int row = 0; row < model.rowCount(); ++row) {
            const double shown = locale.toDouble(cell(model, row, ScoreBreakdownModel::LostColumn));
            const double weight = locale.toDouble(cell(model, row, ScoreBreakdownModel::WeightColumn));
            QVERIFY(shown >= 0 && shown <= weight);
            lostTenths += static_cast<int>(std::lround(shown * 10));
        }
        const QString total = locale.toString(lostTenths / 10.0, 'f', 1);
        const QString left = locale.toString((1000 - lostTenths) / 10.0, 'f', 1);
        QCOMPARE(model.footer(), QStringLiteral("100 − %1 = %2").arg(total, left));
        QVERIFY(std::abs((1000 - lostTenths) / 10.0 - score.value) <= 0.0501);
    }
    QCOMPARE(roundedToSum({ 0.04, 0.04, 0.04 }), (std::vector<double> { 0.1, 0, 0 }));
}

void TestChartMapping::breakdownSaysWhatIsNotKnown()
{
    ScoreBreakdownModel model;
    ProviderSnapshot provider;
    model.setProvider(provider, {});
    QCOMPARE(cell(model, 0, ScoreBreakdownModel::MeasuredColumn), QStringLiteral("–"));
    QCOMPARE(cell(model, 1, ScoreBreakdownModel::MeasuredColumn), QStringLiteral("–"));
    QCOMPARE(cell(model, 1, ScoreBreakdownModel::LostColumn), QStringLiteral("12.5"));
    QVERIFY(model.footer().startsWith(QStringLiteral("100 − 12.5 = 87.5 (assumed")));

    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setProvider(provider, {});
    QCOMPARE(changed.size(), 0); // nothing else, nothing to paint
    provider.recentCalls = 1204;
    provider.successRate = 0.994;
    provider.firstByte = { 620, 2100, 4000, 900 };
    model.setProvider(provider, {});
    QCOMPARE(cell(model, 0, ScoreBreakdownModel::MeasuredColumn), QStringLiteral("99.4 % of 1,204"));
    QCOMPARE(cell(model, 1, ScoreBreakdownModel::MeasuredColumn), QStringLiteral("620 ms / 2.1 s"));
    QCOMPARE(cell(model, 1, ScoreBreakdownModel::TargetColumn), QStringLiteral("≤ 500 ms"));
    QCOMPARE(changed.size(), 2);

    HealthSettings strict;
    strict.firstByteGoodMs = Milliseconds(200);
    model.setProvider(provider, strict);
    QCOMPARE(cell(model, 1, ScoreBreakdownModel::TargetColumn), QStringLiteral("≤ 200 ms"));
    QCOMPARE(latencyTargets(Latency::FirstByte, strict)[0].value, 200.0);
}

void TestChartMapping::windowIsLiveUntilItIsPaused()
{
    TimeWindow window;
    QCOMPARE(window.spanAt(1'000'000), (TimeSpan { 700'000, 1'000'000 }));
    QCOMPARE(window.forecastMs(), std::int64_t(60'000));
    window.setRange(2);
    QCOMPARE(window.spanAt(10'000'000).lengthMs(), std::int64_t(3'600'000));
    QCOMPARE(window.forecastMs(), std::int64_t(300'000));
    window.pause({ 500, 900 }, 2000);
    QVERIFY(!window.isLive());
    QCOMPARE(window.spanAt(10'000'000), (TimeSpan { 500, 900 }));
    QCOMPARE(window.forecastMs(), std::int64_t(0));
    window.pause({ 600, 700 }, 3000); // zoomed in while paused
    QCOMPARE(window.pausedAtMs(), std::int64_t(2000));
    window.goLive();
    QCOMPARE(window.spanAt(10'000'000).untilMs, std::int64_t(10'000'000));
    window.setRange(99);
    QCOMPARE(window.rangeIndex(), timeRanges.size() - 1);
}

QTEST_GUILESS_MAIN(TestChartMapping)
#include "tst_chartmapping.moc"
