// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/keychain.h"
#include "engine/engine.h"
#include "tests/support/rawsocket.h"
#include "tests/ui/simulatedroutes.h"
#include "ui/firstrun/stepcard.h"
#include "ui/page/page.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/navigation.h"
#include "ui/shell/pagestack.h"
#include "ui/style/appearance.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

using namespace signalbox;

namespace {

constexpr int patience = 20'000;
const QString own = QStringLiteral("own");

/// What was stored, or why nothing can be. Answers at once.
class MemoryKeychain : public Keychain
{
public:
    explicit MemoryKeychain(QString problem) : m_problem(std::move(problem)) { }

    void read(const QString &entry, QObject *context, std::function<void(Result<Secret>)> done) override
    {
        const auto found = m_entries.find(entry);
        const Result<Secret> answer = found == m_entries.end()
            ? Result<Secret>(Error { QStringLiteral("there is no entry %1").arg(entry), {} })
            : Result<Secret>(found->second);
        QMetaObject::invokeMethod(
            context, [answer, done = std::move(done)] { done(answer); }, Qt::QueuedConnection);
    }
    void write(const QString &entry, const Secret &secret, QObject *context, std::function<void(Status)> done) override
    {
        const Status answer = m_problem.isEmpty() ? ok() : Status(Error { m_problem, {} });
        if (answer)
            m_entries[entry] = secret;
        QMetaObject::invokeMethod(
            context, [answer, done = std::move(done)] { done(answer); }, Qt::QueuedConnection);
    }
    void remove(const QString &entry, QObject *context, std::function<void(Status)> done) override
    {
        m_entries.erase(entry);
        QMetaObject::invokeMethod(
            context, [done = std::move(done)] { done(ok()); }, Qt::QueuedConnection);
    }

private:
    QString m_problem;
    std::map<QString, Secret> m_entries; ///< used on the engine's thread only
};

/// A newcomer: no configuration, no provider, nothing listens.
class Newcomer
{
public:
    explicit Newcomer(const QString &keyringProblem = {}, bool demo = false)
    {
        EngineOptions options;
        options.overlay.environment.insert(QStringLiteral("OWN_KEY"), QStringLiteral("key-from-environment"));
        options.overlay.port = demo ? std::optional(0) : std::nullopt;
        options.configPath = m_directory.filePath(QStringLiteral("config.json"));
        options.config = loadConfig(options.configPath, options.overlay);
        options.demo = demo;
        options.keychain = std::make_shared<MemoryKeychain>(keyringProblem);
        m_engine = createEngine(std::move(options));
        m_window = std::make_unique<MainWindow>(*m_engine, m_appearance);
        m_window->resize(1280, 720);
        m_window->show();
        m_window->activateWindow();
        (void)QTest::qWaitForWindowActive(m_window.get(), patience);
    }

