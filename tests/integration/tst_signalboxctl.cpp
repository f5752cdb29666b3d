// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin/runtimefile.h"
#include "tests/support/scene.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

struct Said
{
    int code = -1;
    QByteArray out;
    QByteArray err;
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

QString adminFileOf(const Scene &scene)
{
    return scene.proxy.folder() + QStringLiteral("/XDG_DATA_HOME/signalbox/run/admin.json");
}

Said control(const Scene &scene, const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral(SIGNALBOXCTL_PROGRAM),
                  QStringList { QStringLiteral("--admin-file"), adminFileOf(scene) } + arguments);
    Said said;
    if (process.waitForFinished(static_cast<int>(patience.count())))
        said.code = process.exitCode();
    said.out = process.readAllStandardOutput();
    said.err = process.readAllStandardError();
    return said;
}

QByteArray adminRequest(const QByteArray &line, std::uint16_t port, const QByteArray &token,
                        const QByteArray &more = {})
{
    return line + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port) + "\r\nAuthorization: Bearer " + token +
        "\r\n" + more + "\r\n";
}

} // namespace

class SignalboxCtlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsAndSteersARunningEngine();
    void listsAndAcknowledgesAlarms();
    void exportsWhatHappened();
    void showsAndCancelsRequestsInFlight();
    void refusesWhatIsNotTheOperator();
    void saysWhatIsWrong();
};

void SignalboxCtlTest::showsAndSteersARunningEngine()
{
    Scene scene(healthy("alpha"), healthy("beta"));
    QVERIFY(scene.start());
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("alpha"));

    const Said providers = control(scene, { QStringLiteral("providers") });
    QCOMPARE(providers.code, 0);
    QVERIFY2(providers.out.contains("alpha") && providers.out.contains("CLOSED"), providers.out.constData());

    QCOMPARE(control(scene, { QStringLiteral("breaker"), QStringLiteral("alpha"), QStringLiteral("open") }).code, 0);
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
    const Said route = control(scene, { QStringLiteral("route"), QStringLiteral("--dialect=openai") });
    QVERIFY2(route.out.startsWith("beta would be asked first."), route.out.constData());
    QCOMPARE(control(scene, { QStringLiteral("breaker"), QStringLiteral("alpha"), QStringLiteral("auto") }).code, 0);
    QCOMPARE(scene.proxy.providerStatus(QStringLiteral("alpha"))[QLatin1String("breaker")]
                 .toObject()[QLatin1String("mode")]
                 .toString(),
             QStringLiteral("AUTO"));
    QCOMPARE(control(scene, { QStringLiteral("breaker"), QStringLiteral("beta"), QStringLiteral("open") }).code, 0);
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("alpha"));

    QCOMPARE(control(scene, { QStringLiteral("set"), QStringLiteral("breaker.threshold"), QStringLiteral("7") }).code,
             0);
    const auto threshold = [&] {
        const QJsonObject status = control(scene, { QStringLiteral("status"), QStringLiteral("--json") }).json();
        return status[QLatin1String("settings")].toObject()[QLatin1String("breakerThreshold")].toInt();
    };
    QTRY_COMPARE(threshold(), 7);

    const auto set = [&](const char *key, const char *value) {
        return control(scene, { QStringLiteral("set"), QString::fromLatin1(key), QString::fromLatin1(value) });
    };
    for (const auto &[key, value] : std::initializer_list<std::pair<const char *, const char *>> {
             { "breaker.minimumCalls", "30" },
             { "breaker.windowMs", "2min" },
             { "health.degradedBelow", "90" },
             { "metrics.maxMegabytes", "100" },
             { "capture.capBytes", "4096" },
             { "providers.alpha.includeUsage", "on" },
             { "providers.beta.breaker.probeSuccesses", "3" } }) {
        const Said said = set(key, value);
        QVERIFY2(said.code == 0, said.err.constData());
    }
    const Said combination = set("breaker.maxOpenMs", "1s");
    QVERIFY2(combination.code == 1 && combination.err.contains("maxOpenMs"), combination.err.constData());
    const Said sensitive = set("providers.alpha.baseUrl", "http://127.0.0.1:9");
    QVERIFY2(sensitive.code == 1 && sensitive.err.contains("edit the configuration file"), sensitive.err.constData());

    const Said refused =
        control(scene, { QStringLiteral("set"), QStringLiteral("breaker.threshold"), QStringLiteral("-1") });
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("threshold"), refused.err.constData());
}

