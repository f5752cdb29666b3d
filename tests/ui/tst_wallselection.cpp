// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowundertest.h"
#include "ui/page/page.h"
#include "ui/shell/pagestack.h"
#include "ui/wall/providertable.h"
#include "ui/wall/tileview.h"
#include "ui/wall/wallpage.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QMenu>
#include <QSettings>
#include <QTest>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

constexpr int patience = 20'000;

QByteArray providers(int count)
{
    QByteArray list;
    for (int i = 0; i < count; ++i)
        list += QByteArray(i > 0 ? "," : "") + "{\"name\":\"p" + QByteArray::number(i) +
            "\",\"dialect\":\"openai\",\"baseUrl\":\"http://127.0.0.1:9/v1\",\"key\":null}";
    return "{\"version\":1,\"proxy\":{\"port\":0,\"token\":null},\"health\":{\"intervalMs\":3600000},\"providers\":[" +
        list + "]}";
}

WallPage *wallOf(WindowUnderTest &test)
{
    test.window().activateWindow();
    if (!QTest::qWaitForWindowActive(&test.window(), patience))
        return nullptr;
    return qobject_cast<WallPage *>(test.window().pages().currentPage());
}

QAbstractItemView *viewOf(const WindowUnderTest &test, WallPage::Density density)
{
    return density == WallPage::Density::Table ? static_cast<QAbstractItemView *>(test.find<ProviderTable>("providers"))
                                               : test.find<TileView>("tiles");
}

} // namespace

/// Several providers chosen on the wall, and what a single letter does there.
class TestWallSelection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void comparesWhatIsSelected_data();
    void comparesWhatIsSelected();
    void comparesByKeyboard();
    void neitherOneNorSix();
    void mutesWithOneLetter();

private:
    QTemporaryDir m_settings;
};

void TestWallSelection::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
}

void TestWallSelection::comparesWhatIsSelected_data()
{
    QTest::addColumn<WallPage::Density>("density");
    QTest::newRow("tiles") << WallPage::Density::Large;
    QTest::newRow("table") << WallPage::Density::Table;
}

void TestWallSelection::comparesWhatIsSelected()
{
    QFETCH(const WallPage::Density, density);
    WindowUnderTest test(providers(4));
    WallPage *wall = wallOf(test);
    QVERIFY(wall);
    wall->setDensity(density);
    QAbstractItemView *view = viewOf(test, density);
    const auto click = [view](int row, Qt::KeyboardModifiers modifiers) {
        const QModelIndex index = view->model()->index(row, ProviderModel::StateColumn);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, modifiers, view->visualRect(index).center());
    };
    auto *compare = test.find<QAction>("compareProviders");
    click(0, Qt::NoModifier);
    QVERIFY(!compare->isEnabled());
    click(2, Qt::ControlModifier);
    click(3, Qt::ControlModifier);
    QVERIFY(compare->isEnabled());
    QVERIFY(wall->pageActions().contains(compare)); // so it is in the View menu and the palette
    compare->trigger();
    const PageTarget place = test.window().pages().currentPage()->place();
    QCOMPARE(place.page, PageId::Provider);
    QCOMPARE(place.provider, QStringLiteral("p0"));
    QCOMPARE(place.item, QStringLiteral("p0,p2,p3"));
}

void TestWallSelection::comparesByKeyboard()
{
    WindowUnderTest test(providers(3));
    WallPage *wall = wallOf(test);
    QVERIFY(wall);
    wall->setDensity(WallPage::Density::Large);
    auto *tiles = test.find<TileView>("tiles");
    tiles->setFocus();
    tiles->setCurrentIndex(tiles->model()->index(0, ProviderModel::StateColumn));
    QTest::keyClick(tiles, Qt::Key_Right, Qt::ControlModifier);
    QTest::keyClick(tiles, Qt::Key_Space, Qt::ControlModifier);
    QTest::keyClick(tiles, Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(test.window().pages().currentPage()->place().item, QStringLiteral("p0,p1"));
    QTest::keyClick(&test.window(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(test.window().pages().currentPage()->place().page, PageId::Wall);
}

void TestWallSelection::neitherOneNorSix()
{
    WindowUnderTest test(providers(6));
    WallPage *wall = wallOf(test);
    QVERIFY(wall);
    wall->setDensity(WallPage::Density::Large);
    auto *tiles = test.find<TileView>("tiles");
    tiles->selectAll();
    QVERIFY(!test.find<QAction>("compareProviders")->isEnabled());
    QVERIFY(test.find<QAction>("compareProviders")->toolTip().contains(QLatin1Char('5')));
    QVERIFY(wall->stepBack());
    QVERIFY(!test.find<QAction>("compareProviders")->isEnabled());
}

void TestWallSelection::mutesWithOneLetter()
{
    WindowUnderTest test(twoProviders());
    test.engine().start();
    WallPage *wall = wallOf(test);
    QVERIFY(wall);
    wall->setDensity(WallPage::Density::Large);
    auto *tiles = test.find<TileView>("tiles");
    tiles->setFocus();
    test.window().console().open(PageTarget { PageId::Wall, QStringLiteral("alpha"), {}, {}, {}, {}, {} });
    QTest::keyClick(tiles, Qt::Key_M);
    QVERIFY(!test.dialog()); // there is no alarm yet
    ProviderCommand command;
    command.kind = ProviderCommand::Kind::TripFor;
    command.provider = QStringLiteral("alpha");
    command.duration = 10min;
    test.engine().command(command);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QAction>("muteAlarms")->isEnabled(), patience);
    QTest::qWait(QApplication::keyboardInputInterval() + 50);
    QTest::keyClick(tiles, Qt::Key_A); // looks for a name, whose next letter is no command
    QTest::keyClick(tiles, Qt::Key_M);
    QVERIFY(!test.dialog());
    QTest::qWait(QApplication::keyboardInputInterval() + 50);
    QTest::keyClick(tiles, Qt::Key_M);
    QTRY_VERIFY(test.dialog());
    QTest::keyClick(test.dialog(), Qt::Key_Return);
    const auto isShelved = [&test] {
        const auto &alarms = test.engine().snapshot()->alarms;
        return std::any_of(alarms.begin(), alarms.end(), [](const Alarm &alarm) {
            return alarm.subject == QLatin1String("alpha") && alarm.state == AlarmState::Shelved;
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(isShelved(), patience);
}

QTEST_MAIN(TestWallSelection)
#include "tst_wallselection.moc"
