// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/thresholdsundertest.h"
#include "ui/charts/breakertimeline.h"
#include "ui/charts/timechart.h"
#include "ui/style/englishplurals.h"
#include "ui/thresholds/consequencelist.h"
#include "ui/thresholds/historydialog.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QTabWidget>
#include <QTableView>
#include <QTimer>
#include <QUndoStack>

using namespace signalbox;

namespace {

/// Against a hang, not a measure.
constexpr int patience = 20'000;

const QString noChanges = QStringLiteral("No changes");
const QString alpha = QStringLiteral("alpha");

/// alpha fails four times in a row, and ten minutes later six times, so that it opens once.
void recordAlpha(const QString &dataDirectory)
{
    RecordedBreaker breaker(alpha);
    QVERIFY(breaker.calls(300, Outcome::Success, 4000));
    QVERIFY(breaker.calls(4, Outcome::Failure, 4000));
    QVERIFY(breaker.calls(150, Outcome::Success, 4000));
    QVERIFY(!breaker.calls(6, Outcome::Failure, 4000)); // it opens at the fifth
    breaker.calls(150, Outcome::Success, 4000);
    breaker.save(dataDirectory);
}

QString textOf(const ThresholdsUnderTest &test, int row)
{
    auto *list = test.find<ConsequenceList>("consequences");
    return list->model()->index(row, 0).data().toString().replace(QChar(0x202F), QLatin1Char(' '));
}

bool hasKind(const ThresholdsUnderTest &test, const char *timeline, TimelineSegment::Kind kind)
{
    const auto &segments = test.find<BreakerTimeline>(timeline)->segments();
    return std::any_of(segments.begin(), segments.end(),
                       [kind](const TimelineSegment &segment) { return segment.kind == kind; });
}

void drag(TimeChart *chart, double fromValue, double toValue)
{
    const PlotGeometry &geometry = chart->geometry();
    const QPoint from(static_cast<int>(geometry.plot.center().x()), static_cast<int>(geometry.y(fromValue)));
    const QPoint to(from.x(), static_cast<int>(geometry.y(toValue)));
    QTest::mousePress(chart, Qt::LeftButton, Qt::NoModifier, from);
    QTest::mouseMove(chart, (from + to) / 2);
    QTest::mouseMove(chart, to);
    QTest::mouseRelease(chart, Qt::LeftButton, Qt::NoModifier, to);
}

} // namespace

class TestThresholdsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everySettingHasItsField();
    void changesTheRunningBreakerFromTheKeyboard();
    void changesItWithTheMouse();
    void worksOnSimulatedProviders();
    void boxSliderAndLineAreOne();
    void everyLimitOfAChartIsALineInIt_data();
    void everyLimitOfAChartIsALineInIt();
    void drawsWhatWasMeasured();
    void explainsABadValue_data();
    void explainsABadValue();
    void asksBeforeProtectionIsLost();
    void doesNotOfferWhatTheEnvironmentFixes();
    void aProviderInheritsOrHasItsOwn();
    void revertsTheDraft();
    void saysWhyADraftWasNotApplied();
    void keepsTheDraftWhenTheFileChanges();
    void needsRecordedTraffic();
    void saysWhatTheDraftWouldHaveChanged();
    void marksWhatNobodyKnows();
    void saysWhatAReplayCannotTry();
    void runsAShadow();
    void restoresAVersion();
    void restsWhileHidden();

private:
    EnglishPlurals m_plurals;
    QTemporaryDir m_settings;
};

void TestThresholdsPage::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCoreApplication::installTranslator(&m_plurals);
}

void TestThresholdsPage::everySettingHasItsField()
{
    const ThresholdsUnderTest test({ twoProviders() });
    int fields = 0;
    for (const KnownConfigKey &key : knownConfigKeys()) {
        const QStringList parts = key.pointer.split(QLatin1Char('/'), Qt::SkipEmptyParts);
        if (parts.size() != 2 ||
            !QStringList { QStringLiteral("breaker"), QStringLiteral("health"), QStringLiteral("timeouts") }.contains(
                parts.first()))
            continue;
        const QByteArray name = parts.join(QLatin1Char('.')).toUtf8();
        const auto *input = test.find<QWidget>(name);
        QVERIFY2(input, name.constData());
        QVERIFY2(!input->accessibleName().isEmpty() && !input->toolTip().isEmpty(), name.constData());
        QCOMPARE(input->inherits("QCheckBox"), key.type == QLatin1String("boolean"));
        ++fields;
    }
    QCOMPARE(fields, 32);
    QCOMPARE(test.find<QTabWidget>("thresholdGroups")->count(), 4);
}

