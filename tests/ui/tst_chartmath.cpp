// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/decimation.h"
#include "ui/charts/labellayout.h"
#include "ui/charts/ticks.h"

#include <QDateTime>
#include <QTest>
#include <QTimeZone>

#include <algorithm>

using namespace signalbox;

/// What is drawn where: points per pixel, round ticks, labels that do not cover each other.
class TestChartMath : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void splitsAtMissingValues();
    void splitsAtLongSteps();
    void keepsEverySpike();
    void keepsFewPointsAsTheyAre();
    void takesNeighboursOfTheSpan();
    void linearTicksAreRound_data();
    void linearTicksAreRound();
    void logTicksAreRound_data();
    void logTicksAreRound();
    void scaleMapsThereAndBack();
    void timeTicksAreRoundLocalTimes_data();
    void timeTicksAreRoundLocalTimes();
    void timeTicksFollowTheClockChange();
    void labelsDoNotCoverEachOther_data();
    void labelsDoNotCoverEachOther();
    void labelsStayWhereTheyHaveRoom();
    void rowsJoinTheSeries();
    void valuesAreWrittenWithTheirUnit();
};

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::vector<ChartPoint> pointsOf(std::initializer_list<double> values, std::int64_t stepMs = 1000)
{
    std::vector<ChartPoint> points;
    for (const double value : values)
        points.push_back({ static_cast<std::int64_t>(points.size()) * stepMs, value });
    return points;
}

std::int64_t at(const char *isoTime)
{
    return QDateTime::fromString(QString::fromLatin1(isoTime), Qt::ISODate).toMSecsSinceEpoch();
}

} // namespace

void TestChartMath::initTestCase()
{
    qputenv("TZ", "Europe/Berlin");
    QLocale::setDefault(QLocale::c());
}

void TestChartMath::splitsAtMissingValues()
{
    const auto segments = splitAtGaps(pointsOf({ missing, 1, 2, missing, missing, 3, missing }), 1000);
    QCOMPARE(segments.size(), std::size_t(2));
    QCOMPARE(segments[0].size(), std::size_t(2));
    QCOMPARE(segments[1].front().value, 3.0);
    QVERIFY(splitAtGaps({}, 1000).empty());
}

void TestChartMath::splitsAtLongSteps()
{
    const std::vector<ChartPoint> points { { 0, 1 }, { 1000, 2 }, { 2500, 3 }, { 4100, 4 } };
    QCOMPARE(splitAtGaps(points, 1000).size(), std::size_t(2));
    QCOMPARE(splitAtGaps(points, 0).size(), std::size_t(1));
}

