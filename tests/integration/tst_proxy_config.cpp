// SPDX-License-Identifier: GPL-3.0-or-later
// Configuration, environment, exit codes and the end of the process.
#include "tests/support/scene.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace Qt::Literals::StringLiterals;

namespace {

void writeFile(const QString &path, const QByteArray &text,
               QFile::Permissions permissions = QFile::ReadOwner | QFile::WriteOwner)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
    QVERIFY(file.setPermissions(permissions));
}

QString configText(const ProxyProcess &proxy, const QString &member)
{
    return proxy.status().value(u"config"_s).toObject().value(member).toString();
}

QJsonObject settings(const ProxyProcess &proxy)
{
    return proxy.status().value(u"settings"_s).toObject();
}

QString originOf(const ProxyProcess &proxy, const QString &setting)
{
    return settings(proxy).value(u"origins"_s).toObject().value(setting).toString();
}

/// A provider whose stream goes on until it is released.
struct SlowStream
{
    Script script()
    {
        return [this](Turn &turn) {
            const std::vector<QByteArray> list = payload::chatEvents("slow");
            turn.startEvents();
            turn.chunk(list[0]);
            turn.chunk(list[1]);
            while (!released && !turn.waitUntilPeerCloses(milliseconds(20)))
                continue;
            for (std::size_t i = 2; i < list.size(); ++i)
                turn.chunk(list[i]);
            turn.endChunks();
        };
    }
    std::atomic<bool> released { false };
};

} // namespace

class TestProxyConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void editOnDiskAddsAProvider_data();
    void editOnDiskAddsAProvider();
    void editKeepsWhatIsRunning();
    void brokenEditKeepsTheOldOne_data();
    void brokenEditKeepsTheOldOne();
    void unknownKeysAreWarnedAbout();
    void environmentOverridesTheFile();
    void envFilesOverrideTheFile();
    void envFileOfTheWorkingDirectoryIsIgnored();
    void usageErrors_data();
    void usageErrors();
    void portBusy();
    void badConfigSaysWhere_data();
    void badConfigSaysWhere();
    void checkConfig();
    void versionAndHelp();
    void keyFileMustBePrivate();
    void keychainWithoutKeyringIsNoDisaster();
    void newBaseUrlAsksForTheKeyAgain();
    void terminationDrainsARunningStream();
    void terminationCutsAStreamThatGoesOn();
    void secondTerminationIsNow();
    void demoNeedsNothing();
};

void TestProxyConfig::editOnDiskAddsAProvider_data()
{
    QTest::addColumn<bool>("replace");
    QTest::newRow("atomic replace") << true;
    QTest::newRow("written in place") << false;
}

void TestProxyConfig::editOnDiskAddsAProvider()
{
    QFETCH(bool, replace);
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("alpha"));
    QJsonArray providers { providerConfig(u"beta"_s, u"openai"_s, scene.beta.baseUrl(u"/v1"_s)) };
    providers.append(scene.proxy.config().value(u"providers"_s).toArray().first());
    scene.proxy.config().insert(u"providers"_s, providers);
    // Twice, because the first replacement drops a watch on the file itself.
    for (int round = 0; round < 2; ++round) {
        scene.proxy.set(u"breaker"_s, u"threshold"_s, 7 + round);
        if (replace)
            scene.proxy.writeConfig();
        else
            writeFile(scene.proxy.configFile(), QJsonDocument(scene.proxy.config()).toJson());
        QVERIFY(waitUntil([&] { return settings(scene.proxy).value(u"breakerThreshold"_s).toInt() == 7 + round; }));
    }
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
    // What was known of alpha stays known.
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"success"_s), 1);
}

void TestProxyConfig::editKeepsWhatIsRunning()
{
    SlowStream slow;
    Scene scene(slow.script());
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(postJson(chatPath, payload::chat(true)));
    QVERIFY(client.readHead() && client.readPiece());
    scene.proxy.config().insert(u"providers"_s,
                                QJsonArray { providerConfig(u"beta"_s, u"openai"_s, scene.beta.baseUrl(u"/v1"_s)) });
    scene.proxy.writeConfig();
    QVERIFY(waitUntil([&] { return scene.proxy.providerStatus(u"alpha"_s).isEmpty(); }));
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
    slow.released = true;
    while (client.readPiece())
        continue;
    QCOMPARE(client.end(), BodyEnd::Complete);
}