void TestThresholdsPage::changesTheRunningBreakerFromTheKeyboard()
{
    ThresholdsUnderTest test({ twoProviders() });
    const QByteArray before = test.text();
    QCOMPARE(test.said("draftState"), noChanges);
    QVERIFY(test.said("policyText").startsWith(QStringLiteral("A breaker opens after 5 failures in a row")));
    test.type("breaker.threshold", QStringLiteral("7"));
    QCOMPARE(test.said("draftState"), QStringLiteral("Draft: 1 change"));
    QCOMPARE(test.said("breaker.threshold.note"), QStringLiteral("In force: 5."));
    QVERIFY(test.said("policyText").startsWith(QStringLiteral("A breaker opens after 7 failures in a row")));
    QCOMPARE(test.snapshot()->breaker.threshold, 5);
    QCOMPARE(test.text(), before);

    test.press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(test.said("draftState"), noChanges, patience);
    // No other snapshot was waited for: what is shown is what the breakers run on.
    QCOMPARE(test.snapshot()->breaker.threshold, 7);
    for (const ProviderSnapshot &provider : test.snapshot()->providers)
        QCOMPARE(provider.breaker.effectiveThreshold, 7);
    QCOMPARE(test.box("breaker.threshold")->value(), 7.0);
    {
        EngineOptions options; // after a restart
        options.configPath = test.configPath();
        options.config = loadConfig(options.configPath, options.overlay);
        QCOMPARE(createEngine(std::move(options))->snapshot()->breaker.threshold, 7);
    }

    test.press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(test.snapshot()->breaker.threshold, 5, patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.box("breaker.threshold")->value(), 5.0, patience);
    QCOMPARE(loadConfig(test.configPath()).config.breaker.threshold, 5);
    QVERIFY(!loadConfig(test.configPath()).config.origins.inFile.contains(QStringLiteral("/breaker/threshold")));
    test.press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(test.snapshot()->breaker.threshold, 7, patience);
}

void TestThresholdsPage::changesItWithTheMouse()
{
    ThresholdsUnderTest test({ twoProviders() });
    auto *slider = test.find<QSlider>("breaker.minimumCalls.slider");
    QTest::mouseClick(slider, Qt::LeftButton, Qt::NoModifier, QPoint(slider->width() - 4, slider->height() / 2));
    const int wanted = static_cast<int>(test.box("breaker.minimumCalls")->value());
    QVERIFY(wanted > 20);
    auto *chart = test.find<TimeChart>("replayChart");
    (void)chart->grab(); // it is laid out when it is drawn
    drag(chart, 50, 30);
    QTRY_VERIFY(std::abs(test.box("breaker.failureRatePercent")->value() - 30) <= 1);
    const int limit = static_cast<int>(test.box("breaker.failureRatePercent")->value());
    QCOMPARE(test.said("draftState"), QStringLiteral("Draft: 2 changes"));
    test.click("applyDraftButton");
    QTRY_COMPARE_WITH_TIMEOUT(test.said("draftState"), noChanges, patience);
    QCOMPARE(test.snapshot()->breaker.minimumCalls, wanted);
    QCOMPARE(test.snapshot()->breaker.failureRatePercent, limit);
    test.window().console().undoStack().undo(); // both at once
    QTRY_COMPARE_WITH_TIMEOUT(test.snapshot()->breaker.minimumCalls, 20, patience);
    QCOMPARE(test.snapshot()->breaker.failureRatePercent, 50);
}

void TestThresholdsPage::worksOnSimulatedProviders()
{
    ThresholdsUnderTest test({ {}, {}, true });
    test.engine().start();
    test.type("breaker.threshold", QStringLiteral("9"));
    test.press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(test.said("draftState"), noChanges, patience);
    QCOMPARE(test.snapshot()->providers.front().breaker.effectiveThreshold, 9);
    QVERIFY(test.snapshot()->demo);
    // One of them alone cannot be set, but tried.
    auto *scope = test.find<QComboBox>("thresholdScope");
    scope->setCurrentIndex(1);
    Q_EMIT scope->activated(1);
    test.type("breaker.threshold", QStringLiteral("2"));
    QVERIFY2(test.said("draftState").contains(QStringLiteral("simulated")), qPrintable(test.said("draftState")));
    QVERIFY(!test.find<QWidget>("applyDraftButton")->isEnabled());
    QVERIFY(test.find<QWidget>("shadowDraftButton")->isEnabled());
}