void TestChartMath::keepsEverySpike()
{
    std::vector<ChartPoint> points;
    for (int i = 0; i < 10'000; ++i)
        points.push_back({ i * 1000, i % 97 == 0 ? 50.0 : i % 89 == 0 ? -50.0 : 1.0 });
    points[4321].value = 999;
    const TimeSpan span { 0, 10'000 * 1000 };
    const LineSegment drawn = decimate(points, span, 300);
    QVERIFY(drawn.size() <= 2 * 300 + 2);
    QVERIFY(std::is_sorted(drawn.begin(), drawn.end(),
                           [](const ChartPoint &a, const ChartPoint &b) { return a.timeMs < b.timeMs; }));
    const auto spike = std::find_if(drawn.begin(), drawn.end(), [](const ChartPoint &p) { return p.value == 999; });
    QVERIFY(spike != drawn.end());
    QCOMPARE(spike->timeMs, std::int64_t(4321 * 1000));
    QCOMPARE(drawn.front().timeMs, points.front().timeMs);
    QCOMPARE(drawn.back().timeMs, points.back().timeMs);
    // In each column both the highest and the lowest are left.
    const auto count = [&drawn](double value) {
        return std::count_if(drawn.begin(), drawn.end(), [value](const ChartPoint &p) { return p.value == value; });
    };
    QVERIFY(count(50) > 90);
    QVERIFY(count(-50) > 90);
}

void TestChartMath::keepsFewPointsAsTheyAre()
{
    const auto points = pointsOf({ 3, 1, 2 });
    QCOMPARE(decimate(points, { 0, 3000 }, 100).size(), points.size());
    QVERIFY(decimate({}, { 0, 3000 }, 100).empty());
}

void TestChartMath::takesNeighboursOfTheSpan()
{
    const auto points = pointsOf({ 0, 1, 2, 3, 4, 5, 6 });
    const auto taken = pointsIn(points, { 2500, 4500 });
    QCOMPARE(taken.front().value, 2.0);
    QCOMPARE(taken.back().value, 5.0);
    QCOMPARE(pointsIn(points, { -10'000, 100'000 }).size(), points.size());
}

void TestChartMath::linearTicksAreRound_data()
{
    QTest::addColumn<double>("highest");
    QTest::addColumn<QList<double>>("ticks");
    QTest::newRow("nothing") << 0.0 << QList<double> { 0, 0.25, 0.5, 0.75, 1 };
    QTest::newRow("just above") << 1.01 << QList<double> { 0, 0.5, 1, 1.5 };
    QTest::newRow("tens") << 37.0 << QList<double> { 0, 10, 20, 30, 40 };
    QTest::newRow("exact") << 100.0 << QList<double> { 0, 25, 50, 75, 100 };
    QTest::newRow("seconds") << 8400.0 << QList<double> { 0, 2500, 5000, 7500, 10000 };
    QTest::newRow("small") << 0.003 << QList<double> { 0, 0.001, 0.002, 0.003 };
}

void TestChartMath::linearTicksAreRound()
{
    QFETCH(const double, highest);
    QFETCH(const QList<double>, ticks);
    const ValueScale scale = linearScale(0, highest);
    QCOMPARE(static_cast<qsizetype>(scale.ticks.size()), ticks.size());
    for (qsizetype i = 0; i < ticks.size(); ++i)
        QVERIFY(std::abs(scale.ticks[static_cast<std::size_t>(i)] - ticks[i]) < 1e-9);
    QVERIFY(scale.top >= highest);
}

void TestChartMath::logTicksAreRound_data()
{
    QTest::addColumn<double>("lowest");
    QTest::addColumn<double>("highest");
    QTest::addColumn<QList<double>>("ticks");
    QTest::newRow("decade") << 120.0 << 900.0 << QList<double> { 100, 200, 500, 1000 };
    QTest::newRow("two decades") << 35.0 << 2800.0 << QList<double> { 30, 100, 300, 1000, 3000 };
    QTest::newRow("four decades") << 1.5 << 8000.0 << QList<double> { 1, 10, 100, 1000, 10000 };
    QTest::newRow("one value") << 300.0 << 300.0 << QList<double> { 200, 500 };
    QTest::newRow("nothing") << 0.0 << 0.0 << QList<double> { 1, 2 };
}

void TestChartMath::logTicksAreRound()
{
    QFETCH(const double, lowest);
    QFETCH(const double, highest);
    QFETCH(const QList<double>, ticks);
    const ValueScale scale = logScale(lowest, highest);
    QStringList got;
    for (const double tick : scale.ticks)
        got.append(QString::number(tick));
    QStringList wanted;
    for (const double tick : ticks)
        wanted.append(QString::number(tick));
    QCOMPARE(got, wanted);
    QVERIFY(scale.bottom <= std::max(lowest, scale.bottom));
    QVERIFY(scale.top >= highest);
}

void TestChartMath::scaleMapsThereAndBack()
{
    for (const ValueScale &scale : { linearScale(0, 840), logScale(12, 840) }) {
        QCOMPARE(scale.fractionOf(scale.bottom), 0.0);
        QCOMPARE(scale.fractionOf(scale.top), 1.0);
        QVERIFY(std::abs(scale.valueAt(scale.fractionOf(123)) - 123) < 1e-6);
    }
    QVERIFY(std::isfinite(logScale(12, 840).fractionOf(0)));
}

void TestChartMath::timeTicksAreRoundLocalTimes_data()
{
    QTest::addColumn<int>("minutes");
    QTest::addColumn<QStringList>("labels");
    QTest::newRow("1 min") << 1 << QStringList { QStringLiteral("12:00:00"), QStringLiteral("12:00:10"),
                                                 QStringLiteral("12:00:20"), QStringLiteral("12:00:30"),
                                                 QStringLiteral("12:00:40"), QStringLiteral("12:00:50"),
                                                 QStringLiteral("12:01:00") };
    QTest::newRow("5 min") << 5
                           << QStringList { QStringLiteral("12:00"), QStringLiteral("12:01"), QStringLiteral("12:02"),
                                            QStringLiteral("12:03"), QStringLiteral("12:04"), QStringLiteral("12:05") };
    QTest::newRow("1 h") << 60
                         << QStringList { QStringLiteral("12:00"), QStringLiteral("12:10"), QStringLiteral("12:20"),
                                          QStringLiteral("12:30"), QStringLiteral("12:40"), QStringLiteral("12:50"),
                                          QStringLiteral("13:00") };
    QTest::newRow("6 h") << 360
                         << QStringList { QStringLiteral("12:00"), QStringLiteral("13:00"), QStringLiteral("14:00"),
                                          QStringLiteral("15:00"), QStringLiteral("16:00"), QStringLiteral("17:00"),
                                          QStringLiteral("18:00") };
    QTest::newRow("24 h") << 1440
                          << QStringList { QStringLiteral("12:00"), QStringLiteral("18:00"), QStringLiteral("26 Nov"),
                                           QStringLiteral("06:00"), QStringLiteral("12:00") };
    QTest::newRow("7 d") << 10080
                         << QStringList { QStringLiteral("26 Nov"), QStringLiteral("27 Nov"), QStringLiteral("28 Nov"),
                                          QStringLiteral("29 Nov"), QStringLiteral("30 Nov"), QStringLiteral("1 Dec"),
                                          QStringLiteral("2 Dec") };
}

void TestChartMath::timeTicksAreRoundLocalTimes()
{
    QFETCH(const int, minutes);
    QFETCH(const QStringList, labels);
    const std::int64_t since = at("2026-11-25T12:00:00+01:00");
    QStringList got;
    for (const TimeTick &tick : timeTicks({ since, since + minutes * 60'000 }, 7))
        got.append(tick.label);
    QCOMPARE(got, labels);
}

void TestChartMath::timeTicksFollowTheClockChange()
{
    // In Berlin the night to 25 October 2026 had an hour twice; midnights are 25 h apart.
    const std::int64_t since = at("2026-10-24T00:00:00+02:00");
    const std::vector<TimeTick> ticks = timeTicks({ since, since + 3 * 86'400'000LL + 3'600'000 }, 4);
    QCOMPARE(ticks.size(), std::size_t(4));
    for (const TimeTick &tick : ticks)
        QCOMPARE(QDateTime::fromMSecsSinceEpoch(tick.timeMs).time(), QTime(0, 0));
    QCOMPARE(ticks[2].timeMs - ticks[1].timeMs, std::int64_t(25 * 3'600'000));
}

void TestChartMath::labelsDoNotCoverEachOther_data()
{
    QTest::addColumn<QList<double>>("wanted");
    QTest::newRow("none") << QList<double> {};
    QTest::newRow("same place") << QList<double> { 50, 50, 50 };
    QTest::newRow("at the top") << QList<double> { 0, 1, 2 };
    QTest::newRow("at the bottom") << QList<double> { 200, 199, 198, 60 };
    QTest::newRow("chain") << QList<double> { 40, 48, 56, 64, 72, 30 };
}

void TestChartMath::labelsDoNotCoverEachOther()
{
    QFETCH(const QList<double>, wanted);
    constexpr double height = 14;
    const std::vector<double> wishes(wanted.begin(), wanted.end());
    const std::vector<double> placed = placeLabels(wishes, height, 0, 200);
    QCOMPARE(placed.size(), wishes.size());
    for (std::size_t i = 0; i < placed.size(); ++i) {
        QVERIFY(placed[i] >= height / 2 - 1e-9 && placed[i] <= 200 - height / 2 + 1e-9);
        for (std::size_t j = 0; j < placed.size(); ++j) {
            if (i == j)
                continue;
            QVERIFY(std::abs(placed[i] - placed[j]) >= height - 1e-9);
            if (wishes[i] < wishes[j])
                QVERIFY(placed[i] < placed[j]);
        }
    }
}

void TestChartMath::labelsStayWhereTheyHaveRoom()
{
    const std::vector<double> wanted { 150, 20, 80 };
    QCOMPARE(placeLabels(wanted, 14, 0, 200), wanted);
}

void TestChartMath::rowsJoinTheSeries()
{
    ChartSeries a;
    a.points = std::make_shared<const std::vector<ChartPoint>>(pointsOf({ 1, missing, 3 }));
    ChartSeries b;
    b.points = std::make_shared<const std::vector<ChartPoint>>(pointsOf({ missing, missing, 30, 40 }));
    const auto rows = chartRows({ a, b, ChartSeries() }, { 0, 2000 });
    QCOMPARE(rows.size(), std::size_t(2));
    QCOMPARE(rows[0].timeMs, std::int64_t(0));
    QVERIFY(rows[0].values[0] == 1.0 && !rows[0].values[1] && !rows[0].values[2]);
    QVERIFY(rows[1].values[0] == 3.0 && rows[1].values[1] == 30.0);
}

void TestChartMath::valuesAreWrittenWithTheirUnit()
{
    const auto text = [](double value, ChartUnit unit) {
        return chartValueText(value, unit).replace(QChar(0x202F), QLatin1Char(' '));
    };
    QCOMPARE(text(8400, ChartUnit::Milliseconds), QStringLiteral("8.4 s"));
    QCOMPARE(text(2.5, ChartUnit::PerSecond), QStringLiteral("2.5/s"));
    QCOMPARE(text(62, ChartUnit::Percent), QStringLiteral("62 %"));
    QCOMPARE(text(96.4, ChartUnit::Score), QStringLiteral("96"));
    QCOMPARE(text(missing, ChartUnit::Count), QStringLiteral("–"));
    const auto tick = [](double value) {
        return chartTickText(value, ChartUnit::Milliseconds).replace(QChar(0x202F), QLatin1Char(' '));
    };
    QCOMPARE(tick(0), QStringLiteral("0"));
    QCOMPARE(tick(250), QStringLiteral("250 ms"));
    QCOMPARE(tick(1500), QStringLiteral("1.5 s"));
}

QTEST_GUILESS_MAIN(TestChartMath)
#include "tst_chartmath.moc"