    Engine &engine() { return *m_engine; }
    MainWindow &window() { return *m_window; }
    PageId page() const { return m_window->pages().currentPage()->place().page; }
    QString configPath() const { return m_directory.filePath(QStringLiteral("config.json")); }
    QByteArray configText() const
    {
        QFile file(configPath());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    template <typename Widget> Widget *find(const char *name) const
    {
        return m_window->findChild<Widget *>(QString::fromLatin1(name));
    }
    QString text(const char *label) const
    {
        return find<QLabel>(label)->text().replace(QChar(0x202F), QLatin1Char(' '));
    }
    bool isDone(const char *step) const { return find<StepCard>(step)->isDone(); }
    void click(const char *button) const { QTest::mouseClick(find<QWidget>(button), Qt::LeftButton); }
    void choose(const char *box, const QString &text) const
    {
        auto *combo = find<QComboBox>(box);
        QVERIFY2(combo->findText(text) >= 0, qPrintable(text));
        combo->setCurrentIndex(combo->findText(text));
    }
    /// As a person does who reaches it by Tab and writes over what is there.
    void type(const char *field, const QString &text) const
    {
        auto *edit = find<QWidget>(field);
        edit->setFocus(Qt::TabFocusReason);
        QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(edit, text);
    }
    void press(const char *button) const
    {
        auto *widget = find<QWidget>(button);
        widget->setFocus(Qt::TabFocusReason);
        QTest::keyClick(widget, Qt::Key_Space);
    }
    /// A provider at that address, the key kind still to choose.
    void describe(const QString &baseUrl) const
    {
        choose("preset", QStringLiteral("Another one"));
        type("newName", own);
        type("newBaseUrl", baseUrl);
    }

private:
    QTemporaryDir m_directory;
    Appearance m_appearance { Appearance::Scheme::Light };
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<MainWindow> m_window; ///< goes before the engine
};

} // namespace

class TestFirstRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void standsForTheWall();
    void fromNothingToTheFirstRequestByKeyboard();
    void fromNothingToTheFirstRequestByMouse();
    void everyPresetFillsTheForm();
    void saysWhatIsWrongWithAProvider();
    void aKeyGoesIntoTheKeyring();
    void withoutAKeyringItOffersOtherWays();
    void aKeyFromTheEnvironment();
    void aBusyPortIsSaidWithItsOwner();
    void movesWhileItListens();
    void theSimulationIsLeftFirst();

private:
    QTemporaryDir m_settings;
};

void TestFirstRun::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
}

