// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signalbox/demoswitch.h"
#include "tests/support/httpclient.h"
#include "tests/support/providerscripts.h"
#include "ui/page/page.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/pagestack.h"
#include "ui/style/appearance.h"

#include <QAction>
#include <QFile>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;

namespace {

constexpr int patience = 20'000;

/// What the program makes of one run, from its start to the closing of its window.
class Run
{
public:
    explicit Run(NextRun run) : m_run(std::move(run))
    {
        const bool listen = m_run.options.demo || !m_run.options.config.missing;
        dataDirectory = m_run.options.dataDirectory;
        m_engine = createEngine(std::move(m_run.options));
        m_window = std::make_unique<MainWindow>(*m_engine, m_appearance);
        m_switch = std::make_unique<DemoSwitch>(*m_window, m_run.commandLine);
        m_window->openPage(m_run.commandLine.page);
        m_window->show();
        if (listen)
            m_engine->start();
    }

    Engine &engine() { return *m_engine; }
    MainWindow &window() { return *m_window; }
    PageId page() const { return m_window->pages().currentPage()->place().page; }
    template <typename Widget> Widget *find(const char *name) const
    {
        return m_window->findChild<Widget *>(QString::fromLatin1(name));
    }
    std::optional<NextRun> next() { return m_switch->next(); }

    QString dataDirectory;

private:
    NextRun m_run;
    Appearance m_appearance { Appearance::Scheme::Light };
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<MainWindow> m_window; ///< goes before the engine
    std::unique_ptr<DemoSwitch> m_switch;
};

} // namespace

class TestDemoSwitch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void outOfTheDemoAndBack();
    void aRealProviderEndsTheDemo();
    void aRunningConsoleIsBroughtToTheFront();
    void staysWhereTheConfigurationIsBroken();

private:
    NextRun firstRun(bool demo = false) const
    {
        NextRun run;
        run.commandLine.port = 0;
        run.commandLine.demo = demo;
        auto prepared = prepareEngine(run.commandLine);
        run.options = std::move(std::get<EngineOptions>(prepared));
        run.instance = makeInstance(run.options);
        return run;
    }
    QString configPath() const { return m_home->filePath(QStringLiteral("config/signalbox/config.json")); }
    void writeConfig(const QByteArray &text) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(configPath()).path()));
        QFile file(configPath());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }

    std::unique_ptr<QTemporaryDir> m_home;
};

void TestDemoSwitch::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
}

void TestDemoSwitch::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    for (const auto &[name, path] : { std::pair("XDG_CONFIG_HOME", "config"), std::pair("XDG_DATA_HOME", "data"),
                                      std::pair("XDG_RUNTIME_DIR", "run") }) {
        const QString directory = m_home->filePath(QLatin1String(path));
        QVERIFY(QDir().mkpath(directory));
        QFile::setPermissions(directory, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv(name, directory.toUtf8());
    }
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_home->filePath(QStringLiteral("settings")));
}

