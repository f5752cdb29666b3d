// SPDX-License-Identifier: GPL-3.0-or-later
// Keys, trying a provider, and the alarms' webhook of a running engine, with real sockets.
#include "tests/integration/engineundertest.h"

using namespace signalbox;
using namespace signalbox::test;

namespace {

const QString done;

Script modelList(const QByteArray &key)
{
    return [key](Turn &turn) {
        if (turn.seen().head.headers.value("authorization") != "Bearer " + key)
            return turn.answer(401, R"({"error": {"message": "bad key"}})");
        turn.startChunked(200, { { "Content-Type", "application/json" } });
        turn.chunk(R"({"data": [{"id": "gpt-one"},)");
        turn.chunk(R"( {"id": "gpt-two"}]})");
        turn.endChunks();
    };
}

ProviderDraft draftFor(const FakeProvider &provider)
{
    ProviderDraft draft;
    draft.name = QStringLiteral("draft");
    draft.baseUrl = provider.baseUrl(QStringLiteral("/v1"));
    return draft;
}

QProcessEnvironment withAlphaKey()
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("ALPHA_KEY"), QString::fromLatin1(alphaKey));
    return environment;
}

QByteArray lastKey(const FakeProvider &provider)
{
    return provider.requests("POST").back().head.headers.value("authorization");
}

} // namespace

class TestEngineKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tryingAProviderTellsPhasesAndModels()
    {
        FakeProvider far(modelList(alphaKey));
        EngineUnderTest test(configWith({}));
        const ProbeReport report = test.value(test.engine().testProvider(draftFor(far), Secret(alphaKey)));
        QVERIFY2(report.usable, qPrintable(report.verdict));
        QCOMPARE(report.status, 200);
        QCOMPARE(report.models, QStringList({ QStringLiteral("gpt-one"), QStringLiteral("gpt-two") }));
        QVERIFY(report.connectMs && report.firstByteMs && !report.tlsMs && !report.dnsMs);
        QVERIFY(report.totalMs >= *report.firstByteMs);
        QVERIFY2(report.verdict.contains(QStringLiteral("2 models")), qPrintable(report.verdict));
        const QByteArray saved = test.configText();
        QVERIFY(!saved.contains(alphaKey) && !saved.contains("draft"));
        QVERIFY(!QFile::exists(test.folder() + QStringLiteral("/key-origins.json")));

        const ProbeReport refused = test.value(test.engine().testProvider(draftFor(far), Secret("sk-wrong-key")));
        QVERIFY(!refused.usable);
        QCOMPARE(refused.failedPhase, QStringLiteral("key"));
        QVERIFY(!refused.verdict.contains(QStringLiteral("sk-wrong")));
    }

    void tryingSaysWhatIsWrong()
    {
        EngineUnderTest test(configWith({}));
        ProviderDraft draft;
        draft.name = QStringLiteral("draft");
        draft.baseUrl = QStringLiteral("nonsense");
        QCOMPARE(test.value(test.engine().testProvider(draft, {})).failedPhase, QStringLiteral("draft"));
        draft.baseUrl = QStringLiteral("http://127.0.0.1:1/v1");
        const ProbeReport nobody = test.value(test.engine().testProvider(draft, {}));
        QCOMPARE(nobody.failedPhase, QStringLiteral("connect"));
        QVERIFY(!nobody.verdict.isEmpty() && nobody.status == 0);
        draft.key = { KeySource::Kind::Environment, QStringLiteral("NOT_SET") };
        QVERIFY(test.value(test.engine().testProvider(draft, {})).verdict.contains(QStringLiteral("NOT_SET")));
        draft.key = {};
        draft.baseUrl = QStringLiteral("http://name.invalid/v1");
        QCOMPARE(test.value(test.engine().testProvider(draft, {})).failedPhase, QStringLiteral("dns"));
    }

    void aConfiguredKeyIsNotTriedElsewhere()
    {
        FakeProvider alpha(modelList(alphaKey));
        FakeProvider evil(modelList(alphaKey));
        EngineUnderTest test(configWith({ entry("alpha", alpha, R"(, "key": {"env": "ALPHA_KEY"})") }), withAlphaKey());
        ProviderDraft draft = draftFor(alpha);
        draft.key = { KeySource::Kind::Environment, QStringLiteral("ALPHA_KEY") };
        QVERIFY(test.value(test.engine().testProvider(draft, {})).usable);
        draft.baseUrl = evil.baseUrl(QStringLiteral("/v1"));
        const ProbeReport report = test.value(test.engine().testProvider(draft, {}));
        QCOMPARE(report.failedPhase, QStringLiteral("key"));
        QCOMPARE(evil.connections(), 0);
    }

    void aChangedBaseUrlNeedsTheKeyConfirmed()
    {
        FakeProvider alpha(healthy("alpha"));
        FakeProvider moved(healthy("moved"));
        EngineUnderTest test(configWith({ entry("alpha", alpha, R"(, "key": {"env": "ALPHA_KEY"})") }), withAlphaKey());
        QCOMPARE(test.problem(test.engine().start()), done);
        QCOMPARE(test.chat().status(), 200);
        ProviderDraft draft = draftOf(test.config().providers.front());
        draft.baseUrl = moved.baseUrl(QStringLiteral("/v1"));
        draft.name = QStringLiteral("renamed");
        QCOMPARE(test.problem(test.engine().updateProvider(QStringLiteral("alpha"), draft)), done);
        QVERIFY(test.snapshot()->providers.front().keyMissing);
        QCOMPARE(test.chat().status(), 503);
        QCOMPARE(moved.count(), 0);
        QCOMPARE(test.problem(test.engine().confirmKey(QStringLiteral("renamed"))), done);
        QCOMPARE(test.chat().status(), 200);
        QCOMPARE(lastKey(moved), "Bearer " + alphaKey);
        QVERIFY(!test.problem(test.engine().confirmKey(QStringLiteral("alpha"))).isEmpty());
    }

    void aSessionKeyStaysInMemoryAndWithItsOrigin()
    {
        FakeProvider alpha(healthy("alpha"));
        FakeProvider moved(healthy("moved"));
        EngineUnderTest test(configWith({ entry("alpha", alpha, R"(, "key": {"keychain": "absent"})") }));
        QCOMPARE(test.problem(test.engine().start()), done);
        QVERIFY(test.snapshot()->providers.front().keyMissing);
        QCOMPARE(test.problem(test.engine().setSessionKey(QStringLiteral("alpha"), Secret(alphaKey))), done);
        QCOMPARE(test.chat().status(), 200);
        QCOMPARE(lastKey(alpha), "Bearer " + alphaKey);
        QCOMPARE(test.problem(test.engine().applyEdits({ { QStringLiteral("/breaker/threshold"), 6 } })), done);
        QCOMPARE(test.chat().status(), 200);
        QVERIFY(!test.configText().contains(alphaKey));
        QVERIFY(!test.problem(test.engine().setSessionKey(QStringLiteral("alpha"), Secret("two\nlines"))).isEmpty());
        QCOMPARE(test.problem(test.engine().applyEdits(
                     { { QStringLiteral("/providers/alpha/baseUrl"), moved.baseUrl(QStringLiteral("/v1")) } })),
                 done);
        QVERIFY(test.snapshot()->providers.front().keyMissing);
        QCOMPARE(test.chat().status(), 503);
        QCOMPARE(moved.count(), 0);
    }

    void theKeyringIsUsedOrItsAbsenceTold()
    {
        FakeProvider alpha(healthy("alpha"));
        const QByteArray text = configWith({ entry("alpha", alpha, R"(, "key": {"keychain": "alpha-entry"})") });
        {
            EngineUnderTest test(text);
            QCOMPARE(test.problem(test.engine().start()), done);
            QVERIFY(test.snapshot()->providers.front().keyMissing);
            QCOMPARE(test.problem(test.engine().storeKey(QStringLiteral("alpha-entry"), Secret(alphaKey))), done);
            QCOMPARE(test.chat().status(), 200);
            QCOMPARE(lastKey(alpha), "Bearer " + alphaKey);
            QCOMPARE(test.problem(test.engine().deleteKey(QStringLiteral("alpha-entry"))), done);
            QVERIFY(QTest::qWaitFor([&] { return test.snapshot()->providers.front().keyMissing; }));
        }
        EngineUnderTest without(text, {}, std::make_shared<FakeKeychain>(false));
        const QString said = without.problem(without.engine().storeKey(QStringLiteral("x"), Secret(alphaKey)));
        QVERIFY2(said.contains(QStringLiteral("keyring")), qPrintable(said));
        QVERIFY(!said.contains(QString::fromLatin1(alphaKey)));
    }

    void alarmsReachTheConfiguredWebhook()
    {
        std::atomic<int> posts { 0 };
        FakeProvider receiver([&](Turn &turn) { turn.answer(++posts == 1 ? 503 : 204, {}); });
        FakeProvider alpha(healthy("alpha"));
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("HOOK_KEY"), QStringLiteral("hook-key-0f1e2d3c"));
        const QByteArray hook = " \"alarms\": {\"webhook\": {\"url\": \"" +
            receiver.baseUrl(QStringLiteral("/hook?x=1")).toUtf8() + "\", \"key\": {\"env\": \"HOOK_KEY\"}}},\n";
        EngineUnderTest test(configWith({ entry("alpha", alpha) }, hook), environment);
        QCOMPARE(test.problem(test.engine().start()), done);
        QCOMPARE(test.problem(test.engine().command(
                     { ProviderCommand::Kind::TripFor, QStringLiteral("alpha"), Milliseconds(600000) })),
                 done);
        // The first is refused and comes again.
        QVERIFY(receiver.waitForCount(2));
        const std::vector<SeenRequest> seen = receiver.requests("POST");
        QCOMPARE(seen.at(0).body, seen.at(1).body);
        QCOMPARE(seen.at(1).head.target(), QByteArray("/hook?x=1"));
        QCOMPARE(seen.at(1).head.headers.value("authorization"), QByteArray("Bearer hook-key-0f1e2d3c"));
        const QJsonObject alarm = QJsonDocument::fromJson(seen.at(1).body).object();
        QVERIFY(alarm.value(QStringLiteral("rule")).isString() && alarm.value(QStringLiteral("text")).isString());

        // An operator's answer is a change too.
        const std::size_t before = receiver.requests("POST").size();
        QCOMPARE(test.problem(test.engine().acknowledgeAlarm(alarm.value(QStringLiteral("id")).toString(),
                                                             QStringLiteral("console"))),
                 done);
        QVERIFY(test.told(QStringLiteral("(console)")));
        const auto acknowledged = [&] {
            const std::vector<SeenRequest> all = receiver.requests("POST");
            return std::any_of(
                all.begin() + static_cast<std::ptrdiff_t>(before), all.end(), [](const SeenRequest &post) {
                    return QJsonDocument::fromJson(post.body)[u"acknowledgedBy"].toString() == QLatin1String("console");
                });
        };
        QTRY_VERIFY_WITH_TIMEOUT(acknowledged(), 20000);

        // Live: no URL, no more posts; a key that is not there is told and nothing goes out without it.
        QCOMPARE(test.problem(test.engine().applyEdits(
                     { { QStringLiteral("/alarms/webhook/key"),
                         QJsonObject { { QStringLiteral("env"), QStringLiteral("NO_SUCH_KEY") } } } })),
                 done);
        QVERIFY(test.told(QStringLiteral("NO_SUCH_KEY")));
        QVERIFY(!test.events().join(u' ').contains(QStringLiteral("/hook?x=1")));
    }

    void recordingCanBeSwitchedOff()
    {
        FakeProvider alpha(healthy("alpha"));
        EngineUnderTest test(configWith({ entry("alpha", alpha) }));
        QCOMPARE(test.problem(test.engine().start()), done);
        QVERIFY(QTest::qWaitFor([&] { return test.snapshot()->recording.state == RecordingState::Recording; }));
        QCOMPARE(test.problem(test.engine().setSetting(QStringLiteral("metrics.recording"), QStringLiteral("off"))),
                 done);
        QCOMPARE(test.snapshot()->recording.state, RecordingState::Off);
        QVERIFY(test.snapshot()->recording.reason.contains(QStringLiteral("metrics.recording")));
    }
};

QTEST_GUILESS_MAIN(TestEngineKeys)
#include "tst_enginekeys.moc"
