// SPDX-License-Identifier: GPL-3.0-or-later
// What a console does to the configuration of a running engine, with real files and sockets.
#include "tests/integration/engineundertest.h"

#include <QDir>
#include <QFileInfo>
#include <QTcpServer>

using namespace signalbox;
using namespace signalbox::test;

namespace {

SettingEdit edit(const char *place, const QJsonValue &value)
{
    return { QString::fromLatin1(place), value };
}

const QJsonValue nothing(QJsonValue::Undefined);

QStringList names(const EngineSnapshotPtr &snapshot)
{
    QStringList list;
    for (const ProviderSnapshot &provider : snapshot->providers)
        list.append(provider.name);
    return list;
}

ProviderDraft draftFor(const QString &name, const FakeProvider &provider)
{
    ProviderDraft draft;
    draft.name = name;
    draft.baseUrl = provider.baseUrl(QStringLiteral("/v1"));
    return draft;
}

const QString done;

} // namespace

class TestEngineEditing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsHowAHealthCheckEndedThatWasAskedForOrChanged()
    {
        auto alpha = std::make_unique<FakeProvider>(healthy("alpha"));
        EngineUnderTest test(configWith({ entry("alpha", *alpha) }));
        QCOMPARE(test.problem(test.engine().start()), done);
        QTRY_VERIFY(test.snapshot()->providers.front().probe.lastAt.isValid());
        const auto checks = [&test] { return test.events().filter(QStringLiteral("The health check")); };
        QVERIFY(checks().isEmpty()); // as it should be
        const ProviderCommand probe { ProviderCommand::Kind::ProbeNow, QStringLiteral("alpha"), std::nullopt };
        QCOMPARE(test.problem(test.engine().command(probe)), done);
        QVERIFY(test.told(QStringLiteral("The health check succeeded in")));
        alpha.reset();
        QCOMPARE(test.problem(test.engine().command(probe)), done);
        QVERIFY(test.told(QStringLiteral("The health check failed: ")));
        EventQuery query;
        query.kind = StateEvent::Kind::Probe;
        const auto journaled = [&] { return test.value(test.engine().events(query)).events; };
        QTRY_COMPARE(journaled().size(), std::size_t { 2 });
        QCOMPARE(journaled().front().before, QStringLiteral("ok"));
        QVERIFY(!journaled().front().after.isEmpty() && journaled().front().after != QLatin1String("ok"));
    }

    void anEditRunsIsSavedAndTold()
    {
        FakeProvider alpha(healthy("alpha"));
        EngineUnderTest test(configWith({ entry("alpha", alpha) }, " \"note\": \"kept\",\n"));
        QCOMPARE(test.problem(test.engine().start()), done);
        const QByteArray before = test.configText();
        QCOMPARE(test.problem(test.engine().applyEdits({ edit("/breaker/threshold", 7),
                                                         edit("/providers/alpha/breaker/minimumCalls", 3),
                                                         edit("/health/degradedBelow", 85) })),
                 done);
        QCOMPARE(test.config().breaker.threshold, 7);
        QCOMPARE(test.snapshot()->providers.front().breaker.effectiveThreshold, 7);
        QCOMPARE(test.config().providers.front().breaker.minimumCalls, 3);
        QCOMPARE(test.config().providers.front().health.degradedBelow, 85);
        QCOMPARE(test.snapshot()->origins.of(QStringLiteral("/providers/alpha/breaker/minimumCalls")),
                 SettingOrigin::File);
        QVERIFY(test.told(QStringLiteral("breaker.threshold 5 → 7 (changed in the console).")));
        QVERIFY(test.told(QStringLiteral("providers.alpha.breaker.minimumCalls")));
        const LoadResult saved = loadConfig(test.configPath());
        QCOMPARE(saved.config.breaker.threshold, 7);
        QVERIFY(test.configText().contains("\"note\": \"kept\""));

        const auto versions = test.value(test.engine().configVersions());
        QCOMPARE(versions.size(), std::size_t { 1 });
        QCOMPARE(versions.front().by, QStringLiteral("console"));
        QCOMPARE(versions.front().changes.size(), 3);
        QCOMPARE(test.problem(test.engine().undoConfig()), done);
        QCOMPARE(test.configText(), before);
        QCOMPARE(test.config().breaker.threshold, 5);
        QVERIFY(test.told(QStringLiteral("breaker.threshold 7 → 5 (taken back in the console).")));
        QVERIFY(test.value(test.engine().configVersions()).front().undone);
        QVERIFY(test.problem(test.engine().undoConfig()).contains(QStringLiteral("no change")));
        QFileInfo kept(QDir(test.folder()).filePath(QStringLiteral("data/config-versions")));
        QVERIFY(!(kept.permissions() & (QFile::ReadGroup | QFile::ReadOther)));
    }

    void undoGoesBackStepByStepAndRestoreJumps()
    {
        FakeProvider alpha(healthy("alpha"));
        EngineUnderTest test(configWith({ entry("alpha", alpha) }));
        for (int threshold : { 6, 7, 8, 9 })
            QCOMPARE(test.problem(test.engine().applyEdits({ edit("/breaker/threshold", threshold) })), done);
        QCOMPARE(test.problem(test.engine().undoConfig()), done);
        QCOMPARE(test.problem(test.engine().undoConfig()), done);
        QCOMPARE(test.config().breaker.threshold, 7);
        QCOMPARE(test.problem(test.engine().applyEdits({ edit("/breaker/threshold", 3) })), done);
        QCOMPARE(test.problem(test.engine().undoConfig()), done);
        QCOMPARE(test.config().breaker.threshold, 7);
        QCOMPARE(test.problem(test.engine().undoConfig()), done);
        QCOMPARE(test.config().breaker.threshold, 6);
        const auto versions = test.value(test.engine().configVersions());
        QCOMPARE(versions.size(), std::size_t { 5 });
        // Before the change to 9 it was 8.
        QCOMPARE(test.problem(test.engine().restoreConfig(versions.at(1).id)), done);
        QCOMPARE(test.config().breaker.threshold, 8);
        QVERIFY(!test.problem(test.engine().restoreConfig(4711)).isEmpty());
    }

    void refusesAsAWhole_data()
    {
        QTest::addColumn<QString>("place");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *name, const char *place, const QJsonValue &value, const char *named) {
            QTest::newRow(name) << QString::fromLatin1(place) << value << QString::fromLatin1(named);
        };
        row("out of range", "/breaker/failureRatePercent", 101, "failureRatePercent");
        row("bad combination", "/breaker/maxOpenMs", 1, "maxOpenMs");
        row("fixed outside", "/health/intervalMs", 5000, "environment");
        row("wrong type", "/breaker/threshold", QStringLiteral("many"), "threshold");
        row("unknown", "/breaker/colour", 1, "colour");
        row("open to the network", "/proxy/address", QStringLiteral("0.0.0.0"), "token");
    }
    void refusesAsAWhole()
    {
        QFETCH(QString, place);
        QFETCH(QJsonValue, value);
        QFETCH(QString, named);
        FakeProvider alpha(healthy("alpha"));
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("HEALTH_CHECK_INTERVAL"), QStringLiteral("7000"));
        EngineUnderTest test(configWith({ entry("alpha", alpha) }), environment);
        const QByteArray before = test.configText();
        const QString said =
            test.problem(test.engine().applyEdits({ edit("/breaker/threshold", 6), { place, value } }));
        QVERIFY2(said.contains(named), qPrintable(said));
        QCOMPARE(test.configText(), before);
        QCOMPARE(test.config().breaker.threshold, 5);
        QVERIFY(test.value(test.engine().configVersions()).empty());
    }

    void providersComeGoAndMove()
    {
        FakeProvider alpha(healthy("alpha"));
        FakeProvider beta(healthy("beta"));
        EngineUnderTest test(configWith({ entry("alpha", alpha) }));
        QCOMPARE(test.problem(test.engine().start()), done);
        ProviderDraft draft = draftFor(QStringLiteral("beta"), beta);
        draft.models = { { QStringLiteral("gpt-*"), QStringLiteral("big") } };
        QCOMPARE(test.problem(test.engine().addProvider(draft)), done);
        QVERIFY(test.problem(test.engine().addProvider(draft)).contains(QStringLiteral("beta")));
        QCOMPARE(names(test.snapshot()), QStringList({ QStringLiteral("alpha"), QStringLiteral("beta") }));
        QCOMPARE(test.problem(test.engine().moveProvider(QStringLiteral("beta"), 0)), done);
        QCOMPARE(test.chat().header("x-signalbox-provider"), QByteArray("beta"));
        QVERIFY(beta.requests("POST").front().body.contains("\"model\":\"big\""));
        QCOMPARE(test.problem(test.engine().setModels(
                     QStringLiteral("beta"),
                     { { QStringLiteral("x"), QStringLiteral("y") }, { QStringLiteral("a"), QStringLiteral("*") } })),
                 done);
        QCOMPARE(test.config().providers.front().models.front().pattern, QStringLiteral("x"));
        QCOMPARE(test.chat().header("x-signalbox-provider"), QByteArray("alpha"));
        QCOMPARE(test.problem(test.engine().setStrategy(Strategy::Health)), done);
        QCOMPARE(test.snapshot()->strategy, Strategy::Health);
        draft.name = QStringLiteral("renamed");
        draft.enabled = false;
        QCOMPARE(test.problem(test.engine().updateProvider(QStringLiteral("beta"), draft)), done);
        QCOMPARE(names(test.snapshot()), QStringList({ QStringLiteral("renamed"), QStringLiteral("alpha") }));
        QVERIFY(!test.snapshot()->providers.front().enabled);
        draft.baseUrl = QStringLiteral("https://user:secret-word@x.example");
        const QString said = test.problem(test.engine().updateProvider(QStringLiteral("renamed"), draft));
        QVERIFY2(said.contains(QStringLiteral("baseUrl")) && !said.contains(QStringLiteral("secret-word")),
                 qPrintable(said));
        QCOMPARE(test.problem(test.engine().removeProvider(QStringLiteral("renamed"))), done);
        QCOMPARE(names(test.snapshot()), QStringList { QStringLiteral("alpha") });
        QVERIFY(!test.problem(test.engine().removeProvider(QStringLiteral("0"))).isEmpty());
        QVERIFY(!test.problem(test.engine().moveProvider(QStringLiteral("beta"), 0)).isEmpty());
        for (int i = 0; i < 5; ++i)
            QCOMPARE(test.problem(test.engine().undoConfig()), done);
        QCOMPARE(names(test.snapshot()), QStringList({ QStringLiteral("alpha"), QStringLiteral("beta") }));
    }

    void aHandEditBecomesAVersionToo()
    {
        FakeProvider alpha(healthy("alpha"));
        EngineUnderTest test(configWith({ entry("alpha", alpha) }));
        const QByteArray before = test.configText();
        test.writeConfig(configWith({ entry("alpha", alpha) }, " \"breaker\": {\"threshold\": 8},\n"));
        QVERIFY(test.told(QStringLiteral("breaker.threshold 5 → 8 (edited in the file).")));
        QCOMPARE(test.value(test.engine().configVersions()).front().by, QStringLiteral("file"));
        QCOMPARE(test.problem(test.engine().undoConfig()), done);
        QCOMPARE(test.configText(), before);
        QCOMPARE(test.config().breaker.threshold, 5);
    }

    void theFirstProviderMakesTheFileWithTheRunningToken()
    {
        FakeProvider alpha(healthy("alpha"));
        EngineUnderTest test({});
        const Secret token = test.engine().accessToken();
        QVERIFY(!token.isEmpty());
        QCOMPARE(test.problem(test.engine().applyEdits({ edit("/proxy/port", 0) })), done);
        QCOMPARE(test.problem(test.engine().addProvider(draftFor(QStringLiteral("alpha"), alpha))), done);
        QCOMPARE(test.problem(test.engine().start()), done);
        const LoadResult saved = loadConfig(test.configPath());
        QVERIFY(saved.ok() && !saved.tokenAbsent);
        QVERIFY(*saved.config.proxy.token == token && test.engine().accessToken() == token);
        const auto withToken = [&](const Secret &secret) {
            return ask(test.port(),
                       postJson(chatPath, payload::chat(), { { "authorization", "Bearer " + secret.reveal() } }))
                .status();
        };
        QCOMPARE(withToken(token), 200);
        QCOMPARE(test.problem(test.engine().regenerateToken()), done);
        QVERIFY(!(test.engine().accessToken() == token));
        QCOMPARE(withToken(token), 401);
        QCOMPARE(withToken(test.engine().accessToken()), 200);
        QVERIFY(!test.events().join(u' ').contains(QString::fromLatin1(token.reveal())));
        QVERIFY(!test.config().proxy.token);
    }

    void aNewPortTakesOverWithoutAGap()
    {
        std::atomic<bool> released { false };
        FakeProvider alpha([&](Turn &turn) {
            const std::vector<QByteArray> list = payload::chatEvents("slow");
            turn.startEvents();
            turn.chunk(list[0] + list[1]);
            while (!released && !turn.waitUntilPeerCloses(milliseconds(20)))
                continue;
            turn.chunk(list[2] + list[3] + list[4]);
            turn.endChunks();
        });
        EngineUnderTest test(configWith({ entry("alpha", alpha) }));
        QCOMPARE(test.problem(test.engine().start()), done);
        const std::uint16_t oldPort = test.port();
        HttpClient streaming(oldPort);
        streaming.send(postJson(chatPath, payload::chat(true)));
        QVERIFY(streaming.readHead() && streaming.readPiece());
        HttpClient waiting(oldPort);
        const RawSocket kept = RawSocket::boundToAnyPort();
        const std::uint16_t newPort = kept.localPort();
        QCOMPARE(test.problem(test.engine().rebind(QStringLiteral("127.0.0.1"), newPort)), done);
        QCOMPARE(test.port(), newPort);
        QCOMPARE(ask(newPort, request("GET", "/healthz")).status(), 200);
        QVERIFY(!HttpClient(oldPort).socket().isOpen() || HttpClient(oldPort).waitForClose());
        released = true;
        QByteArray rest;
        while (const std::optional<QByteArray> piece = streaming.readPiece())
            rest += *piece;
        QCOMPARE(streaming.end(), BodyEnd::Complete);
        QVERIFY(rest.contains("[DONE]"));
        QVERIFY(test.told(QStringLiteral("Now listening on 127.0.0.1:%1").arg(newPort)));
    }

    void aBusyPortLeavesTheOldOneListening()
    {
        FakeProvider alpha(healthy("alpha"));
        EngineUnderTest test(configWith({ entry("alpha", alpha) }));
        QCOMPARE(test.problem(test.engine().start()), done);
        const std::uint16_t oldPort = test.port();
        const QByteArray before = test.configText();
        QTcpServer busy;
        QVERIFY(busy.listen(QHostAddress::LocalHost));
        const QString said = test.problem(test.engine().rebind(QStringLiteral("127.0.0.1"), busy.serverPort()));
        QVERIFY2(said.contains(QString::number(busy.serverPort())), qPrintable(said));
        QCOMPARE(test.configText(), before);
        QCOMPARE(test.port(), oldPort);
        QCOMPARE(test.chat().status(), 200);
        // By hand the file says the busy port already: the old one stays too, with the reason.
        test.writeConfig(QByteArray(before).replace("\"port\": 0",
                                                    QByteArray("\"port\": " + QByteArray::number(busy.serverPort()))));
        QVERIFY(test.told(QStringLiteral("Cannot listen on")));
        QCOMPARE(test.port(), oldPort);
        QVERIFY(QTest::qWaitFor([&] { return !test.snapshot()->configProblem.isEmpty(); }));
        QCOMPARE(test.chat().status(), 200);
    }

    void aBusyPortAtTheStartIsLeftForAnother()
    {
        QTcpServer busy;
        QVERIFY(busy.listen(QHostAddress::LocalHost));
        FakeProvider alpha(healthy("alpha"));
        EngineUnderTest test(configWith({ entry("alpha", alpha) }, {},
                                        "\"token\": null, \"port\": " + QByteArray::number(busy.serverPort())));
        QVERIFY(!test.problem(test.engine().start()).isEmpty());
        QCOMPARE(test.snapshot()->listener.state, ListenState::Failed);
        QCOMPARE(test.problem(test.engine().rebind(QStringLiteral("127.0.0.1"), 0)), done);
        QCOMPARE(test.snapshot()->listener.state, ListenState::Listening);
        QCOMPARE(test.chat().status(), 200);
    }

    void anotherAddressWithTheSamePort()
    {
        FakeProvider alpha(healthy("alpha"));
        EngineUnderTest test(configWith({ entry("alpha", alpha) }, {}, R"("port": 0, "token": "0123456789abcdef")"));
        QCOMPARE(test.problem(test.engine().start()), done);
        const std::uint16_t port = test.port();
        QCOMPARE(test.problem(test.engine().rebind(QStringLiteral("0.0.0.0"), port)), done);
        QCOMPARE(test.snapshot()->listener.address, QStringLiteral("0.0.0.0"));
        QCOMPARE(ask(port, request("GET", "/healthz")).status(), 200);
        QCOMPARE(test.problem(test.engine().rebind(QStringLiteral("127.0.0.1"), port)), done);
        QCOMPARE(ask(port, request("GET", "/healthz")).status(), 200);
    }

    void withoutAFileNothingIsSaved()
    {
        EngineOptions options;
        options.config = loadConfigText(configWith({}), QStringLiteral("/nowhere/config.json"));
        const auto engine = createEngine(std::move(options));
        QVERIFY(!EngineUnderTest::problem(engine->applyEdits({ edit("/breaker/threshold", 6) })).isEmpty());
        SettingsPatch patch;
        patch.breakerThreshold = 6;
        QCOMPARE(EngineUnderTest::problem(engine->applySettings(patch)), done);
        QCOMPARE(engine->snapshot()->breaker.threshold, 6);
    }
};

QTEST_GUILESS_MAIN(TestEngineEditing)
#include "tst_engineediting.moc"
