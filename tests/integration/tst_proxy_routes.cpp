// SPDX-License-Identifier: GPL-3.0-or-later
// Which path goes where, and HTTP itself between a client and the proxy.
#include "tests/support/scene.h"

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// One provider of each dialect.
struct ThreeDialects
{
    ThreeDialects() : openai(healthy("openai")), anthropic(healthy("anthropic")), gemini(healthy("gemini"))
    {
        proxy.provider(u"openai"_s, u"openai"_s, openai.baseUrl(u"/v1"_s), "sk-openai-0123456789");
        proxy.provider(u"anthropic"_s, u"anthropic"_s, anthropic.baseUrl(), "sk-ant-0123456789");
        proxy.provider(u"gemini"_s, u"gemini"_s, gemini.baseUrl(), "AIza-0123456789");
    }
    FakeProvider &named(const QByteArray &name)
    {
        return name == "openai" ? openai : name == "anthropic" ? anthropic : gemini;
    }

    FakeProvider openai;
    FakeProvider anthropic;
    FakeProvider gemini;
    ProxyProcess proxy;
};

Script modelList(const QByteArray &body)
{
    return [body](Turn &turn) {
        if (turn.path().endsWith("/models"))
            turn.answer(200, body);
        else
            turn.answer(404, "{}");
    };
}

std::vector<QByteArray> ids(const QJsonObject &list)
{
    std::vector<QByteArray> found;
    const QJsonArray data = list.value(u"data"_s).toArray();
    for (const QJsonValue &entry : data)
        found.push_back(entry.toObject().value(u"id"_s).toString().toUtf8());
    return found;
}

bool holds(const std::vector<QByteArray> &list, const QByteArray &wanted)
{
    return std::find(list.begin(), list.end(), wanted) != list.end();
}

} // namespace

class TestProxyRoutes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pathChoosesDialect_data();
    void pathChoosesDialect();
    void unknownPathIsNotForwarded();
    void pinnedProvider();
    void unknownPinnedProviderIsNamed();
    void geminiModelIsReplacedInThePath();
    void modelListsAreMerged();
    void modelListInAnthropicShape();
    void modelListSurvivesADeadProvider();
    void webSocketUpgradeGets426();
    void upgradeThatIsNoHandshakeIsIgnored();
    void localProbesAreAnsweredHere_data();
    void localProbesAreAnsweredHere();
    void localPagesAreNotForwarded();
    void metricsNameWhatOperatorsAsk();
    void missingDialectIsNamed();
    void bigUploadElsewhereStreamsThrough();
    void expectContinueIsAnswered();
    void headHasNoBody();
    void answersWithoutBody_data();
    void answersWithoutBody();
    void connectionServesSeveralRequests();
    void pipelinedRequestsAreAnsweredInOrder();
    void connectionCloseIsHonoured();
    void http10ConnectionIsClosed();
    void earlyHintsAreNotTheAnswer();
    void manyResponseFieldsPass();
    void otherClientErrorsPassUnchanged_data();
    void otherClientErrorsPassUnchanged();
    void redirectIsPassedOnAndNotFollowed();
    void objectsGoToTheirIssuer();
};

void TestProxyRoutes::pathChoosesDialect_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("provider");
    QTest::addColumn<QByteArray>("upstream");
    const auto row = [](const char *method, const char *target, const char *provider, const char *upstream) {
        QTest::newRow(target) << QByteArray(method) << QByteArray(target) << QByteArray(provider)
                              << QByteArray(upstream);
    };
    row("POST", "/openai/v1/chat/completions", "openai", "/v1/chat/completions");
    row("POST", "/anthropic/v1/messages", "anthropic", "/v1/messages");
    row("POST", "/gemini/v1beta/models/g:generateContent", "gemini", "/v1beta/models/g:generateContent");
    row("POST", "/v1/messages/count_tokens?beta=true", "anthropic", "/v1/messages/count_tokens?beta=true");
    row("POST", "/v1/messages/batches", "anthropic", "/v1/messages/batches");
    row("POST", "/v1/complete", "anthropic", "/v1/complete");
    row("POST", "/v1beta/models/g:countTokens", "gemini", "/v1beta/models/g:countTokens");
    row("GET", "/v1beta/corpora/some", "gemini", "/v1beta/corpora/some");
    row("POST", "/v1beta/openai/chat/completions", "openai", "/v1/chat/completions");
    row("POST", "/chat/completions", "openai", "/v1/chat/completions");
    row("POST", "/responses", "openai", "/v1/responses");
    row("POST", "/embeddings", "openai", "/v1/embeddings");
    row("GET", "/v1/some/new/endpoint?x=1", "openai", "/v1/some/new/endpoint?x=1");
    row("DELETE", "/v1/responses/resp_1", "openai", "/v1/responses/resp_1");
}

