// SPDX-License-Identifier: GPL-3.0-or-later
// What web pages, other machines and careless programs may and may not do with the local port.
#include "tests/support/compression.h"
#include "tests/support/scene.h"

#include <QFile>
#include <QHostAddress>
#include <QJsonDocument>
#include <QNetworkInterface>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray token = "local-3f9a2c71d4e85b60aa17";

struct Guarded : Scene
{
    Guarded() : Scene(healthy("alpha"))
    {
        proxy.set(u"proxy"_s, u"token"_s, QString::fromLatin1(token));
        proxy.addSecret(token);
    }
};

QByteArray compressed(const QByteArray &coding, const QByteArray &body)
{
    return coding == "br" ? brotliPieces({ body }).front() : gzip(body);
}

/// An address of this machine that others can reach too; the loopback one where there is no network.
QByteArray outsideAddress()
{
    const QList<QHostAddress> all = QNetworkInterface::allAddresses();
    for (const QHostAddress &address : all) {
        if (address.protocol() == QAbstractSocket::IPv4Protocol && !address.isLoopback())
            return address.toString().toLatin1();
    }
    return "127.0.0.1";
}

} // namespace

class TestProxySafety : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hostMustBeLocal_data();
    void hostMustBeLocal();
    void listedHostPasses();
    void unlistedOriginIsRefused_data();
    void unlistedOriginIsRefused();
    void listedOriginIsEchoed_data();
    void listedOriginIsEchoed();
    void preflightOfListedOrigin();
    void preflightOfOtherOrigin();
    void crossSiteFetchIsRefused();
    void formBodiesAreRefused_data();
    void formBodiesAreRefused();
    void connectIsRefused();
    void aRefusalReachesWhoHasFinishedSending();
    void absoluteFormIsRefused();
    void tokenIsTakenFrom_data();
    void tokenIsTakenFrom();
    void wrongTokenIsRefused_data();
    void wrongTokenIsRefused();
    void tokenStaysHere();
    void tokenInPathIsNeverLogged();
    void passthroughNeedsItsOwnHeader();
    void loopbackPagesNeedNoToken();
    void otherAddressesNeedATokenForPages();
    void splittingKeyIsRefused();
    void generatedTokenIsUsable();
    void echoedKeyIsMasked_data();
    void echoedKeyIsMasked();
    void encodedErrorWithoutKeyPassesUntouched();
    void unreadableErrorIsReplaced_data();
    void unreadableErrorIsReplaced();
    void longErrorPassesMasked();
    void contentIsNeverChanged();
    void incompleteErrorIsReplaced();
    void passthroughWithoutCredentialIsNotAsked();
    void otherMethodsAreRefused_data();
    void otherMethodsAreRefused();
    void clientsCredentialIsNeverLogged();
};

void TestProxySafety::hostMustBeLocal_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("allowed");
    const auto row = [](const char *host, bool allowed) { QTest::newRow(host) << QByteArray(host) << allowed; };
    row("127.0.0.1", true);
    row("127.0.0.1:1", true);
    row("127.9.8.7", true);
    row("[::1]:8787", true);
    row("LocalHost:99", true);
    row("my.app.localhost", true);
    row("evil.example.com", false);
    row("localhost.evil.example.com", false);
    row("127.0.0.1.evil.example.com", false);
    row("notlocalhost", false);
    row("10.0.0.7", false);
    row("host.docker.internal", false);
}

void TestProxySafety::hostMustBeLocal()
{
    QFETCH(QByteArray, host);
    QFETCH(bool, allowed);
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    const Answer got = scene.ask(postJson(chatPath, payload::chat(), { { "Host", host } }));
    if (allowed) {
        QCOMPARE(got.status(), 200);
        return;
    }
    QVERIFY2(got.status() == 403 || got.status() == 421, got.summary().constData());
    QVERIFY2(got.body.contains("host.docker.internal"), got.body.constData());
    QVERIFY(scene.alpha.requests().empty());
    QVERIFY(scene.ask(request("GET", "/status", {}, { { "Host", host } })).status() >= 400);
}

