// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/rawsocket.h"
#include "tests/ui/settingsundertest.h"
#include "tests/ui/windowundertest.h"
#include "ui/page/preferences.h"
#include "ui/page/shortcuts.h"
#include "ui/settings/autostart.h"
#include "ui/settings/field.h"
#include "ui/settings/settingsearch.h"
#include "ui/settings/shortcutmodel.h"
#include "ui/style/numberbox.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPushButton>
#include <QTableView>
#include <QTcpServer>

using namespace signalbox;
using test::Answer;
using test::BodyEnd;
using test::FakeProvider;
using test::HttpClient;

namespace {

constexpr int patience = pagePatience;
const QByteArray token = "local-token-0123456789";

QByteArray oneProvider(const QByteArray &proxy = R"("port":0,"token":null)", const QByteArray &more = {},
                       const QString &url = QStringLiteral("http://127.0.0.1:9/v1"))
{
    return R"({"version":1,"proxy":{)" + proxy + R"(},"health":{"intervalMs":3600000},)" + more +
        R"("providers":[{"name":"alpha","dialect":"openai","baseUrl":")" + url.toUtf8() + R"("}]})";
}

QByteArray withToken()
{
    return oneProvider("\"port\":0,\"token\":\"" + token + "\"");
}

int status(quint16 port, const QByteArray &bearer)
{
    return test::ask(port, test::request("GET", "/v1/models", {}, { { "Authorization", "Bearer " + bearer } }))
        .status();
}

} // namespace

class TestSettingsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }
    void portChangesWhileARequestRuns();
    void busyPortIsExplainedBesideTheField();
    void numbersByKeyboardAndUndo();
    void badTextIsExplainedBesideTheField();
    void otherMachinesNeedATokenAndAQuestion();
    void tokenIsMaskedCopiedAndReplaced();
    void tokenCanBeGivenUp();
    void environmentFixesAField();
    void themeChangesLive();
    void preferencesAreKeptAndUndone();
    void startsAtLogin();
    void searchFindsAndJumps();
    void webhookIsSavedAndTakenBack();
    void keyOfTheWebhookGoesIntoTheKeyring();
    void recordingIsDeleted();
    void shortcutsChangeLive();
    void shortcutConflictsAreExplained();
    void shortcutsOfPagesNeverOpenedAreListed();
    void modelsAreSound();
    void opensByItsKeys();

private:
    QTemporaryDir m_home;
};

void TestSettingsPage::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    qputenv("XDG_CONFIG_HOME", QFile::encodeName(m_home.path()));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_home.filePath(QStringLiteral("settings")));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

void TestSettingsPage::portChangesWhileARequestRuns()
{
    std::atomic<bool> released { false };
    FakeProvider alpha([&released](test::Turn &turn) {
        turn.startEvents();
        turn.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n");
        while (!released && turn.isOpen())
            turn.pause(test::milliseconds(20));
        turn.chunk("data: [DONE]\n\n");
        turn.endChunks();
    });
    SettingsUnderTest test(oneProvider(R"("port":0,"token":null)", {}, alpha.baseUrl(QStringLiteral("/v1"))),
                           QStringLiteral("proxy"));
    const quint16 oldPort = test.start();
    QVERIFY(oldPort > 0);
    HttpClient streaming(oldPort);
    streaming.send(test::postJson("/v1/chat/completions", test::payload::chat(true)));
    QVERIFY(streaming.readHead());

    const test::RawSocket kept = test::RawSocket::boundToAnyPort();
    const quint16 newPort = kept.localPort();
    QVERIFY(test.tabTo("proxyPort"));
    test.find<NumberBox>("proxyPort")->selectAll();
    test.type(QString::number(newPort));
    test.press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->listener.port, newPort, patience);
    QTRY_VERIFY_WITH_TIMEOUT(test.text("listenState").contains(QString::number(newPort)), patience);
    QTRY_VERIFY_WITH_TIMEOUT(test.text("proxyPortNote").startsWith(QStringLiteral("Applied")), patience);
    QCOMPARE(test::ask(newPort, test::request("GET", "/healthz")).status(), 200);
    QVERIFY(test.configText().contains(QByteArray::number(newPort)));

    released = true;
    QByteArray rest;
    while (const std::optional<QByteArray> piece = streaming.readPiece())
        rest += *piece;
    QCOMPARE(streaming.end(), BodyEnd::Complete);
    QVERIFY(rest.contains("[DONE]"));
}