void TestFirstRun::standsForTheWall()
{
    Newcomer test;
    QCOMPARE(test.page(), PageId::FirstRun);
    QVERIFY(!test.find<QWidget>("simulated")->isVisible());
    for (const char *step : { "providerStep", "listenStep", "toolStep" })
        QVERIFY(test.find<StepCard>(step)->isVisible() && !test.isDone(step));
    // Nothing listens before the newcomer says so, and the engine is there all the same.
    QTest::qWait(1200);
    QCOMPARE(test.engine().snapshot()->listener.state, ListenState::Stopped);
    QTRY_VERIFY_WITH_TIMEOUT(!test.window().console().age().isStale(), patience);
    test.click("skipFirstRun");
    QCOMPARE(test.page(), PageId::Wall);
    QVERIFY(test.find<QLabel>("noProviders")->isVisible());
    test.click("setUpFromWall");
    QCOMPARE(test.page(), PageId::FirstRun);
    QTest::keyClick(&test.window(), Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(test.page(), PageId::Requests);
    QTest::keyClick(&test.window(), Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(test.page(), PageId::FirstRun);
    QTest::keyClick(&test.window(), Qt::Key_2, Qt::ControlModifier);
    test.find<QAction>("setUp")->trigger();
    QCOMPARE(test.page(), PageId::FirstRun);
}

void TestFirstRun::fromNothingToTheFirstRequestByKeyboard()
{
    SimulatedRoutes routes;
    routes.add(own);
    Newcomer test;
    test.describe(routes.baseUrl(0));
    auto *kind = test.find<QComboBox>("keyKind");
    kind->setFocus();
    QTest::keyClick(kind, Qt::Key_End);
    QCOMPARE(kind->currentText(), QStringLiteral("None is needed"));
    test.press("testNew");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("newResult").contains(QStringLiteral("Models: ")), patience);
    QVERIFY(test.text("newResult").contains(QStringLiteral("first byte")));
    QVERIFY(test.engine().snapshot()->providers.empty()); // only tried
    test.press("addNew");
    QTRY_VERIFY_WITH_TIMEOUT(test.isDone("providerStep"), patience);
    QCOMPARE(test.page(), PageId::FirstRun); // there are two more steps
    QCOMPARE(test.engine().snapshot()->providers.front().name, own);
    QCOMPARE(loadConfig(test.configPath()).config.providers.front().name, own);
    QTRY_COMPARE_WITH_TIMEOUT(test.window().console().undoStack().undoText(), QStringLiteral("add own"), patience);

    auto *port = test.find<QSpinBox>("listenPort");
    port->setFocus();
    QTest::keyClick(port, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(port, QStringLiteral("0"));
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QPushButton>("startListening")->isEnabled(), patience);
    test.press("startListening");
    QTRY_VERIFY_WITH_TIMEOUT(test.isDone("listenStep"), patience);
    QCOMPARE(test.engine().snapshot()->listener.state, ListenState::Listening);
    const quint16 bound = test.engine().snapshot()->listener.port;
    QVERIFY(test.find<StepCard>("listenStep")
                ->findChild<QLabel *>(QStringLiteral("stepState"))
                ->text()
                .contains(QString::number(bound)));

    QTRY_COMPARE_WITH_TIMEOUT(test.text("firstRequest"), QStringLiteral("Waiting for the first request…"), patience);
    // The file that was made has the token that runs; the snippets hide it.
    const Secret token = test.engine().accessToken();
    QVERIFY(!token.isEmpty());
    QVERIFY(*loadConfig(test.configPath()).config.proxy.token == token);
    QCOMPARE(SimulatedRoutes::servedBy(bound, QStringLiteral("m"), "test", token.reveal()), own);
    QTRY_VERIFY_WITH_TIMEOUT(test.isDone("toolStep"), patience);
    QVERIFY(test.text("firstRequest").contains(QStringLiteral("served by own")));
    QTRY_COMPARE_WITH_TIMEOUT(test.find<QPushButton>("skipFirstRun")->text().remove(QLatin1Char('&')),
                              QStringLiteral("Go to the wall"), patience);
    test.press("skipFirstRun");
    QCOMPARE(test.page(), PageId::Wall);
    QTest::keyClick(&test.window(), Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(test.page(), PageId::Wall);
}

void TestFirstRun::fromNothingToTheFirstRequestByMouse()
{
    SimulatedRoutes routes;
    routes.add(own);
    Newcomer test;
    test.describe(routes.baseUrl(0));
    test.choose("keyKind", QStringLiteral("None is needed"));
    test.click("testNew");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("newResult").contains(QStringLiteral("Models: ")), patience);
    // What was tried is forgotten as soon as it is another provider.
    test.type("newName", QStringLiteral("other"));
    QVERIFY(test.text("newResult").isEmpty());
    test.click("addNew");
    QTRY_VERIFY_WITH_TIMEOUT(test.isDone("providerStep"), patience);
    QCOMPARE(test.engine().snapshot()->providers.front().name, QStringLiteral("other"));
    test.find<QSpinBox>("listenPort")->setValue(0);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QPushButton>("startListening")->isEnabled(), patience);
    test.click("startListening");
    QTRY_VERIFY_WITH_TIMEOUT(test.isDone("listenStep"), patience);
    // Undo takes the provider out again.
    test.window().console().undoStack().undo();
    QTRY_VERIFY_WITH_TIMEOUT(test.engine().snapshot()->providers.empty(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(!test.isDone("providerStep"), patience);
}

void TestFirstRun::everyPresetFillsTheForm()
{
    Newcomer test;
    auto *box = test.find<QComboBox>("preset");
    const std::vector<ProviderPreset> presets = loadPresets();
    QCOMPARE(box->count(), static_cast<int>(presets.size()) + 1);
    for (std::size_t i = 0; i < presets.size(); ++i) {
        box->setCurrentIndex(static_cast<int>(i));
        QCOMPARE(box->currentText(), presets[i].title);
        QCOMPARE(test.find<QLineEdit>("newName")->text(), presets[i].name);
        QCOMPARE(test.find<QLineEdit>("newBaseUrl")->text(), presets[i].baseUrl.toString());
        const bool needsKey = !presets[i].keyVariable.isEmpty();
        QCOMPARE(test.find<QLineEdit>("newKey")->isVisible(), needsKey);
        // A key is asked for before it can be added.
        QCOMPARE(test.find<QPushButton>("addNew")->isEnabled(), !needsKey);
    }
}

void TestFirstRun::saysWhatIsWrongWithAProvider()
{
    Newcomer test;
    test.choose("keyKind", QStringLiteral("None is needed"));
    const test::RawSocket nobody = test::RawSocket::boundToAnyPort();
    const QString address = QStringLiteral("http://127.0.0.1:%1/v1").arg(nobody.localPort());
    test.describe(address);
    test.choose("keyKind", QStringLiteral("None is needed"));
    test.click("testNew");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("newResult").contains(QStringLiteral("cannot be used")), patience);
    test.type("newBaseUrl", QStringLiteral("ftp://x"));
    test.click("addNew");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("newResult").contains(QStringLiteral("baseUrl")), patience);
    QVERIFY(test.text("newResult").startsWith(QStringLiteral("Not added")));
    QVERIFY(test.engine().snapshot()->providers.empty());
    QCOMPARE(test.window().console().undoStack().count(), 0);
}

