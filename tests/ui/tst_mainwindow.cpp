// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/rawsocket.h"
#include "tests/ui/windowundertest.h"
#include "ui/shell/banner.h"
#include "ui/style/format.h"
#include "ui/wall/providertable.h"

#include <QAbstractButton>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;
using namespace std::chrono_literals;

namespace {

/// Generous: against a hang, not a measure.
constexpr int patience = 15000;

const QString alpha = QStringLiteral("alpha");
const QString beta = QStringLiteral("beta");

QJsonObject parsed(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

bool listens(WindowUnderTest &test)
{
    return test.text("statusListening").endsWith(QStringLiteral("listening")) &&
        test.engine().snapshot()->listener.state == ListenState::Listening;
}

bool canConnect(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    return socket.waitForConnected(2000);
}

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void startsAndStopsTheProxy();
    void saysWhyThePortCannotBeUsed();
    void offersTheNextPort();
    void copiesAddressAndToken();
    void saysWhenAnEditOfTheFileIsBroken();
    void forcesOpenForAWhile();
    void asksBeforeItDisturbsRequests();
    void offersOnlyWhatMakesSense();
    void keepsTheSelectionWhenTheOrderChanges();
    void greysOldFigures();
    void restsWhileHidden();
    void labelsSimulatedProviders();
    void saysHowToAddAProvider();
    void stopsTheEngineBeforeItCloses();
    void keepsItsPlace();

private:
    QTemporaryDir m_settings;
};

void TestMainWindow::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

void TestMainWindow::startsAndStopsTheProxy()
{
    WindowUnderTest test(twoProviders());
    QCOMPARE(test.text("statusListening"), QStringLiteral("Proxy: stopped"));
    QVERIFY(test.find<Banner>("stoppedBanner")->isVisible());
    test.click("startStopButton");
    QTRY_VERIFY_WITH_TIMEOUT(listens(test), patience);
    const ListenerSnapshot listener = test.engine().snapshot()->listener;
    QVERIFY(test.text("statusListening").contains(QString::number(listener.port)));
    QVERIFY(!test.find<Banner>("stoppedBanner")->isVisible());
    QVERIFY(canConnect(listener.port));

    QTRY_VERIFY_WITH_TIMEOUT(test.find<QAction>("startStop")->isEnabled(), patience);
    test.trigger("startStop");
    QTRY_COMPARE_WITH_TIMEOUT(test.text("statusListening"), QStringLiteral("Proxy: stopped"), patience);
    QVERIFY(!canConnect(listener.port));
}

void TestMainWindow::saysWhyThePortCannotBeUsed()
{
    const test::RawSocket kept = test::RawSocket::boundToAnyPort();
    QTcpServer squatter;
    QVERIFY(squatter.listen(QHostAddress::LocalHost, kept.localPort()));
    const QByteArray port = QByteArray::number(squatter.serverPort());
    WindowUnderTest test(twoProviders({}, "\"token\":null,\"port\":" + port));
    test.click("startStopButton");
    auto *banner = test.find<Banner>("listenBanner");
    QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), patience);
    QVERIFY2(banner->text().contains(QString::fromLatin1(port)), qPrintable(banner->text()));
    QCOMPARE(test.text("statusListening"), QStringLiteral("Proxy: not listening"));

    squatter.close();
    test.click("retryListeningButton");
    QTRY_VERIFY_WITH_TIMEOUT(listens(test), patience);
    QTRY_VERIFY_WITH_TIMEOUT(!banner->isVisible(), patience);
}

void TestMainWindow::offersTheNextPort()
{
    const auto [kept, following] = test::RawSocket::boundToNeighbours();
    const quint16 port = kept.localPort();
    QTcpServer squatter;
    QVERIFY(squatter.listen(QHostAddress::LocalHost, port));
    WindowUnderTest test(twoProviders({}, "\"token\":null,\"port\":" + QByteArray::number(port)));
    test.engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(test.find<Banner>("listenBanner")->isVisible(), patience);
    const QString next = QString::number(port + 1);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QAbstractButton>("useNextPortButton")->isEnabled(), patience);
    QVERIFY(test.find<QAbstractButton>("useNextPortButton")->text().contains(next));
    test.click("useNextPortButton");
    const auto saved = [&test] {
        return parsed(test.configText()).value(QLatin1String("proxy")).toObject().value(QLatin1String("port")).toInt();
    };
    QTRY_COMPARE_WITH_TIMEOUT(saved(), port + 1, patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->listener.port, quint16(port + 1), patience);
}