void SignalboxCtlTest::listsAndAcknowledgesAlarms()
{
    Scene scene(healthy("alpha"), healthy("beta"));
    QVERIFY(scene.start());
    const QString id = QStringLiteral("provider_open/alpha");
    const auto row = [&] {
        const Said said = control(scene, { QStringLiteral("alarms") });
        for (const QByteArray &line : said.out.split('\n')) {
            if (line.startsWith(id.toUtf8()))
                return QString::fromUtf8(line).split(QStringLiteral("  "), Qt::SkipEmptyParts);
        }
        return QStringList();
    };
    QCOMPARE(control(scene, { QStringLiteral("alarms") }).out, QByteArray("no alarms\n"));
    QCOMPARE(
        control(scene,
                { QStringLiteral("breaker"), QStringLiteral("alpha"), QStringLiteral("trip"), QStringLiteral("10m") })
            .code,
        0);
    QTRY_COMPARE_WITH_TIMEOUT(row().size(), 7, 20000);
    QCOMPARE(row().at(2).trimmed(), QStringLiteral("active"));
    QCOMPARE(row().at(4).trimmed(), QStringLiteral("1"));
    QCOMPARE(row().at(5).trimmed(), QStringLiteral("-"));
    QCOMPARE(control(scene, { QStringLiteral("alarms"), QStringLiteral("ack"), id }).code, 0);
    QTRY_COMPARE(row().at(2).trimmed(), QStringLiteral("acknowledged"));
    QVERIFY2(row().at(5).trimmed().startsWith(QStringLiteral("ctl 20")), qPrintable(row().join(u'|')));
    const Said events = control(scene, { QStringLiteral("events") });
    QVERIFY2(events.out.contains("acknowledged the alarm provider_open/alpha (ctl)"), events.out.constData());
    const Said unknown = control(scene, { QStringLiteral("alarms"), QStringLiteral("ack"), QStringLiteral("nothing") });
    QCOMPARE(unknown.code, 1);
    QVERIFY2(unknown.err.contains("nothing"), unknown.err.constData());
}

void SignalboxCtlTest::exportsWhatHappened()
{
    Scene scene(healthy("alpha"), healthy("beta"));
    QVERIFY(scene.start());
    for (int i = 0; i < 3; ++i)
        QCOMPARE(scene.chat().status(), 200);
    const auto lines = [&] {
        return control(scene, { QStringLiteral("export"), QStringLiteral("--jsonl") }).out.count('\n');
    };
    QTRY_COMPARE(lines(), 3);
    const QJsonObject har = control(scene, { QStringLiteral("export"), QStringLiteral("--har") }).json();
    const QJsonArray entries = har[QLatin1String("log")].toObject()[QLatin1String("entries")].toArray();
    QCOMPARE(entries.size(), 3);
    QVERIFY(!entries.at(0)[QLatin1String("request")][QLatin1String("headers")].toArray().isEmpty());
    QVERIFY(!QJsonDocument(har).toJson().contains(alphaKey));
    const Said none =
        control(scene, { QStringLiteral("log"), QStringLiteral("--json"), QStringLiteral("--filter=status:5xx") });
    QCOMPARE(none.code, 0);
    QCOMPARE(none.json().value(QStringLiteral("requests")).toArray().size(), 0);
}

