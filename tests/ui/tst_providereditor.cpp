// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/settingsundertest.h"
#include "ui/style/numberbox.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QTableView>

using namespace signalbox;
using test::FakeKeychain;
using test::FakeProvider;

namespace {

constexpr int patience = pagePatience;
const QByteArray typedKey = "sk-typed-7f3a9c1e5b2d4f6081a2";

QByteArray configOf(const QList<QByteArray> &providers)
{
    return test::configWith(providers);
}

/// Lists two models to whoever has the key, and answers chats.
test::Script vendor(const QByteArray &key)
{
    return [key](test::Turn &turn) {
        if (turn.seen().head.headers.value("authorization") != "Bearer " + key)
            return turn.answer(401, R"({"error": {"message": "bad key"}})");
        if (turn.path() == "/v1/models")
            return turn.answer(200, R"({"data": [{"id": "gpt-one"}, {"id": "gpt-two"}]})",
                               { { "Content-Type", "application/json" } });
        turn.answer(200, test::payload::chatAnswer("hello"), { { "Content-Type", "application/json" } });
    };
}

int chat(quint16 port)
{
    return test::ask(port, test::postJson("/v1/chat/completions", test::payload::chat())).status();
}

} // namespace

class TestProviderEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void addsByKeyboardAlone();
    void addsFromAPresetByMouse();
    void showsPhasesAndModels();
    void saysWhereATestFails();
    void editsAndTakesBack();
    void deletesAndTakesBack();
    void deletesItsKeyIfAsked();
    void newAddressNeedsTheKeyAgain();
    void editedInTheFileNeedsTheKeyAgain();
    void withoutAKeyringNothingIsWrittenSilently();
    void withoutAKeyringAVariableIsOffered();
    void asksBeforeTypedThingsAreLost();
    void refusesWhatCannotBe();
    void ownTimeouts();
    void simulatedOnesAreNotEdited();

private:
    QTemporaryDir m_settings;
};

void TestProviderEditor::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

void TestProviderEditor::addsByKeyboardAlone()
{
    FakeProvider far(vendor(typedKey));
    const auto keychain = std::make_shared<FakeKeychain>();
    SettingsUnderTest test(configOf({}), QStringLiteral("providers"), keychain);
    const quint16 port = test.start();
    QVERIFY(test.tabTo("addProviderButton"));
    test.press(Qt::Key_Space);
    QCOMPARE(test.text("editorTitle"), QStringLiteral("New provider"));
    QVERIFY(test.tabTo("providerName"));
    test.type(QStringLiteral("far"));
    QVERIFY(test.tabTo("baseUrl"));
    test.type(far.baseUrl(QStringLiteral("/v1")));
    QVERIFY(test.tabTo("key"));
    QCOMPARE(test.find<QLineEdit>("key")->echoMode(), QLineEdit::Password);
    test.type(QString::fromLatin1(typedKey));
    QVERIFY(test.tabTo("testProvider"));
    test.press(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(test.text("probeVerdict").startsWith(QChar(0x2713)), patience);
    QVERIFY(test.tabTo("saveProvider"));
    test.press(Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.size(), std::size_t { 1 }, patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.text("editorTitle"), QStringLiteral("far"), patience);
    QCOMPARE(test.config().providers.front().key, (KeySource { KeySource::Kind::Keychain, QStringLiteral("far") }));
    QTRY_COMPARE_WITH_TIMEOUT(chat(port), 200, patience);

    // The key is in the keyring and nowhere else.
    QVERIFY(test.find<QLineEdit>("key")->text().isEmpty());
    QVERIFY(!test.find<QLineEdit>("key")->isUndoAvailable());
    const QString key = QString::fromLatin1(typedKey);
    QVERIFY2(test.widgetsWith(key).isEmpty(), qPrintable(test.widgetsWith(key).join(QLatin1Char('\n'))));
    QVERIFY2(test.filesWith(typedKey).isEmpty(), qPrintable(test.filesWith(typedKey).join(QLatin1Char('\n'))));
    QVERIFY(!QGuiApplication::clipboard()->text().contains(key));
    QFuture<EventPage> events = test.engine().events({});
    events.waitForFinished();
    for (const StateEvent &event : events.result().events)
        QVERIFY(!QString(event.reason + event.before + event.after).contains(key));

    test.undo();
    QTRY_VERIFY_WITH_TIMEOUT(test.config().providers.empty(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.text("editorTitle"), QStringLiteral("No provider chosen"), patience);
    test.redo();
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.size(), std::size_t { 1 }, patience);
}

void TestProviderEditor::addsFromAPresetByMouse()
{
    SettingsUnderTest test(configOf({}), QStringLiteral("addProvider"));
    auto *preset = test.find<QComboBox>("preset");
    const int ollama = preset->findText(QStringLiteral("Ollama"));
    QVERIFY(ollama > 0);
    preset->setFocus();
    while (preset->currentIndex() != ollama)
        test.press(Qt::Key_Down);
    QCOMPARE(test.find<QLineEdit>("providerName")->text(), QStringLiteral("ollama"));
    QCOMPARE(test.find<QLineEdit>("baseUrl")->text(), QStringLiteral("http://127.0.0.1:11434/v1"));
    test.click("addModel");
    const auto *models = test.find<QTableView>("models");
    QCOMPARE(models->model()->rowCount(), 2);
    // The new row is open for typing; Tab leads to the cell beside it.
    test.type(QStringLiteral("gpt-4o"));
    test.press(Qt::Key_Tab);
    test.type(QStringLiteral("llama3"));
    test.press(Qt::Key_Return);
    test.click("saveProvider");
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.size(), std::size_t { 1 }, patience);
    const ProviderConfig &saved = test.config().providers.front();
    QCOMPARE(saved.key.kind, KeySource::Kind::None);
    QCOMPARE(saved.models.back().pattern, QStringLiteral("gpt-4o"));
    QCOMPARE(saved.models.back(), (ModelMapping { QStringLiteral("gpt-4o"), QStringLiteral("llama3") }));
}