void TestMainWindow::copiesAddressAndToken()
{
    WindowUnderTest test(twoProviders({}, "\"port\":0,\"token\":\"pasted-into-a-tool-0123456789\""));
    test.engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(listens(test), patience);
    test.click("statusListening");
    QCOMPARE(QGuiApplication::clipboard()->text(), test.engine().snapshot()->listener.url);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QAction>("copyToken")->isEnabled(), patience);
    test.trigger("copyToken");
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("pasted-into-a-tool-0123456789"));
    for (const QLabel *label : test.window().findChildren<QLabel *>())
        QVERIFY(!label->text().contains(QStringLiteral("pasted-into-a-tool")));
}

void TestMainWindow::saysWhenAnEditOfTheFileIsBroken()
{
    WindowUnderTest test(twoProviders());
    test.go(PageId::Thresholds);
    test.engine().start();
    test.writeConfig(twoProviders("\"breaker\":{\"threshold\":\"many\"},"));
    auto *banner = test.find<Banner>("configBanner");
    QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), patience);
    QVERIFY2(banner->text().contains(QStringLiteral("/breaker/threshold")), qPrintable(banner->text()));
    QCOMPARE(test.find<QDoubleSpinBox>("breaker.threshold")->value(), 5.0);
}

void TestMainWindow::forcesOpenForAWhile()
{
    WindowUnderTest test(twoProviders());
    test.engine().start();
    test.select(beta);
    test.trigger("forceOpen");
    QVERIFY(test.dialog());
    auto *minutes = test.dialog()->findChild<QSpinBox *>(QStringLiteral("minutes"));
    QCOMPARE(minutes->value(), 15);
    QTest::mouseClick(test.dialog()->findChild<QAbstractButton *>(QStringLiteral("verb")), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(test.cell(beta, ProviderModel::StateColumn).startsWith(QStringLiteral("Forced open · 15")),
                             patience);
    QCOMPARE(test.engine().snapshot()->providers[1].breaker.mode, BreakerMode::ForcedOpen);
    QVERIFY(test.engine().snapshot()->providers[1].breaker.overrideUntil.isValid());
    QCOMPARE(test.engine().snapshot()->providers[0].breaker.mode, BreakerMode::Auto);

    test.trigger("returnToAutomatic");
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->providers[1].breaker.mode, BreakerMode::Auto, patience);
    QTRY_VERIFY_WITH_TIMEOUT(!test.cell(beta, ProviderModel::StateColumn).startsWith(QStringLiteral("Forced")),
                             patience);
}

void TestMainWindow::asksBeforeItDisturbsRequests()
{
    WindowUnderTest test(twoProviders());
    test.select(alpha);
    for (const char *action :
         { "forceOpen", "forceClosed", "noBreaker", "tripFor", "resetBreaker", "drain", "disable" }) {
        test.trigger(action);
        QVERIFY2(test.dialog(), action);
        QVERIFY(test.dialog()->windowTitle().contains(alpha));
        test.dialog()->reject();
        QTRY_VERIFY(!test.dialog());
    }
    const ProviderSnapshot &untouched = test.engine().snapshot()->providers[0];
    QCOMPARE(untouched.breaker.mode, BreakerMode::Auto);
    QVERIFY(untouched.enabled);
    QVERIFY(!untouched.draining);
}

void TestMainWindow::offersOnlyWhatMakesSense()
{
    WindowUnderTest test(twoProviders());
    test.select(alpha);
    QVERIFY(!test.find<QAction>("returnToAutomatic")->isEnabled());
    QVERIFY(!test.find<QAction>("enable")->isEnabled());
    test.trigger("disable");
    QVERIFY(test.dialog());
    test.dialog()->accept();
    QTRY_COMPARE_WITH_TIMEOUT(test.cell(alpha, ProviderModel::StateColumn), QStringLiteral("Disabled"), patience);
    QVERIFY(test.find<QAction>("enable")->isEnabled());
    QVERIFY(!test.find<QAction>("disable")->isEnabled());
    test.trigger("enable");
    QTRY_VERIFY_WITH_TIMEOUT(test.cell(alpha, ProviderModel::StateColumn) != QStringLiteral("Disabled"), patience);
}

void TestMainWindow::keepsTheSelectionWhenTheOrderChanges()
{
    WindowUnderTest test(twoProviders());
    test.engine().start();
    test.find<QComboBox>("wallOrder")->setCurrentIndex(1);
    Q_EMIT test.find<QComboBox>("wallOrder")->activated(1);
    test.select(beta);
    QJsonObject config = parsed(test.configText());
    const QJsonArray providers = config.value(QLatin1String("providers")).toArray();
    config.insert(QLatin1String("providers"), QJsonArray { providers[1], providers[0] });
    test.writeConfig(QJsonDocument(config).toJson());
    auto *table = test.find<ProviderTable>("providers");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->index(0, ProviderModel::NameColumn).data().toString(), beta, patience);
    QCOMPARE(test.window().console().selectedProvider(), beta);
    QCOMPARE(table->currentIndex().row(), 0);
}