void TestProxyConfig::brokenEditKeepsTheOldOne_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("not JSON") << QByteArray("{\n \"version\": 1,\n \"providers\": [}\n") << u"3"_s;
    QTest::newRow("wrong value") << QByteArray(R"({"version":1,"breaker":{"threshold":"many"}})")
                                 << u"/breaker/threshold"_s;
    QTest::newRow("empty") << QByteArray() << u"config.json"_s;
}

void TestProxyConfig::brokenEditKeepsTheOldOne()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, named);
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    scene.proxy.writeConfig(text);
    QVERIFY(waitUntil([&] { return !configText(scene.proxy, u"problem"_s).isEmpty(); }));
    QVERIFY2(configText(scene.proxy, u"problem"_s).contains(named), qPrintable(configText(scene.proxy, u"problem"_s)));
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("alpha"));
    scene.proxy.set(u"breaker"_s, u"threshold"_s, 9);
    scene.proxy.writeConfig();
    QVERIFY(waitUntil([&] { return settings(scene.proxy).value(u"breakerThreshold"_s).toInt() == 9; }));
    QCOMPARE(configText(scene.proxy, u"problem"_s), QString());
}

void TestProxyConfig::unknownKeysAreWarnedAbout()
{
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"breaker"_s, u"treshold"_s, 3);
    QVERIFY(scene.startAlone());
    const QJsonArray warnings = scene.proxy.status().value(u"config"_s).toObject().value(u"warnings"_s).toArray();
    const bool named = std::any_of(warnings.begin(), warnings.end(), [](const QJsonValue &warning) {
        return warning.toString().contains(u"treshold"_s);
    });
    QVERIFY(named);
}

void TestProxyConfig::environmentOverridesTheFile()
{
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"breaker"_s, u"threshold"_s, 7).set(u"breaker"_s, u"timeoutMs"_s, 70000);
    scene.proxy.environment().insert(u"CIRCUIT_BREAKER_THRESHOLD"_s, u"3"_s);
    scene.proxy.environment().insert(u"HEALTH_CHECK_INTERVAL"_s, u"45000"_s);
    scene.proxy.environment().insert(u"METRICS_RETENTION"_s, u"7200000"_s);
    writeFile(scene.proxy.folder() + u"/XDG_CONFIG_HOME/signalbox/.env"_s, "CIRCUIT_BREAKER_THRESHOLD=4\n");
    QVERIFY(scene.startAlone());
    const QJsonObject now = settings(scene.proxy);
    QCOMPARE(now.value(u"breakerThreshold"_s).toInt(), 3);
    QCOMPARE(now.value(u"breakerTimeoutMs"_s).toInt(), 70000);
    QCOMPARE(now.value(u"healthIntervalMs"_s).toInt(), 45000);
    QCOMPARE(now.value(u"metricsRetentionMs"_s).toInt(), 7200000);
    QCOMPARE(originOf(scene.proxy, u"breakerThreshold"_s), u"environment"_s);
    QCOMPARE(originOf(scene.proxy, u"breakerTimeoutMs"_s), u"file"_s);
    QCOMPARE(originOf(scene.proxy, u"port"_s), u"command line"_s);
    scene.alpha.setScript(fails(404));
    const QJsonObject breaker = scene.proxy.providerStatus(u"alpha"_s).value(u"breaker"_s).toObject();
    QCOMPARE(breaker.value(u"effectiveThreshold"_s).toInt(), 3);
}

void TestProxyConfig::envFilesOverrideTheFile()
{
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"breaker"_s, u"threshold"_s, 7);
    const QString folder = scene.proxy.folder() + u"/XDG_CONFIG_HOME/signalbox/"_s;
    writeFile(folder + u".env"_s, "# comment\nCIRCUIT_BREAKER_THRESHOLD=4\nCIRCUIT_BREAKER_TIMEOUT=11000\n");
    writeFile(folder + u".env.production"_s, "export CIRCUIT_BREAKER_THRESHOLD=6\nALPHA_KEY=sk-not-from-here-123456\n");
    QVERIFY(scene.startAlone());
    QCOMPARE(settings(scene.proxy).value(u"breakerThreshold"_s).toInt(), 6);
    QCOMPARE(settings(scene.proxy).value(u"breakerTimeoutMs"_s).toInt(), 11000);
    QCOMPARE(originOf(scene.proxy, u"breakerThreshold"_s), u".env"_s);
    // Only the four settings are read from it.
    QCOMPARE(scene.chat().status(), 200);
    QCOMPARE(scene.alpha.requests("POST").front().head.headers.value("authorization"), "Bearer " + alphaKey);
}