void TestProviderEditor::showsPhasesAndModels()
{
    FakeProvider alpha(vendor(typedKey));
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("ALPHA_KEY"), QString::fromLatin1(typedKey));
    SettingsUnderTest test(configOf({ test::entry("alpha", alpha, R"(, "key": {"env": "ALPHA_KEY"})") }),
                           QStringLiteral("providers"), nullptr, environment);
    QCOMPARE(test.text("editorTitle"), QStringLiteral("alpha"));
    test.click("testProvider");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("probeVerdict").contains(QStringLiteral("2 models")), patience);
    QVERIFY2(test.text("phaseConnect").endsWith(QStringLiteral("ms")), qPrintable(test.text("phaseConnect")));
    QVERIFY(test.text("phaseFirstByte").endsWith(QStringLiteral("ms")));
    QVERIFY(test.text("phaseResponse").endsWith(QStringLiteral("ms")));
    QCOMPARE(test.text("phaseDns"), QStringLiteral("not needed"));
    QCOMPARE(test.text("phaseTls"), QStringLiteral("not needed"));
    const QAbstractItemModel *models = test.find<QListView>("probeModels")->model();
    QCOMPARE(models->rowCount(), 2);
    QCOMPARE(models->index(1, 0).data().toString(), QStringLiteral("gpt-two"));
    QVERIFY(test.find<QPushButton>("testProvider")->isEnabled());
}

void TestProviderEditor::saysWhereATestFails()
{
    FakeProvider alpha(vendor(typedKey));
    SettingsUnderTest test(configOf({ test::entry("alpha", alpha) }), QStringLiteral("providers"));
    test.click("testProvider");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("probeVerdict").contains(QStringLiteral("refuses the key (401)")), patience);
    auto *url = test.find<QLineEdit>("baseUrl");
    url->setFocus();
    url->selectAll();
    test.type(QStringLiteral("http://127.0.0.1:1/v1"));
    test.click("testProvider");
    QTRY_COMPARE_WITH_TIMEOUT(test.text("phaseConnect"), QStringLiteral("failed"), patience);
    QCOMPARE(test.text("phaseFirstByte"), QStringLiteral("not reached"));
    QVERIFY(test.text("probeVerdict").startsWith(QChar(0x2717)));
    url->setFocus();
    url->selectAll();
    test.type(QStringLiteral("nonsense"));
    test.click("testProvider");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("probeVerdict").contains(QStringLiteral("http or https")), patience);
}

