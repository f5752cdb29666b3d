// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configloader.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;

namespace {

void put(const QString &path, const QByteArray &text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
}

QByteArray withProvider(const QByteArray &members)
{
    return "{\"version\": 1, \"providers\": [{\"name\": \"a\", \"dialect\": \"openai\", \"baseUrl\": "
           "\"https://a.example/v1\"" +
        QByteArray(members.isEmpty() ? "" : ", ") + members + "}]}";
}

LoadResult load(const QByteArray &text)
{
    return loadConfigText(text, QStringLiteral("/nowhere/config.json"));
}

} // namespace

class TestConfigLoader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheDocumentedShape()
    {
        const LoadResult result = loadConfig(QStringLiteral(SIGNALBOX_TEST_DATA "/config/documented.json"));
        QVERIFY2(result.ok(), qPrintable(result.errorText()));
        QCOMPARE(result.config.proxy.allowedHosts, QStringList { QStringLiteral("box") });
        QCOMPARE(result.config.proxy.strategy, Strategy::Health);
        const ProviderConfig &provider = result.config.providers.at(0);
        QCOMPARE(provider.baseUrl, QUrl(QStringLiteral("http://127.0.0.1:9001/v1")));
        QCOMPARE(provider.auth, AuthScheme::XApiKey);
        QVERIFY(!provider.authExplicit && !provider.enabled && provider.proxy.isEmpty());
        QCOMPARE(provider.models.at(0).pattern, QStringLiteral("z-*"));
        QCOMPARE(provider.breaker.threshold, 9);
        QCOMPARE(provider.breaker.timeoutMs, Milliseconds(60001));
        QCOMPARE(provider.timeouts.idleMs, Milliseconds(7));
        QCOMPARE(result.config.origins.breakerThreshold, SettingOrigin::File);
    }

    void readsWhatAnOperatorMayTune()
    {
        const Config config = loadConfig(QStringLiteral(SIGNALBOX_TEST_DATA "/config/documented.json")).config;
        const BreakerSettings global { 4,
                                       Milliseconds(60001),
                                       Milliseconds(600001),
                                       Milliseconds(30000),
                                       21,
                                       51,
                                       11,
                                       81,
                                       4,
                                       2,
                                       5,
                                       Milliseconds(0),
                                       Milliseconds(300001),
                                       Milliseconds(120001),
                                       Milliseconds(600002) };
        QCOMPARE(config.breaker, global);
        BreakerSettings own = global;
        own.threshold = 9;
        own.probeSuccesses = 3;
        const ProviderConfig &provider = config.providers.at(0);
        QCOMPARE(provider.breaker, own);
        QCOMPARE(config.health.degradedBelow, 81);
        QCOMPARE(provider.health.firstByteGoodMs, Milliseconds(700));
        QCOMPARE(provider.health.totalBadMs, Milliseconds(60001));
        QVERIFY(provider.capture.enabled && !config.capture.enabled && provider.includeUsage);
        QCOMPARE(provider.capture.capBytes, 131072);
        QCOMPARE(config.metrics.maxMegabytes, 2049);
        QCOMPARE(config.metrics.hoursRetentionMs, Milliseconds(31536000001));
    }

    void knowsWhereEverySettingComesFrom()
    {
        ConfigOverlay overlay;
        overlay.environment.insert(QStringLiteral("CIRCUIT_BREAKER_THRESHOLD"), QStringLiteral("8"));
        const SettingOrigins origins =
            loadConfig(QStringLiteral(SIGNALBOX_TEST_DATA "/config/documented.json"), overlay).config.origins;
        QCOMPARE(origins.of(QStringLiteral("/breaker/threshold")), SettingOrigin::Environment);
        QCOMPARE(origins.of(QStringLiteral("/breaker/minimumCalls")), SettingOrigin::File);
        QCOMPARE(origins.of(QStringLiteral("/timeouts/totalMs")), SettingOrigin::Default);
        QCOMPARE(origins.of(QStringLiteral("/providers/alpha/breaker/threshold")), SettingOrigin::File);
        QCOMPARE(origins.of(QStringLiteral("/providers/alpha/breaker/maxProbes")), SettingOrigin::Default);
    }

    void aLongTimeoutRaisesAMaximumThatNobodySet()
    {
        const LoadResult raised = load("{\"version\": 1, \"breaker\": {\"timeoutMs\": 900000}}");
        QVERIFY2(raised.ok(), qPrintable(raised.errorText()));
        QCOMPARE(raised.config.breaker.maxOpenMs, Milliseconds(900000));
        const LoadResult own = load(withProvider("\"breaker\": {\"timeoutMs\": 900000}"));
        QVERIFY(own.ok());
        QCOMPARE(own.config.providers.at(0).breaker.maxOpenMs, Milliseconds(900000));
        QCOMPARE(own.config.breaker.maxOpenMs, Milliseconds(600000));
        ConfigOverlay overlay;
        overlay.environment.insert(QStringLiteral("CIRCUIT_BREAKER_TIMEOUT"), QStringLiteral("90000"));
        const LoadResult outside = loadConfigText(withProvider("").replace("\"version\": 1",
                                                                           "\"version\": 1, \"breaker\": "
                                                                           "{\"maxOpenMs\": 70000}"),
                                                  QStringLiteral("/nowhere/config.json"), overlay);
        QVERIFY2(outside.ok(), qPrintable(outside.errorText()));
        QCOMPARE(outside.config.breaker.maxOpenMs, Milliseconds(90000));
        QCOMPARE(outside.warnings.size(), 1);
        QCOMPARE(outside.warnings.at(0).pointer, QStringLiteral("/breaker/maxOpenMs"));
    }

    void combinationsAreJudgedWhereTheyStand_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<bool>("refused");
        const auto row = [](const char *name, const QByteArray &text, const char *pointer, bool refused) {
            QTest::newRow(name) << text << QString::fromLatin1(pointer) << refused;
        };
        row("maximum below the first", withProvider("\"breaker\": {\"timeoutMs\": 9000, \"maxOpenMs\": 8000}"),
            "/providers/0/breaker/maxOpenMs", true);
        row("targets the wrong way round", withProvider("\"health\": {\"totalGoodMs\": 60000}"),
            "/providers/0/health/totalBadMs", true);
        row("labels the wrong way round", withProvider("\"health\": {\"degradedBelow\": 40}"),
            "/providers/0/health/unhealthyBelow", true);
        row("no protection", withProvider("\"breaker\": {\"threshold\": 1000}"), "/providers/0/breaker/threshold",
            false);
        row("nothing is ever slow", withProvider("\"timeouts\": {\"slowStreamMs\": 90000}"),
            "/providers/0/timeouts/slowStreamMs", false);
    }
    void combinationsAreJudgedWhereTheyStand()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, pointer);
        QFETCH(bool, refused);
        const LoadResult result = load(text);
        const QList<ConfigIssue> &issues = refused ? result.errors : result.warnings;
        QCOMPARE(result.ok(), !refused);
        QVERIFY2(issues.size() == 1, qPrintable(result.errorText() + result.warningTexts().join(u'\n')));
        QCOMPARE(issues.at(0).pointer, pointer);
        QCOMPARE(issues.at(0).line, 1);
    }

    void readsTheWebhook()
    {
        const LoadResult result =
            load("{\"version\": 1, \"alarms\": {\"webhook\": {\"url\": \"https://hooks.example/T0/secret?x=1\", "
                 "\"key\": {\"env\": \"HOOK_KEY\"}}}}");
        QVERIFY2(result.ok(), qPrintable(result.errorText()));
        // The one that there is no provider.
        QVERIFY2(result.warnings.size() == 1, qPrintable(result.warningTexts().join(u' ')));
        QCOMPARE(result.config.alarms.webhookUrl, QUrl(QStringLiteral("https://hooks.example/T0/secret?x=1")));
        QCOMPARE(result.config.alarms.webhookKey,
                 (KeySource { KeySource::Kind::Environment, QStringLiteral("HOOK_KEY") }));
        QCOMPARE(load("{\"version\": 1, \"alarms\": {\"webhook\": null}}").warnings.size(), 1);
        const LoadResult clear = load("{\"version\": 1, \"alarms\": {\"webhook\": {\"url\": \"http://far.example/\", "
                                      "\"key\": {\"env\": \"HOOK_KEY\"}}}}");
        QVERIFY(clear.ok());
        QCOMPARE(clear.warnings.size(), 2);
        const LoadResult bad =
            load("{\"version\": 1, \"alarms\": {\"webhook\": {\"url\": \"https://u:pass-word@far.example/secret\"}}}");
        QVERIFY(!bad.errorText().contains(QLatin1String("pass-word")) &&
                !bad.errorText().contains(QLatin1String("secret")));
    }

    void refusesWithPlaceAndReason_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("pointer");
        const auto row = [](const char *name, const QByteArray &text, const char *pointer) {
            QTest::newRow(name) << text << QString::fromLatin1(pointer);
        };
        row("version", "{\"version\": 2}", "/version");
        row("port", "{\"version\": 1, \"proxy\": {\"port\": 65536}}", "/proxy/port");
        row("fraction", "{\"version\": 1, \"proxy\": {\"port\": 1.5}}", "/proxy/port");
        row("type", "{\"version\": 1, \"breaker\": {\"threshold\": \"5\"}}", "/breaker/threshold");
        row("open to others", "{\"version\": 1, \"proxy\": {\"address\": \"0.0.0.0\", \"token\": null}}",
            "/proxy/token");
        row("address", "{\"version\": 1, \"proxy\": {\"address\": \"example.com\"}}", "/proxy/address");
        row("split token", "{\"version\": 1, \"proxy\": {\"token\": \"a\\r\\nb\"}}", "/proxy/token");
        row("any page", "{\"version\": 1, \"proxy\": {\"allowedOrigins\": [\"https://*\"]}}",
            "/proxy/allowedOrigins/0");
        row("host with port", "{\"version\": 1, \"proxy\": {\"allowedHosts\": [\"a:1\"]}}", "/proxy/allowedHosts/0");
        row("scheme",
            "{\"version\": 1, \"providers\": [{\"name\": \"a\", \"dialect\": \"openai\", \"baseUrl\": \"ftp://x\"}]}",
            "/providers/0/baseUrl");
        row("user",
            "{\"version\": 1, \"providers\": [{\"name\": \"a\", \"dialect\": \"openai\", \"baseUrl\": "
            "\"https://u:p@x\"}]}",
            "/providers/0/baseUrl");
        row("query",
            "{\"version\": 1, \"providers\": [{\"name\": \"a\", \"dialect\": \"openai\", \"baseUrl\": "
            "\"https://x?k=1\"}]}",
            "/providers/0/baseUrl");
        row("name",
            "{\"version\": 1, \"providers\": [{\"name\": \"a b\", \"dialect\": \"openai\", \"baseUrl\": "
            "\"https://x\"}]}",
            "/providers/0/name");
        row("no dialect", "{\"version\": 1, \"providers\": [{\"name\": \"a\", \"baseUrl\": \"https://x\"}]}",
            "/providers/0/dialect");
        row("auth", withProvider("\"auth\": \"basic\""), "/providers/0/auth");
        row("two keys", withProvider("\"key\": {\"env\": \"A\", \"file\": \"b\"}"), "/providers/0/key");
        row("no key in it", withProvider("\"key\": {}"), "/providers/0/key");
        row("false passthrough", withProvider("\"key\": {\"passthrough\": false}"), "/providers/0/key");
        row("proxy without port", withProvider("\"proxy\": \"http://x\""), "/providers/0/proxy");
        row("timeouts", withProvider("\"timeouts\": {\"idleMs\": 0}"), "/providers/0/timeouts/idleMs");
        row("webhook scheme", "{\"version\": 1, \"alarms\": {\"webhook\": {\"url\": \"ftp://x/\"}}}",
            "/alarms/webhook/url");
        row("webhook user", "{\"version\": 1, \"alarms\": {\"webhook\": {\"url\": \"https://u:p@x/\"}}}",
            "/alarms/webhook/url");
        row("webhook without url", "{\"version\": 1, \"alarms\": {\"webhook\": {}}}", "/alarms/webhook/url");
        row("webhook key",
            "{\"version\": 1, \"alarms\": {\"webhook\": {\"url\": \"https://x/\", \"key\": {\"passthrough\": true}}}}",
            "/alarms/webhook/key");
        row("twice", "{\"version\": 1, \"breaker\": {\"threshold\": 1, \"threshold\": 2}}", "/breaker/threshold");
    }

    void refusesWithPlaceAndReason()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, pointer);
        const LoadResult result = load(text);
        QVERIFY2(result.errors.size() == 1, qPrintable(result.errorText()));
        QCOMPARE(result.errors.at(0).pointer, pointer);
        QVERIFY(result.errors.at(0).line > 0 && !result.errors.at(0).reason.isEmpty());
    }

    void reportsEveryErrorWithItsLine()
    {
        const LoadResult result = load("{\"version\": 1,\n\"proxy\": {\"port\": -1},\n\"breaker\": {\"threshold\": 0,\n"
                                       "\"timeoutMs\": true}}");
        QCOMPARE(result.errors.size(), 3);
        QCOMPARE(result.errors.at(0).line, 2);
        QCOMPARE(result.errors.at(1).line, 3);
        QCOMPARE(result.errors.at(2).line, 4);
        QVERIFY(result.errors.at(0).text().startsWith(QStringLiteral("/nowhere/config.json:2: /proxy/port: must be")));
    }

    void saysTheLineOfASyntaxError()
    {
        const LoadResult result = load("{\n\"version\": 1,\n\"proxy\" {}\n}");
        QCOMPARE(result.errors.size(), 1);
        QCOMPARE(result.errors.at(0).line, 3);
    }

    void oneNameAndOnePassthroughPerDialect()
    {
        const LoadResult result =
            load("{\"version\": 1, \"providers\": [ {\"name\": \"a\", \"dialect\": \"openai\", \"baseUrl\": "
                 "\"https://x\", \"key\": {\"passthrough\": true}}, {\"name\": \"a\", \"dialect\": \"openai\", "
                 "\"baseUrl\": \"https://y\", \"key\": {\"passthrough\": true}}, {\"name\": \"b\", \"dialect\": "
                 "\"gemini\", \"baseUrl\": \"https://y\", \"key\": {\"passthrough\": true}}]}");
        QCOMPARE(result.errors.size(), 2);
        QCOMPARE(result.errors.at(0).pointer, QStringLiteral("/providers/1/name"));
        QCOMPARE(result.errors.at(1).pointer, QStringLiteral("/providers/1/key"));
    }

    void neverRepeatsWhatMayBeAKey_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("pasted") << withProvider("\"key\": \"sk-SECRETsecret1234567890abcdef\"");
        QTest::newRow("as variable") << withProvider("\"key\": {\"env\": \"sk-SECRETsecret1234567890abcdef\"}");
        QTest::newRow("like a name") << withProvider("\"key\": {\"env\": \"AIzaSECRETsecret1234567890abcdef\"}");
        QTest::newRow("token") << QByteArray("{\"version\": 1, \"proxy\": {\"token\": \"SECRET secret\"}}");
        QTest::newRow("url") << QByteArray("{\"version\":1,\"providers\":[{\"name\":\"a\",\"dialect\":\"openai\","
                                           "\"baseUrl\":\"https://u:SECRET@x/v1\"}]}");
        QTest::newRow("proxy") << withProvider("\"proxy\": \"ftp://u:SECRET@x:1\"");
    }

    void neverRepeatsWhatMayBeAKey()
    {
        QFETCH(QByteArray, text);
        const LoadResult result = load(text);
        QVERIFY(!result.ok());
        const QString all = result.errorText() + result.warningTexts().join(QString());
        QVERIFY2(!all.contains(QStringLiteral("SECRET")), qPrintable(all));
    }

    void warnsOfUnknownKeysAndPlainHttp()
    {
        const LoadResult result =
            load("{\"version\": 1, \"colour\": 1, \"providers\": [ {\"name\": \"a\", \"dialect\": \"openai\", "
                 "\"baseUrl\": \"http://10.0.0.9/v1\", \"weight\": 2}]}");
        QVERIFY(result.ok());
        QCOMPARE(result.warnings.size(), 3);
        QCOMPARE(result.warnings.at(0).pointer, QStringLiteral("/providers/0/baseUrl"));
        QCOMPARE(result.warnings.at(1).pointer, QStringLiteral("/providers/0/weight"));
        QCOMPARE(result.warnings.at(2).pointer, QStringLiteral("/colour"));
    }

    void laterSourcesWin_data()
    {
        QTest::addColumn<int>("sources");
        QTest::addColumn<int>("threshold");
        QTest::addColumn<SettingOrigin>("origin");
        QTest::newRow("default") << 0 << 5 << SettingOrigin::Default;
        QTest::newRow("file") << 1 << 11 << SettingOrigin::File;
        QTest::newRow(".env") << 2 << 12 << SettingOrigin::DotEnv;
        QTest::newRow(".env.production") << 3 << 13 << SettingOrigin::DotEnv;
        QTest::newRow("--env-file") << 4 << 14 << SettingOrigin::DotEnv;
        QTest::newRow("environment") << 5 << 15 << SettingOrigin::Environment;
    }

    void laterSourcesWin()
    {
        QFETCH(int, sources);
        const QTemporaryDir directory;
        const auto path = [&directory](const char *name) { return directory.filePath(QLatin1String(name)); };
        ConfigOverlay overlay;
        put(path("config.json"),
            sources >= 1 ? "{\"version\": 1, \"breaker\": {\"threshold\": 11}, \"providers\": [{\"name\": \"a\", "
                           "\"dialect\": \"openai\", \"baseUrl\": \"https://x\", \"breaker\": {\"threshold\": 99}}]}"
                         : "{\"version\": 1}");
        if (sources >= 2)
            put(path(".env"), "# mine\nOTHER=x\nexport CIRCUIT_BREAKER_THRESHOLD = '12' # why\r\n");
        if (sources >= 3)
            put(path(".env.production"), "CIRCUIT_BREAKER_THRESHOLD=13");
        if (sources >= 4) {
            put(path("extra"), "CIRCUIT_BREAKER_THRESHOLD=\"14\"\n");
            overlay.envFiles.append(path("extra"));
        }
        if (sources >= 5)
            overlay.environment.insert(QStringLiteral("CIRCUIT_BREAKER_THRESHOLD"), QStringLiteral("15"));
        const LoadResult result = loadConfig(path("config.json"), overlay);
        QVERIFY2(result.ok(), qPrintable(result.errorText()));
        QTEST(result.config.breaker.threshold, "threshold");
        QTEST(result.config.origins.breakerThreshold, "origin");
        if (sources >= 1)
            QCOMPARE(result.config.providers.at(0).breaker.threshold, 99);
    }

    void outsideValuesAreChecked()
    {
        const QTemporaryDir directory;
        put(directory.filePath(QStringLiteral(".env")), "\nHEALTH_CHECK_INTERVAL=soon\n");
        ConfigOverlay overlay;
        overlay.port = 70000;
        overlay.envFiles.append(directory.filePath(QStringLiteral("absent")));
        overlay.environment.insert(QStringLiteral("METRICS_RETENTION"), QStringLiteral("-1"));
        const LoadResult result = loadConfig(directory.filePath(QStringLiteral("config.json")), overlay);
        QVERIFY(result.missing);
        QCOMPARE(result.errors.size(), 4);
        QCOMPARE(result.errors.at(0).pointer, QStringLiteral("HEALTH_CHECK_INTERVAL"));
        QCOMPARE(result.errors.at(0).line, 2);
        QCOMPARE(result.errors.at(2).pointer, QStringLiteral("METRICS_RETENTION"));
        QCOMPARE(result.errors.at(3).pointer, QStringLiteral("--port"));
    }

    void anAbsentTokenNeverMeansOpen()
    {
        const LoadResult absent = load("{\"version\": 1}");
        QVERIFY(absent.tokenAbsent && absent.config.proxy.token && !absent.config.proxy.token->isEmpty());
        ConfigOverlay overlay;
        overlay.fallbackToken = Secret("running");
        QVERIFY(*loadConfigText("{}", QStringLiteral("/nowhere/c"), overlay).config.proxy.token == Secret("running"));
        const LoadResult open = load("{\"version\": 1, \"proxy\": {\"token\": null}}");
        QVERIFY(!open.tokenAbsent && !open.config.proxy.token);
    }
};

QTEST_GUILESS_MAIN(TestConfigLoader)
#include "tst_configloader.moc"