void TestProxyConfig::envFileOfTheWorkingDirectoryIsIgnored()
{
    Scene scene(healthy("alpha"));
    const QString file = scene.proxy.folder() + u"/HOME/.env"_s;
    writeFile(file, "CIRCUIT_BREAKER_THRESHOLD=2\n");
    QVERIFY(scene.startAlone());
    QCOMPARE(settings(scene.proxy).value(u"breakerThreshold"_s).toInt(), 5);
    scene.proxy.finish();
    ProxyProcess asked;
    QVERIFY(asked.start({ u"--env-file"_s, file }));
    QCOMPARE(settings(asked).value(u"breakerThreshold"_s).toInt(), 2);
}

void TestProxyConfig::usageErrors_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("unknown option") << QStringList { u"--nonsense"_s };
    QTest::newRow("no number") << QStringList { u"--port"_s, u"many"_s };
    QTest::newRow("too big") << QStringList { u"--port"_s, u"65536"_s };
    QTest::newRow("stray argument") << QStringList { u"file"_s };
}

void TestProxyConfig::usageErrors()
{
    QFETCH(QStringList, arguments);
    ProxyProcess proxy;
    QCOMPARE(proxy.run(arguments), 2);
    QVERIFY(!proxy.errors().isEmpty());
    QVERIFY(proxy.output().isEmpty());
}

void TestProxyConfig::portBusy()
{
    const RawSocket busy = RawSocket::listenOnAnyPort();
    ProxyProcess proxy;
    proxy.writeConfig();
    const QString port = QString::number(busy.localPort());
    QCOMPARE(proxy.run({ u"--config"_s, proxy.configFile(), u"--port"_s, port }), 3);
    QVERIFY2(proxy.errors().contains(port.toLatin1()), proxy.errors().constData());
    // The holder of the port is this very program, and it can be known.
    QVERIFY2(proxy.errors().contains("tst_proxy_config") ||
                 proxy.errors().contains(QByteArray::number(QCoreApplication::applicationPid())),
             proxy.errors().constData());
}

void TestProxyConfig::badConfigSaysWhere_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("place"); // file, line and JSON pointer
    QTest::newRow("not JSON") << QByteArray("{\n \"version\": 1,\n oops\n}") << QByteArray("config.json:3: ");
    QTest::newRow("empty") << QByteArray() << QByteArray("config.json:1: ");
    QTest::newRow("wrong type") << QByteArray("{\"version\":1,\n\"proxy\":{\n\"port\":\"8787\"}}")
                                << QByteArray("config.json:3: /proxy/port: ");
    QTest::newRow("dialect") << QByteArray("{\"version\":1,\"providers\":[\n{\"name\":\"a\",\"baseUrl\":"
                                           "\"http://127.0.0.1:1/v1\",\n\"dialect\":\"cobol\"}]}")
                             << QByteArray("config.json:3: /providers/0/dialect: ");
    QTest::newRow("missing member") << QByteArray("{\"version\":1,\"providers\":[\n\n{\"name\":\"a\",\"dialect\":"
                                                  "\"openai\"}]}")
                                    << QByteArray("config.json:3: /providers/0/baseUrl: ");
    QTest::newRow("two pass-throughs")
        << QByteArray(
               R"({"version":1,"providers":[)"
               R"({"name":"a","dialect":"openai","baseUrl":"http://127.0.0.1:1/v1","key":{"passthrough":true}},)"
               R"({"name":"b","dialect":"openai","baseUrl":"http://127.0.0.1:1/v1","key":{"passthrough":true}}]})")
        << QByteArray("config.json:1: /providers/1/key: ");
    QTest::newRow("open to the network") << QByteArray(R"({"version":1,"proxy":{"address":"0.0.0.0","token":null}})")
                                         << QByteArray("config.json:1: /proxy/token: ");
}

void TestProxyConfig::badConfigSaysWhere()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, place);
    ProxyProcess proxy;
    proxy.writeConfig(text);
    const QStringList file { u"--config"_s, proxy.configFile(), u"--port"_s, u"0"_s };
    for (const QStringList &arguments : { file, file + QStringList { u"--check-config"_s } }) {
        QCOMPARE(proxy.run(arguments), 78);
        QVERIFY2(proxy.errors().contains(place), proxy.errors().constData());
        QVERIFY(proxy.output().isEmpty());
    }
}