void TestProxyRoutes::pathChoosesDialect()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, provider);
    QFETCH(QByteArray, upstream);
    ThreeDialects stage;
    QVERIFY(stage.proxy.start());
    const QByteArray bytes = method == "POST" ? postJson(target, payload::chat()) : request(method, target);
    const Answer got = ask(stage.proxy.port(), bytes);
    QVERIFY2(got.status() == 200, got.summary().constData());
    QCOMPARE(got.header("x-signalbox-provider"), provider);
    QCOMPARE(stage.named(provider).requests(method).size(), std::size_t(1));
    QCOMPARE(stage.named(provider).requests(method).front().head.target(), upstream);
}

void TestProxyRoutes::unknownPathIsNotForwarded()
{
    ThreeDialects stage;
    QVERIFY(stage.proxy.start());
    const Answer got = ask(stage.proxy.port(), request("GET", "/not/an/api"));
    QCOMPARE(got.status(), 404);
    QVERIFY(stage.openai.requests().empty() && stage.anthropic.requests().empty() && stage.gemini.requests().empty());
}

void TestProxyRoutes::pinnedProvider()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.start());
    const Answer got = scene.ask(postJson("/providers/beta/v1/chat/completions", payload::chat()));
    QCOMPARE(got.status(), 200);
    QCOMPARE(got.header("x-signalbox-provider"), QByteArray("beta"));
    QCOMPARE(scene.beta.requests("POST").front().head.target(), chatPath);
    scene.beta.setScript(fails(503));
    QCOMPARE(scene.ask(postJson("/providers/beta/v1/chat/completions", payload::chat())).status(), 503);
    QCOMPARE(scene.alpha.count(), 0);
}

void TestProxyRoutes::unknownPinnedProviderIsNamed()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.start());
    const Answer got = scene.ask(postJson("/providers/nobody/v1/chat/completions", payload::chat()));
    QCOMPARE(got.status(), 404);
    QVERIFY2(got.body.contains("nobody"), got.body.constData());
}

void TestProxyRoutes::geminiModelIsReplacedInThePath()
{
    Scene scene(healthy("hello"));
    const QJsonObject models { { u"gemini-test"_s, u"gemini-real"_s } };
    QVERIFY(scene.startAlone(u"gemini"_s, { { u"models"_s, models } }));
    QCOMPARE(scene.ask(postJson(geminiStreamPath, payload::gemini())).status(), 200);
    QCOMPARE(scene.alpha.requests("POST").front().head.target(),
             QByteArray("/v1beta/models/gemini-real:streamGenerateContent?alt=sse"));
    QCOMPARE(scene.alpha.requests("POST").front().body, payload::gemini());
}

void TestProxyRoutes::modelListsAreMerged()
{
    Scene scene(
        modelList(R"({"object":"list","data":[{"id":"a-1","object":"model"},{"id":"both","object":"model"}]})"),
        modelList(R"({"object":"list","data":[{"id":"b-1","object":"model"},{"id":"both","object":"model"}]})"));
    QVERIFY(scene.start());
    const Answer got = scene.ask(request("GET", "/v1/models"));
    QCOMPARE(got.status(), 200);
    QCOMPARE(got.json().value(u"object"_s).toString(), u"list"_s);
    const std::vector<QByteArray> found = ids(got.json());
    for (const char *id : { "a-1", "b-1", "both" })
        QCOMPARE(std::count(found.begin(), found.end(), QByteArray(id)), 1);
    QCOMPARE(scene.ask(request("GET", "/models")).status(), 200);
}

void TestProxyRoutes::modelListInAnthropicShape()
{
    FakeProvider provider(modelList(
        R"({"data":[{"type":"model","id":"claude-x","display_name":"Claude X","created_at":"2026-01-01T00:00:00Z"}],)"
        R"("has_more":false,"first_id":"claude-x","last_id":"claude-x"})"));
    ProxyProcess proxy;
    proxy.provider(u"anthropic"_s, u"anthropic"_s, provider.baseUrl(), "sk-ant-0123456789");
    QVERIFY(proxy.start());
    const Answer got =
        ask(proxy.port(), request("GET", "/v1/models?limit=1000", {}, { { "anthropic-version", "2023-06-01" } }));
    QCOMPARE(got.status(), 200);
    QVERIFY(holds(ids(got.json()), "claude-x"));
    const QJsonObject model = got.json().value(u"data"_s).toArray().first().toObject();
    QCOMPARE(model.value(u"type"_s).toString(), u"model"_s);
    QCOMPARE(model.value(u"display_name"_s).toString(), u"Claude X"_s);
    QVERIFY(got.json().contains(u"has_more"_s));
}