void TestProviderEditor::editsAndTakesBack()
{
    FakeProvider alpha(test::healthy("alpha"));
    SettingsUnderTest test(configOf({ test::entry("alpha", alpha) }), QStringLiteral("providers"));
    const QByteArray before = test.configText();
    QVERIFY(!test.find<QPushButton>("saveProvider")->isEnabled());
    auto *name = test.find<QLineEdit>("providerName");
    name->setFocus();
    name->selectAll();
    test.type(QStringLiteral("renamed"));
    auto *enabled = test.find<QCheckBox>("providerEnabled");
    enabled->click();
    test.click("saveProvider");
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.front().name, QStringLiteral("renamed"), patience);
    QVERIFY(!test.config().providers.front().enabled);
    QTRY_COMPARE_WITH_TIMEOUT(test.text("editorTitle"), QStringLiteral("renamed"), patience);
    test.undo();
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.front().name, QStringLiteral("alpha"), patience);
    QVERIFY(test.config().providers.front().enabled);
    QCOMPARE(test.configText(), before);
    QTRY_COMPARE_WITH_TIMEOUT(test.text("editorTitle"), QStringLiteral("alpha"), patience);
}

void TestProviderEditor::deletesAndTakesBack()
{
    FakeProvider alpha(test::healthy("alpha"));
    FakeProvider beta(test::healthy("beta"));
    SettingsUnderTest test(configOf({ test::entry("alpha", alpha), test::entry("beta", beta) }),
                           QStringLiteral("providers"));
    const QByteArray before = test.configText();
    test.click("deleteProvider");
    QDialog *asked = test.question();
    QVERIFY(asked);
    asked->reject();
    QCOMPARE(test.configText(), before);
    QTRY_VERIFY_WITH_TIMEOUT(!asked->isVisible(), patience);
    test.click("deleteProvider");
    test.confirm();
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.size(), std::size_t { 1 }, patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.text("editorTitle"), QStringLiteral("beta"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.console().undoStack().count(), 1, patience);
    test.undo();
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.size(), std::size_t { 2 }, patience);
    QCOMPARE(test.configText(), before);
}

void TestProviderEditor::deletesItsKeyIfAsked()
{
    FakeProvider alpha(test::healthy("alpha"));
    const auto keychain = std::make_shared<FakeKeychain>();
    SettingsUnderTest test(configOf({ test::entry("alpha", alpha, R"(, "key": {"keychain": "alpha"})") }),
                           QStringLiteral("providers"), keychain);
    QFuture<Status> stored = test.engine().storeKey(QStringLiteral("alpha"), Secret(typedKey));
    stored.waitForFinished();
    QVERIFY(stored.result());
    test.click("deleteProvider");
    QDialog *asked = test.question();
    asked->findChild<QCheckBox *>(QStringLiteral("deleteKey"))->setChecked(true);
    test.confirm();
    QTRY_VERIFY_WITH_TIMEOUT(test.config().providers.empty(), patience);
    const auto isThere = [&keychain] {
        bool there = false;
        keychain->read(QStringLiteral("alpha"), nullptr, [&there](const Result<Secret> &key) { there = bool(key); });
        return there;
    };
    QTRY_VERIFY_WITH_TIMEOUT(!isThere(), patience);
}

void TestProviderEditor::newAddressNeedsTheKeyAgain()
{
    FakeProvider alpha(vendor(typedKey));
    FakeProvider moved(vendor(typedKey));
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("ALPHA_KEY"), QString::fromLatin1(typedKey));
    SettingsUnderTest test(configOf({ test::entry("alpha", alpha, R"(, "key": {"env": "ALPHA_KEY"})") }),
                           QStringLiteral("providers"), nullptr, environment);
    const quint16 port = test.start();
    QTRY_COMPARE_WITH_TIMEOUT(chat(port), 200, patience);
    auto *url = test.find<QLineEdit>("baseUrl");
    QVERIFY(!test.find<QCheckBox>("confirmKey")->isVisible());
    url->setFocus();
    url->selectAll();
    test.type(moved.baseUrl(QStringLiteral("/v1")));
    QVERIFY(test.find<QCheckBox>("confirmKey")->isVisible());
    QVERIFY(test.text("keyMoveText").contains(QString::number(alpha.port())));
    QVERIFY(!test.find<QPushButton>("saveProvider")->isEnabled());
    QVERIFY(test.tabTo("confirmKey"));
    test.press(Qt::Key_Space);
    QVERIFY(test.find<QPushButton>("saveProvider")->isEnabled());
    test.click("saveProvider");
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.front().baseUrl.port(), int { moved.port() }, patience);
    QTRY_COMPARE_WITH_TIMEOUT(chat(port), 200, patience);
    QVERIFY(moved.count() >= 1);
}