void TestSettingsPage::busyPortIsExplainedBesideTheField()
{
    QTcpServer squatter;
    QVERIFY(squatter.listen(QHostAddress::LocalHost));
    SettingsUnderTest test(oneProvider(), QStringLiteral("proxy"));
    const quint16 port = test.start();
    auto *box = test.find<NumberBox>("proxyPort");
    box->setFocus();
    box->selectAll();
    test.type(QString::number(squatter.serverPort()));
    test.press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(test.text("proxyPortNote").contains(QStringLiteral("is used by")), patience);
    QVERIFY(test.text("proxyPortNote").contains(QStringLiteral("pid")));
    QCOMPARE(box->value(), 0.0);
    QCOMPARE(test.engine().snapshot()->listener.port, port);
    QCOMPARE(test::ask(port, test::request("GET", "/healthz")).status(), 200);
}

void TestSettingsPage::numbersByKeyboardAndUndo()
{
    SettingsUnderTest test(oneProvider(), QStringLiteral("recording"));
    QVERIFY(test.tabTo("retention"));
    test.find<NumberBox>("retention")->selectAll();
    test.type(QStringLiteral("2.5"));
    test.press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(test.config().metrics.retentionMs.count(), 9'000'000, patience);
    QVERIFY(test.configText().contains("9000000"));
    QTRY_COMPARE_WITH_TIMEOUT(test.console().undoStack().count(), 1, patience);
    test.undo();
    QTRY_COMPARE_WITH_TIMEOUT(test.config().metrics.retentionMs.count(), 3'600'000, patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.find<NumberBox>("retention")->value(), 1.0, patience);
    QVERIFY(!test.configText().contains("retentionMs"));
    test.redo();
    QTRY_COMPARE_WITH_TIMEOUT(test.config().metrics.retentionMs.count(), 9'000'000, patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.find<NumberBox>("retention")->value(), 2.5, patience);
    // Typed and taken back, nothing is asked of the engine.
    test.find<NumberBox>("retention")->selectAll();
    test.type(QStringLiteral("7"));
    test.press(Qt::Key_Escape);
    QCOMPARE(test.find<NumberBox>("retention")->value(), 2.5);
}

void TestSettingsPage::badTextIsExplainedBesideTheField()
{
    SettingsUnderTest test(oneProvider(), QStringLiteral("proxy"));
    const QByteArray before = test.configText();
    QVERIFY(test.tabTo("allowedHosts"));
    test.type(QStringLiteral("box.lan, http://bad"));
    test.press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(test.text("allowedHostsNote").contains(QStringLiteral("must be a host name")), patience);
    QVERIFY(!test.text("allowedHostsNote").contains(QStringLiteral("config.json")));
    QCOMPARE(test.configText(), before);
    auto *line = test.find<QLineEdit>("allowedHosts");
    QCOMPARE(line->text(), QString());
    line->setFocus();
    test.type(QStringLiteral("box.lan, other.lan"));
    test.press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(test.config().proxy.allowedHosts,
                              QStringList({ QStringLiteral("box.lan"), QStringLiteral("other.lan") }), patience);
    QTRY_COMPARE_WITH_TIMEOUT(line->text(), QStringLiteral("box.lan, other.lan"), patience);
}

void TestSettingsPage::otherMachinesNeedATokenAndAQuestion()
{
    {
        SettingsUnderTest open(oneProvider(), QStringLiteral("proxy"));
        QVERIFY(!open.find<QCheckBox>("lanAccess")->isEnabled());
        QVERIFY(open.text("lanAccessNote").contains(QStringLiteral("token")));
    }
    SettingsUnderTest test(withToken(), QStringLiteral("proxy"));
    QVERIFY(test.start() > 0);
    auto *box = test.find<QCheckBox>("lanAccess");
    QTRY_VERIFY_WITH_TIMEOUT(box->isEnabled(), patience);
    test.click("lanAccess");
    QDialog *asked = test.question();
    QVERIFY(asked);
    asked->reject();
    QTRY_VERIFY_WITH_TIMEOUT(!box->isChecked(), patience);
    QCOMPARE(test.config().proxy.address, QStringLiteral("127.0.0.1"));
    test.click("lanAccess");
    test.confirm();
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->listener.address, QStringLiteral("0.0.0.0"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(box->isChecked(), patience);
    test.undo();
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->listener.address, QStringLiteral("127.0.0.1"), patience);
}