void TestProxyConfig::checkConfig()
{
    ProxyProcess good;
    good.writeConfig();
    QCOMPARE(good.run({ u"--check-config"_s, u"--config"_s, good.configFile() }), 0);
    QVERIFY(good.output().contains("config.json: ok"));
    ProxyProcess all;
    all.writeConfig(R"({"version":1,"breaker":{"threshold":0,"treshold":3},"health":{"intervalMs":"soon"}})");
    QCOMPARE(all.run({ u"--check-config"_s, u"--config"_s, all.configFile() }), 78);
    for (const char *place : { "/breaker/threshold: ", "/health/intervalMs: ", "warning: ", "/breaker/treshold: " })
        QVERIFY2(all.errors().contains(place), all.errors().constData());
    ProxyProcess missing;
    QCOMPARE(missing.run({ u"--check-config"_s, u"--config"_s, missing.folder() + u"/none.json"_s }), 78);
    ProxyProcess variable;
    variable.writeConfig();
    variable.environment().insert(u"CIRCUIT_BREAKER_THRESHOLD"_s, u"many"_s);
    QCOMPARE(variable.run({ u"--check-config"_s, u"--config"_s, variable.configFile() }), 78);
    QVERIFY2(variable.errors().contains("CIRCUIT_BREAKER_THRESHOLD"), variable.errors().constData());
}

void TestProxyConfig::versionAndHelp()
{
    ProxyProcess version;
    QCOMPARE(version.run({ u"--version"_s }), 0);
    QVERIFY(version.output().contains(SIGNALBOX_VERSION));
    ProxyProcess help;
    QCOMPARE(help.run({ u"--help"_s }), 0);
    for (const char *option : { "--config", "--port", "--demo", "--check-config", "--version", "--help" })
        QVERIFY2(help.output().contains(option), option);
}

void TestProxyConfig::keyFileMustBePrivate()
{
    Scene scene(healthy("alpha"));
    QDir(scene.proxy.folder()).mkpath(u"keys"_s);
    const QString good = scene.proxy.folder() + u"/keys/good"_s;
    const QString open = scene.proxy.folder() + u"/keys/open"_s;
    writeFile(good, "sk-from-file-00112233445566\n");
    writeFile(open, "sk-open-file-00112233445566\n", QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);
    scene.proxy.addSecret("sk-from-file-00112233445566");
    scene.proxy.addSecret("sk-open-file-00112233445566");
    scene.proxy.provider(u"open"_s, u"openai"_s, scene.beta.baseUrl(u"/v1"_s), {},
                         { { u"key"_s, QJsonObject { { u"file"_s, open } } } });
    scene.proxy.provider(u"good"_s, u"openai"_s, scene.alpha.baseUrl(u"/v1"_s), {},
                         { { u"key"_s, QJsonObject { { u"file"_s, good } } } });
    QVERIFY(scene.proxy.start());
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("good"));
    QCOMPARE(scene.alpha.requests("POST").front().head.headers.value("authorization"),
             QByteArray("Bearer sk-from-file-00112233445566"));
    QVERIFY(scene.beta.requests().empty());
    const QJsonObject refused = scene.proxy.providerStatus(u"open"_s);
    QCOMPARE(refused.value(u"keyMissing"_s).toBool(), true);
    QVERIFY2(refused.value(u"keyProblem"_s).toString().contains(u"600"_s),
             qPrintable(refused.value(u"keyProblem"_s).toString()));
}

void TestProxyConfig::keychainWithoutKeyringIsNoDisaster()
{
    Scene scene(healthy("alpha"));
    scene.proxy.provider(u"ring"_s, u"openai"_s, scene.beta.baseUrl(u"/v1"_s), {},
                         { { u"key"_s, QJsonObject { { u"keychain"_s, u"signalbox-test-entry"_s } } } });
    scene.proxy.provider(u"alpha"_s, u"openai"_s, scene.alpha.baseUrl(u"/v1"_s), alphaKey);
    QVERIFY(scene.proxy.start());
    const Moment start = now();
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("alpha"));
    QVERIFY(since(start) < milliseconds(10000));
    const auto problem = [&] { return scene.proxy.providerStatus(u"ring"_s).value(u"keyProblem"_s).toString(); };
    QVERIFY(waitUntil([&] { return problem().contains(u"keyring"_s); }));
    QVERIFY2(problem().contains(u"{\"env\"} or {\"file\"}"_s), qPrintable(problem()));
}

