// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowundertest.h"
#include "ui/page/page.h"
#include "ui/page/providercommands.h"
#include "ui/shell/alarmstrip.h"
#include "ui/shell/commandpalette.h"
#include "ui/shell/navigation.h"
#include "ui/shell/pagestack.h"
#include "ui/wall/tileview.h"
#include "ui/wall/wallpage.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>
#include <QUndoCommand>
#include <QUndoStack>
#include <QWheelEvent>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

constexpr int patience = 15000;

class CountingCommand : public QUndoCommand
{
public:
    explicit CountingCommand(int &value) : m_value(value) { setText(QStringLiteral("count")); }
    void undo() override { --m_value; }
    void redo() override { ++m_value; }

private:
    int &m_value;
};

PageId pageOf(WindowUnderTest &test)
{
    return test.window().pages().currentPage()->place().page;
}

void activate(WindowUnderTest &test)
{
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window()));
}

void turnWheel(QWidget *widget, int notches)
{
    const QPointF at = widget->rect().center();
    QWheelEvent event(at, widget->mapToGlobal(at), {}, QPoint(0, notches * 120), Qt::NoButton, Qt::ControlModifier,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(widget, &event);
}

} // namespace

class TestShell : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }
    void goesToPagesByKeys();
    void goesToPagesByMouse();
    void goesBackAndForward();
    void paletteRunsACommandByKeysAlone();
    void paletteFindsByLetters_data();
    void paletteFindsByLetters();
    void wallModeShowsTheProvidersAlone();
    void showsTheGravestAlarmAndTakesTheAcknowledgement();
    void undoesAndRedoes();
    void narrowsTheNavigation();
    void movesOnTheWallByKeys();
    void opensAProvider();
    void changesTheDensity();
    void holdsTheOrderUnderTheFocus();
    void offersEveryCommandInTheContextMenu();

private:
    QTemporaryDir m_settings;
};

void TestShell::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