void TestProxySafety::listedHostPasses()
{
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"proxy"_s, u"allowedHosts"_s, QJsonArray { u"host.docker.internal"_s });
    QVERIFY(scene.startAlone());
    const HeaderList host { { "Host", "Host.Docker.Internal:8787" } };
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(), host)).status(), 200);
}

void TestProxySafety::unlistedOriginIsRefused_data()
{
    QTest::addColumn<QByteArray>("origin");
    for (const char *origin : { "https://evil.example.com", "null", "http://localhost:3000",
                                "https://app.example.com.evil", "http://app.example.com", "" })
        QTest::newRow(*origin ? origin : "empty") << QByteArray(origin);
}

void TestProxySafety::unlistedOriginIsRefused()
{
    QFETCH(QByteArray, origin);
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"proxy"_s, u"allowedOrigins"_s, QJsonArray { u"https://app.example.com"_s });
    QVERIFY(scene.startAlone());
    const Answer got = scene.ask(postJson(chatPath, payload::chat(), { { "Origin", origin } }));
    QCOMPARE(got.status(), 403);
    QVERIFY2(got.body.contains("allowedOrigins"), got.body.constData());
    QVERIFY(!got.head.headers.contains("access-control-allow-origin"));
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxySafety::listedOriginIsEchoed_data()
{
    QTest::addColumn<QByteArray>("origin");
    QTest::newRow("exact") << QByteArray("https://app.example.com");
    QTest::newRow("scheme") << QByteArray("vscode-webview://1a2b3c");
}

void TestProxySafety::listedOriginIsEchoed()
{
    QFETCH(QByteArray, origin);
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"proxy"_s, u"allowedOrigins"_s,
                    QJsonArray { u"https://app.example.com"_s, u"vscode-webview://*"_s });
    QVERIFY(scene.startAlone());
    const HeaderList page { { "Origin", origin }, { "Sec-Fetch-Site", "cross-site" } };
    const Answer got = scene.ask(postJson(chatPath, payload::chat(), page));
    QCOMPARE(got.status(), 200);
    QCOMPARE(got.head.headers.values("access-control-allow-origin"), std::vector<QByteArray> { origin });
    QVERIFY(got.head.headers.hasToken("vary", "origin"));
}

void TestProxySafety::preflightOfListedOrigin()
{
    Guarded scene; // answered before the token
    scene.proxy.set(u"proxy"_s, u"allowedOrigins"_s, QJsonArray { u"https://app.example.com"_s });
    QVERIFY(scene.startAlone());
    const Answer got = scene.ask(request("OPTIONS", chatPath, {},
                                         { { "Origin", "https://app.example.com" },
                                           { "Access-Control-Request-Method", "POST" },
                                           { "Access-Control-Request-Headers", "authorization,x-stainless-os" },
                                           { "Access-Control-Request-Private-Network", "true" } }));
    QVERIFY2(got.status() == 200 || got.status() == 204, got.summary().constData());
    QCOMPARE(got.header("access-control-allow-origin"), QByteArray("https://app.example.com"));
    QCOMPARE(got.header("access-control-allow-headers"), QByteArray("authorization,x-stainless-os"));
    QCOMPARE(got.header("access-control-allow-private-network"), QByteArray("true"));
    QVERIFY(got.header("access-control-allow-methods").contains("POST"));
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxySafety::preflightOfOtherOrigin()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    const Answer got =
        scene.ask(request("OPTIONS", chatPath, {},
                          { { "Origin", "https://evil.example.com" }, { "Access-Control-Request-Method", "POST" } }));
    QCOMPARE(got.status(), 403);
    for (const HeaderField &field : got.head.headers)
        QVERIFY2(!field.name.toLower().startsWith("access-control-"), field.name.constData());
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxySafety::crossSiteFetchIsRefused()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    QCOMPARE(scene.ask(request("GET", "/v1/models", {}, { { "Sec-Fetch-Site", "cross-site" } })).status(), 403);
    QVERIFY(scene.alpha.requests().empty());
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(), { { "Sec-Fetch-Site", "none" } })).status(), 200);
}

void TestProxySafety::formBodiesAreRefused_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("text") << QByteArray("text/plain;charset=UTF-8");
    QTest::newRow("form") << QByteArray("application/x-www-form-urlencoded");
    QTest::newRow("multipart") << QByteArray("multipart/form-data; boundary=x");
}