void TestSettingsPage::tokenIsMaskedCopiedAndReplaced()
{
    SettingsUnderTest test(withToken(), QStringLiteral("proxy"));
    const quint16 port = test.start();
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QPushButton>("copyTokenInSettings")->isEnabled(), patience);
    QVERIFY(test.widgetsWith(QString::fromLatin1(token)).isEmpty());
    test.click("copyTokenInSettings");
    QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromLatin1(token));
    auto *line = test.find<QLineEdit>("accessToken");
    test.click("showToken");
    QCOMPARE(line->text(), QString::fromLatin1(token));
    test.page().hide();
    test.page().show();
    QVERIFY(line->text() != QString::fromLatin1(token));

    QVERIFY(status(port, token) != 401);
    test.click("regenerateToken");
    test.confirm();
    QTRY_VERIFY_WITH_TIMEOUT(test.engine().accessToken().reveal() != token, patience);
    QCOMPARE(status(port, token), 401);
    QVERIFY(status(port, test.engine().accessToken().reveal()) != 401);
    QTRY_COMPARE_WITH_TIMEOUT(test.console().undoStack().count(), 1, patience);
    test.undo();
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().accessToken().reveal(), token, patience);
    QVERIFY(status(port, token) != 401);
    QVERIFY(test.widgetsWith(QString::fromLatin1(token)).isEmpty());
}

void TestSettingsPage::tokenCanBeGivenUp()
{
    SettingsUnderTest test(withToken(), QStringLiteral("proxy"));
    QVERIFY(test.start() > 0);
    auto *box = test.find<QCheckBox>("tokenRequired");
    QTRY_VERIFY_WITH_TIMEOUT(box->isChecked(), patience);
    test.click("tokenRequired");
    test.confirm();
    QTRY_VERIFY_WITH_TIMEOUT(!test.engine().snapshot()->listener.tokenRequired, patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.find<QLineEdit>("accessToken")->text(), QStringLiteral("none required"), patience);
    test.click("tokenRequired");
    QTRY_VERIFY_WITH_TIMEOUT(test.engine().snapshot()->listener.tokenRequired, patience);
    QVERIFY(test.engine().accessToken().reveal().size() >= 32);
}

void TestSettingsPage::environmentFixesAField()
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("METRICS_RETENTION"), QStringLiteral("7200000"));
    SettingsUnderTest test(oneProvider(), QStringLiteral("recording"), nullptr, environment);
    auto *box = test.find<NumberBox>("retention");
    QVERIFY(!box->isEnabled());
    QCOMPARE(box->value(), 2.0);
    QVERIFY(test.text("retentionNote").contains(QStringLiteral("METRICS_RETENTION")));
    QVERIFY(test.find<NumberBox>("stateRetention")->isEnabled());
}

void TestSettingsPage::themeChangesLive()
{
    SettingsUnderTest test(oneProvider(), QStringLiteral("general"));
    followScheme(test.appearance(), test.console().preferences());
    auto *box = test.find<QComboBox>("scheme");
    QVERIFY(test.tabTo("scheme"));
    test.press(Qt::Key_End);
    QCOMPARE(box->currentText(), QStringLiteral("Dark"));
    QVERIFY(test.appearance().theme().dark);
    QVERIFY(QApplication::palette().color(QPalette::Window) == Theme::darkTheme().window);
    test.undo();
    QVERIFY(test.console().preferences().scheme() == Appearance::Scheme::FollowSystem);
    test.press(Qt::Key_Down);
    QVERIFY(!test.appearance().theme().dark);
    QVERIFY(Preferences().scheme() == Appearance::Scheme::Light);
}

void TestSettingsPage::preferencesAreKeptAndUndone()
{
    SettingsUnderTest test(oneProvider(), QStringLiteral("general"));
    QVERIFY(test.tabTo("reduceMotion"));
    test.press(Qt::Key_Space);
    QVERIFY(test.console().preferences().reduceMotion());
    QVERIFY(Preferences().reduceMotion());
    test.undo();
    QVERIFY(!Preferences().reduceMotion());
    QVERIFY(!test.find<QCheckBox>("reduceMotion")->isChecked());
    QVERIFY(test.tabTo("requestListSize"));
    test.find<NumberBox>("requestListSize")->selectAll();
    test.type(QStringLiteral("5000"));
    test.press(Qt::Key_Return);
    QCOMPARE(Preferences().requestListSize(), 5000);
    // Without a tray a closed window could not come back.
    QVERIFY(!test.find<QCheckBox>("closeToTray")->isEnabled());
}