void TestProxyConfig::newBaseUrlAsksForTheKeyAgain()
{
    FakeProvider elsewhere(healthy("elsewhere"));
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    QCOMPARE(scene.chat().status(), 200);
    QJsonObject moved = scene.proxy.config().value(u"providers"_s).toArray().first().toObject();
    moved.insert(u"baseUrl"_s, elsewhere.baseUrl(u"/v1"_s));
    scene.proxy.config().insert(u"providers"_s, QJsonArray { moved });
    scene.proxy.writeConfig();
    QVERIFY(waitUntil([&] { return scene.proxy.providerStatus(u"alpha"_s).value(u"keyMissing"_s).toBool(); }));
    QVERIFY(scene.chat().status() >= 400);
    for (const SeenRequest &seen : elsewhere.requests())
        QVERIFY2(!seen.head.raw.contains(alphaKey), "a key must not follow an edited address");
}

void TestProxyConfig::terminationDrainsARunningStream()
{
    SlowStream slow;
    Scene scene(slow.script());
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(postJson(chatPath, payload::chat(true)));
    QVERIFY(client.readHead() && client.readPiece());
    HttpClient idle(scene.proxy.port());
    QVERIFY(waitUntil([&] { return scene.proxy.status().value(u"inFlight"_s).toInt() == 1; }));
    scene.proxy.sendSigterm();
    QVERIFY(waitUntil([&] { return !RawSocket::connectTo(scene.proxy.port()).isOpen(); }));
    QVERIFY(scene.proxy.isRunning());
    slow.released = true;
    QByteArray rest;
    while (const auto piece = client.readPiece())
        rest += *piece;
    QCOMPARE(client.end(), BodyEnd::Complete);
    QVERIFY(rest.endsWith("data: [DONE]\n\n"));
    QCOMPARE(scene.proxy.waitForExit(), 0);
}

void TestProxyConfig::terminationCutsAStreamThatGoesOn()
{
    SlowStream slow;
    Scene scene(slow.script());
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(postJson(chatPath, payload::chat(true)));
    QVERIFY(client.readHead() && client.readPiece());
    const Moment start = now();
    scene.proxy.sendSigterm();
    QByteArray rest;
    while (const auto piece = client.readPiece(milliseconds(30000)))
        rest += *piece;
    QCOMPARE(client.end(), BodyEnd::Cut);
    QVERIFY2(rest.contains("data: {\"error\":"), rest.constData());
    QVERIFY2(since(start) > milliseconds(8000), "10 s to end in peace");
    QCOMPARE(scene.proxy.waitForExit(), 0);
    QVERIFY(since(start) < milliseconds(30000));
}

void TestProxyConfig::secondTerminationIsNow()
{
    SlowStream slow;
    Scene scene(slow.script());
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(postJson(chatPath, payload::chat(true)));
    QVERIFY(client.readHead() && client.readPiece());
    const Moment start = now();
    scene.proxy.sendSigterm();
    QVERIFY(waitUntil([&] { return !RawSocket::connectTo(scene.proxy.port()).isOpen(); }));
    scene.proxy.sendSigterm();
    QCOMPARE(scene.proxy.waitForExit(), 0);
    QVERIFY(since(start) < milliseconds(8000));
}

void TestProxyConfig::demoNeedsNothing()
{
    ProxyProcess proxy;
    QVERIFY(proxy.start({ u"--demo"_s }));
    const QJsonObject status = proxy.status();
    QCOMPARE(status.value(u"demo"_s).toBool(), true);
    QCOMPARE(status.value(u"providers"_s).toArray().size(), 5);
    for (const QJsonValue &provider : status.value(u"providers"_s).toArray())
        QVERIFY(provider.toObject().value(u"simulated"_s).toBool());
    for (const QByteArray &target : { chatPath, responsesPath, messagesPath }) {
        const QByteArray body = target == messagesPath ? payload::messages(true)
            : target == responsesPath                  ? payload::responses(true)
                                                       : payload::chat(true);
        QVERIFY(waitUntil([&] { return ask(proxy.port(), postJson(target, body)).isComplete(); }));
    }
}

QTEST_GUILESS_MAIN(TestProxyConfig)
#include "tst_proxy_config.moc"