void TestProxyRoutes::modelListSurvivesADeadProvider()
{
    Scene scene(closes(), modelList(R"({"object":"list","data":[{"id":"b-1","object":"model"}]})"));
    QVERIFY(scene.start());
    const Answer got = scene.ask(request("GET", "/v1/models"));
    QCOMPARE(got.status(), 200);
    QVERIFY(holds(ids(got.json()), "b-1"));
}

void TestProxyRoutes::webSocketUpgradeGets426()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(request("GET", responsesPath, {},
                        { { "Connection", "Upgrade" },
                          { "Upgrade", "websocket" },
                          { "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==" },
                          { "Sec-WebSocket-Version", "13" },
                          { "Sec-WebSocket-Extensions", "permessage-deflate" } }));
    const Answer got = client.readAnswer();
    QCOMPARE(got.status(), 426);
    QCOMPARE(got.header("upgrade").toLower(), QByteArray("websocket"));
    QVERIFY(got.head.headers.hasToken("connection", "upgrade"));
    QVERIFY(got.head.headers.hasToken("connection", "close"));
    QVERIFY(client.waitForClose());
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxyRoutes::upgradeThatIsNoHandshakeIsIgnored()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    const HeaderList fields { { "Connection", "Upgrade" }, { "Upgrade", "websocket" } };
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(), fields)).status(), 200);
    QCOMPARE(
        scene.ask(postJson(chatPath, payload::chat(), { { "Connection", "Upgrade" }, { "Upgrade", "h2c" } })).status(),
        200);
    QVERIFY(!scene.alpha.requests("POST").back().head.headers.contains("upgrade"));
}

void TestProxyRoutes::localProbesAreAnsweredHere_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("/") << QByteArray("/");
    QTest::newRow("/api/hello") << QByteArray("/api/hello");
}

void TestProxyRoutes::localProbesAreAnsweredHere()
{
    QFETCH(QByteArray, target);
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(request("HEAD", target));
    const Answer got = client.readAnswer(true);
    QCOMPARE(got.status(), 200);
    client.send(request("GET", "/healthz"));
    QCOMPARE(client.readAnswer().status(), 200);
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxyRoutes::localPagesAreNotForwarded()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    for (const char *page : { "/healthz", "/status", "/metrics" }) {
        const Answer got = scene.ask(request("GET", page));
        QVERIFY2(got.status() == 200 && got.isComplete(), page);
    }
    const QJsonObject status = scene.proxy.status();
    QCOMPARE(status.value(u"providers"_s).toArray().size(), 1);
    QVERIFY(scene.ask(request("GET", "/metrics")).header("content-type").startsWith("text/plain; version=0.0.4"));
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxyRoutes::metricsNameWhatOperatorsAsk()
{
    Scene scene(fails(503));
    QVERIFY(scene.start());
    QCOMPARE(scene.chat(true).status(), 200);
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"beta"_s, u"success"_s) == 1; }));
    const QByteArray text = scene.proxy.metrics();
    for (const char *line :
         { "signalbox_requests_total{result=\"succeeded\"} 1",
           "signalbox_provider_attempts_total{provider=\"alpha\",outcome=\"failure\"} 1",
           "signalbox_provider_attempts_total{provider=\"beta\",outcome=\"success\"} 1",
           "signalbox_failovers_total{reason=\"status_503\"} 1",
           "signalbox_provider_breaker_state{provider=\"alpha\",state=\"closed\"} 1",
           "signalbox_provider_score{provider=\"alpha\"}",
           "signalbox_provider_score_factor{provider=\"alpha\",factor=\"trend\"}", "signalbox_requests_in_flight 0",
           "signalbox_provider_first_byte_seconds_count{provider=\"beta\"} 1", "signalbox_overhead_seconds_count 1" })
        QVERIFY2(text.contains(line), line);
}