void TestFirstRun::aKeyGoesIntoTheKeyring()
{
    SimulatedRoutes routes;
    routes.add(own);
    Newcomer test;
    test.describe(routes.baseUrl(0));
    test.choose("keyKind", QStringLiteral("Kept in the keyring"));
    QCOMPARE(test.find<QLineEdit>("newKey")->echoMode(), QLineEdit::Password);
    QVERIFY(!test.find<QPushButton>("addNew")->isEnabled());
    test.type("newKey", QStringLiteral("sk-typed-in"));
    test.click("addNew");
    QTRY_VERIFY_WITH_TIMEOUT(test.isDone("providerStep"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(!test.engine().snapshot()->providers.front().keyMissing, patience);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QLineEdit>("newKey")->text().isEmpty(), patience);
    const KeySource key = loadConfig(test.configPath()).config.providers.front().key;
    QCOMPARE(key.kind, KeySource::Kind::Keychain);
    QVERIFY(!test.configText().contains("sk-typed-in"));
}

void TestFirstRun::withoutAKeyringItOffersOtherWays()
{
    SimulatedRoutes routes;
    routes.add(own);
    Newcomer test(QStringLiteral("no keyring runs here"));
    test.describe(routes.baseUrl(0));
    test.choose("keyKind", QStringLiteral("Kept in the keyring"));
    test.type("newKey", QStringLiteral("sk-typed-in"));
    test.click("addNew");
    QTRY_VERIFY_WITH_TIMEOUT(test.text("newResult").startsWith(QStringLiteral("Not added")), patience);
    QVERIFY(test.engine().snapshot()->providers.empty());
    QVERIFY(test.text("keyMeaning").contains(QStringLiteral("no keyring runs here")));
    QCOMPARE(test.find<QComboBox>("keyKind")->currentText(), QStringLiteral("For this session only"));
    QCOMPARE(test.find<QLineEdit>("newKey")->text(), QStringLiteral("sk-typed-in")); // not typed twice
    test.click("addNew");
    QTRY_VERIFY_WITH_TIMEOUT(test.isDone("providerStep"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(!test.engine().snapshot()->providers.front().keyMissing, patience);
    QVERIFY(!test.configText().contains("sk-typed-in"));
}

void TestFirstRun::aKeyFromTheEnvironment()
{
    SimulatedRoutes routes;
    routes.add(own);
    Newcomer test;
    test.describe(routes.baseUrl(0));
    test.choose("keyKind", QStringLiteral("In an environment variable"));
    test.type("newVariable", QStringLiteral("OWN_KEY"));
    test.click("addNew");
    QTRY_VERIFY_WITH_TIMEOUT(test.isDone("providerStep"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(!test.engine().snapshot()->providers.front().keyMissing, patience);
    const KeySource expected { KeySource::Kind::Environment, QStringLiteral("OWN_KEY") };
    QCOMPARE(loadConfig(test.configPath()).config.providers.front().key, expected);
}

void TestFirstRun::aBusyPortIsSaidWithItsOwner()
{
    const auto [kept, next] = test::RawSocket::boundToNeighbours();
    QTcpServer busy;
    QVERIFY(busy.listen(QHostAddress::LocalHost, kept.localPort()));
    Newcomer test;
    auto *port = test.find<QSpinBox>("listenPort");
    port->setValue(busy.serverPort());
    QVERIFY(!test.find<QPushButton>("startListening")->isEnabled()); // until it was looked at
    QTRY_VERIFY_WITH_TIMEOUT(
        test.text("listenResult").contains(QStringLiteral("(pid %1)").arg(QCoreApplication::applicationPid())),
        patience);
    QVERIFY(!test.find<QPushButton>("startListening")->isEnabled());
    auto *other = test.find<QPushButton>("useFreePort");
    QTRY_VERIFY_WITH_TIMEOUT(other->isVisible(), patience);
    test.click("useFreePort");
    const int chosen = port->value();
    QCOMPARE(chosen, int { next.localPort() });
    QTRY_COMPARE_WITH_TIMEOUT(test.text("listenResult"), QStringLiteral("This place is free."), patience);
    QVERIFY(!other->isVisible());
    test.click("startListening");
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->listener.port, chosen, patience);
    QTRY_COMPARE_WITH_TIMEOUT(loadConfig(test.configPath()).config.proxy.port, chosen, patience); // written after

    test.type("listenAddress", QStringLiteral("nowhere"));
    QTRY_VERIFY_WITH_TIMEOUT(test.text("listenResult").contains(QStringLiteral("not an IP address")), patience);
    QVERIFY(!test.find<QPushButton>("startListening")->isEnabled());
}

void TestFirstRun::movesWhileItListens()
{
    Newcomer test;
    test.find<QSpinBox>("listenPort")->setValue(0);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QPushButton>("startListening")->isEnabled(), patience);
    test.click("startListening");
    QTRY_VERIFY_WITH_TIMEOUT(test.isDone("listenStep"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(test.find<QSpinBox>("listenPort")->value(),
                              int { test.engine().snapshot()->listener.port }, patience);
    QTRY_VERIFY_WITH_TIMEOUT(!test.find<QPushButton>("startListening")->isEnabled(), patience); // it is there already
    const test::RawSocket kept = test::RawSocket::boundToAnyPort();
    const quint16 next = kept.localPort();
    test.find<QSpinBox>("listenPort")->setValue(next);
    QTRY_VERIFY_WITH_TIMEOUT(test.find<QPushButton>("startListening")->isEnabled(), patience);
    test.click("startListening");
    QTRY_COMPARE_WITH_TIMEOUT(test.engine().snapshot()->listener.port, next, patience);
}

void TestFirstRun::theSimulationIsLeftFirst()
{
    Newcomer test({}, true);
    QCOMPARE(test.page(), PageId::Wall);
    QVERIFY(test.find<QWidget>("simulated")->isVisible());
    QVERIFY(test.window().windowTitle().contains(QStringLiteral("simulated data")));
    QSignalSpy switches(&test.window().console(), &Console::demoRequested);
    test.click("setUpButton");
    QCOMPARE(switches.size(), 1);
    QCOMPARE(switches.first().first().toBool(), false);
    PageTarget target;
    target.page = PageId::FirstRun;
    test.window().console().open(target);
    QVERIFY(!test.find<QPushButton>("addNew")->isEnabled());
    QVERIFY(!test.find<QPushButton>("startListening")->isEnabled());
    QVERIFY(test.text("firstRunIntro").contains(QStringLiteral("Simulated data")));
    test.click("lookAround");
    QCOMPARE(switches.size(), 2);
    QCOMPARE(switches.last().first().toBool(), false);

    Newcomer real;
    QSignalSpy wished(&real.window().console(), &Console::demoRequested);
    real.click("lookAround");
    QCOMPARE(wished.size(), 1);
    QCOMPARE(wished.first().first().toBool(), true);
}

QTEST_MAIN(TestFirstRun)
#include "tst_firstrun.moc"