void TestProxySafety::formBodiesAreRefused()
{
    QFETCH(QByteArray, type);
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    const Answer got = scene.ask(postJson(chatPath, payload::chat(), { { "Content-Type", type } }));
    QCOMPARE(got.status(), 415);
    QVERIFY(got.json().contains(u"error"_s));
    QVERIFY(scene.alpha.requests().empty());
}

/// As `printf ... | nc -N` does: its end may be seen together with its request.
void TestProxySafety::aRefusalReachesWhoHasFinishedSending()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    RawSocket client = RawSocket::connectTo(scene.proxy.port());
    QVERIFY(client.send("GET /v1/models HTTP/1.1\r\n\r\n")); // without a Host
    client.finishSending();
    QByteArray answer;
    while (client.receive(answer) == ReadResult::Data) { }
    QVERIFY2(answer.startsWith("HTTP/1.1 400 "), answer.constData());
}

void TestProxySafety::connectIsRefused()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    const QByteArray authority = "127.0.0.1:" + QByteArray::number(scene.alpha.port());
    client.send("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");
    const Answer got = client.readAnswer();
    QVERIFY2(got.status() == 405 || got.status() == 501, got.summary().constData());
    QVERIFY(client.waitForClose());
    QCOMPARE(scene.alpha.connections(), 0);
}

void TestProxySafety::absoluteFormIsRefused()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(postJson("http://evil.example.com/v1/chat/completions", payload::chat()));
    const Answer got = client.readAnswer();
    QVERIFY2(got.status() >= 400 && got.status() < 500, got.summary().constData());
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxySafety::tokenIsTakenFrom_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("Authorization") << chatPath << QByteArray("Authorization") << "Bearer " + token;
    QTest::newRow("authorization, lower case scheme") << chatPath << QByteArray("Authorization") << "bearer " + token;
    QTest::newRow("x-api-key") << chatPath << QByteArray("X-Api-Key") << token;
    QTest::newRow("x-goog-api-key") << chatPath << QByteArray("x-goog-api-key") << token;
    QTest::newRow("api-key") << chatPath << QByteArray("api-key") << token;
    QTest::newRow("x-signalbox-token") << chatPath << QByteArray("x-signalbox-token") << token;
    QTest::newRow("query") << chatPath + "?key=" + token << QByteArray("X-Other") << QByteArray("1");
    QTest::newRow("path") << "/t/" + token + chatPath << QByteArray("X-Other") << QByteArray("1");
}

void TestProxySafety::tokenIsTakenFrom()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, value);
    Guarded scene;
    QVERIFY(scene.startAlone());
    const Answer got = scene.ask(postJson(target, payload::chat(), { { field, value } }));
    QVERIFY2(got.status() == 200, got.summary().constData());
    const SeenRequest seen = scene.alpha.requests("POST").front();
    QVERIFY2(!seen.head.raw.contains(token), seen.head.raw.constData());
    QCOMPARE(seen.head.headers.value("authorization"), "Bearer " + alphaKey);
}

void TestProxySafety::wrongTokenIsRefused_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("none") << chatPath << QByteArray();
    QTest::newRow("other") << chatPath << QByteArray("Bearer local-0000000000000000000000");
    QTest::newRow("prefix") << chatPath << "Bearer " + token.chopped(1);
    QTest::newRow("longer") << chatPath << "Bearer " + token + "0";
    QTest::newRow("path") << QByteArray("/t/wrong/v1/chat/completions") << QByteArray();
    QTest::newRow("messages") << messagesPath << QByteArray("Bearer wrong");
    QTest::newRow("gemini") << geminiStreamPath << QByteArray("Bearer wrong");
}

