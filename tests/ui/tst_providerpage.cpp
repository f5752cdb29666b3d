// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowundertest.h"
#include "ui/charts/breakertimeline.h"
#include "ui/charts/timechart.h"
#include "ui/provider/providerpage.h"
#include "ui/shell/pagestack.h"

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace signalbox;

/// The real page in the real window on a real engine: reached, read, narrowed down to a stretch of time and left by the
/// keyboard alone, and by the mouse.
class TestProviderPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void saysThatThereWasNoTraffic();
    void showsAnOpenBreaker();
    void greysOldFigures();
    void opensItsEditor();
    void opensFromTheWallAndStepsThroughProviders();
    void keysChooseTheRange();
    void showsTrafficAsItComes();
    void mouseNarrowsDownToRequests();
    void keyboardNarrowsDownToRequests();
    void factorsShowTheirChart();
    void comparesWithOneScale();
    void restsWhileHidden();
    void everyControlHasAName();

private:
    /// On that provider's page.
    static void open(WindowUnderTest &test, const QString &provider);
    /// The simulated providers with traffic; made when first asked for.
    WindowUnderTest &demo();

    QTemporaryDir m_settings;
    std::unique_ptr<WindowUnderTest> m_demo;
};

namespace {

/// Generous: against a hang, not a measure.
constexpr int patience = 30000;

TimeChart *chart(const WindowUnderTest &test, const char *name)
{
    return test.find<TimeChart>(name);
}

ProviderPage *page(const WindowUnderTest &test)
{
    return test.find<ProviderPage>("providerPage");
}

/// The provider that was asked most often.
QString busiest(const WindowUnderTest &test)
{
    const EngineSnapshotPtr snapshot = const_cast<WindowUnderTest &>(test).engine().snapshot();
    const auto most = std::max_element(
        snapshot->providers.begin(), snapshot->providers.end(),
        [](const ProviderSnapshot &a, const ProviderSnapshot &b) { return a.outcomes.success < b.outcomes.success; });
    return most->name;
}

void setCommand(WindowUnderTest &test, ProviderCommand::Kind kind, const QString &provider)
{
    QFuture<Status> done = test.engine().command({ kind, provider, std::nullopt });
    done.waitForFinished();
    QVERIFY(done.result());
}

} // namespace

void TestProviderPage::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

void TestProviderPage::open(WindowUnderTest &test, const QString &provider)
{
    PageTarget target;
    target.page = PageId::Provider;
    target.provider = provider;
    test.window().console().open(target);
    QVERIFY(page(test) && page(test)->isVisible());
}

WindowUnderTest &TestProviderPage::demo()
{
    if (!m_demo) {
        m_demo = WindowUnderTest::demo();
        m_demo->engine().start();
    }
    return *m_demo;
}

void TestProviderPage::saysThatThereWasNoTraffic()
{
    WindowUnderTest test(twoProviders());
    open(test, QStringLiteral("alpha"));
    QCOMPARE(test.text("providerState"), QStringLiteral("No requests"));
    QVERIFY(test.text("providerPlace").startsWith(QStringLiteral("http://127.0.0.1:9/v1 · OpenAI")));
    QVERIFY(test.text("scoreFooter").contains(QStringLiteral("assumed")));
    QVERIFY(test.find<QLabel>("noRequests")->isVisible());
    QVERIFY(!test.find<QTableView>("recentRequests")->isVisible());
    QCOMPARE(chart(test, "latencyChart")->summary(), QStringLiteral("No streams in this time"));
}

