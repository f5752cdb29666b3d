// SPDX-License-Identifier: GPL-3.0-or-later
// What reaches the provider, and what comes back from it, when nothing is wrong.
#include "tests/support/compression.h"
#include "tests/support/scene.h"

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace Qt::Literals::StringLiterals;

namespace {

const HeaderList clientCredentials {
    { "Authorization", "Bearer client-secret-authorization" },
    { "Proxy-Authorization", "Basic client-secret-proxy" },
    { "x-api-key", "client-secret-x-api-key" },
    { "api-key", "client-secret-api-key" },
    { "x-goog-api-key", "client-secret-goog" },
    { "Cookie", "session=client-secret-cookie" },
    { "OpenAI-Organization", "org-client-secret" },
    { "OpenAI-Project", "proj-client-secret" },
    { "ChatGPT-Account-ID", "client-secret-account" },
    { "x-goog-user-project", "client-secret-project" },
};

QJsonObject mapping(const QString &from, const QString &to)
{
    return { { u"models"_s, QJsonObject { { from, to } } } };
}

} // namespace

class TestProxyPassthrough : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainAnswerIsByteExact_data();
    void plainAnswerIsByteExact();
    void streamIsByteExact_data();
    void streamIsByteExact();
    void eventsArriveWhenTheyAreSent();
    void hopByHopFieldsStayBehind();
    void clientCredentialsNeverReachProvider_data();
    void clientCredentialsNeverReachProvider();
    void originsOfTheCallerNeverReachProvider();
    void otherFieldsPassUnchanged();
    void anthropicKeyFollowsVersion_data();
    void anthropicKeyFollowsVersion();
    void authSettingChoosesTheField();
    void missingKeyIsNotReplacedByTheClients();
    void passthroughProviderGetsTheClientsCredential();
    void providersOwnFieldsStayBehind();
    void queryIsKept();
    void modelIsReplacedInPlace_data();
    void modelIsReplacedInPlace();
    void modelsChooseTheProvider();
    void multipartModelChoosesTheProvider();
    void encodedRequestPassesUntouched();
    void encodedRequestIsDecodedOnlyForANewModel();
    void chunkedUploadGetsALength();
};

void TestProxyPassthrough::plainAnswerIsByteExact_data()
{
    QTest::addColumn<QString>("dialect");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("upstreamTarget");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("keyField");
    QTest::addColumn<QByteArray>("keyValue");
    QTest::newRow("chat") << u"openai"_s << chatPath << payload::chat() << chatPath << payload::chatAnswer("hello")
                          << QByteArray("authorization") << "Bearer " + alphaKey;
    QTest::newRow("responses") << u"openai"_s << responsesPath << payload::responses() << responsesPath
                               << payload::responsesAnswer("hello") << QByteArray("authorization")
                               << "Bearer " + alphaKey;
    QTest::newRow("messages") << u"anthropic"_s << messagesPath << payload::messages() << messagesPath
                              << payload::messagesAnswer("hello") << QByteArray("x-api-key") << alphaKey;
    const QByteArray gemini = "/v1beta/models/gemini-test:generateContent";
    QTest::newRow("gemini") << u"gemini"_s << gemini << payload::gemini() << gemini << payload::geminiAnswer("hello")
                            << QByteArray("x-goog-api-key") << alphaKey;
}

void TestProxyPassthrough::plainAnswerIsByteExact()
{
    QFETCH(QString, dialect);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, upstreamTarget);
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, keyField);
    QFETCH(QByteArray, keyValue);
    Scene scene(fails(200, {}, answer));
    QVERIFY(scene.startAlone(dialect));
    const Answer got = scene.ask(postJson(target, body));
    QCOMPARE(got.status(), 200);
    QVERIFY(got.isComplete());
    QCOMPARE(got.body, answer);
    QCOMPARE(got.header("content-type"), QByteArray("application/json"));
    QCOMPARE(got.header("x-signalbox-provider"), QByteArray("alpha"));
    QCOMPARE(got.header("x-signalbox-attempts"), QByteArray("1"));
    QVERIFY(!got.header("x-signalbox-request-id").isEmpty());
    const std::vector<SeenRequest> seen = scene.alpha.requests("POST");
    QCOMPARE(seen.size(), std::size_t(1));
    QCOMPARE(seen.front().head.target(), upstreamTarget);
    QCOMPARE(seen.front().body, body);
    QCOMPARE(seen.front().head.headers.value(keyField), keyValue);
    QCOMPARE(seen.front().head.headers.value("host"), "127.0.0.1:" + QByteArray::number(scene.alpha.port()));
    QCOMPARE(seen.front().head.headers.count("host"), 1);
}