void TestMainWindow::greysOldFigures()
{
    WindowUnderTest test(twoProviders());
    test.go(PageId::Thresholds);
    test.engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(listens(test), patience);
    test.go(PageId::Wall);
    const QModelIndex cell = test.find<ProviderTable>("providers")->model()->index(0, 0);
    test.advance(4s);
    QVERIFY(!cell.data(ProviderModel::StaleRole).toBool());
    test.advance(10s);
    QVERIFY(cell.data(ProviderModel::StaleRole).toBool());
    QVERIFY(!cell.data().toString().isEmpty());
    auto *banner = test.find<Banner>("staleBanner");
    QVERIFY(banner->isVisible());
    QVERIFY(test.text("statusAge").startsWith(QStringLiteral("Stale 14")));
    test.go(PageId::Thresholds);
    QVERIFY(!test.find<QDoubleSpinBox>("breaker.threshold")->isEnabled());

    QTRY_VERIFY_WITH_TIMEOUT(!banner->isVisible(), patience); // the engine's next snapshot
    QVERIFY(!cell.data(ProviderModel::StaleRole).toBool());
    QVERIFY(test.find<QDoubleSpinBox>("breaker.threshold")->isEnabled());
}

void TestMainWindow::restsWhileHidden()
{
    WindowUnderTest test(twoProviders());
    const auto running = [&test] {
        int count = 0;
        for (const QTimer *timer : test.window().findChildren<QTimer *>())
            count += timer->isActive();
        return count;
    };
    test.engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(listens(test), patience);
    test.window().hide();
    QCOMPARE(running(), 0);
    QSignalSpy changes(test.find<ProviderTable>("providers")->model(), &QAbstractItemModel::dataChanged);
    ProviderCommand command;
    command.kind = ProviderCommand::Kind::ForceOpen;
    command.provider = alpha;
    test.engine().command(command);
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->providers[0].breaker.mode, BreakerMode::ForcedOpen, patience);
    QCoreApplication::processEvents();
    QCOMPARE(changes.size(), 0);
    test.window().show();
    QTRY_COMPARE_WITH_TIMEOUT(test.cell(alpha, ProviderModel::StateColumn), QStringLiteral("Forced open"), patience);
}

void TestMainWindow::labelsSimulatedProviders()
{
    const std::unique_ptr<WindowUnderTest> test = WindowUnderTest::demo();
    test->engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(listens(*test), patience);
    QVERIFY(test->find<QLabel>("simulated")->isVisible());
    QVERIFY(test->window().windowTitle().contains(QStringLiteral("simulated data")));
    const QAbstractItemModel *model = test->find<ProviderTable>("providers")->model();
    QCOMPARE(model->rowCount(), 5);
    for (int row = 0; row < model->rowCount(); ++row)
        QVERIFY(model->index(row, ProviderModel::NameColumn).data(ProviderModel::SimulatedRole).toBool());
    // Its gentle traffic arrives in the table.
    QTRY_VERIFY_WITH_TIMEOUT(test->engine().snapshot()->totals.requests > 0, patience);
    QTRY_VERIFY_WITH_TIMEOUT(test->text("statusRate") != QStringLiteral("0/s requests") &&
                                 !test->text("statusRate").startsWith(noValue()),
                             patience);
}

void TestMainWindow::saysHowToAddAProvider()
{
    WindowUnderTest test("{\"version\":1,\"proxy\":{\"port\":0,\"token\":null},\"providers\":[]}");
    PageTarget wall;
    wall.item = QStringLiteral("providers");
    test.window().console().open(wall);
    QVERIFY(test.find<QLabel>("noProviders")->isVisible());
    QVERIFY(test.text("noProviders").contains(test.configPath()));
}

void TestMainWindow::stopsTheEngineBeforeItCloses()
{
    WindowUnderTest test(twoProviders());
    test.engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(listens(test), patience);
    const quint16 port = test.engine().snapshot()->listener.port;
    test.window().close();
    QTRY_VERIFY_WITH_TIMEOUT(!test.window().isVisible(), patience);
    QCOMPARE(test.engine().snapshot()->listener.state, ListenState::Stopped);
    QVERIFY(!canConnect(port));
}

void TestMainWindow::keepsItsPlace()
{
    QSettings().clear();
    {
        WindowUnderTest test(twoProviders());
        test.window().resize(1100, 650);
        test.window().close();
        QVERIFY(!test.window().isVisible());
    }
    QVERIFY(!QSettings().value(QStringLiteral("window/geometry")).toByteArray().isEmpty());
    QSettings().clear();
}

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