void TestProviderPage::showsAnOpenBreaker()
{
    WindowUnderTest test(twoProviders());
    QVERIFY(test.engine().start().result());
    open(test, QStringLiteral("alpha"));
    setCommand(test, ProviderCommand::Kind::TripFor, QStringLiteral("alpha"));
    QTRY_VERIFY_WITH_TIMEOUT(test.text("providerState").startsWith(QStringLiteral("Open")), patience);
    QVERIFY2(test.text("providerReason").contains(QStringLiteral("since")), qPrintable(test.text("providerReason")));
    // The chart says so too, although nothing was sent.
    auto *timeline = test.find<BreakerTimeline>("breakerTimeline");
    QTRY_VERIFY_WITH_TIMEOUT(
        !timeline->segments().empty() && timeline->segments().back().kind == TimelineSegment::Kind::Open, patience);
    timeline->setFocus();
    QTest::keyClick(timeline, Qt::Key_Left);
    QVERIFY(timeline->accessibleDescription().contains(QStringLiteral("Open")));

    setCommand(test, ProviderCommand::Kind::ForceOpen, QStringLiteral("alpha"));
    QTRY_COMPARE_WITH_TIMEOUT(test.text("providerState"), QStringLiteral("Forced open"), patience);
    QVERIFY(test.find<QAbstractButton>("returnToAutomaticButton")->isEnabled());
    test.click("returnToAutomaticButton");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("providerState") != QStringLiteral("Forced open"), patience);
}

void TestProviderPage::opensItsEditor()
{
    WindowUnderTest test(twoProviders());
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window()));
    const auto edited = [&test] {
        const auto *editor = test.find<QWidget>("providerEditor");
        return editor && editor->isVisible() ? test.text("editorTitle") : QString();
    };
    open(test, QStringLiteral("beta"));
    QCOMPARE(test.text("editProviderButton"), QStringLiteral("Edit…"));
    QVERIFY(test.find<QAbstractButton>("editProviderButton")->toolTip().contains(QStringLiteral("F2")));
    test.click("editProviderButton");
    QVERIFY2(edited().contains(QStringLiteral("beta")), qPrintable(edited()));
    open(test, QStringLiteral("alpha"));
    QVERIFY(edited().isEmpty());
    QTest::keyClick(test.window().focusWidget(), Qt::Key_F2);
    QVERIFY2(edited().contains(QStringLiteral("alpha")), qPrintable(edited()));
}

void TestProviderPage::greysOldFigures()
{
    WindowUnderTest test(twoProviders());
    open(test, QStringLiteral("alpha"));
    QVERIFY(test.find<QTableView>("scoreBreakdown")->isEnabled());
    const QImage fresh = chart(test, "latencyChart")->grab().toImage();
    test.advance(DataAge::staleAfter + std::chrono::seconds(9));
    QVERIFY(!test.find<QTableView>("scoreBreakdown")->isEnabled());
    QCOMPARE(test.text("providerState"), QStringLiteral("No requests")); // greyed, not blanked
    QVERIFY(chart(test, "latencyChart")->grab().toImage() != fresh);
}

void TestProviderPage::opensFromTheWallAndStepsThroughProviders()
{
    WindowUnderTest test(twoProviders());
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window(), patience));
    test.select(QStringLiteral("beta"));
    test.trigger("providerDetails");
    QVERIFY(page(test)->isVisible());
    auto *pick = test.find<QComboBox>("providerPick");
    QCOMPARE(pick->currentText(), QStringLiteral("beta"));
    QTest::keyClick(page(test), Qt::Key_PageDown, Qt::AltModifier);
    QCOMPARE(pick->currentText(), QStringLiteral("alpha"));
    QTest::keyClick(page(test), Qt::Key_PageUp, Qt::AltModifier);
    QCOMPARE(pick->currentText(), QStringLiteral("beta"));
    pick->setFocus();
    QTest::keyClick(pick, Qt::Key_Up);
    QCOMPARE(test.window().console().selectedProvider(), QStringLiteral("alpha"));
    QCOMPARE(page(test)->place().provider, QStringLiteral("alpha"));
    QVERIFY(test.text("providerPlace").contains(QStringLiteral("OpenAI")));
}

void TestProviderPage::keysChooseTheRange()
{
    WindowUnderTest test(twoProviders());
    open(test, QStringLiteral("alpha"));
    for (int key = 1; key <= static_cast<int>(timeRanges.size()); ++key) {
        QTest::keyClick(page(test), static_cast<Qt::Key>(Qt::Key_0 + key));
        const TimeRange &range = timeRanges[static_cast<std::size_t>(key) - 1];
        QCOMPARE(page(test)->timeWindow().range().lengthMs, range.lengthMs);
        QTRY_COMPARE_WITH_TIMEOUT(chart(test, "latencyChart")->geometry().span.lengthMs(), range.lengthMs, patience);
    }
    test.click("range2Button");
    QCOMPARE(page(test)->timeWindow().rangeIndex(), std::size_t(1));
    QVERIFY(test.find<QAbstractButton>("range2Button")->isChecked());
    QVERIFY(!test.find<QAbstractButton>("range6Button")->isChecked());
}