void TestProxySafety::wrongTokenIsRefused()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, value);
    Guarded scene;
    QVERIFY(scene.startAlone());
    HeaderList fields;
    if (!value.isEmpty())
        fields.append("Authorization", value);
    const Answer got = scene.ask(postJson(target, payload::chat(), fields));
    QCOMPARE(got.status(), 401);
    const QJsonObject error = got.json().value(u"error"_s).toObject();
    QVERIFY2(!error.value(u"message"_s).toString().isEmpty(), got.body.constData());
    if (target == messagesPath)
        QCOMPARE(got.json().value(u"type"_s).toString(), u"error"_s);
    if (target == geminiStreamPath)
        QCOMPARE(error.value(u"code"_s).toInt(), 401);
    QVERIFY2(got.header("www-authenticate").startsWith("Bearer"), "RFC 9110 15.5.2");
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxySafety::tokenStaysHere()
{
    // In every place at once: none of them may go on to the provider.
    Guarded scene;
    QVERIFY(scene.startAlone());
    const HeaderList all { { "Authorization", "Bearer " + token },
                           { "x-api-key", token },
                           { "x-goog-api-key", token },
                           { "api-key", token },
                           { "x-signalbox-token", token } };
    QCOMPARE(scene.ask(postJson("/t/" + token + chatPath + "?key=" + token, payload::chat(), all)).status(), 200);
    const SeenRequest seen = scene.alpha.requests("POST").front();
    QVERIFY2(!seen.head.raw.contains(token), seen.head.raw.constData());
    QVERIFY(!seen.head.headers.contains("x-signalbox-token"));
}

void TestProxySafety::tokenInPathIsNeverLogged()
{
    Guarded scene;
    QVERIFY(scene.startAlone());
    scene.alpha.setScript(fails(500));
    QVERIFY(!scene.ask(postJson("/t/" + token + chatPath, payload::chat())).body.contains(token));
    QVERIFY(!scene.ask(request("GET", "/t/" + token + "/no/such/path")).body.contains(token));
    QVERIFY(!scene.ask(request("GET", "/t/" + token + "x/v1/models")).body.contains(token));
    // The end of every test looks through all that was written.
}

void TestProxySafety::passthroughNeedsItsOwnHeader()
{
    Guarded scene;
    scene.proxy.provider(u"own"_s, u"openai"_s, scene.beta.baseUrl(u"/v1"_s), {},
                         { { u"key"_s, QJsonObject { { u"passthrough"_s, true } } } });
    QVERIFY(scene.proxy.start());
    const HeaderList fields { { "Authorization", "Bearer the-clients-own" }, { "x-signalbox-token", token } };
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(), fields)).status(), 200);
    const HeaderList seen = scene.beta.requests("POST").front().head.headers;
    QCOMPARE(seen.value("authorization"), QByteArray("Bearer the-clients-own"));
    QVERIFY(!seen.contains("x-signalbox-token"));
}

void TestProxySafety::loopbackPagesNeedNoToken()
{
    Guarded scene;
    QVERIFY(scene.startAlone());
    for (const char *page : { "/healthz", "/status", "/metrics" })
        QCOMPARE(scene.ask(request("GET", page)).status(), 200);
}

void TestProxySafety::otherAddressesNeedATokenForPages()
{
    Guarded scene;
    scene.proxy.set(u"proxy"_s, u"address"_s, u"0.0.0.0"_s);
    QVERIFY(scene.startAlone());
    const QByteArray address = outsideAddress();
    const bool outside = address != "127.0.0.1";
    for (const char *page : { "/status", "/metrics" }) {
        const auto askFor = [&](const HeaderList &fields) {
            HttpClient client(scene.proxy.port(), 0, address.constData());
            client.send(request("GET", page, {}, fields));
            return client.readAnswer();
        };
        QCOMPARE(askFor({}).status(), outside ? 401 : 200);
        QCOMPARE(askFor({ { "x-signalbox-token", token } }).status(), 200);
    }
}

void TestProxySafety::splittingKeyIsRefused()
{
    Scene scene(healthy("alpha"));
    const QByteArray key = "sk-typed\r\nX-Injected: 1";
    scene.proxy.provider(u"alpha"_s, u"openai"_s, scene.alpha.baseUrl(u"/v1"_s), key);
    QVERIFY(scene.proxy.start());
    const Answer got = scene.chat();
    QVERIFY2(got.status() >= 400, got.summary().constData());
    for (const SeenRequest &seen : scene.alpha.requests())
        QVERIFY2(!seen.head.headers.contains("x-injected"), seen.head.raw.constData());
}