void TestProviderEditor::editedInTheFileNeedsTheKeyAgain()
{
    FakeProvider alpha(vendor(typedKey));
    FakeProvider moved(vendor(typedKey));
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("ALPHA_KEY"), QString::fromLatin1(typedKey));
    SettingsUnderTest test(configOf({ test::entry("alpha", alpha, R"(, "key": {"env": "ALPHA_KEY"})") }),
                           QStringLiteral("providers"), nullptr, environment);
    const quint16 port = test.start();
    QTRY_COMPARE_WITH_TIMEOUT(chat(port), 200, patience);
    test.engine().applyEdits({ { QStringLiteral("/providers/alpha/baseUrl"), moved.baseUrl(QStringLiteral("/v1")) } });
    auto *use = test.find<QPushButton>("useKeyHere");
    QTRY_VERIFY_WITH_TIMEOUT(use->isVisible(), patience);
    QVERIFY(test.text("editorNotice").contains(QStringLiteral("no key")));
    QCOMPARE(chat(port), 503);
    test.click("useKeyHere");
    QTRY_COMPARE_WITH_TIMEOUT(chat(port), 200, patience);
    QTRY_VERIFY_WITH_TIMEOUT(!use->isVisible(), patience);
}

void TestProviderEditor::withoutAKeyringNothingIsWrittenSilently()
{
    FakeProvider far(vendor(typedKey));
    SettingsUnderTest test(configOf({}), QStringLiteral("addProvider"), std::make_shared<FakeKeychain>(false));
    const quint16 port = test.start();
    const QByteArray before = test.configText();
    test.find<QLineEdit>("providerName")->setFocus();
    test.type(QStringLiteral("far"));
    test.find<QLineEdit>("baseUrl")->setFocus();
    test.type(far.baseUrl(QStringLiteral("/v1")));
    test.find<QLineEdit>("key")->setFocus();
    test.type(QString::fromLatin1(typedKey));
    test.click("saveProvider");
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QWidget>("keyringChoice")->isVisible(), patience);
    QVERIFY(test.text("keyringReason").contains(QStringLiteral("keyring cannot be used")));
    QCOMPARE(test.configText(), before);
    test.click("useSessionKey");
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.size(), std::size_t { 1 }, patience);
    QTRY_COMPARE_WITH_TIMEOUT(chat(port), 200, patience);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QLineEdit>("key")->text().isEmpty(), patience);
    QVERIFY(!test.find<QWidget>("keyringChoice")->isVisible());
    QVERIFY(test.filesWith(typedKey).isEmpty());
    QVERIFY(test.widgetsWith(QString::fromLatin1(typedKey)).isEmpty());
}

void TestProviderEditor::withoutAKeyringAVariableIsOffered()
{
    FakeProvider far(vendor(typedKey));
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("FAR_KEY"), QString::fromLatin1(typedKey));
    SettingsUnderTest test(configOf({}), QStringLiteral("addProvider"), std::make_shared<FakeKeychain>(false),
                           environment);
    const quint16 port = test.start();
    test.find<QLineEdit>("providerName")->setFocus();
    test.type(QStringLiteral("far"));
    test.find<QLineEdit>("baseUrl")->setFocus();
    test.type(far.baseUrl(QStringLiteral("/v1")));
    test.find<QLineEdit>("key")->setFocus();
    test.type(QStringLiteral("sk-something"));
    test.click("saveProvider");
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QWidget>("keyringChoice")->isVisible(), patience);
    test.click("useVariable");
    QVERIFY(test.find<QLineEdit>("keyVariable")->hasFocus());
    test.type(QStringLiteral("FAR_KEY"));
    test.click("saveProvider");
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.size(), std::size_t { 1 }, patience);
    QTRY_COMPARE_WITH_TIMEOUT(chat(port), 200, patience);
}