void TestSettingsPage::startsAtLogin()
{
    SettingsUnderTest test(oneProvider(), QStringLiteral("general"));
    auto *box = test.find<QCheckBox>("startAtLogin");
    const Autostart autostart = Autostart::ofThisProgram(test.engine().snapshot()->configPath);
    QVERIFY(autostart.path().startsWith(m_home.path()));
    QVERIFY(!autostart.isOn());
    test.click("startAtLogin");
    QTRY_VERIFY_WITH_TIMEOUT(autostart.isOn(), patience);
    QFile file(autostart.path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains("--minimized --config"));
    QVERIFY(text.startsWith("[Desktop Entry]\nType=Application\n"));
    QTRY_VERIFY_WITH_TIMEOUT(box->isChecked(), patience);
    test.undo();
    QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(autostart.path()), patience);
    QTRY_VERIFY_WITH_TIMEOUT(!box->isChecked(), patience);
    QCOMPARE(quotedForExec(QStringLiteral("/a b/$c")), QStringLiteral("\"/a b/\\\\$c\""));
    QCOMPARE(quotedForExec(QStringLiteral("50%")), QStringLiteral("\"50%%\""));
}

void TestSettingsPage::searchFindsAndJumps()
{
    SettingsUnderTest test(oneProvider(), QStringLiteral("general"));
    test.trigger("findSetting");
    auto *line = test.find<QLineEdit>("settingsSearch");
    QVERIFY(line->hasFocus());
    test.type(QStringLiteral("rebinding"));
    const auto *found = test.find<QListView>("settingsFound");
    QVERIFY(found->isVisible());
    QCOMPARE(found->model()->rowCount(), 1);
    QCOMPARE(found->currentIndex().data().toString(), QStringLiteral("Allowed hosts – Proxy"));
    test.press(Qt::Key_Return);
    QVERIFY(test.find<QLineEdit>("allowedHosts")->hasFocus());
    QCOMPARE(test.page().place().item, QStringLiteral("proxy"));
    test.trigger("findSetting");
    test.type(QStringLiteral("nothing like it"));
    QCOMPARE(found->model()->rowCount(), 0);
    test.press(Qt::Key_Escape);
    QVERIFY(line->text().isEmpty());
    QVERIFY(test.find<QListWidget>("settingsSections")->isVisible());
}