void TestThresholdsPage::boxSliderAndLineAreOne()
{
    ThresholdsUnderTest test({ twoProviders() });
    auto *chart = test.find<TimeChart>("replayChart");
    auto *slider = test.find<QSlider>("breaker.failureRatePercent.slider");
    (void)chart->grab();
    test.type("breaker.failureRatePercent", QStringLiteral("80"));
    const int at80 = slider->value();
    slider->setValue(0);
    QCOMPARE(test.box("breaker.failureRatePercent")->value(), 1.0);
    QVERIFY(at80 > slider->value());
    slider->setValue(at80);
    QCOMPARE(test.box("breaker.failureRatePercent")->value(), 80.0);
    drag(chart, 80, 40); // it is where the box says
    QTRY_VERIFY(std::abs(test.box("breaker.failureRatePercent")->value() - 40) <= 1);
    QVERIFY(slider->value() < at80);
    chart->setFocus();
    test.press(Qt::Key_Up);
    QVERIFY(test.box("breaker.failureRatePercent")->value() > 40.5);
    // Every position of every slider is a value that is permitted.
    for (const QSlider *each : test.window().findChildren<QSlider *>())
        QVERIFY(each->value() >= each->minimum() && each->value() <= each->maximum());
}

void TestThresholdsPage::everyLimitOfAChartIsALineInIt_data()
{
    QTest::addColumn<int>("tab");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("chart");
    QTest::addColumn<int>("line");
    QTest::addColumn<double>("to"); ///< as the box has it
    QTest::addColumn<double>("scale"); ///< of the chart, to the box's unit
    const auto add = [](int tab, const char *name, const char *chart, int line, double to, double scale) {
        QTest::newRow(name) << tab << QByteArray(name) << QByteArray(chart) << line << to << scale;
    };
    add(2, "health.firstByteGoodMs", "measuredFirstByte", 0, 2, 1000);
    add(2, "health.firstByteBadMs", "measuredFirstByte", 1, 5, 1000);
    add(2, "health.totalGoodMs", "measuredTotal", 0, 4, 1000);
    add(2, "health.totalBadMs", "measuredTotal", 1, 20, 1000);
    add(2, "health.degradedBelow", "measuredScore", 0, 60, 1);
    add(2, "health.unhealthyBelow", "measuredScore", 1, 20, 1);
    add(3, "timeouts.slowStreamMs", "measuredFirstByte", 0, 25, 1000);
    add(3, "timeouts.firstByteMs", "measuredFirstByte", 1, 60, 1000);
    add(3, "timeouts.slowTotalMs", "measuredTotal", 0, 90, 1000);
    add(3, "timeouts.responseMs", "measuredTotal", 1, 300, 1000);
    add(3, "timeouts.idleMs", "measuredGaps", 0, 150, 1000);
    add(3, "timeouts.connectMs", "measuredConnect", 0, 4, 1000);
    add(3, "timeouts.tlsMs", "measuredTls", 0, 4, 1000);
    add(3, "timeouts.totalMs", "measuredRequests", 0, 700, 1000);
    add(0, "breaker.failureRatePercent", "replayChart", 0, 30, 1);
    add(0, "breaker.threshold", "replayStreak", 0, 3, 1);
    add(0, "breaker.slowRatePercent", "replaySlowRate", 0, 50, 1);
    add(0, "breaker.minimumCalls", "replayCalls", 0, 12, 1);
    add(0, "breaker.slowMinimumCalls", "replayCalls", 1, 14, 1);
    add(0, "breaker.timeoutMs", "replayOpenTime", 0, 30, 1000);
    add(0, "breaker.maxOpenMs", "replayOpenTime", 1, 300, 1000);
}

void TestThresholdsPage::everyLimitOfAChartIsALineInIt()
{
    QFETCH(const int, tab);
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, chart);
    QFETCH(const int, line);
    QFETCH(const double, to);
    QFETCH(const double, scale);
    ThresholdsUnderTest test({ twoProviders() });
    test.find<QTabWidget>("thresholdGroups")->setCurrentIndex(tab);
    auto *choice = test.find<QComboBox>("replayChartChoice");
    if (const int at = choice->findData(QString::fromLatin1(chart)); at >= 0)
        choice->setCurrentIndex(at);
    auto *shown = test.find<TimeChart>(chart);
    QVERIFY(shown->isVisible());
    (void)shown->grab();
    const double before = test.box(name)->value();
    QCOMPARE(shown->thresholds()[static_cast<std::size_t>(line)].value, before * scale);
    drag(shown, before * scale, to * scale);
    const double dragged = test.box(name)->value();
    QVERIFY2(std::abs(dragged - to) <= 0.15 * to, qPrintable(QString::number(dragged)));
    QCOMPARE(test.said("draftState"), QStringLiteral("Draft: 1 change"));
    // What is in force stays in sight.
    const auto &lines = shown->thresholds();
    QVERIFY(std::any_of(lines.begin(), lines.end(), [before, scale](const ChartThreshold &each) {
        return !each.draggable && each.value == before * scale;
    }));
    (void)shown->grab();
    shown->setFocus();
    test.press(Qt::Key_Up);
    const double stepped = test.box(name)->value();
    QVERIFY2(stepped > dragged, qPrintable(QString::number(stepped)));
    test.press(Qt::Key_Down);
    test.press(Qt::Key_Down);
    QVERIFY(test.box(name)->value() < stepped);
    test.press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(test.said("draftState"), noChanges, patience);
    QVERIFY(test.text().contains(name.mid(name.indexOf('.') + 1)));
}