void TestProviderPage::showsTrafficAsItComes()
{
    WindowUnderTest &test = demo();
    QTRY_VERIFY_WITH_TIMEOUT(test.engine().snapshot()->totals.succeeded >= 10, patience);
    open(test, busiest(test));
    QTRY_VERIFY_WITH_TIMEOUT(chart(test, "rateChart")->highest().value_or(0) > 0, patience);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QTableView>("recentRequests")->isVisible(), patience);
    const auto *requests = test.find<QTableView>("recentRequests")->model();
    const int before = requests->rowCount();
    QVERIFY(before > 0 && before <= 50);
    QVERIFY(!test.text("scoreFooter").contains(QStringLiteral("assumed")));
    QTRY_VERIFY_WITH_TIMEOUT(requests->rowCount() > before || requests->rowCount() == 50, patience);

    QSignalSpy opened(&test.window().console(), &Console::openRequested);
    test.find<QTableView>("recentRequests")->setCurrentIndex(requests->index(0, 0));
    Q_EMIT test.find<QTableView>("recentRequests")->activated(requests->index(0, 0));
    const auto target = opened.last()[0].value<PageTarget>();
    QCOMPARE(target.page, PageId::Requests);
    QVERIFY(target.request && *target.request > 0);
}

void TestProviderPage::mouseNarrowsDownToRequests()
{
    WindowUnderTest &test = demo();
    const QString provider = busiest(test);
    open(test, provider);
    TimeChart *latency = chart(test, "latencyChart");
    QTRY_VERIFY_WITH_TIMEOUT(latency->geometry().span.lengthMs() > 0, patience);
    const QRectF plot = latency->geometry().plot;
    const QPoint from(static_cast<int>(plot.left() + plot.width() * 0.25), static_cast<int>(plot.center().y()));
    const QPoint to(static_cast<int>(plot.left() + plot.width() * 0.5), from.y());
    QTest::mousePress(latency, Qt::LeftButton, {}, from);
    QTest::mouseMove(latency, QPoint((from.x() + to.x()) / 2, from.y()));
    QTest::mouseMove(latency, to);
    QTest::mouseRelease(latency, Qt::LeftButton, {}, to);
    QVERIFY(!page(test)->timeWindow().isLive());
    QVERIFY(test.find<QLabel>("paused")->isVisible());
    QVERIFY2(test.text("paused").startsWith(QStringLiteral("Paused at ")), qPrintable(test.text("paused")));
    const TimeSpan span = page(test)->timeWindow().spanAt(0);
    QTRY_COMPARE_WITH_TIMEOUT(latency->geometry().span, span, patience);

    QSignalSpy opened(&test.window().console(), &Console::openRequested);
    test.click("showTheseRequestsButton");
    const auto target = opened.last()[0].value<PageTarget>();
    QCOMPARE(target.page, PageId::Requests);
    QCOMPARE(target.filter, QStringLiteral("provider:%1").arg(provider));
    QCOMPARE(target.since->toMSecsSinceEpoch(), span.sinceMs);
    QCOMPARE(target.until->toMSecsSinceEpoch(), span.untilMs);

    // It stays paused while new figures come, and the place can be returned to.
    const auto sequence = test.engine().snapshot()->sequence;
    QTRY_VERIFY_WITH_TIMEOUT(test.engine().snapshot()->sequence > sequence + 1, patience);
    QCOMPARE(latency->geometry().span, span);
    QVERIFY(page(test)->place().since);
    test.click("backToLiveButton");
    QVERIFY(page(test)->timeWindow().isLive());
    QVERIFY(!test.find<QLabel>("paused")->isVisible());
}