void TestSettingsPage::webhookIsSavedAndTakenBack()
{
    SettingsUnderTest test(oneProvider(), QStringLiteral("alarms"));
    QVERIFY(!test.find<QPushButton>("saveWebhook")->isEnabled());
    QVERIFY(test.tabTo("webhookUrl"));
    test.type(QStringLiteral("https://hooks.example.com/T/secret"));
    test.click("saveWebhook");
    QTRY_COMPARE_WITH_TIMEOUT(test.config().alarms.webhookUrl.host(), QStringLiteral("hooks.example.com"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(!test.find<QPushButton>("saveWebhook")->isEnabled(), patience);
    QCOMPARE(test.find<QLineEdit>("webhookUrl")->echoMode(), QLineEdit::Password);
    test.undo();
    QTRY_VERIFY_WITH_TIMEOUT(test.config().alarms.webhookUrl.isEmpty(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QLineEdit>("webhookUrl")->text().isEmpty(), patience);
    test.find<QLineEdit>("webhookUrl")->setFocus();
    test.type(QStringLiteral("ftp://nowhere"));
    test.click("saveWebhook");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("webhookProblem").contains(QStringLiteral("http or https")), patience);
}

void TestSettingsPage::keyOfTheWebhookGoesIntoTheKeyring()
{
    const auto keychain = std::make_shared<test::FakeKeychain>();
    SettingsUnderTest test(oneProvider(), QStringLiteral("alarms"), keychain);
    test.find<QLineEdit>("webhookUrl")->setFocus();
    test.type(QStringLiteral("https://hooks.example.com/x"));
    auto *alarms = test.find<QWidget>("alarmsSection");
    auto *kind = alarms->findChild<QComboBox *>(QStringLiteral("webhook-keySource"));
    kind->setFocus();
    test.press(Qt::Key_Home);
    auto *key = alarms->findChild<QLineEdit *>(QStringLiteral("webhook-key"));
    key->setFocus();
    test.type(QStringLiteral("hook-key-123456"));
    test.click("saveWebhook");
    QTRY_VERIFY_WITH_TIMEOUT(test.config().alarms.webhookKey.kind == KeySource::Kind::Keychain, patience);
    QTRY_VERIFY_WITH_TIMEOUT(key->text().isEmpty(), patience);
    QVERIFY(test.filesWith("hook-key-123456").isEmpty());
}

void TestSettingsPage::recordingIsDeleted()
{
    FakeProvider alpha(test::healthy("alpha"));
    SettingsUnderTest test(oneProvider(R"("port":0,"token":null)", {}, alpha.baseUrl(QStringLiteral("/v1"))),
                           QStringLiteral("recording"));
    const quint16 port = test.start();
    QCOMPARE(
        test::ask(port, test::postJson("/v1/chat/completions", test::payload::chat(false, "model-to-forget"))).status(),
        200);
    const auto recorded = [&test] { return !test.filesWith("model-to-forget").isEmpty(); };
    QTRY_VERIFY_WITH_TIMEOUT(recorded(), patience);
    test.click("deleteHistory");
    test.confirm();
    QTRY_VERIFY_WITH_TIMEOUT(!recorded(), patience);
    const auto held = [&test] {
        QFuture<RequestPage> page = test.engine().requests({});
        page.waitForFinished();
        return page.result().requests.size();
    };
    QTRY_COMPARE_WITH_TIMEOUT(held(), std::size_t { 0 }, patience);
    // It goes on recording.
    QCOMPARE(
        test::ask(port, test::postJson("/v1/chat/completions", test::payload::chat(false, "model-to-forget"))).status(),
        200);
    QTRY_VERIFY_WITH_TIMEOUT(recorded(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(held(), std::size_t { 1 }, patience);
}

void TestSettingsPage::shortcutsChangeLive()
{
    WindowUnderTest test(twoProviders());
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window(), patience));
    PageTarget target;
    target.page = PageId::Settings;
    target.item = QStringLiteral("shortcuts");
    test.window().console().open(target);
    auto *table = test.find<QTableView>("shortcutTable");
    auto *model = qobject_cast<ShortcutModel *>(table->model());
    QVERIFY(model->rowCount() > 15);
    table->setFocus();
    table->selectRow(model->rowOf(QStringLiteral("narrowNavigation")));
    QTest::keyClick(table, Qt::Key_Return);
    auto *keys = test.find<QKeySequenceEdit>("shortcutKeys");
    QTRY_VERIFY_WITH_TIMEOUT(keys->hasFocus(), patience);
    QTest::keyClick(keys, Qt::Key_F8, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(test.find<QAction>("narrowNavigation")->shortcut(),
                              QKeySequence(QStringLiteral("Ctrl+F8")), patience);
    table->setFocus();
    QVERIFY(!test.find<QAction>("narrowNavigation")->isChecked());
    QTest::keyClick(table, Qt::Key_F8, Qt::ControlModifier);
    QVERIFY(test.find<QAction>("narrowNavigation")->isChecked());
    {
        // A later run has it too.
        const WindowUnderTest later(twoProviders());
        QCOMPARE(later.find<QAction>("narrowNavigation")->shortcut(), QKeySequence(QStringLiteral("Ctrl+F8")));
    }
    test.window().console().undoStack().undo();
    QVERIFY(test.find<QAction>("narrowNavigation")->shortcut().isEmpty());
    test.window().console().undoStack().redo();
    test.click("resetShortcut");
    QVERIFY(test.find<QAction>("narrowNavigation")->shortcut().isEmpty());
    QVERIFY(!QSettings().contains(QStringLiteral("shortcuts/narrowNavigation")));
}

void TestSettingsPage::shortcutConflictsAreExplained()
{
    WindowUnderTest test(twoProviders());
    PageTarget target;
    target.page = PageId::Settings;
    target.item = QStringLiteral("shortcuts");
    test.window().console().open(target);
    auto *table = test.find<QTableView>("shortcutTable");
    const auto *model = qobject_cast<ShortcutModel *>(table->model());
    table->selectRow(model->rowOf(QStringLiteral("narrowNavigation")));
    auto *keys = test.find<QKeySequenceEdit>("shortcutKeys");
    keys->setFocus();
    QTest::keyClick(keys, Qt::Key_K, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(test.text("shortcutNote").contains(QStringLiteral("Find a command")), patience);
    QVERIFY(test.find<QAction>("narrowNavigation")->shortcut().isEmpty());
    QCOMPARE(test.find<QAction>("findCommand")->shortcut(), QKeySequence(QStringLiteral("Ctrl+K")));
    test.click("takeShortcut");
    QCOMPARE(test.find<QAction>("narrowNavigation")->shortcut(), QKeySequence(QStringLiteral("Ctrl+K")));
    QVERIFY(test.find<QAction>("findCommand")->shortcut().isEmpty());
    test.window().console().undoStack().undo();
    QCOMPARE(test.find<QAction>("findCommand")->shortcut(), QKeySequence(QStringLiteral("Ctrl+K")));
}

void TestSettingsPage::modelsAreSound()
{
    QAction one(QStringLiteral("One"), this);
    one.setObjectName(QStringLiteral("one"));
    one.setShortcut(QKeySequence(QStringLiteral("Ctrl+1")));
    QAction two(QStringLiteral("Two"), this);
    two.setObjectName(QStringLiteral("two"));
    Shortcuts shortcuts;
    ShortcutModel model(shortcuts);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    shortcuts.adopt({ &one, &two });
    QCOMPARE(model.rowCount(), 2);
    shortcuts.setKeys(QStringLiteral("two"), { QKeySequence(QStringLiteral("F2")) });
    QVERIFY(model.index(1, ShortcutModel::KeysColumn).data().toString().startsWith(QStringLiteral("F2")));
    model.setFilter(QStringLiteral("ctrl+1"));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.idAt(0), QStringLiteral("one"));

    SettingsUnderTest test(oneProvider(), QStringLiteral("general"));
    auto *found = test.find<SettingSearch>("");
    for (SettingSearch *each : test.page().findChildren<SettingSearch *>())
        found = each;
    QVERIFY(found);
    const QAbstractItemModelTester searchTester(found, QAbstractItemModelTester::FailureReportingMode::QtTest);
    found->setTyped(QStringLiteral("port"));
    QVERIFY(found->rowCount() > 0);
    found->setTyped({});
    QCOMPARE(found->rowCount(), 0);
}

void TestSettingsPage::shortcutsOfPagesNeverOpenedAreListed()
{
    WindowUnderTest test(twoProviders());
    QVERIFY(!test.find<QWidget>("requestsPage"));
    PageTarget target;
    target.page = PageId::Settings;
    target.item = QStringLiteral("shortcuts");
    test.window().console().open(target);
    const auto *table = test.find<QTableView>("shortcutTable");
    QStringList scopes;
    for (int row = 0; row < table->model()->rowCount(); ++row)
        scopes.append(table->model()->index(row, ShortcutModel::ColumnCount - 1).data().toString());
    for (const char *page : { "Requests", "Alarms", "Thresholds", "Provider", "Settings" })
        QVERIFY2(scopes.contains(QLatin1String(page)), page);
    QVERIFY(test.find<QWidget>("requestsPage") && !test.find<QWidget>("requestsPage")->isVisible());
    // What belongs to a page that is not shown is not offered as if it were there.
    test.trigger("findCommand");
    const auto *list = test.find<QListView>("paletteList");
    QVERIFY(list);
    QStringList offered;
    for (int row = 0; row < list->model()->rowCount(); ++row)
        offered.append(list->model()->index(row, 0).data().toString());
    QVERIFY(!offered.filter(QStringLiteral("Find a setting")).isEmpty());
    QVERIFY(offered.filter(QStringLiteral("Next provider")).isEmpty());
}

void TestSettingsPage::opensByItsKeys()
{
    WindowUnderTest test(twoProviders());
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window(), patience));
    const auto shown = [&test] {
        const auto *page = test.find<QWidget>("settingsPage");
        return page && page->isVisible();
    };
    const QList<std::pair<Qt::Key, Qt::KeyboardModifier>> keys { { Qt::Key_7, Qt::ControlModifier },
                                                                 { Qt::Key_Comma, Qt::ControlModifier },
                                                                 { Qt::Key_O, Qt::AltModifier } };
    for (const auto &[key, modifier] : keys) {
        QTest::keyClick(&test.window(), Qt::Key_1, Qt::ControlModifier);
        QVERIFY(!shown());
        QTest::keyClick(&test.window(), key, modifier);
        QVERIFY(shown());
    }
    test.trigger("addProvider");
    QVERIFY(test.find<QWidget>("providerEditor")->isVisible());
    QCOMPARE(test.text("editorTitle"), QStringLiteral("New provider"));
}

QTEST_MAIN(TestSettingsPage)
#include "tst_settingspage.moc"