void TestThresholdsPage::drawsWhatWasMeasured()
{
    ThresholdsUnderTest test({ {}, {}, true });
    test.engine().start();
    auto *tabs = test.find<QTabWidget>("thresholdGroups");
    tabs->setCurrentIndex(2);
    auto *pick = test.find<QComboBox>("measuredProvider");
    QVERIFY(pick->isVisible() && pick->count() == 5);
    QVERIFY(!test.find<TimeChart>("measuredGaps")->isVisible());
    const auto *score = test.find<TimeChart>("measuredScore");
    QTRY_VERIFY_WITH_TIMEOUT(
        (test.click("measuredRange2Button"), test.click("measuredRange1Button"), score->highest().has_value()),
        patience); // another range asks anew
    // Another provider, chosen there, is the one that the page is about.
    pick->setFocus();
    test.press(Qt::Key_Down);
    QTRY_COMPARE(test.window().console().selectedProvider(), pick->currentText());
    test.press(Qt::Key_Up); // the first one is asked first
    tabs->setCurrentIndex(3);
    QVERIFY(test.find<TimeChart>("measuredGaps")->isVisible());
    QVERIFY(!score->isVisible());
    // Times of single requests; the simulated providers speak no TLS.
    for (const char *name : { "measuredConnect", "measuredRequests" }) {
        const auto *times = test.find<TimeChart>(name);
        QTRY_VERIFY_WITH_TIMEOUT(times->highest().has_value(), patience);
    }
    QVERIFY(!test.find<TimeChart>("measuredTls")->highest());
    tabs->setCurrentIndex(0);
    QVERIFY(test.find<TimeChart>("replayChart")->isVisible());
}

void TestThresholdsPage::explainsABadValue_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("said");
    QTest::newRow("too low") << QByteArray("breaker.threshold") << QStringLiteral("0")
                             << QStringLiteral("Must be from 1 to 1,000.");
    QTest::newRow("too high") << QByteArray("breaker.slowRatePercent") << QStringLiteral("101")
                              << QStringLiteral("Must be from 1 % to 100 %.");
    QTest::newRow("negative") << QByteArray("timeouts.connectMs") << QStringLiteral("-5")
                              << QStringLiteral("Must be from 0.001 s to 24 h.");
    QTest::newRow("shorter than the first")
        << QByteArray("breaker.maxOpenMs") << QStringLiteral("5")
        << QStringLiteral("Shorter than the first open period, 60 s: no later one can be shorter than the first.");
    QTest::newRow("score") << QByteArray("health.unhealthyBelow") << QStringLiteral("90")
                           << QStringLiteral("Must not be more than the limit for degraded, 80.");
    QTest::newRow("response") << QByteArray("health.firstByteBadMs") << QStringLiteral("0.4")
                              << QStringLiteral("Must be more than what is good, 0.5 s.");
}

void TestThresholdsPage::explainsABadValue()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QString, typed);
    QFETCH(const QString, said);
    ThresholdsUnderTest test({ twoProviders() });
    auto *tabs = test.find<QTabWidget>("thresholdGroups");
    for (int i = 0; i < tabs->count() && !test.box(name)->isVisible(); ++i)
        tabs->setCurrentIndex(i);
    test.type(name, typed);
    const QByteArray note = name + ".note";
    QVERIFY2(test.said(note).startsWith(said), qPrintable(test.said(note)));
    QVERIFY(test.find<QLabel>(note)->isVisible());
    QVERIFY(test.box(name)->accessibleDescription().contains(said.left(12)));
    QVERIFY(test.said("draftState").contains(said));
    QVERIFY(!test.find<QAction>("applyDraft")->isEnabled());
    test.press(Qt::Key_Escape); // as it was
    QCOMPARE(test.said("draftState"), noChanges);
    QVERIFY(!test.find<QLabel>(note)->isVisible());
    QCOMPARE(test.snapshot()->config->breaker, BreakerSettings());
}