void TestProxySafety::generatedTokenIsUsable()
{
    Scene scene(healthy("alpha"));
    QJsonObject section = scene.proxy.config().value(u"proxy"_s).toObject();
    section.remove(u"token"_s);
    scene.proxy.config().insert(u"proxy"_s, section);
    QVERIFY(scene.startAlone());
    QCOMPARE(scene.chat().status(), 401);
    QFile file(scene.proxy.configFile());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString made =
        QJsonDocument::fromJson(file.readAll()).object().value(u"proxy"_s).toObject().value(u"token"_s).toString();
    QVERIFY2(made.size() >= 22, "128 bits at least");
    QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    const HeaderList fields { { "Authorization", "Bearer " + made.toLatin1() } };
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(), fields)).status(), 200);
}

void TestProxySafety::echoedKeyIsMasked_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("coding");
    QTest::addColumn<bool>("chunked");
    // Of both kinds: that would fail over to another provider, and that go to the client as they are.
    for (const int status : { 400, 401, 403, 404, 413, 422, 429, 500, 501, 505 }) {
        QTest::addRow("%d", status) << status << QByteArray() << false;
        QTest::addRow("%d in chunks", status) << status << QByteArray() << true;
        QTest::addRow("%d gzip", status) << status << QByteArray("gzip") << false;
    }
    QTest::addRow("404 br") << 404 << QByteArray("br") << false;
    QTest::addRow("404 br in chunks") << 404 << QByteArray("br") << true;
}

void TestProxySafety::echoedKeyIsMasked()
{
    QFETCH(int, status);
    QFETCH(QByteArray, coding);
    QFETCH(bool, chunked);
    // Some providers repeat the key in their complaint about it.
    const QByteArray complaint = R"({"error":{"message":"Incorrect API key provided: )" + alphaKey + R"("}})";
    const QByteArray body = coding.isEmpty() ? complaint : compressed(coding, complaint);
    HeaderList fields { { "Content-Type", "application/json" }, { "X-Your-Key", alphaKey } };
    if (!coding.isEmpty())
        fields.append("Content-Encoding", coding);
    Scene scene([&](Turn &turn) {
        if (!chunked)
            return turn.answer(status, body, fields);
        turn.startChunked(status, fields);
        for (qsizetype at = 0; at < body.size(); at += 7) {
            turn.chunk(body.mid(at, 7));
            turn.pause(milliseconds(2));
        }
        turn.endChunks();
    });
    QVERIFY(scene.startAlone());
    const Answer got = scene.ask(postJson(chatPath, payload::chat(), { { "Accept-Encoding", "gzip, br" } }));
    QCOMPARE(got.status(), status);
    QVERIFY2(got.isComplete(), got.summary().constData());
    QVERIFY2(!got.body.contains(alphaKey), got.body.constData());
    QVERIFY2(!got.head.raw.contains(alphaKey), got.head.raw.constData());
    QVERIFY(!got.head.headers.contains("content-encoding"));
    const QString message = got.json().value(u"error"_s).toObject().value(u"message"_s).toString();
    QVERIFY2(message.startsWith(u"Incorrect API key provided: **"_s), got.body.constData());
    // The end of the test looks through log, status and metrics.
}

void TestProxySafety::encodedErrorWithoutKeyPassesUntouched()
{
    const QByteArray body = compressed("gzip", R"({"error":{"message":"no such model"}})");
    Scene scene(fails(404, { { "Content-Encoding", "gzip" }, { "Content-Type", "text/x-own" } }, body));
    QVERIFY(scene.startAlone());
    const Answer got = scene.chat();
    QCOMPARE(got.status(), 404);
    QCOMPARE(got.body, body);
    QCOMPARE(got.header("content-encoding"), QByteArray("gzip"));
    QCOMPARE(got.header("content-type"), QByteArray("text/x-own"));
    QCOMPARE(got.header("x-signalbox-provider"), QByteArray("alpha"));
}

void TestProxySafety::unreadableErrorIsReplaced_data()
{
    QTest::addColumn<QByteArray>("coding");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("unknown coding") << QByteArray("rot13") << QByteArray("fx-nycun");
    QTest::newRow("no gzip") << QByteArray("gzip") << QByteArray("this is no gzip");
    QTest::newRow("cut short") << QByteArray("gzip") << compressed("gzip", QByteArray(4000, 'x')).chopped(9);
}