void TestDemoSwitch::outOfTheDemoAndBack()
{
    std::optional<NextRun> next = firstRun(); // no configuration: it begins with the simulation
    QVERIFY(next->instance->claim());
    QString simulatedData;
    {
        Run demo(std::move(*next));
        QVERIFY(demo.engine().snapshot()->demo);
        QCOMPARE(demo.page(), PageId::Wall);
        QTRY_VERIFY_WITH_TIMEOUT(demo.engine().snapshot()->totals.requests > 0, patience);
        simulatedData = demo.dataDirectory;
        QTest::mouseClick(demo.find<QPushButton>("setUpButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!demo.window().isVisible(), patience);
        next = demo.next();
    }
    QVERIFY(next);
    {
        Run real(std::move(*next));
        const EngineSnapshotPtr snapshot = real.engine().snapshot();
        QVERIFY(!snapshot->demo && snapshot->providers.empty());
        QCOMPARE(snapshot->totals.requests, std::uint64_t { 0 });
        QVERIFY(real.dataDirectory != simulatedData);
        QCOMPARE(real.page(), PageId::FirstRun);
        QCOMPARE(snapshot->listener.state, ListenState::Stopped);
        QVERIFY(!real.engine().accessToken().isEmpty());
        QVERIFY(!QFile::exists(configPath())); // looking is no change
        QTest::mouseClick(real.find<QPushButton>("lookAround"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!real.window().isVisible(), patience);
        next = real.next();
    }
    QVERIFY(next);
    Run demo(std::move(*next));
    QVERIFY(demo.engine().snapshot()->demo);
    QCOMPARE(demo.dataDirectory, simulatedData);
    QCOMPARE(demo.page(), PageId::Wall);
    demo.window().quit();
    QTRY_VERIFY_WITH_TIMEOUT(!demo.window().isVisible(), patience);
    QVERIFY(!demo.next()); // closed for good
}

/// In the console's settings or by an edit of the file: what a real provider does is recorded in its own place.
void TestDemoSwitch::aRealProviderEndsTheDemo()
{
    test::FakeProvider alpha(test::healthy("alpha"));
    const auto fromAlpha = [](const RequestEvent &event) { return event.provider == QLatin1String("alpha"); };
    {
        Run run(firstRun());
        Console &console = run.window().console();
        QTRY_VERIFY_WITH_TIMEOUT(run.engine().snapshot()->totals.requests > 1, patience);
        run.window().openPage(QStringLiteral("requests"));
        QTRY_VERIFY_WITH_TIMEOUT(console.requests().rowCount() > 0, patience);
        ProviderDraft draft;
        draft.name = QStringLiteral("alpha");
        draft.baseUrl = alpha.baseUrl(QStringLiteral("/v1"));
        run.engine().addProvider(draft);
        QTRY_VERIFY_WITH_TIMEOUT(!console.snapshot()->demo, patience);
        QVERIFY(!run.find<QWidget>("simulated")->isVisible());
        const QByteArray token = run.engine().accessToken().reveal();
        const auto chat =
            test::postJson("/v1/chat/completions", test::payload::chat(), { { "Authorization", "Bearer " + token } });
        QCOMPARE(test::ask(run.engine().snapshot()->listener.port, chat).status(), 200);
        QTRY_COMPARE_WITH_TIMEOUT(console.requests().total(), std::size_t { 1 }, patience);
        QCOMPARE(console.requests().request(0)->provider, QStringLiteral("alpha"));
        QTRY_COMPARE_WITH_TIMEOUT(run.engine().snapshot()->totals.requests, std::uint64_t { 1 }, patience);
        QFuture<RequestPage> asked = run.engine().requests({});
        QTRY_VERIFY_WITH_TIMEOUT(asked.isFinished(), patience);
        QCOMPARE(asked.result().requests.size(), std::size_t { 1 });
    }
    // What was written down, as the next run reads it.
    NextRun again = firstRun();
    QVERIFY(!again.options.demo);
    const std::unique_ptr<Engine> engine = createEngine(std::move(again.options));
    QFuture<RequestPage> real = engine->requests({});
    QTRY_VERIFY_WITH_TIMEOUT(real.isFinished(), patience);
    QCOMPARE(real.result().requests.size(), std::size_t { 1 });
    QVERIFY(fromAlpha(real.result().requests.front()));
    const std::unique_ptr<Engine> demo = createEngine(std::move(firstRun(true).options));
    QFuture<RequestPage> simulated = demo->requests({});
    QTRY_VERIFY_WITH_TIMEOUT(simulated.isFinished(), patience);
    const std::vector<RequestEvent> known = simulated.result().requests;
    QVERIFY(!known.empty());
    QVERIFY(std::none_of(known.begin(), known.end(), fromAlpha));
}

void TestDemoSwitch::aRunningConsoleIsBroughtToTheFront()
{
    writeConfig("{\"version\":1,\"proxy\":{\"token\":null},\"providers\":[]}");
    SingleInstance running(QStringLiteral("config:") + configPath(), SingleInstance::defaultDirectory());
    QVERIFY(running.claim());
    QSignalSpy raised(&running, &SingleInstance::raiseRequested);
    Run demo(firstRun(true));
    demo.find<QAction>("setUp")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(raised.size(), 1, patience);
    QVERIFY(demo.window().isVisible());
    QVERIFY(!demo.next());
}

void TestDemoSwitch::staysWhereTheConfigurationIsBroken()
{
    Run demo(firstRun());
    writeConfig("{ no JSON");
    QSignalSpy failures(&demo.window().console(), &Console::failed);
    demo.find<QAction>("setUp")->trigger();
    QCOMPARE(failures.size(), 1);
    QVERIFY(demo.window().isVisible());
    QVERIFY(!demo.next());
}

QTEST_MAIN(TestDemoSwitch)
#include "tst_demoswitch.moc"