void TestThresholdsPage::asksBeforeProtectionIsLost()
{
    ThresholdsUnderTest test({ twoProviders() });
    test.type("breaker.threshold", QStringLiteral("500"));
    QVERIFY(test.said("breaker.threshold.note").startsWith(QStringLiteral("Hardly protects")));
    test.press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(test.dialog());
    const auto labels = test.dialog()->findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text().contains(QStringLiteral("500 requests in a row must fail first"));
    }));
    test.dialog()->reject();
    QTRY_VERIFY(!test.dialog());
    QCOMPARE(test.said("draftState"), QStringLiteral("Draft: 1 change"));
    test.find<QTabWidget>("thresholdGroups")->setCurrentIndex(1);
    test.find<QCheckBox>("health.enabled")->click();
    test.click("applyDraftButton");
    QVERIFY(test.dialog());
    QTest::mouseClick(test.dialog()->findChild<QPushButton *>(QStringLiteral("verb")), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(test.snapshot()->breaker.threshold, 500, patience);
    QVERIFY(!test.snapshot()->health.enabled);
    // What protects little already is not asked about again.
    QTRY_COMPARE_WITH_TIMEOUT(test.said("draftState"), noChanges, patience);
    test.find<QCheckBox>("health.enabled")->click();
    test.click("applyDraftButton");
    QVERIFY(!test.dialog());
    QTRY_VERIFY_WITH_TIMEOUT(test.snapshot()->health.enabled, patience);
}

