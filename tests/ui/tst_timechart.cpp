// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/breakertimeline.h"
#include "ui/charts/charttable.h"
#include "ui/charts/linelook.h"
#include "ui/charts/timechart.h"
#include "ui/style/appearance.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace signalbox;

/// Charts as widgets: what is drawn, and that mouse and keyboard reach the same.
class TestTimeChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void drawsLinesWhereTheValuesAre();
    void drawsNothingInAGap();
    void dashedLineCoversNothingButItself();
    void saysThatThereIsNothing();
    void followsTheTheme();
    void bandsTellTheirKindByPattern();
    void sharesTheCrossHair();
    void dragSelects();
    void keysMoveSelectAndZoom();
    void thresholdFollowsMouseAndKeys();
    void keysChooseAmongThresholds();
    void logarithmicAxisStartsAtALowRoundValue();
    void screenReaderHearsASummary();
    void showsItsValuesAsATable();
    void alignsThePlotsOfAGroup();
    void hiddenChartDrawsNothing();
    void timelineStepsThroughChanges();
    void timelineKeepsWhatWasChosen();

private:
    QImage image() { return m_chart->grab().toImage().convertToFormat(QImage::Format_RGB32); }
    int pixelsLike(const QImage &image, const QRect &area, const QColor &color) const;

    std::unique_ptr<Appearance> m_appearance;
    std::unique_ptr<ChartGroup> m_group;
    std::unique_ptr<TimeChart> m_chart;
};

namespace {

constexpr std::int64_t start = 1'790'000'000'000;
constexpr TimeSpan minute { start, start + 60'000 };

ChartSeries lineOf(const QString &name, LineStyle style, const std::vector<double> &values)
{
    std::vector<ChartPoint> points;
    points.reserve(values.size());
    for (const double value : values)
        points.push_back({ start + static_cast<std::int64_t>(points.size()) * 10'000, value });
    ChartSeries series;
    series.name = name;
    series.style = style;
    series.stepMs = 10'000;
    series.points = std::make_shared<const std::vector<ChartPoint>>(std::move(points));
    return series;
}

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

} // namespace

void TestTimeChart::init()
{
    QLocale::setDefault(QLocale::c());
    m_appearance = std::make_unique<Appearance>(Appearance::Scheme::Light);
    m_group = std::make_unique<ChartGroup>();
    m_group->setSpan(minute);
    m_chart =
        std::make_unique<TimeChart>(QStringLiteral("First byte"), ChartUnit::Milliseconds, *m_appearance, *m_group);
    m_chart->resize(600, 240);
    m_chart->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_chart.get()));
}

void TestTimeChart::cleanup()
{
    m_chart.reset();
    m_group.reset();
    m_appearance.reset();
}

int TestTimeChart::pixelsLike(const QImage &image, const QRect &area, const QColor &color) const
{
    int found = 0;
    for (int y = area.top(); y <= area.bottom(); ++y) {
        for (int x = area.left(); x <= area.right(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            const int distance = std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green()) +
                std::abs(pixel.blue() - color.blue());
            found += distance < 40 ? 1 : 0;
        }
    }
    return found;
}

void TestTimeChart::drawsLinesWhereTheValuesAre()
{
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95, { 500, 500, 500, 500, 500, 500, 500 }) });
    const QImage drawn = image();
    const PlotGeometry &geometry = m_chart->geometry();
    const QColor color = m_appearance->theme().chartP95;
    const int y = static_cast<int>(geometry.y(500));
    const int left = static_cast<int>(geometry.plot.left());
    const int width = static_cast<int>(geometry.plot.width());
    QVERIFY(pixelsLike(drawn, QRect(left, y - 2, width, 5), color) > width / 2);
    QCOMPARE(pixelsLike(drawn, QRect(left, y + 8, width, 20), color), 0);
}