void TestProxyRoutes::missingDialectIsNamed()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    const Answer got = scene.ask(postJson(messagesPath, payload::messages()));
    QVERIFY(got.status() == 404 || got.status() == 503);
    QCOMPARE(got.json().value(u"type"_s).toString(), u"error"_s);
    QVERIFY2(got.body.toLower().contains("anthropic"), got.body.constData());
    QCOMPARE(got.header("x-should-retry"), QByteArray("false"));
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxyRoutes::bigUploadElsewhereStreamsThrough()
{
    Scene scene(healthy("hello"));
    scene.proxy.set(u"limits"_s, u"bodyBytes"_s, 65536);
    QVERIFY(scene.startAlone());
    const QByteArray body(8 << 20, 'u');
    const Answer got =
        scene.ask(request("POST", "/v1/files", body, { { "Content-Type", "multipart/form-data; boundary=edge" } }));
    QVERIFY2(got.status() == 200, got.summary().constData());
    QCOMPARE(scene.alpha.requests("POST").front().body.size(), body.size());
    QVERIFY(scene.alpha.requests("POST").front().body == body);
}

void TestProxyRoutes::expectContinueIsAnswered()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    const QByteArray whole = postJson(chatPath, payload::chat(), { { "Expect", "100-continue" } });
    const qsizetype bodyAt = whole.indexOf("\r\n\r\n") + 4;
    client.send(whole.first(bodyAt));
    QByteArray interim;
    while (!interim.contains("\r\n\r\n"))
        QCOMPARE(client.socket().receive(interim), ReadResult::Data);
    QVERIFY2(interim.startsWith("HTTP/1.1 100 "), interim.constData());
    client.send(whole.mid(bodyAt));
    const Answer got = client.readAnswer();
    QCOMPARE(got.status(), 200);
    QVERIFY(got.interim.empty());
    QCOMPARE(scene.alpha.requests("POST").front().body, payload::chat());
}

void TestProxyRoutes::headHasNoBody()
{
    Scene scene([](Turn &turn) {
        turn.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n");
    });
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    for (int i = 0; i < 2; ++i) {
        client.send(request("HEAD", "/v1/files/file_1"));
        const Answer got = client.readAnswer(true);
        QCOMPARE(got.status(), 200);
        QCOMPARE(got.header("content-length"), QByteArray("10"));
        QVERIFY(!client.hasUnreadBytes());
    }
    QCOMPARE(scene.alpha.count("HEAD"), 2);
}

void TestProxyRoutes::answersWithoutBody_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("204") << 204;
    QTest::newRow("304") << 304;
}

void TestProxyRoutes::answersWithoutBody()
{
    QFETCH(int, status);
    Scene scene([status](Turn &turn) {
        turn.send("HTTP/1.1 " + QByteArray::number(status) + " X\r\nETag: \"1\"\r\nContent-Length: 0\r\n\r\n");
    });
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    for (int i = 0; i < 2; ++i) {
        client.send(request("GET", "/v1/files/file_1"));
        const Answer got = client.readAnswer();
        QCOMPARE(got.status(), status);
        QCOMPARE(got.header("etag"), QByteArray("\"1\""));
        QCOMPARE(got.head.headers.contains("content-length"), status != 204);
        QVERIFY(got.header("date").endsWith(" GMT"));
        QVERIFY(!client.hasUnreadBytes());
    }
}

void TestProxyRoutes::connectionServesSeveralRequests()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    for (int i = 0; i < 5; ++i) {
        client.send(postJson(chatPath, payload::chat(i % 2 == 1)));
        const Answer got = client.readAnswer();
        QVERIFY2(got.status() == 200 && got.isComplete(), got.summary().constData());
    }
    QCOMPARE(scene.alpha.count(), 5);
    QCOMPARE(scene.alpha.connections(), 1);
}

void TestProxyRoutes::pipelinedRequestsAreAnsweredInOrder()
{
    Scene scene([](Turn &turn) { turn.answer(200, "{\"target\":\"" + turn.seen().head.target() + "\"}"); });
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(request("GET", "/v1/files/1") + request("GET", "/v1/files/2") + request("GET", "/v1/files/3"));
    for (int i = 1; i <= 3; ++i) {
        const Answer got = client.readAnswer();
        QCOMPARE(got.body, "{\"target\":\"/v1/files/" + QByteArray::number(i) + "\"}");
    }
}