void TestThresholdsPage::doesNotOfferWhatTheEnvironmentFixes()
{
    ThresholdsUnderTest test(
        { twoProviders("\"breaker\":{\"threshold\":4},"), { QStringLiteral("CIRCUIT_BREAKER_THRESHOLD=9") } });
    QCOMPARE(test.box("breaker.threshold")->value(), 9.0);
    QVERIFY(!test.box("breaker.threshold")->isEnabled());
    QVERIFY(!test.find<QSlider>("breaker.threshold.slider")->isEnabled());
    QVERIFY(!test.find<QWidget>("breaker.threshold.origin")->isEnabled());
    QCOMPARE(test.said("breaker.threshold.note"),
             QStringLiteral("Set by CIRCUIT_BREAKER_THRESHOLD in the environment."));
    QVERIFY(test.box("breaker.timeoutMs")->isEnabled());
    test.type("breaker.timeoutMs", QStringLiteral("30"));
    test.press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(test.snapshot()->breaker.timeoutMs, Milliseconds(30'000), patience);
    QCOMPARE(test.snapshot()->breaker.threshold, 9);
}

void TestThresholdsPage::aProviderInheritsOrHasItsOwn()
{
    ThresholdsUnderTest test({ twoProviders() });
    PageTarget target;
    target.page = PageId::Thresholds;
    target.provider = alpha;
    test.window().console().open(target);
    QCOMPARE(test.find<QComboBox>("thresholdScope")->currentText(), QStringLiteral("only alpha"));
    QCOMPARE(test.said("breaker.threshold.origin"), QStringLiteral("Inherited"));
    test.type("breaker.threshold", QStringLiteral("9"));
    QCOMPARE(test.said("breaker.threshold.origin"), QStringLiteral("Inherit"));
    test.press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(test.said("draftState"), noChanges, patience);
    QCOMPARE(test.snapshot()->providers[0].breaker.effectiveThreshold, 9);
    QCOMPARE(test.snapshot()->providers[1].breaker.effectiveThreshold, 5);
    QVERIFY(test.snapshot()->origins.inFile.contains(QStringLiteral("/providers/alpha/breaker/threshold")));
    QCOMPARE(test.said("breaker.threshold.note"), QStringLiteral("Its own; for all providers: 5."));
    test.click("breaker.threshold.origin");
    QCOMPARE(test.box("breaker.threshold")->value(), 5.0);
    QCOMPARE(test.said("breaker.threshold.origin"), QStringLiteral("Inherited"));
    test.click("applyDraftButton");
    QTRY_COMPARE_WITH_TIMEOUT(test.said("draftState"), noChanges, patience);
    QVERIFY(!test.snapshot()->origins.inFile.contains(QStringLiteral("/providers/alpha/breaker/threshold")));
    QCOMPARE(test.snapshot()->providers[0].breaker.effectiveThreshold, 5);
}

void TestThresholdsPage::revertsTheDraft()
{
    ThresholdsUnderTest test({ twoProviders() });
    test.type("breaker.threshold", QStringLiteral("7"));
    test.type("breaker.windowMs", QStringLiteral("90"));
    QCOMPARE(test.said("draftState"), QStringLiteral("Draft: 2 changes"));
    QCOMPARE(test.find<QTabWidget>("thresholdGroups")->tabText(0), QStringLiteral("Breaker (2)"));
    test.press(Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(test.said("draftState"), noChanges);
    QCOMPARE(test.box("breaker.threshold")->value(), 5.0);
    QCOMPARE(test.box("breaker.windowMs")->value(), 60.0);
    QVERIFY(!test.find<QAction>("revertDraft")->isEnabled());
    // Typing the old value again is no change either.
    test.type("breaker.threshold", QStringLiteral("7"));
    test.type("breaker.threshold", QStringLiteral("5"));
    QCOMPARE(test.said("draftState"), noChanges);
}

void TestThresholdsPage::saysWhyADraftWasNotApplied()
{
    ThresholdsUnderTest test({ twoProviders() });
    // A directory in the place of the file: saving fails, whoever runs the test.
    QVERIFY(QFile::remove(test.configPath()));
    QVERIFY(QDir().mkpath(test.configPath() + QStringLiteral("/full")));
    QSignalSpy failed(&test.window().console(), &Console::failed);
    test.type("breaker.threshold", QStringLiteral("7"));
    test.press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, patience);
    QVERIFY(failed.front().front().toString().contains(QStringLiteral("was not applied")));
    QCOMPARE(test.said("draftState"), QStringLiteral("Draft: 1 change")); // nothing is lost
    QCOMPARE(test.box("breaker.threshold")->value(), 7.0);
    QCOMPARE(test.snapshot()->breaker.threshold, 5);
    QVERIFY(!test.window().console().undoStack().canUndo());
}

void TestThresholdsPage::keepsTheDraftWhenTheFileChanges()
{
    ThresholdsUnderTest test({ twoProviders() });
    test.engine().start();
    test.type("breaker.windowMs", QStringLiteral("90"));
    test.write(twoProviders("\"breaker\":{\"threshold\":11},"));
    QTRY_COMPARE_WITH_TIMEOUT(test.box("breaker.threshold")->value(), 11.0, patience);
    QCOMPARE(test.box("breaker.windowMs")->value(), 90.0);
    QCOMPARE(test.said("draftState"), QStringLiteral("Draft: 1 change"));
    test.write(twoProviders("\"breaker\":{\"threshold\":11,\"windowMs\":90000},"));
    QTRY_COMPARE_WITH_TIMEOUT(test.said("draftState"), noChanges, patience); // it is in force by now
}

void TestThresholdsPage::needsRecordedTraffic()
{
    const ThresholdsUnderTest unrecorded({ twoProviders(), {}, false, false });
    QTRY_VERIFY_WITH_TIMEOUT(unrecorded.said("replayMessage").startsWith(QStringLiteral("Nothing is recorded")),
                             patience);
    ThresholdsUnderTest test({ twoProviders() }, [](const QString &directory) {
        RecordedBreaker breaker(alpha);
        QVERIFY(breaker.calls(112, Outcome::Success, 1000));
        breaker.save(directory);
    });
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QLabel>("replayMessage")->isVisible(), patience);
    QVERIFY2(test.said("replayMessage")
                 .startsWith(QStringLiteral("Needs recorded traffic. 112 of about 500 requests so far")),
             qPrintable(test.said("replayMessage")));
    QVERIFY(test.said("replayFacts").startsWith(QStringLiteral("Recorded: 112 requests, 1 provider, computed in ")));
    // Meanwhile a made-up recording shows what it will be like.
    test.click("sampleButton");
    QTRY_VERIFY_WITH_TIMEOUT(test.said("replayFacts").startsWith(QStringLiteral("Demo recording: ")), patience);
    QVERIFY(test.said("replayMessage").contains(QStringLiteral("not your traffic")));
    QVERIFY(textOf(test, 0).startsWith(QStringLiteral("demo-flaky opened ")));
    test.type("breaker.threshold", QStringLiteral("2"));
    QTRY_VERIFY_WITH_TIMEOUT(textOf(test, 0).startsWith(QStringLiteral("With the draft, demo-flaky would")), patience);
    test.click("revertDraftButton");
    test.click("sampleButton");
    QTRY_VERIFY_WITH_TIMEOUT(test.said("replayFacts").startsWith(QStringLiteral("Recorded: 112 ")), patience);
    test.find<QAction>("replayRange2")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(test.said("replayFacts").contains(QStringLiteral("computed in")), patience);
}

void TestThresholdsPage::saysWhatTheDraftWouldHaveChanged()
{
    ThresholdsUnderTest test({ twoProviders() }, recordAlpha);
    const QAbstractItemModelTester tester(test.find<ConsequenceList>("consequences")->model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_VERIFY_WITH_TIMEOUT(textOf(test, 0).startsWith(QStringLiteral("alpha opened 1×, the first time at ")),
                             patience);
    QCOMPARE(textOf(test, 1), QStringLiteral("beta: nothing is recorded in this time."));
    QVERIFY(!test.find<QLabel>("replayMessage")->isVisible());
    QVERIFY(hasKind(test, "replayActual", TimelineSegment::Kind::Open));
    // What the breaker evaluated besides the rate.
    const auto highest = [&test](const char *chart) { return test.find<TimeChart>(chart)->highest().value_or(-1); };
    QCOMPARE(highest("replayStreak"), 5.0);
    QCOMPARE(highest("replaySlowRate"), 0.0);
    QCOMPARE(highest("replayCalls"), 15.0); // one each 4 s
    QCOMPARE(highest("replayOpenTime"), 60'000.0);

    test.type("breaker.threshold", QStringLiteral("3"));
    QTRY_VERIFY_WITH_TIMEOUT(textOf(test, 0).startsWith(QStringLiteral("With the draft, alpha")), patience);
    // From the fourth call in a row that failed on, 60 s are diverted; then it opens two calls earlier.
    const QString sentence = textOf(test, 0);
    QVERIFY2(sentence.startsWith(
                 QStringLiteral("With the draft, alpha would have opened 2× (actual 1×), 10 min earlier at ")),
             qPrintable(sentence));
    QVERIFY2(sentence.contains(QStringLiteral("; 3 failed requests avoided, ")), qPrintable(sentence));
    QVERIFY2(sentence.contains(QStringLiteral(" good ones diverted")), qPrintable(sentence));
    const auto &draft = test.find<BreakerTimeline>("replayDraft")->segments();
    QCOMPARE(std::count_if(draft.begin(), draft.end(),
                           [](const TimelineSegment &s) { return s.kind == TimelineSegment::Kind::Open; }),
             2);
    QCOMPARE(test.find<TimeChart>("replayChart")->series().size(), std::size_t { 2 });
    QVERIFY(test.said("replayHeading").contains(QStringLiteral("on recorded traffic")));
    test.click("revertDraftButton");
    QTRY_VERIFY_WITH_TIMEOUT(textOf(test, 0).startsWith(QStringLiteral("alpha opened 1×")), patience);
    QCOMPARE(test.find<TimeChart>("replayChart")->series().size(), std::size_t { 1 });
}

void TestThresholdsPage::marksWhatNobodyKnows()
{
    ThresholdsUnderTest test({ twoProviders() }, recordAlpha);
    QTRY_VERIFY_WITH_TIMEOUT(textOf(test, 0).startsWith(QStringLiteral("alpha opened")), patience);
    test.type("breaker.threshold", QStringLiteral("50"));
    QTRY_VERIFY_WITH_TIMEOUT(textOf(test, 0).contains(QStringLiteral("would have opened 0× (actual 1×)")), patience);
    QVERIFY2(textOf(test, 0).contains(QStringLiteral("unknown for 60 s, when nothing was sent")),
             qPrintable(textOf(test, 0)));
    QVERIFY(!hasKind(test, "replayDraft", TimelineSegment::Kind::Open));
    const auto &segments = test.find<BreakerTimeline>("replayDraft")->segments();
    const auto unknown = std::find_if(segments.begin(), segments.end(), [](const TimelineSegment &segment) {
        return segment.kind == TimelineSegment::Kind::Unknown &&
            segment.reason.contains(QStringLiteral("nobody knows"));
    });
    QVERIFY(unknown != segments.end());
    QCOMPARE(unknown->span.lengthMs(), 60'000);
    // Without gaps or overlaps, whatever is known of it.
    for (std::size_t i = 1; i < segments.size(); ++i)
        QCOMPARE(segments[i].span.sinceMs, segments[i - 1].span.untilMs);
}

void TestThresholdsPage::saysWhatAReplayCannotTry()
{
    ThresholdsUnderTest test({ twoProviders() }, recordAlpha);
    QTRY_VERIFY_WITH_TIMEOUT(textOf(test, 0).startsWith(QStringLiteral("alpha opened")), patience);
    test.find<QTabWidget>("thresholdGroups")->setCurrentIndex(3);
    test.type("timeouts.connectMs", QStringLiteral("3"));
    QVERIFY2(test.said("replayHeading").contains(QStringLiteral("cannot be tried")),
             qPrintable(test.said("replayHeading")));
    QVERIFY(!test.find<QAction>("shadowDraft")->isEnabled());
    QVERIFY(test.find<QAction>("applyDraft")->isEnabled());
}

void TestThresholdsPage::runsAShadow()
{
    ThresholdsUnderTest test({ {}, {}, true });
    test.engine().start();
    QVERIFY(!test.find<QWidget>("stopShadowButton")->isVisible());
    test.type("breaker.threshold", QStringLiteral("1"));
    test.press(Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QWidget>("stopShadowButton")->isVisible(), patience);
    const auto &shadow = test.snapshot()->providers.front().shadow;
    QVERIFY(shadow);
    const auto left = QDateTime::currentDateTimeUtc().secsTo(shadow->until);
    QVERIFY(left > 3500 && left <= 3600);
    QCOMPARE(test.snapshot()->breaker.threshold, 5); // it decides nothing
    QTRY_VERIFY_WITH_TIMEOUT(test.said("shadowText").contains(QStringLiteral("would have opened")), patience);
    QVERIFY(test.find<QWidget>("replayShadow")->isVisible());
    // The first of them stops within half a minute, and a single failure opens the shadow.
    QTRY_VERIFY_WITH_TIMEOUT(hasKind(test, "replayShadow", TimelineSegment::Kind::Open), 90'000);
    test.click("stopShadowButton");
    QTRY_VERIFY_WITH_TIMEOUT(!test.find<QWidget>("stopShadowButton")->isVisible(), patience);
    QVERIFY(!test.snapshot()->providers.front().shadow);
    QVERIFY(!test.find<QWidget>("replayShadow")->isVisible());
    QCOMPARE(test.said("draftState"), QStringLiteral("Draft: 1 change"));
}

void TestThresholdsPage::restoresAVersion()
{
    ThresholdsUnderTest test({ twoProviders() });
    for (const int threshold : { 6, 7, 8 }) {
        test.type("breaker.threshold", QString::number(threshold));
        test.press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(test.said("draftState"), noChanges, patience);
    }
    test.press(Qt::Key_H, Qt::ControlModifier);
    auto *dialog = test.dialog<HistoryDialog>();
    QVERIFY(dialog);
    auto *versions = dialog->findChild<QTableView *>(QStringLiteral("versions"));
    const QAbstractItemModelTester tester(versions->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE_WITH_TIMEOUT(versions->model()->rowCount(), 3, patience);
    QCOMPARE(versions->model()->index(0, VersionModel::ChangeColumn).data().toString(),
             QStringLiteral("breaker.threshold 7 → 8"));
    versions->setFocus();
    QTest::keyClick(versions, Qt::Key_Down);
    QVERIFY(dialog->findChild<QPlainTextEdit *>(QStringLiteral("versionChanges"))
                ->toPlainText()
                .contains(QStringLiteral("breaker.threshold 6 → 7")));
    QVERIFY(dialog->findChild<QLabel *>(QStringLiteral("restoreConsequence"))
                ->text()
                .contains(QStringLiteral("without the 1 later one")));
    QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("restoreVersion")), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(test.snapshot()->breaker.threshold, 6, patience); // before that change
    QTRY_COMPARE_WITH_TIMEOUT(versions->model()->rowCount(), 4, patience);
    QCOMPARE(loadConfig(test.configPath()).config.breaker.threshold, 6);
    dialog->reject();
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window()));
    QTRY_COMPARE_WITH_TIMEOUT(test.box("breaker.threshold")->value(), 6.0, patience);
    test.press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(test.snapshot()->breaker.threshold, 8, patience);
}

void TestThresholdsPage::restsWhileHidden()
{
    ThresholdsUnderTest test({ twoProviders() }, recordAlpha);
    test.engine().start();
    test.type("breaker.threshold", QStringLiteral("3"));
    test.window().hide();
    for (const QTimer *timer : test.window().findChildren<QTimer *>())
        QVERIFY2(!timer->isActive(), qPrintable(timer->objectName()));
    test.window().show();
    QTRY_VERIFY_WITH_TIMEOUT(textOf(test, 0).startsWith(QStringLiteral("With the draft")), patience);
    QCOMPARE(test.said("draftState"), QStringLiteral("Draft: 1 change"));
}

QTEST_MAIN(TestThresholdsPage)
#include "tst_thresholdspage.moc"