void TestTimeChart::drawsNothingInAGap()
{
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95,
                                { 500, 500, 500, std::numeric_limits<double>::quiet_NaN(), 500, 500, 500 }) });
    const QImage drawn = image();
    const PlotGeometry &geometry = m_chart->geometry();
    const QColor color = m_appearance->theme().chartP95;
    const int y = static_cast<int>(geometry.y(500));
    const auto between = [&](double fromS, double toS) {
        const int from = static_cast<int>(geometry.x(start + static_cast<std::int64_t>(fromS * 1000)));
        const int to = static_cast<int>(geometry.x(start + static_cast<std::int64_t>(toS * 1000)));
        return pixelsLike(drawn, QRect(from, y - 3, to - from, 7), color);
    };
    QCOMPARE(between(21, 39), 0);
    QVERIFY(between(5, 15) > 20);
    QVERIFY(between(45, 55) > 20);
}

void TestTimeChart::dashedLineCoversNothingButItself()
{
    // Were the dashed line filled like an area, it would hide the solid one under its peak.
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95, { 500, 500, 500, 500, 500, 500, 500 }),
                         lineOf(QStringLiteral("p99"), LineStyle::P99, { 400, 400, 400, 900, 400, 400, 400 }) });
    const QImage drawn = image();
    const PlotGeometry &geometry = m_chart->geometry();
    const int from = static_cast<int>(geometry.x(start + 27'000));
    const int to = static_cast<int>(geometry.x(start + 33'000));
    const QRect underThePeak(from, static_cast<int>(geometry.y(500)) - 2, to - from, 5);
    QVERIFY(pixelsLike(drawn, underThePeak, m_appearance->theme().chartP95) >= to - from);
}

void TestTimeChart::saysThatThereIsNothing()
{
    QCOMPARE(m_chart->summary(), QStringLiteral("No requests in this time"));
    const QImage empty = image();
    const QRect plot = m_chart->geometry().plot.toRect();
    QVERIFY(pixelsLike(empty, plot, m_appearance->theme().textMuted) > 10);
}

void TestTimeChart::followsTheTheme()
{
    const Appearance appearance(Appearance::Scheme::FollowSystem);
    TimeChart chart(QStringLiteral("First byte"), ChartUnit::Milliseconds, appearance, *m_group);
    chart.resize(600, 240);
    const bool wasDark = appearance.theme().dark;
    QCOMPARE(chart.grab().toImage().pixelColor(5, 120), appearance.theme().surface);
    QPalette desktop = appearance.theme().palette();
    desktop.setColor(QPalette::Window, wasDark ? Qt::white : Qt::black);
    desktop.setColor(QPalette::WindowText, wasDark ? Qt::black : Qt::white);
    QApplication::setPalette(desktop);
    QCOMPARE(appearance.theme().dark, !wasDark);
    QCOMPARE(chart.grab().toImage().pixelColor(5, 120), appearance.theme().surface);
}

void TestTimeChart::bandsTellTheirKindByPattern()
{
    QList<QImage> tiles;
    for (const auto kind :
         { ChartBand::Kind::Open, ChartBand::Kind::HalfOpen, ChartBand::Kind::Forced, ChartBand::Kind::Unknown })
        tiles.append(bandBrush(kind, m_appearance->theme(), 1).textureImage().convertToFormat(QImage::Format_Alpha8));
    for (qsizetype i = 0; i < tiles.size(); ++i) {
        for (qsizetype j = 0; j < i; ++j)
            QVERIFY(tiles[i] != tiles[j]); // the shape alone, without colour
    }
    const QImage before = image();
    m_chart->setBands({ { { start + 20'000, start + 40'000 }, ChartBand::Kind::Open } });
    const QImage after = image();
    const PlotGeometry &geometry = m_chart->geometry();
    const QPoint inside(static_cast<int>(geometry.x(start + 30'000)), static_cast<int>(geometry.plot.top()) + 10);
    const QPoint outside(static_cast<int>(geometry.x(start + 50'000)), inside.y());
    QVERIFY(before.pixel(inside) != after.pixel(inside));
    QCOMPARE(before.pixel(outside), after.pixel(outside));
}

void TestTimeChart::sharesTheCrossHair()
{
    TimeChart other(QStringLiteral("Other"), ChartUnit::PerSecond, *m_appearance, *m_group);
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95, { 10, 20, 30, 40, 50, 60, 70 }) });
    other.setSeries({ lineOf(QStringLiteral("rate"), LineStyle::Neutral, { 1, 2, 3, 4, 5, 6, 7 }) });
    image();
    const QPointF at(m_chart->geometry().x(start + 30'500), m_chart->geometry().plot.center().y());
    QTest::mouseMove(m_chart.get(), at.toPoint());
    QVERIFY(plain(m_chart->readout()).endsWith(QStringLiteral("p95 40.0 ms")));
    QVERIFY(other.readout().endsWith(QStringLiteral("rate 4/s")));
}

void TestTimeChart::dragSelects()
{
    image();
    QSignalSpy selected(m_group.get(), &ChartGroup::selected);
    const PlotGeometry geometry = m_chart->geometry();
    const auto point = [&geometry](int seconds) {
        return QPointF(geometry.x(start + seconds * 1000), geometry.plot.center().y()).toPoint();
    };
    QTest::mousePress(m_chart.get(), Qt::LeftButton, {}, point(40));
    QTest::mouseMove(m_chart.get(), point(30));
    QTest::mouseMove(m_chart.get(), point(10));
    QVERIFY(m_group->selection());
    QTest::mouseRelease(m_chart.get(), Qt::LeftButton, {}, point(10));
    QCOMPARE(selected.size(), 1);
    const auto span = selected[0][0].value<TimeSpan>();
    QVERIFY(std::abs(span.sinceMs - (start + 10'000)) < 500);
    QVERIFY(std::abs(span.untilMs - (start + 40'000)) < 500);
    QVERIFY(!m_group->selection());
    // A click is no selection.
    QTest::mouseClick(m_chart.get(), Qt::LeftButton, {}, point(20));
    QCOMPARE(selected.size(), 1);
}

void TestTimeChart::keysMoveSelectAndZoom()
{
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95, { 10, 20, 30, 40, 50, 60, 70 }) });
    image();
    m_chart->setFocus();
    QTest::keyClick(m_chart.get(), Qt::Key_Left);
    QCOMPARE(m_group->crossHair(), std::optional<std::int64_t>(start + 50'000));
    QTest::keyClick(m_chart.get(), Qt::Key_Left);
    QVERIFY(plain(m_chart->readout()).endsWith(QStringLiteral("p95 50.0 ms")));
    QTest::keyClick(m_chart.get(), Qt::Key_Right);
    QCOMPARE(m_group->crossHair(), std::optional<std::int64_t>(start + 50'000));

    QSignalSpy selected(m_group.get(), &ChartGroup::selected);
    QTest::keyClick(m_chart.get(), Qt::Key_Left, Qt::ShiftModifier);
    QTest::keyClick(m_chart.get(), Qt::Key_Left, Qt::ShiftModifier);
    QTest::keyClick(m_chart.get(), Qt::Key_Return);
    QCOMPARE(selected.size(), 1);
    QCOMPARE(selected[0][0].value<TimeSpan>(), (TimeSpan { start + 30'000, start + 50'000 }));

    m_group->setCrossHair(start + 30'000);
    QTest::keyClick(m_chart.get(), Qt::Key_Plus);
    QCOMPARE(selected[1][0].value<TimeSpan>(), (TimeSpan { start + 15'000, start + 45'000 }));
    QSignalSpy reset(m_group.get(), &ChartGroup::resetRequested);
    QTest::keyClick(m_chart.get(), Qt::Key_0);
    QCOMPARE(reset.size(), 1);
}

void TestTimeChart::thresholdFollowsMouseAndKeys()
{
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95, { 10, 20, 30, 40, 50, 60, 70 }) });
    m_chart->setThreshold(50, true);
    image();
    QSignalSpy moved(m_chart.get(), &TimeChart::thresholdMoved);
    const PlotGeometry geometry = m_chart->geometry();
    const auto point = [&geometry](double value) {
        return QPointF(geometry.plot.center().x(), geometry.y(value)).toPoint();
    };
    QTest::mousePress(m_chart.get(), Qt::LeftButton, {}, point(50));
    QTest::mouseMove(m_chart.get(), point(30));
    QTest::mouseRelease(m_chart.get(), Qt::LeftButton, {}, point(30));
    QVERIFY(!moved.isEmpty());
    const double dragged = moved.last()[1].toDouble();
    QVERIFY(std::abs(dragged - 30) < 1);
    m_chart->setFocus();
    QTest::keyClick(m_chart.get(), Qt::Key_Up);
    QVERIFY(moved.last()[1].toDouble() > dragged);
    QTest::keyClick(m_chart.get(), Qt::Key_Down);
    QTest::keyClick(m_chart.get(), Qt::Key_Down);
    QVERIFY(moved.last()[1].toDouble() < dragged);
}

void TestTimeChart::keysChooseAmongThresholds()
{
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95, { 100, 200, 300 }) });
    m_chart->setLogarithmic(true);
    m_chart->setThresholds({ { 500, QStringLiteral("good"), true, 100 },
                             { 20'000, QStringLiteral("bad"), true, 1000 },
                             { 10'000, QStringLiteral("in force"), false, 0 } });
    image();
    QVERIFY(m_chart->geometry().scale.top >= 20'000); // in view, however far off
    QSignalSpy moved(m_chart.get(), &TimeChart::thresholdMoved);
    m_chart->setFocus();
    QTest::keyClick(m_chart.get(), Qt::Key_Up);
    QCOMPARE(moved.last()[0].toUInt(), 0U);
    QVERIFY(moved.last()[1].toDouble() >= 600);
    QTest::keyClick(m_chart.get(), Qt::Key_PageUp);
    QTest::keyClick(m_chart.get(), Qt::Key_Down);
    QCOMPARE(moved.last()[0].toUInt(), 1U);
    QVERIFY(moved.last()[1].toDouble() <= 19'000);
    QTest::keyClick(m_chart.get(), Qt::Key_PageUp); // around; what is not draggable is passed over
    QTest::keyClick(m_chart.get(), Qt::Key_Down);
    QCOMPARE(moved.last()[0].toUInt(), 0U);

    // The pointer takes the nearest, and the keys go on with it. The axis stands still meanwhile.
    image();
    const PlotGeometry geometry = m_chart->geometry();
    const auto point = [&geometry](double value) {
        return QPointF(geometry.plot.center().x(), geometry.y(value)).toPoint();
    };
    const double bad = m_chart->thresholds()[1].value;
    QTest::mousePress(m_chart.get(), Qt::LeftButton, {}, point(bad));
    QTest::mouseMove(m_chart.get(), point(bad) - QPoint(0, 1000));
    image();
    QCOMPARE(m_chart->geometry().scale.top, geometry.scale.top);
    QCOMPARE(moved.last()[0].toUInt(), 1U);
    QCOMPARE(moved.last()[1].toDouble(), geometry.scale.top);
    QTest::mouseRelease(m_chart.get(), Qt::LeftButton, {}, point(bad));
    image();
    QVERIFY(m_chart->geometry().scale.top > geometry.scale.top);
    QTest::keyClick(m_chart.get(), Qt::Key_Down);
    QCOMPARE(moved.last()[0].toUInt(), 1U);
}

void TestTimeChart::logarithmicAxisStartsAtALowRoundValue()
{
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95, { 120, 450, 8000, 300, 200, 200, 200 }) });
    image();
    QCOMPARE(m_chart->geometry().scale.bottom, 0.0);
    m_chart->setLogarithmic(true);
    image();
    QCOMPARE(m_chart->geometry().scale.bottom, 100.0);
    QCOMPARE(m_chart->geometry().scale.top, 10'000.0);
}

void TestTimeChart::screenReaderHearsASummary()
{
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95, { 120, 450, 300 }) });
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(m_chart.get());
    QVERIFY(interface);
    QCOMPARE(interface->role(), QAccessible::Chart);
    QCOMPARE(interface->text(QAccessible::Name), QStringLiteral("First byte"));
    QCOMPARE(plain(interface->text(QAccessible::Description)),
             QStringLiteral("p95: last 300 ms, between 120 ms and 450 ms."));
}

void TestTimeChart::showsItsValuesAsATable()
{
    m_chart->setSeries({ lineOf(QStringLiteral("p50"), LineStyle::P50, { 120, 450 }),
                         lineOf(QStringLiteral("p95"), LineStyle::P95, { 240 }) });
    m_chart->setFocus();
    QTest::keyClick(m_chart.get(), Qt::Key_T);
    auto *table = m_chart->window()->findChild<ChartTable *>();
    QVERIFY(table && table->isVisible());
    const QStringList lines = plain(table->text()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[0], QStringLiteral("Time\tp50\tp95"));
    QVERIFY(lines[1].endsWith(QStringLiteral("\t450 ms\t–")));
    QVERIFY(lines[2].endsWith(QStringLiteral("\t120 ms\t240 ms")));
    QTest::keyClick(table, Qt::Key_Escape);
}

void TestTimeChart::alignsThePlotsOfAGroup()
{
    TimeChart wide(QStringLiteral("Wide"), ChartUnit::Count, *m_appearance, *m_group);
    wide.resize(m_chart->size());
    wide.setSeries({ lineOf(QStringLiteral("a rather long name"), LineStyle::Neutral, { 1e6, 2e6 }) });
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95, { 1, 2 }) });
    image();
    wide.grab();
    image();
    QCOMPARE(m_chart->geometry().plot.left(), wide.geometry().plot.left());
    QCOMPARE(m_chart->geometry().plot.right(), wide.geometry().plot.right());
}

void TestTimeChart::hiddenChartDrawsNothing()
{
    image();
    m_chart->hide();
    const PlotGeometry before = m_chart->geometry();
    m_chart->setSeries({ lineOf(QStringLiteral("p95"), LineStyle::P95, { 120, 9000 }) });
    m_group->setSpan({ start, start + 120'000 });
    QCoreApplication::processEvents();
    QCOMPARE(m_chart->geometry().scale.top, before.scale.top);
    QCOMPARE(m_chart->geometry().span, before.span);
}

void TestTimeChart::timelineStepsThroughChanges()
{
    BreakerTimeline timeline(QStringLiteral("Breaker"), *m_appearance, *m_group);
    timeline.resize(600, timeline.sizeHint().height());
    timeline.show();
    using Kind = TimelineSegment::Kind;
    timeline.setSegments({ { { start, start + 20'000 }, Kind::Closed, QStringLiteral("Closed"), {} },
                           { { start + 20'000, start + 45'000 },
                             Kind::Open,
                             QStringLiteral("Open"),
                             QStringLiteral("5 failures in a row.") },
                           { { start + 45'000, start + 60'000 }, Kind::HalfOpen, QStringLiteral("Half-open"), {} } });
    QSignalSpy chosen(&timeline, &BreakerTimeline::segmentChosen);
    QTest::keyClick(&timeline, Qt::Key_Left);
    QCOMPARE(timeline.chosen(), 2);
    QTest::keyClick(&timeline, Qt::Key_Left);
    QCOMPARE(timeline.chosen(), 1);
    QCOMPARE(m_group->crossHair(), std::optional<std::int64_t>(start + 20'000));
    QVERIFY(plain(timeline.accessibleDescription()).endsWith(QStringLiteral("(25 s): Open. 5 failures in a row.")));
    QTest::keyClick(&timeline, Qt::Key_Home);
    QCOMPARE(timeline.chosen(), 0);
    QTest::keyClick(&timeline, Qt::Key_Left);
    QCOMPARE(timeline.chosen(), 0);

    m_group->noteMargins(&timeline, { 50, 100 });
    QTest::mouseClick(&timeline, Qt::LeftButton, {}, QPoint(50 + 225, timeline.height() - 18));
    QCOMPARE(timeline.chosen(), 1);
    QVERIFY(QToolTip::text().contains(QStringLiteral("5 failures in a row.")));
    QCOMPARE(chosen.size(), 4);
}

void TestTimeChart::timelineKeepsWhatWasChosen()
{
    BreakerTimeline timeline(QStringLiteral("Breaker"), *m_appearance, *m_group);
    using Kind = TimelineSegment::Kind;
    timeline.setSegments({ { { start, start + 20'000 }, Kind::Closed, QStringLiteral("Closed"), {} },
                           { { start + 20'000, start + 60'000 }, Kind::Open, QStringLiteral("Open"), {} } });
    timeline.choose(1);
    timeline.setSegments({ { { start + 20'000, start + 80'000 }, Kind::Open, QStringLiteral("Open"), {} },
                           { { start + 80'000, start + 81'000 }, Kind::HalfOpen, QStringLiteral("Half-open"), {} } });
    QCOMPARE(timeline.chosen(), 0);
    timeline.setSegments({});
    QCOMPARE(timeline.chosen(), -1);
}

QTEST_MAIN(TestTimeChart)
#include "tst_timechart.moc"