void TestProxyRoutes::connectionCloseIsHonoured()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(postJson(chatPath, payload::chat(), { { "Connection", "close" } }) + request("GET", "/v1/files/2"));
    const Answer got = client.readAnswer();
    QCOMPARE(got.status(), 200);
    QVERIFY(got.head.headers.hasToken("connection", "close"));
    QVERIFY(client.waitForClose());
    QCOMPARE(scene.alpha.requests().size(), std::size_t(1));
}

void TestProxyRoutes::http10ConnectionIsClosed()
{
    Scene scene(healthy("hello"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send("GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
    const Answer got = client.readAnswer();
    QCOMPARE(got.status(), 200);
    QVERIFY(!got.head.headers.contains("transfer-encoding"));
    QVERIFY(client.waitForClose());
}

void TestProxyRoutes::earlyHintsAreNotTheAnswer()
{
    Scene scene([](Turn &turn) {
        turn.send("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n");
        turn.pause(milliseconds(100));
        turn.answer(200, payload::chatAnswer("hello"));
    });
    QVERIFY(scene.startAlone());
    const Answer got = scene.chat();
    QCOMPARE(got.status(), 200);
    QCOMPARE(got.body, payload::chatAnswer("hello"));
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"success"_s), 1);
}

void TestProxyRoutes::manyResponseFieldsPass()
{
    HeaderList extra;
    for (int i = 0; i < 200; ++i)
        extra.append("X-Field-" + QByteArray::number(i), "value-" + QByteArray::number(i));
    Scene scene(fails(200, extra, payload::chatAnswer("hello")));
    QVERIFY(scene.startAlone());
    const Answer got = scene.chat();
    QCOMPARE(got.status(), 200);
    QCOMPARE(got.body, payload::chatAnswer("hello"));
    for (const HeaderField &field : extra)
        QCOMPARE(got.header(field.name), field.value);
}

void TestProxyRoutes::otherClientErrorsPassUnchanged_data()
{
    QTest::addColumn<int>("status");
    for (const int status : { 400, 404, 405, 409, 413, 415, 422, 425, 451, 501, 505 })
        QTest::newRow(QByteArray::number(status).constData()) << status;
}

void TestProxyRoutes::otherClientErrorsPassUnchanged()
{
    QFETCH(int, status);
    const QByteArray body = R"({"error":{"message":"as the provider says","type":"x","odd":1.0}})";
    Scene scene(fails(status, { { "X-Request-Id", "req_7" } }, body));
    QVERIFY(scene.start());
    const Answer got = scene.chat();
    QCOMPARE(got.status(), status);
    QCOMPARE(got.body, body);
    QCOMPARE(got.header("x-request-id"), QByteArray("req_7"));
    QCOMPARE(got.header("x-signalbox-provider"), QByteArray("alpha"));
    QCOMPARE(scene.beta.count(), 0);
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"ignored"_s), 1);
}

void TestProxyRoutes::redirectIsPassedOnAndNotFollowed()
{
    FakeProvider trap(healthy("trap"));
    Scene scene(fails(307, { { "Location", trap.baseUrl(u"/v1/chat/completions"_s).toUtf8() } }, {}));
    QVERIFY(scene.startAlone());
    const Answer got = scene.chat();
    QVERIFY2(got.status() == 307 || got.status() == 502, got.summary().constData());
    QVERIFY(trap.requests().empty());
}

void TestProxyRoutes::objectsGoToTheirIssuer()
{
    Scene scene(fails(503), healthy("beta"));
    QVERIFY(scene.start());
    // beta answers, so resp_1 is beta's from now on.
    QCOMPARE(scene.ask(postJson(responsesPath, payload::responses())).header("x-signalbox-provider"),
             QByteArray("beta"));
    scene.alpha.setScript(healthy("alpha"));
    QCOMPARE(scene.ask(request("GET", "/v1/responses/resp_1")).header("x-signalbox-provider"), QByteArray("beta"));
    const QByteArray next = R"({"model":"gpt-test","previous_response_id":"resp_1","input":"more"})";
    QCOMPARE(scene.ask(postJson(responsesPath, next)).header("x-signalbox-provider"), QByteArray("beta"));
    // And never to another one.
    scene.beta.setScript(fails(503));
    QCOMPARE(scene.ask(request("GET", "/v1/responses/resp_1")).status(), 503);
    QCOMPARE(scene.ask(postJson(responsesPath, next)).status(), 503);
    QCOMPARE(scene.alpha.count("GET"), 0);
}

QTEST_GUILESS_MAIN(TestProxyRoutes)
#include "tst_proxy_routes.moc"