void TestProxyPassthrough::streamIsByteExact_data()
{
    QTest::addColumn<QString>("dialect");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("stream");
    const auto all = [](const std::vector<QByteArray> &list) { return payload::joined(list); };
    QTest::newRow("chat") << u"openai"_s << chatPath << payload::chat(true) << all(payload::chatEvents("hello"));
    QTest::newRow("responses") << u"openai"_s << responsesPath << payload::responses(true)
                               << all(payload::responsesEvents("hello"));
    QTest::newRow("messages") << u"anthropic"_s << messagesPath << payload::messages(true)
                              << all(payload::messagesEvents("hello"));
    QTest::newRow("gemini") << u"gemini"_s << geminiStreamPath << payload::gemini()
                            << all(payload::geminiEvents("hello"));
}

void TestProxyPassthrough::streamIsByteExact()
{
    QFETCH(QString, dialect);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, stream);
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone(dialect));
    const Answer got = scene.ask(postJson(target, body));
    QCOMPARE(got.status(), 200);
    QVERIFY2(got.isComplete(), got.summary().constData());
    QCOMPARE(got.body, stream);
    QVERIFY(got.header("content-type").startsWith("text/event-stream"));
    QCOMPARE(scene.alpha.requests("POST").front().head.target(), target);
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"success"_s) == 1; }));
}

void TestProxyPassthrough::eventsArriveWhenTheyAreSent()
{
    const std::vector<QByteArray> list = payload::chatEvents("hello");
    Scene scene(events(list, milliseconds(250)));
    QVERIFY(scene.startAlone());
    const Answer got = scene.chat(true);
    QCOMPARE(got.body, payload::joined(list));
    // The last event is sent 500 ms after the third; a proxy that collects them delivers them together.
    QVERIFY(got.pieces.size() >= 3);
    const auto spread = got.pieces.back().at - got.pieces.front().at;
    QVERIFY(spread > milliseconds(300));
}

void TestProxyPassthrough::hopByHopFieldsStayBehind()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    const HeaderList sent { { "Connection", "keep-alive, X-Named" }, { "X-Named", "1" },
                            { "Keep-Alive", "timeout=5" },           { "TE", "trailers" },
                            { "Proxy-Connection", "keep-alive" },    { "X-Kept", "1" } };
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(), sent)).status(), 200);
    const HeaderList got = scene.alpha.requests("POST").front().head.headers;
    for (const char *name : { "x-named", "keep-alive", "te", "proxy-connection", "trailer", "upgrade" })
        QVERIFY2(!got.contains(name), name);
    QVERIFY(!got.hasToken("connection", "x-named"));
    QCOMPARE(got.value("x-kept"), QByteArray("1"));
}

void TestProxyPassthrough::clientCredentialsNeverReachProvider_data()
{
    QTest::addColumn<QString>("dialect");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("openai") << u"openai"_s << chatPath << payload::chat();
    QTest::newRow("anthropic") << u"anthropic"_s << messagesPath << payload::messages();
    QTest::newRow("gemini") << u"gemini"_s << QByteArray("/v1beta/models/gemini-test:generateContent")
                            << payload::gemini();
}

void TestProxyPassthrough::clientCredentialsNeverReachProvider()
{
    QFETCH(QString, dialect);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    Scene scene(fails(503));
    QVERIFY(scene.start(dialect));
    const Answer got = scene.ask(postJson(target + "?key=client-secret-query&alt=x", body, clientCredentials));
    QCOMPARE(got.status(), 200);
    for (const FakeProvider *provider : { &scene.alpha, &scene.beta }) {
        QCOMPARE(provider->count(), 1);
        const QByteArray raw = provider->requests("POST").front().head.raw;
        QVERIFY2(!raw.contains("client-secret"), raw.constData());
        QVERIFY(raw.contains("alt=x"));
    }
    QVERIFY(scene.alpha.requests("POST").front().head.raw.contains(alphaKey));
    QVERIFY(!scene.alpha.requests("POST").front().head.raw.contains(betaKey));
    QVERIFY(scene.beta.requests("POST").front().head.raw.contains(betaKey));
    QVERIFY(!scene.beta.requests("POST").front().head.raw.contains(alphaKey));
}