void SignalboxCtlTest::showsAndCancelsRequestsInFlight()
{
    Scene scene([](Turn &turn) { turn.waitUntilPeerCloses(); }, healthy("beta"));
    QVERIFY(scene.start());
    QVERIFY(control(scene, { QStringLiteral("requests"), QStringLiteral("--in-flight") }).out.contains("no requests"));
    HttpClient client(scene.proxy.port());
    QVERIFY(client.send(postJson(chatPath, payload::chat())));
    QVERIFY(scene.alpha.waitForCount(1));
    QByteArray id;
    const auto shown = [&] {
        const Said said =
            control(scene, { QStringLiteral("requests"), QStringLiteral("--in-flight"), QStringLiteral("--json") });
        const QJsonArray requests = said.json().value(QStringLiteral("requests")).toArray();
        if (requests.size() == 1)
            id = requests.at(0)[QLatin1String("id")].toString().toLatin1();
        return requests.size() == 1 && requests.at(0)[QLatin1String("provider")].toString() == QLatin1String("alpha");
    };
    QTRY_VERIFY(shown());
    const Said table = control(scene, { QStringLiteral("requests"), QStringLiteral("--in-flight") });
    QVERIFY2(table.out.contains(id) && table.out.contains("first_byte"), table.out.constData());
    QCOMPARE(control(scene, { QStringLiteral("cancel"), QString::fromLatin1(id) }).code, 0);
    QCOMPARE(client.readAnswer().status(), 503);
    const Said gone = control(scene, { QStringLiteral("cancel"), QString::fromLatin1(id) });
    QCOMPARE(gone.code, 1);
    QVERIFY2(gone.err.contains("in flight"), gone.err.constData());
    QCOMPARE(control(scene, { QStringLiteral("cancel") }).code, 2);
    const auto told = [&] { return control(scene, { QStringLiteral("log") }).out.contains("cancelled"); };
    QTRY_VERIFY(told());
    QVERIFY(control(scene, { QStringLiteral("events") }).out.contains(id));
}

void SignalboxCtlTest::refusesWhatIsNotTheOperator()
{
    Scene scene(healthy("alpha"), healthy("beta"));
    QVERIFY(scene.start());
    const Result<AdminAddress> address = readAdminFile(adminFileOf(scene));
    QVERIFY(address);
    QCOMPARE(QFileInfo(adminFileOf(scene)).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    const std::uint16_t port = address.value().port;
    const QByteArray token = address.value().token.reveal();

    QCOMPARE(ask(port, adminRequest("GET /v1/status", port, token)).status(), 200);
    QCOMPARE(ask(port, adminRequest("GET /v1/status", port, "wrong")).status(), 401);
    QCOMPARE(ask(port, adminRequest("GET /v1/status", port, token, "Origin: http://127.0.0.1\r\n")).status(), 403);
    QCOMPARE(ask(port, adminRequest("GET /v1/settings", port, token)).status(), 405);
    QCOMPARE(ask(port, adminRequest("GET /v1/providers/command", port, token)).status(), 405);
    QCOMPARE(ask(port, adminRequest("POST /v1/status", port, token, "Content-Length: 0\r\n")).status(), 405);
    QCOMPARE(
        ask(port, "GET /v1/status HTTP/1.1\r\nHost: rebound.example\r\nAuthorization: Bearer " + token + "\r\n\r\n")
            .status(),
        403);
    scene.proxy.addSecret(token);
}

void SignalboxCtlTest::saysWhatIsWrong()
{
    Scene scene(healthy("alpha"), healthy("beta"));
    QVERIFY(scene.start());
    const Said filter = control(scene, { QStringLiteral("log"), QStringLiteral("--filter=attempts>x") });
    QCOMPARE(filter.code, 1);
    QVERIFY2(filter.err.contains("attempts"), filter.err.constData());
    QCOMPARE(control(scene, { QStringLiteral("breaker"), QStringLiteral("nobody"), QStringLiteral("open") }).code, 1);
    QCOMPARE(control(scene, { QStringLiteral("dance") }).code, 2);
    QCOMPARE(control(scene, { QStringLiteral("export") }).code, 2);

    QProcess lost;
    lost.start(
        QStringLiteral(SIGNALBOXCTL_PROGRAM),
        { QStringLiteral("--admin-file"), scene.proxy.folder() + QStringLiteral("/none"), QStringLiteral("status") });
    QVERIFY(lost.waitForFinished(static_cast<int>(patience.count())));
    QCOMPARE(lost.exitCode(), 3);
    QVERIFY(lost.readAllStandardError().contains("No engine is running"));
}

QTEST_GUILESS_MAIN(SignalboxCtlTest)
#include "tst_signalboxctl.moc"