void TestProxySafety::unreadableErrorIsReplaced()
{
    QFETCH(QByteArray, coding);
    QFETCH(QByteArray, body);
    Scene scene(fails(404, { { "Content-Encoding", coding } }, body));
    QVERIFY(scene.startAlone());
    const Answer got = scene.chat();
    QCOMPARE(got.status(), 404);
    QVERIFY(!got.head.headers.contains("content-encoding"));
    QVERIFY2(got.json().value(u"error"_s).isObject(), got.body.constData());
}

void TestProxySafety::longErrorPassesMasked()
{
    // Far more than is ever kept, with a length that must stay true.
    QByteArray body;
    for (int i = 0; i < 20000; ++i)
        body += "0123456789 " + (i % 1000 == 0 ? alphaKey : QByteArray("abc"));
    Scene scene(fails(400, { { "Content-Type", "text/plain" } }, body));
    QVERIFY(scene.startAlone());
    const Answer got = scene.chat();
    QVERIFY(got.isComplete());
    QCOMPARE(got.body, QByteArray(body).replace(alphaKey, QByteArray(alphaKey.size(), '*')));
}

void TestProxySafety::contentIsNeverChanged()
{
    // What a provider generates is the client's, even if it reads like the key.
    Scene scene(healthy(alphaKey));
    QVERIFY(scene.startAlone());
    QCOMPARE(scene.chat().body, payload::chatAnswer(alphaKey));
}

void TestProxySafety::incompleteErrorIsReplaced()
{
    // The client must not take half of a provider's complaint for all of it.
    Scene scene([](Turn &turn) {
        turn.send("HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n"
                  "Content-Length: 100\r\n\r\n{\"error\":{\"mess");
        turn.close();
    });
    QVERIFY(scene.startAlone());
    const Answer got = scene.chat();
    QCOMPARE(got.status(), 500);
    QVERIFY2(got.json().value(u"error"_s).isObject(), got.body.constData());
}

void TestProxySafety::passthroughWithoutCredentialIsNotAsked()
{
    Guarded scene;
    scene.proxy.provider(u"own"_s, u"openai"_s, scene.beta.baseUrl(u"/v1"_s), {},
                         { { u"key"_s, QJsonObject { { u"passthrough"_s, true } } } });
    QVERIFY(scene.proxy.start());
    const HeaderList fields { { "Authorization", "Bearer " + token } };
    const Answer got = scene.ask(postJson(chatPath, payload::chat(), fields));
    QCOMPARE(got.status(), 401);
    QCOMPARE(got.header("x-should-retry"), QByteArray("false"));
    QVERIFY2(got.body.contains("x-signalbox-token"), got.body.constData());
    QVERIFY(scene.beta.requests().empty());
}

void TestProxySafety::otherMethodsAreRefused_data()
{
    QTest::addColumn<QByteArray>("method");
    for (const char *method : { "TRACE", "PROPFIND", "PURGE", "LINK" })
        QTest::newRow(method) << QByteArray(method);
}

void TestProxySafety::otherMethodsAreRefused()
{
    QFETCH(QByteArray, method);
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    // The answer to TRACE is the request itself, with the provider's key in it.
    const Answer got = scene.ask(request(method, chatPath));
    QCOMPARE(got.status(), 405);
    QVERIFY(got.head.headers.hasToken("allow", "POST"));
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxySafety::clientsCredentialIsNeverLogged()
{
    Scene scene(fails(500));
    scene.proxy.addSecret("client-secret");
    QVERIFY(scene.start());
    scene.beta.setScript(fails(400));
    const HeaderList fields { { "Authorization", "Bearer client-secret-1" }, { "Cookie", "a=client-secret-2" } };
    scene.ask(postJson(chatPath + "?key=client-secret-3", payload::chat(), fields));
    scene.ask(request("GET", "/v1/nothing?key=client-secret-4", {}, fields));
    scene.ask(request("BREW", "/v1/nothing?key=client-secret-5", {}, fields));
    QVERIFY(waitUntil([&] { return scene.proxy.status().value(u"inFlight"_s).toInt() == 0; }));
}

QTEST_GUILESS_MAIN(TestProxySafety)
#include "tst_proxy_safety.moc"