void TestProxyPassthrough::originsOfTheCallerNeverReachProvider()
{
    Scene scene(healthy("hello"));
    scene.proxy.set(u"proxy"_s, u"allowedOrigins"_s, QJsonArray { u"https://app.example.com"_s });
    QVERIFY(scene.startAlone());
    const HeaderList sent { { "Origin", "https://app.example.com" },
                            { "Referer", "https://app.example.com/page" },
                            { "Forwarded", "for=10.0.0.7" },
                            { "X-Forwarded-For", "10.0.0.7" },
                            { "X-Forwarded-Host", "app.example.com" } };
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(), sent)).status(), 200);
    const MessageHead seen = scene.alpha.requests("POST").front().head;
    QVERIFY2(!seen.raw.contains("app.example.com") && !seen.raw.contains("10.0.0.7"), seen.raw.constData());
}

void TestProxyPassthrough::otherFieldsPassUnchanged()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone(u"anthropic"_s));
    const HeaderList sent { { "anthropic-version", "2023-06-01" },
                            { "anthropic-beta", "fine-grained-tool-streaming-2025-05-14, other" },
                            { "User-Agent", "claude-cli/2.1.328 (external, cli)" },
                            { "X-Stainless-Retry-Count", "1" },
                            { "Accept-Encoding", "gzip, deflate, br, zstd" },
                            { "X-Claude-Code-Session-Id", "7e1b" },
                            { "X-Twice", "first" },
                            { "X-Twice", "second" } };
    QCOMPARE(scene.ask(postJson(messagesPath, payload::messages(), sent)).status(), 200);
    const HeaderList got = scene.alpha.requests("POST").front().head.headers;
    for (const HeaderField &field : sent)
        QCOMPARE(got.values(field.name), sent.values(field.name));
}

void TestProxyPassthrough::anthropicKeyFollowsVersion_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<bool>("bearer");
    QTest::newRow("2023") << QByteArray("2023-06-01") << false;
    QTest::newRow("2026") << QByteArray("2026-10-21") << true;
}

void TestProxyPassthrough::anthropicKeyFollowsVersion()
{
    QFETCH(QByteArray, version);
    QFETCH(bool, bearer);
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone(u"anthropic"_s));
    const HeaderList sent { { "anthropic-version", version } };
    QCOMPARE(scene.ask(postJson(messagesPath, payload::messages(), sent)).status(), 200);
    const HeaderList got = scene.alpha.requests("POST").front().head.headers;
    QCOMPARE(got.value("authorization"), bearer ? "Bearer " + alphaKey : QByteArray());
    QCOMPARE(got.value("x-api-key"), bearer ? QByteArray() : alphaKey);
    QCOMPARE(got.values("anthropic-version"), std::vector<QByteArray> { version });
}

void TestProxyPassthrough::authSettingChoosesTheField()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone(u"openai"_s, { { u"auth"_s, u"api-key"_s } }));
    QCOMPARE(scene.chat().status(), 200);
    const HeaderList got = scene.alpha.requests("POST").front().head.headers;
    QCOMPARE(got.value("api-key"), alphaKey);
    QVERIFY(!got.contains("authorization"));
}

void TestProxyPassthrough::missingKeyIsNotReplacedByTheClients()
{
    Scene scene(healthy("hello"));
    scene.proxy.provider(u"alpha"_s, u"openai"_s, scene.alpha.baseUrl(u"/v1"_s), {},
                         { { u"key"_s, QJsonObject { { u"env"_s, u"NOT_SET_ANYWHERE"_s } } } });
    QVERIFY(scene.proxy.start());
    scene.ask(postJson(chatPath, payload::chat(), clientCredentials));
    for (const SeenRequest &seen : scene.alpha.requests("POST"))
        QVERIFY2(!seen.head.raw.contains("client-secret"), seen.head.raw.constData());
    QVERIFY(scene.proxy.providerStatus(u"alpha"_s).value(u"keyMissing"_s).toBool());
}