void TestProviderPage::keyboardNarrowsDownToRequests()
{
    WindowUnderTest &test = demo();
    open(test, busiest(test));
    TimeChart *rates = chart(test, "latencyChart"); // always in sight
    QTRY_VERIFY_WITH_TIMEOUT(chartRows(rates->series(), rates->geometry().span).size() >= 3, patience);
    rates->setFocus();
    QTest::keyClick(rates, Qt::Key_Left);
    QVERIFY(!rates->readout().isEmpty());
    QTest::keyClick(rates, Qt::Key_Left, Qt::ShiftModifier);
    QTest::keyClick(rates, Qt::Key_Left, Qt::ShiftModifier);
    QTest::keyClick(rates, Qt::Key_Return);
    QVERIFY(!page(test)->timeWindow().isLive());
    QSignalSpy opened(&test.window().console(), &Console::openRequested);
    QTest::keyClick(rates, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(opened.last()[0].value<PageTarget>().since);
}

void TestProviderPage::factorsShowTheirChart()
{
    WindowUnderTest &test = demo();
    open(test, busiest(test));
    TimeChart *score = chart(test, "scoreChart");
    QTRY_VERIFY_WITH_TIMEOUT(score->highest().value_or(0) > 0, patience);
    auto *table = test.find<QTableView>("scoreBreakdown");
    table->setFocus();
    table->setCurrentIndex(table->model()->index(0, 0));
    QTest::keyClick(table, Qt::Key_Down);
    QCOMPARE(score->series().size(), std::size_t(2));
    QCOMPARE(score->series()[1].name, QStringLiteral("response"));
    QVERIFY(score->isVisible());
    QTest::mouseMove(table->viewport(), table->visualRect(table->model()->index(3, 0)).center());
    QCOMPARE(score->series()[1].name, QStringLiteral("trend"));
}

void TestProviderPage::comparesWithOneScale()
{
    WindowUnderTest &test = demo();
    open(test, busiest(test));
    QMenu *peers = test.find<QPushButton>("compare")->menu();
    peers->actions().at(0)->trigger();
    peers->actions().at(1)->trigger();
    const auto compared = [&test](int index) {
        return chart(test, qPrintable(QStringLiteral("compared%1").arg(index)));
    };
    QVERIFY(compared(0) && compared(1) && compared(2) && !compared(3));
    QTRY_VERIFY_WITH_TIMEOUT(compared(0)->isVisible() && compared(0)->geometry().scale.top > 1, patience);
    QTRY_COMPARE_WITH_TIMEOUT(compared(1)->geometry().scale.top, compared(0)->geometry().scale.top, patience);
    QCOMPARE(page(test)->place().item.count(QLatin1Char(',')), 1);
    QVERIFY(page(test)->stepBack());
    QVERIFY(chart(test, "latencyChart")->isVisible());
}

void TestProviderPage::restsWhileHidden()
{
    WindowUnderTest &test = demo();
    open(test, busiest(test));
    TimeChart *rates = chart(test, "rateChart");
    QTRY_VERIFY_WITH_TIMEOUT(!rates->series().empty(), patience);
    PageTarget wall;
    test.window().console().open(wall);
    QVERIFY(!page(test)->isVisible());
    const ChartPoints before = rates->series().front().points;
    const auto sequence = test.engine().snapshot()->sequence;
    QTRY_VERIFY_WITH_TIMEOUT(test.engine().snapshot()->sequence > sequence + 2, patience);
    QCOMPARE(rates->series().front().points, before);
    open(test, busiest(test));
    QTRY_VERIFY_WITH_TIMEOUT(rates->series().front().points != before, patience);
}

void TestProviderPage::everyControlHasAName()
{
    WindowUnderTest test(twoProviders());
    open(test, QStringLiteral("alpha"));
    for (const QWidget *widget : page(test)->findChildren<QWidget *>()) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() || qobject_cast<const QLabel *>(widget) ||
            widget->focusProxy())
            continue;
        QVERIFY2(!widget->accessibleName().isEmpty(),
                 qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(widget->metaObject()->className()),
                                                        widget->objectName())));
    }
}

QTEST_MAIN(TestProviderPage)
#include "tst_providerpage.moc"