void TestShell::goesToPagesByKeys()
{
    WindowUnderTest test(twoProviders());
    activate(test);
    QVERIFY(test.find<Navigation>("navigation")->hasFocus());
    QTest::keyClick(&test.window(), Qt::Key_4, Qt::ControlModifier);
    QCOMPARE(pageOf(test), PageId::Thresholds);
    QVERIFY(test.window().windowTitle().startsWith(QStringLiteral("Thresholds")));
    QTest::keyClick(&test.window(), Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(pageOf(test), PageId::Wall);
    test.find<Navigation>("navigation")->setFocus();
    QTest::keyClick(test.find<Navigation>("navigation"), Qt::Key_End);
    QVERIFY(pageOf(test) != PageId::Wall);
    QTest::keyClick(test.find<Navigation>("navigation"), Qt::Key_Home);
    QCOMPARE(pageOf(test), PageId::Wall);
}

void TestShell::goesToPagesByMouse()
{
    WindowUnderTest test(twoProviders());
    auto *navigation = test.find<Navigation>("navigation");
    const QAbstractItemModel *model = navigation->model();
    for (const int row : { model->rowCount() - 1, 0 }) {
        const QModelIndex index = model->index(row, 0);
        QTest::mouseClick(navigation->viewport(), Qt::LeftButton, {}, navigation->visualRect(index).center());
        QVERIFY(test.window().windowTitle().startsWith(index.data().toString()));
    }
}

void TestShell::goesBackAndForward()
{
    WindowUnderTest test(twoProviders());
    activate(test);
    QVERIFY(!test.find<QAction>("back")->isEnabled());
    test.select(QStringLiteral("beta"));
    test.go(PageId::Thresholds);
    QTest::keyClick(&test.window(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(pageOf(test), PageId::Wall);
    QCOMPARE(test.window().console().selectedProvider(), QStringLiteral("beta"));
    QVERIFY(!test.find<QAction>("back")->isEnabled());
    QTest::keyClick(&test.window(), Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(pageOf(test), PageId::Thresholds);
    QVERIFY(!test.find<QAction>("forward")->isEnabled());
}

void TestShell::paletteRunsACommandByKeysAlone()
{
    WindowUnderTest test(twoProviders());
    activate(test);
    QTest::keyClick(&test.window(), Qt::Key_K, Qt::ControlModifier);
    auto *palette = test.find<CommandPalette>("palette");
    QVERIFY(palette && palette->isVisible());
    auto *line = palette->findChild<QLineEdit *>(QStringLiteral("paletteLine"));
    auto *list = palette->findChild<QListView *>(QStringLiteral("paletteList"));
    QVERIFY(list->model()->rowCount() > 15);
    QTest::keyClicks(line, QStringLiteral("thresh"));
    QVERIFY(list->currentIndex().data().toString().startsWith(QStringLiteral("Thresholds")));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(pageOf(test), PageId::Thresholds);
    QTRY_VERIFY(!test.find<CommandPalette>("palette"));
}

void TestShell::paletteFindsByLetters_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("better");
    QTest::addColumn<QString>("worse");
    QTest::newRow("beginnings of words") << QStringLiteral("fo") << QStringLiteral("Force open")
                                         << QStringLiteral("Reset of it");
    QTest::newRow("side by side") << QStringLiteral("rob") << QStringLiteral("probe now")
                                  << QStringLiteral("reset to be");
    QTest::newRow("any case") << QStringLiteral("COPY") << QStringLiteral("copy address") << QStringLiteral("Stop");
}

void TestShell::paletteFindsByLetters()
{
    QFETCH(const QString, typed);
    QFETCH(const QString, better);
    QFETCH(const QString, worse);
    QVERIFY(fuzzyScore(typed, better));
    QVERIFY(fuzzyScore(typed, better).value_or(-1000) > fuzzyScore(typed, worse).value_or(-1000));
    QVERIFY(!fuzzyScore(QStringLiteral("xyz"), better));
}

void TestShell::wallModeShowsTheProvidersAlone()
{
    WindowUnderTest test(twoProviders());
    activate(test);
    test.go(PageId::Thresholds);
    QTest::keyClick(&test.window(), Qt::Key_F11);
    QVERIFY(test.window().isWallMode());
    QVERIFY(test.window().isFullScreen());
    QCOMPARE(pageOf(test), PageId::Wall);
    QVERIFY(!test.window().menuBar()->isVisible());
    QVERIFY(!test.find<Navigation>("navigation")->isVisible());
    QVERIFY(test.find<TileView>("tiles")->isVisible());
    QVERIFY(test.find<AlarmStrip>("alarmStrip")->isVisible());
    QTest::keyClick(&test.window(), Qt::Key_Escape);
    QVERIFY(!test.window().isWallMode());
    QVERIFY(!test.window().isFullScreen());
    QVERIFY(test.find<Navigation>("navigation")->isVisible());
    // Its keys live without the menu bar too.
    QTest::keyClick(&test.window(), Qt::Key_F11);
    QTest::keyClick(&test.window(), Qt::Key_F11);
    QVERIFY(!test.window().isWallMode());
}

void TestShell::showsTheGravestAlarmAndTakesTheAcknowledgement()
{
    QTcpServer squatter;
    QVERIFY(squatter.listen(QHostAddress::LocalHost));
    WindowUnderTest test(twoProviders({}, "\"token\":null,\"port\":" + QByteArray::number(squatter.serverPort())));
    QCOMPARE(test.text("alarmText"), QStringLiteral("No active alarms"));
    QVERIFY(!test.find<QAbstractButton>("acknowledgeShown")->isVisible());
    test.engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(test.text("alarmText").contains(QStringLiteral("High")), patience);
    auto *acknowledge = test.find<QAbstractButton>("acknowledgeShown");
    QVERIFY(acknowledge->isVisible());
    acknowledge->setFocus();
    QTest::keyClick(acknowledge, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(test.engine().snapshot()->alarms.front().state == AlarmState::Acknowledged, patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.text("alarmText"), QStringLiteral("No active alarms"), patience);
}

void TestShell::undoesAndRedoes()
{
    WindowUnderTest test(twoProviders());
    activate(test);
    int value = 0;
    test.window().console().undoStack().push(new CountingCommand(value));
    QCOMPARE(value, 1);
    QTest::keyClick(&test.window(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(value, 0);
    QTest::keyClick(&test.window(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(value, 1);
}

void TestShell::narrowsTheNavigation()
{
    {
        WindowUnderTest test(twoProviders());
        const int wide = test.find<Navigation>("navigation")->width();
        test.trigger("narrowNavigation");
        QVERIFY(test.find<Navigation>("navigation")->width() < wide / 2);
        test.window().close();
    }
    WindowUnderTest again(twoProviders());
    QVERIFY(again.find<Navigation>("navigation")->isCollapsed());
}

void TestShell::movesOnTheWallByKeys()
{
    WindowUnderTest test(twoProviders());
    activate(test);
    auto *tiles = test.find<TileView>("tiles");
    tiles->setFocus();
    const Console &console = test.window().console();
    QTest::keyClick(tiles, Qt::Key_Home);
    QCOMPARE(console.selectedProvider(), QStringLiteral("alpha"));
    QTest::keyClick(tiles, Qt::Key_J);
    QCOMPARE(console.selectedProvider(), QStringLiteral("beta"));
    QTest::keyClick(tiles, Qt::Key_K);
    QCOMPARE(console.selectedProvider(), QStringLiteral("alpha"));
    QTest::keyClick(tiles, Qt::Key_Right);
    QCOMPARE(console.selectedProvider(), QStringLiteral("beta"));
    QTest::keyClicks(tiles, QStringLiteral("al"));
    QCOMPARE(console.selectedProvider(), QStringLiteral("alpha"));
    QTest::keyClick(tiles, Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("alpha, ")));
}

void TestShell::opensAProvider()
{
    WindowUnderTest test(twoProviders());
    activate(test);
    QSignalSpy opened(&test.window().console(), &Console::openRequested);
    auto *tiles = test.find<TileView>("tiles");
    test.select(QStringLiteral("beta"));
    tiles->setFocus();
    QTest::keyClick(tiles, Qt::Key_Return);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened.last().first().value<PageTarget>().page, PageId::Provider);
    QCOMPARE(opened.last().first().value<PageTarget>().provider, QStringLiteral("beta"));
    test.go(PageId::Wall);
    opened.clear();
    const QPoint at = tiles->visualRect(tiles->model()->index(0, 0)).center();
    QTest::mouseClick(tiles->viewport(), Qt::LeftButton, {}, at); // the first of two; the next sends the second alone
    QTest::mouseDClick(tiles->viewport(), Qt::LeftButton, {}, at);
    QTRY_VERIFY(!opened.isEmpty());
    QCOMPARE(opened.last().first().value<PageTarget>().provider, QStringLiteral("alpha"));
}

void TestShell::changesTheDensity()
{
    WindowUnderTest test(twoProviders());
    activate(test);
    auto *tiles = test.find<TileView>("tiles");
    const int large = tiles->gridSize().height();
    turnWheel(tiles->viewport(), -1);
    QVERIFY(tiles->gridSize().height() < large);
    test.select(QStringLiteral("beta"));
    QTest::keyClick(&test.window(), Qt::Key_Minus, Qt::ControlModifier);
    auto *table = test.find<QAbstractItemView>("providers");
    QVERIFY(table->isVisible());
    QVERIFY(!tiles->isVisible());
    QCOMPARE(test.window().console().selectedProvider(), QStringLiteral("beta"));
    turnWheel(table->viewport(), 1);
    QVERIFY(tiles->isVisible());
    test.trigger("densityLarge");
    QCOMPARE(tiles->gridSize().height(), large);
}

void TestShell::holdsTheOrderUnderTheFocus()
{
    WindowUnderTest test(twoProviders());
    activate(test);
    test.engine().start();
    auto *tiles = test.find<TileView>("tiles");
    const auto first = [tiles] { return tiles->model()->index(0, ProviderModel::NameColumn).data().toString(); };
    tiles->setFocus();
    QCOMPARE(first(), QStringLiteral("alpha"));
    ProviderCommand command;
    command.kind = ProviderCommand::Kind::TripFor;
    command.provider = QStringLiteral("beta");
    command.duration = 10min;
    test.engine().command(command);
    auto *held = test.find<QWidget>("orderHeld");
    QTRY_VERIFY_WITH_TIMEOUT(held->isVisible(), patience);
    QCOMPARE(first(), QStringLiteral("alpha"));
    test.find<Navigation>("navigation")->setFocus();
    QTRY_COMPARE_WITH_TIMEOUT(first(), QStringLiteral("beta"), patience);
    QVERIFY(!held->isVisible());
}

void TestShell::offersEveryCommandInTheContextMenu()
{
    WindowUnderTest test(twoProviders());
    activate(test);
    auto *tiles = test.find<TileView>("tiles");
    test.select(QStringLiteral("beta"));
    QContextMenuEvent event(QContextMenuEvent::Keyboard, {}, {});
    QCoreApplication::sendEvent(tiles, &event);
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    const QList<QAction *> offered = menu->actions();
    const QMenu *provider = test.find<QMenu>("providerMenu");
    for (QAction *action : provider->actions()) {
        if (!action->isSeparator())
            QVERIFY2(offered.contains(action), qPrintable(action->text()));
    }
    menu->close();
}

QTEST_MAIN(TestShell)
#include "tst_shell.moc"