void TestProxyPassthrough::passthroughProviderGetsTheClientsCredential()
{
    Scene scene(healthy("hello"));
    scene.proxy.provider(u"own"_s, u"openai"_s, scene.alpha.baseUrl(u"/v1"_s), {},
                         { { u"key"_s, QJsonObject { { u"passthrough"_s, true } } } });
    QVERIFY(scene.proxy.start());
    const HeaderList sent { { "Authorization", "Bearer client-own" }, { "OpenAI-Organization", "org-1" } };
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(), sent)).status(), 200);
    const HeaderList got = scene.alpha.requests("POST").front().head.headers;
    QCOMPARE(got.value("authorization"), QByteArray("Bearer client-own"));
    QCOMPARE(got.value("openai-organization"), QByteArray("org-1"));
}

void TestProxyPassthrough::providersOwnFieldsStayBehind()
{
    const HeaderList extra { { "Set-Cookie", "session=provider" },
                             { "Access-Control-Allow-Origin", "*" },
                             { "Access-Control-Allow-Credentials", "true" },
                             { "Connection", "keep-alive, X-Hop" },
                             { "X-Hop", "1" },
                             { "Keep-Alive", "timeout=9" },
                             { "X-Request-Id", "req_1" },
                             { "x-ratelimit-reset-tokens", "6m0s" },
                             { "X-Twice", "first" },
                             { "X-Twice", "second" } };
    Scene scene(fails(200, extra, payload::chatAnswer("hello")));
    QVERIFY(scene.startAlone());
    const Answer got = scene.chat();
    QCOMPARE(got.status(), 200);
    for (const char *name :
         { "set-cookie", "access-control-allow-origin", "access-control-allow-credentials", "x-hop", "keep-alive" })
        QVERIFY2(!got.head.headers.contains(name), name);
    QCOMPARE(got.header("x-request-id"), QByteArray("req_1"));
    QCOMPARE(got.header("x-ratelimit-reset-tokens"), QByteArray("6m0s"));
    QCOMPARE(got.head.headers.values("x-twice"), (std::vector<QByteArray> { "first", "second" }));
}

void TestProxyPassthrough::queryIsKept()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone(u"anthropic"_s));
    QCOMPARE(scene.ask(postJson("/v1/messages?beta=true&x=%2F%20y", payload::messages())).status(), 200);
    QCOMPARE(scene.alpha.requests("POST").front().head.target(), QByteArray("/v1/messages?beta=true&x=%2F%20y"));
}

void TestProxyPassthrough::modelIsReplacedInPlace_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("received");
    QTest::newRow("spacing and order kept")
        << QByteArray("{ \"b\" : 1.50e+2,\n\t\"model\" :  \"gpt-test\" , \"a\":[1, 2] }\n")
        << QByteArray("{ \"b\" : 1.50e+2,\n\t\"model\" :  \"llama-9\" , \"a\":[1, 2] }\n");
    QTest::newRow("nested ones stay")
        << QByteArray(R"({"x":{"model":"gpt-test"},"y":["model","gpt-test"],"model":"gpt-test"})")
        << QByteArray(R"({"x":{"model":"gpt-test"},"y":["model","gpt-test"],"model":"llama-9"})");
    QTest::newRow("escaped") << QByteArray(R"({"mod\u0065l":"gpt\u002dtest","s":"\ud83d\ude00\"}"})")
                             << QByteArray(R"({"mod\u0065l":"llama-9","s":"\ud83d\ude00\"}"})");
    QTest::newRow("another model stays") << QByteArray(R"({"model":"other","messages":[]})")
                                         << QByteArray(R"({"model":"other","messages":[]})");
}

void TestProxyPassthrough::modelIsReplacedInPlace()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, received);
    Scene scene(healthy("hello"));
    const QJsonObject models { { u"gpt-test"_s, u"llama-9"_s }, { u"*"_s, u"*"_s } };
    QVERIFY(scene.startAlone(u"openai"_s, { { u"models"_s, models } }));
    QCOMPARE(scene.ask(postJson(chatPath, sent)).status(), 200);
    QCOMPARE(scene.alpha.requests("POST").front().body, received);
    QCOMPARE(scene.alpha.requests("POST").front().head.headers.value("content-length"),
             QByteArray::number(received.size()));
}