void TestProviderEditor::asksBeforeTypedThingsAreLost()
{
    FakeProvider alpha(test::healthy("alpha"));
    FakeProvider beta(test::healthy("beta"));
    SettingsUnderTest test(configOf({ test::entry("alpha", alpha), test::entry("beta", beta) }),
                           QStringLiteral("providers"));
    auto *name = test.find<QLineEdit>("providerName");
    name->setFocus();
    test.press(Qt::Key_End);
    test.type(QStringLiteral("-x"));
    auto *list = test.find<QListView>("providerList");
    list->setFocus();
    test.press(Qt::Key_Down);
    QDialog *asked = test.question();
    QVERIFY(asked);
    asked->reject();
    QTRY_COMPARE_WITH_TIMEOUT(list->currentIndex().data().toString(), QStringLiteral("alpha"), patience);
    QCOMPARE(name->text(), QStringLiteral("alpha-x"));
    test.press(Qt::Key_Down);
    test.confirm();
    QTRY_COMPARE_WITH_TIMEOUT(test.text("editorTitle"), QStringLiteral("beta"), patience);
    QCOMPARE(name->text(), QStringLiteral("beta"));
    QCOMPARE(test.page().place().provider, QStringLiteral("beta"));
}

void TestProviderEditor::refusesWhatCannotBe()
{
    FakeProvider alpha(test::healthy("alpha"));
    SettingsUnderTest test(configOf({ test::entry("alpha", alpha) }), QStringLiteral("addProvider"));
    const QByteArray before = test.configText();
    test.find<QLineEdit>("providerName")->setFocus();
    test.type(QStringLiteral("alpha"));
    test.find<QLineEdit>("baseUrl")->setFocus();
    test.type(QStringLiteral("http://127.0.0.1:1/v1"));
    test.click("saveProvider");
    QVERIFY(test.text("editorNotice").contains(QStringLiteral("type the key")));
    QVERIFY(test.find<QLineEdit>("key")->hasFocus());
    test.find<QComboBox>("keySource")->setFocus();
    test.press(Qt::Key_End); // no key
    test.click("saveProvider");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("editorNotice").contains(QStringLiteral("has the name alpha")), patience);
    auto *name = test.find<QLineEdit>("providerName");
    name->setFocus();
    name->selectAll();
    test.type(QStringLiteral("with blank"));
    test.click("saveProvider");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("editorNotice").contains(QStringLiteral("A-Z a-z 0-9")), patience);
    QCOMPARE(test.configText(), before);
}

void TestProviderEditor::ownTimeouts()
{
    FakeProvider alpha(test::healthy("alpha"));
    SettingsUnderTest test(configOf({ test::entry("alpha", alpha) }), QStringLiteral("providers"));
    const QByteArray before = test.configText();
    test.find<QPushButton>("moreSettings")->click();
    QVERIFY(!test.find<NumberBox>("connectMs")->isEnabled());
    test.find<QCheckBox>("own-connectMs")->click();
    auto *box = test.find<NumberBox>("connectMs");
    box->setFocus();
    box->selectAll();
    test.type(QStringLiteral("2"));
    test.press(Qt::Key_Tab);
    test.click("saveProvider");
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.front().timeouts.connectMs.count(), 2000, patience);
    QCOMPARE(test.config().timeouts.connectMs.count(), 5000);
    QTRY_VERIFY_WITH_TIMEOUT(!test.find<QPushButton>("saveProvider")->isEnabled(), patience);
    test.undo();
    QTRY_COMPARE_WITH_TIMEOUT(test.config().providers.front().timeouts.connectMs.count(), 5000, patience);
    QVERIFY(!test.configText().contains("connectMs"));
    QTRY_VERIFY_WITH_TIMEOUT(!test.find<QCheckBox>("own-connectMs")->isChecked(), patience);
}

void TestProviderEditor::simulatedOnesAreNotEdited()
{
    PageUnderTest<SettingsPage> test;
    PageTarget target;
    target.page = PageId::Settings;
    target.item = QStringLiteral("providers");
    test.page().goTo(target);
    QVERIFY(test.text("editorNotice").contains(QStringLiteral("simulated")));
    QVERIFY(!test.find<QLineEdit>("baseUrl")->isEnabled());
    QVERIFY(!test.find<QPushButton>("saveProvider")->isVisible());
    QVERIFY(!test.find<QPushButton>("deleteProvider")->isEnabled());
    QVERIFY(test.find<QPushButton>("addProviderButton")->isEnabled());
}

QTEST_MAIN(TestProviderEditor)
#include "tst_providereditor.moc"