void TestProxyPassthrough::modelsChooseTheProvider()
{
    Scene scene(healthy("alpha"), healthy("beta"));
    scene.proxy.provider(u"alpha"_s, u"openai"_s, scene.alpha.baseUrl(u"/v1"_s), alphaKey, mapping(u"gpt-*"_s, u"*"_s));
    scene.proxy.provider(u"beta"_s, u"openai"_s, scene.beta.baseUrl(u"/v1"_s), betaKey, mapping(u"llama-*"_s, u"*"_s));
    QVERIFY(scene.proxy.start());
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(false, "llama-3"))).header("x-signalbox-provider"),
             QByteArray("beta"));
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(false, "gpt-5"))).header("x-signalbox-provider"),
             QByteArray("alpha"));
    const Answer none = scene.ask(postJson(chatPath, payload::chat(false, "mistral-x")));
    QVERIFY(none.status() == 404 || none.status() == 503);
    QVERIFY2(none.body.contains("mistral-x"), none.body.constData());
    QVERIFY(none.json().contains(u"error"_s));
}

void TestProxyPassthrough::multipartModelChoosesTheProvider()
{
    Scene scene(healthy("alpha"), healthy("beta"));
    scene.proxy.provider(u"alpha"_s, u"openai"_s, scene.alpha.baseUrl(u"/v1"_s), alphaKey,
                         mapping(u"whisper-a"_s, u"*"_s));
    scene.proxy.provider(u"beta"_s, u"openai"_s, scene.beta.baseUrl(u"/v1"_s), betaKey,
                         mapping(u"whisper-b"_s, u"*"_s));
    QVERIFY(scene.proxy.start());
    const QByteArray body = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n"
                            "Content-Type: audio/mpeg\r\n\r\n" +
        QByteArray("\0\1\2model\r\n--edg", 14) +
        "\r\n--edge\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-b\r\n--edge--\r\n";
    const HeaderList type { { "Content-Type", "multipart/form-data; boundary=edge" } };
    const Answer got = scene.ask(postJson("/v1/audio/transcriptions", body, type));
    QCOMPARE(got.status(), 200);
    QCOMPARE(scene.alpha.count(), 0);
    QCOMPARE(scene.beta.requests("POST").front().body, body);
}

void TestProxyPassthrough::encodedRequestPassesUntouched()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone(u"openai"_s, mapping(u"gpt-test"_s, u"*"_s)));
    const QByteArray body = gzip(payload::chat());
    const Answer got = scene.ask(postJson(chatPath, body, { { "Content-Encoding", "gzip" } }));
    QCOMPARE(got.status(), 200);
    const SeenRequest seen = scene.alpha.requests("POST").front();
    QCOMPARE(seen.body, body);
    QCOMPARE(seen.head.headers.value("content-encoding"), QByteArray("gzip"));
}

void TestProxyPassthrough::encodedRequestIsDecodedOnlyForANewModel()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone(u"openai"_s, mapping(u"gpt-test"_s, u"llama-9"_s)));
    const Answer got = scene.ask(postJson(chatPath, gzip(payload::chat()), { { "Content-Encoding", "gzip" } }));
    QCOMPARE(got.status(), 200);
    const SeenRequest seen = scene.alpha.requests("POST").front();
    QCOMPARE(seen.body, payload::chat().replace("gpt-test", "llama-9"));
    QVERIFY(!seen.head.headers.contains("content-encoding"));
    QCOMPARE(seen.head.headers.value("content-length"), QByteArray::number(seen.body.size()));
}

void TestProxyPassthrough::chunkedUploadGetsALength()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    const QByteArray body = payload::chat();
    const HeaderList fields { { "Content-Type", "application/json" }, { "Transfer-Encoding", "chunked" } };
    const QByteArray upload = chunked({ body.first(7), body.mid(7, 1), body.mid(8) });
    QCOMPARE(scene.ask(request("POST", chatPath, upload, fields)).status(), 200);
    const SeenRequest seen = scene.alpha.requests("POST").front();
    QCOMPARE(seen.body, body);
    QCOMPARE(seen.head.headers.value("content-length"), QByteArray::number(body.size()));
    QVERIFY(!seen.head.headers.contains("transfer-encoding"));
}

QTEST_GUILESS_MAIN(TestProxyPassthrough)
#include "tst_proxy_passthrough.moc"
