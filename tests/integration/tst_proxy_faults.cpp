// SPDX-License-Identifier: GPL-3.0-or-later
// The fault matrix, first half: one provider misbehaves before or while it answers, and another one works.
#include "tests/support/compression.h"
#include "tests/support/scene.h"

#include <QLocale>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A dialect with what its client sends and its provider streams.
struct Speech
{
    QString dialect;
    QByteArray target;
    QByteArray body;
    std::vector<QByteArray> stream;
    QByteArray errorEvent; ///< as its provider sends it, first in a 200
    QByteArray errorMark; ///< must be in the event that ends a broken stream
};

const std::vector<std::pair<const char *, Speech>> &speeches()
{
    static const std::vector<std::pair<const char *, Speech>> all {
        { "chat",
          { u"openai"_s, chatPath, payload::chat(true), payload::chatEvents("first"),
            "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n", "data: {\"error\":" } },
        { "responses",
          { u"openai"_s, responsesPath, payload::responses(true), payload::responsesEvents("first"),
            "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"overloaded\","
            "\"sequence_number\":0}\n\n",
            "event: " } },
        { "messages",
          { u"anthropic"_s, messagesPath, payload::messages(true), payload::messagesEvents("first"),
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":"
            "\"Overloaded\"}}\n\n",
            "event: error\ndata: {\"type\":\"error\"" } },
        { "gemini",
          { u"gemini"_s, geminiStreamPath, payload::gemini(), payload::geminiEvents("first"),
            "data: {\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n",
            "\"error\":" } },
    };
    return all;
}

void speechRows()
{
    QTest::addColumn<int>("speech");
    for (std::size_t i = 0; i < speeches().size(); ++i)
        QTest::newRow(speeches()[i].first) << static_cast<int>(i);
}

Answer askIn(const Scene &scene, const Speech &speech)
{
    return scene.ask(postJson(speech.target, speech.body));
}

/// What every failover before the first byte has in common.
void compareServedByBeta(const Answer &got, const Speech &speech)
{
    QVERIFY2(got.status() == 200 && got.isComplete(), got.summary().constData());
    QCOMPARE(got.header("x-signalbox-provider"), QByteArray("beta"));
    QCOMPARE(got.header("x-signalbox-attempts"), QByteArray("2"));
    const QByteArray wanted = payload::joined(speech.stream).replace("first", "beta");
    QCOMPARE(got.body, wanted);
}

/// Beta has all the time in the world, however busy the machine is.
bool startWithAlphasFirstByte(Scene &scene, int limitMs)
{
    scene.proxy.provider(u"alpha"_s, u"openai"_s, scene.alpha.baseUrl(u"/v1"_s), alphaKey,
                         { { u"timeouts"_s, QJsonObject { { u"firstByteMs"_s, limitMs } } } });
    scene.proxy.provider(u"beta"_s, u"openai"_s, scene.beta.baseUrl(u"/v1"_s), betaKey);
    return scene.proxy.start();
}

QByteArray httpDate(int secondsFromNow)
{
    const QDateTime when = QDateTime::currentDateTimeUtc().addSecs(secondsFromNow);
    return (QLocale::c().toString(when, u"ddd, dd MMM yyyy hh:mm:ss"_s) + u" GMT"_s).toLatin1();
}

} // namespace

class TestProxyFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRefusalIsNotBilled_data();
    void aRefusalIsNotBilled();
    void f1_connectRefused();
    void f2_tlsHang();
    void f3_headerNever();
    void f3_headerNeverWithoutSecondSend();
    void f4_headersThenSilence();
    void f5_errorAsFirstEvent_data() { speechRows(); }
    void f5_errorAsFirstEvent();
    void f5_errorAfterLifecycleEvents();
    void f6_emptyAnswer_data();
    void f6_emptyAnswer();
    void f7_cutAfterEvents_data();
    void f7_cutAfterEvents();
    void f7_missingTerminalEventIsACut();
    void f8_stallMidStream_data() { speechRows(); }
    void f8_stallMidStream();
    void f9_throttled_data();
    void f9_throttled();
    void f9_throttledProviderComesBack();
    void f9_allThrottledPassesTheHint();
    void f10_serverErrors_data();
    void f10_serverErrors();
    void f11_credentialRefused_data();
    void f11_credentialRefused();
    void f11_forbiddenNeverBlocks();
    void f12_missingModelPasses();
    void allFailedGivesTheMostUsefulError();
    void f19_signedBodyIsByteExactForBoth();
    void f22_encodedStreams_data();
    void f22_encodedStreams();
    void f22_errorInsideEncodedStream();
    void f22_cutEncodedStream();
};

void TestProxyFaults::f1_connectRefused()
{
    const RawSocket holder = RawSocket::boundToAnyPort();
    const std::uint16_t closedPort = holder.localPort();
    FakeProvider beta(healthy("beta"));
    ProxyProcess proxy;
    proxy.provider(u"alpha"_s, u"openai"_s, u"http://127.0.0.1:%1/v1"_s.arg(closedPort), alphaKey);
    proxy.provider(u"beta"_s, u"openai"_s, beta.baseUrl(u"/v1"_s), betaKey);
    QVERIFY(proxy.start());
    const Moment start = now();
    const Answer got = ask(proxy.port(), postJson(chatPath, payload::chat(true)));
    compareServedByBeta(got, speeches()[0].second);
    QVERIFY2(since(start) < milliseconds(2000), "no delay before a different provider");
    QCOMPARE(proxy.outcomes(u"alpha"_s, u"failure"_s), 1);
    QCOMPARE(proxy.failovers(u"connect_refused"_s), 1);
    QCOMPARE(proxy.status().value(u"totals"_s).toObject().value(u"possiblyBilledTwice"_s).toInt(), 0);
}

void TestProxyFaults::f2_tlsHang()
{
    FakeProvider alpha(healthy("alpha"));
    alpha.setAcceptHook([&](RawSocket &socket) {
        QByteArray hello;
        while (socket.receive(hello, milliseconds(20)) != ReadResult::End && !alpha.isStopping())
            continue;
        return true;
    });
    FakeProvider beta(healthy("beta"));
    ProxyProcess proxy;
    proxy.set(u"timeouts"_s, u"tlsMs"_s, 400);
    proxy.provider(u"alpha"_s, u"openai"_s, u"https://127.0.0.1:%1/v1"_s.arg(alpha.port()), alphaKey);
    proxy.provider(u"beta"_s, u"openai"_s, beta.baseUrl(u"/v1"_s), betaKey);
    QVERIFY(proxy.start());
    compareServedByBeta(ask(proxy.port(), postJson(chatPath, payload::chat(true))), speeches()[0].second);
    QCOMPARE(proxy.outcomes(u"alpha"_s, u"failure"_s), 1);
    QCOMPARE(proxy.failovers(u"tls_timeout"_s), 1);
}

void TestProxyFaults::f3_headerNever()
{
    Scene scene(silent());
    QVERIFY(startWithAlphasFirstByte(scene, 400));
    compareServedByBeta(scene.chat(true), speeches()[0].second);
    QCOMPARE(scene.alpha.count(), 1);
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"failure"_s), 1);
    QCOMPARE(scene.proxy.failovers(u"first_byte_timeout"_s), 1);
    QCOMPARE(scene.proxy.status().value(u"totals"_s).toObject().value(u"possiblyBilledTwice"_s).toInt(), 1);
}

void TestProxyFaults::f3_headerNeverWithoutSecondSend()
{
    // Setting off: a generation that may be under way is not sent to anyone else.
    Scene scene(silent());
    scene.proxy.set(u"timeouts"_s, u"firstByteMs"_s, 400).set(u"proxy"_s, u"failoverAfterSend"_s, false);
    QVERIFY(scene.start());
    const Answer got = scene.chat(true);
    QCOMPARE(got.status(), 504);
    QVERIFY2(got.body.toLower().contains("first byte"), got.body.constData());
    QCOMPARE(scene.beta.count(), 0);
    // Everything else that is not idempotent is never sent twice, whatever the setting.
    Scene other(silent());
    other.proxy.set(u"timeouts"_s, u"defaultMs"_s, 400);
    QVERIFY(other.start());
    const Answer stored = other.ask(postJson("/v1/vector_stores", "{}"));
    QCOMPARE(stored.status(), 504);
    QCOMPARE(other.beta.count(), 0);
}

void TestProxyFaults::f4_headersThenSilence()
{
    Scene scene([](Turn &turn) {
        turn.startEvents();
        turn.waitUntilPeerCloses(std::chrono::minutes(5));
    });
    QVERIFY(startWithAlphasFirstByte(scene, 600));
    compareServedByBeta(scene.chat(true), speeches()[0].second);
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"failure"_s), 1);
}

void TestProxyFaults::f5_errorAsFirstEvent()
{
    QFETCH(int, speech);
    const Speech &said = speeches()[static_cast<std::size_t>(speech)].second;
    Scene scene(events({ ": comment\n\n", said.errorEvent }));
    QVERIFY(scene.start(said.dialect));
    compareServedByBeta(askIn(scene, said), said);
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"failure"_s), 1);
}

void TestProxyFaults::f5_errorAfterLifecycleEvents()
{
    const Speech &said = speeches()[2].second;
    Scene scene(events({ said.stream[0], said.stream[1], said.errorEvent }));
    QVERIFY(scene.start(said.dialect));
    compareServedByBeta(askIn(scene, said), said);
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"failure"_s), 1);
}

void TestProxyFaults::f6_emptyAnswer_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::newRow("event stream without events")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "0\r\n\r\n");
    QTest::newRow("only comments") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        "6\r\n: hi\n\n\r\n0\r\n\r\n");
    QTest::newRow("no bytes") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("web page") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 28\r\n\r\n"
        "<html><body>Log in</body></a");
}

void TestProxyFaults::f6_emptyAnswer()
{
    QFETCH(QByteArray, raw);
    Scene scene([raw](Turn &turn) { turn.send(raw); });
    QVERIFY(scene.start());
    compareServedByBeta(scene.chat(true), speeches()[0].second);
    QCOMPARE(scene.alpha.count(), 1);
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"failure"_s), 1);
}

void TestProxyFaults::f7_cutAfterEvents_data()
{
    QTest::addColumn<int>("speech");
    QTest::addColumn<bool>("reset");
    for (std::size_t i = 0; i < speeches().size(); ++i) {
        for (const bool reset : { false, true }) {
            QTest::addRow("%s %s", speeches()[i].first, reset ? "reset" : "closed") << static_cast<int>(i) << reset;
        }
    }
}

void TestProxyFaults::f7_cutAfterEvents()
{
    QFETCH(int, speech);
    QFETCH(bool, reset);
    const Speech &said = speeches()[static_cast<std::size_t>(speech)].second;
    const std::size_t count = said.stream.size() - 1;
    Scene scene(cutEvents(said.stream, count, reset ? Ending::Reset : Ending::Close));
    QVERIFY(scene.start(said.dialect));
    const Answer got = askIn(scene, said);
    QCOMPARE(got.status(), 200);
    QVERIFY2(got.end == BodyEnd::Cut, got.summary().constData());
    std::vector<QByteArray> sent = said.stream;
    sent.pop_back();
    QVERIFY2(got.body.startsWith(payload::joined(sent)), got.body.constData());
    const QByteArray rest = got.body.mid(payload::joined(sent).size());
    QVERIFY2(rest.contains(said.errorMark) && rest.contains("error"), rest.constData());
    QCOMPARE(scene.beta.count(), 0);
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"failure"_s) == 1; }));
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"success"_s), 0);
    QCOMPARE(scene.proxy.status().value(u"totals"_s).toObject().value(u"truncatedStreams"_s).toInt(), 1);
}

void TestProxyFaults::f7_missingTerminalEventIsACut()
{
    // HTTP says that all is well; the dialect says that the end is missing.
    for (const auto &[name, said] : speeches()) {
        std::vector<QByteArray> list = said.stream;
        list.resize(list.size() - (said.target == chatPath ? 2 : 1));
        Scene scene(events(list));
        QVERIFY(scene.start(said.dialect));
        const Answer got = askIn(scene, said);
        QCOMPARE(got.status(), 200);
        QVERIFY2(got.end == BodyEnd::Cut, name);
        QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"failure"_s) == 1; }));
    }
}

void TestProxyFaults::f8_stallMidStream()
{
    QFETCH(int, speech);
    const Speech &said = speeches()[static_cast<std::size_t>(speech)].second;
    Scene scene(cutEvents(said.stream, said.stream.size() - 1, Ending::Stall));
    scene.proxy.set(u"timeouts"_s, u"idleMs"_s, 500);
    QVERIFY(scene.start(said.dialect));
    const Answer got = askIn(scene, said);
    QCOMPARE(got.status(), 200);
    QVERIFY2(got.end == BodyEnd::Cut, got.summary().constData());
    QVERIFY2(got.body.toLower().contains("idle"), got.body.constData());
    QVERIFY2(got.body.contains(said.errorMark), got.body.constData());
    QCOMPARE(scene.beta.count(), 0);
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"failure"_s) == 1; }));
}

void TestProxyFaults::f9_throttled_data()
{
    QTest::addColumn<QByteArray>("hint");
    QTest::addColumn<int>("leastMs");
    QTest::addColumn<int>("mostMs");
    QTest::newRow("seconds") << QByteArray("60") << 1000 << 60000;
    QTest::newRow("absurd") << QByteArray("9999999") << 590000 << 600000;
    QTest::newRow("date") << QByteArray("date") << 1000 << 31000;
    QTest::newRow("garbage") << QByteArray("soon") << 0 << 1000;
}

void TestProxyFaults::f9_throttled()
{
    QFETCH(QByteArray, hint);
    QFETCH(int, leastMs);
    QFETCH(int, mostMs);
    Scene scene(fails(429, { { "Retry-After", hint == "date" ? httpDate(30) : hint } }));
    QVERIFY(scene.start());
    compareServedByBeta(scene.chat(true), speeches()[0].second);
    const QJsonObject alpha = scene.proxy.providerStatus(u"alpha"_s);
    const QJsonObject breaker = alpha.value(u"breaker"_s).toObject();
    QCOMPARE(breaker.value(u"state"_s).toString(), u"CLOSED"_s);
    QCOMPARE(alpha.value(u"outcomes"_s).toObject().value(u"throttled"_s).toInt(), 1);
    QCOMPARE(alpha.value(u"outcomes"_s).toObject().value(u"failure"_s).toInt(), 0);
    const int wait = breaker.value(u"retryInMs"_s).toInt();
    QVERIFY2(wait >= leastMs && wait <= mostMs, QByteArray::number(wait).constData());
    if (leastMs > 0) {
        QCOMPARE(scene.chat().header("x-signalbox-attempts"), QByteArray("1"));
        QCOMPARE(scene.alpha.count(), 1);
    }
}

void TestProxyFaults::f9_throttledProviderComesBack()
{
    Scene scene(fails(429, { { "Retry-After", "1" } }));
    QVERIFY(scene.start());
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
    scene.alpha.setScript(healthy("alpha"));
    QVERIFY(waitUntil([&] { return scene.chat().header("x-signalbox-provider") == "alpha"; }));
}

void TestProxyFaults::f9_allThrottledPassesTheHint()
{
    Scene scene(fails(429, { { "Retry-After", "7" } }, R"({"error":{"message":"slow down","code":"rate_limit"}})"));
    QVERIFY(scene.startAlone());
    const Answer got = scene.chat();
    QCOMPARE(got.status(), 429);
    QCOMPARE(got.header("retry-after"), QByteArray("7"));
    QVERIFY(got.body.contains("slow down"));
}

void TestProxyFaults::f10_serverErrors_data()
{
    QTest::addColumn<int>("status");
    for (const int status : { 408, 500, 502, 503, 504, 520, 522, 524, 529 })
        QTest::newRow(QByteArray::number(status).constData()) << status;
}

void TestProxyFaults::f10_serverErrors()
{
    QFETCH(int, status);
    Scene scene(fails(status, { { "Content-Type", "text/html" } }, "<html>bad</html>"));
    QVERIFY(scene.start());
    compareServedByBeta(scene.chat(true), speeches()[0].second);
    QCOMPARE(scene.alpha.count(), 1);
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"failure"_s), 1);
    QCOMPARE(scene.proxy.failovers(u"status_%1"_s.arg(status)), 1);
    // It was sent and then sent again to another: the log says so.
    QVERIFY(waitUntil([&] { return scene.proxy.errors().contains("\"possiblyBilled\":true"); }));
    // With nobody else, the provider's status in the dialect's own shape.
    const Answer alone = scene.ask(postJson("/providers/alpha" + chatPath, payload::chat(true)));
    QCOMPARE(alone.status(), status);
    QVERIFY2(alone.json().contains(u"error"_s), alone.summary().constData());
}

void TestProxyFaults::f11_credentialRefused_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("401") << 401 << QByteArray(R"({"error":{"message":"bad key"}})");
    QTest::newRow("402") << 402 << QByteArray(R"({"error":{"message":"pay"}})");
    QTest::newRow("quota") << 429 << QByteArray(R"({"error":{"message":"quota","code":"insufficient_quota"}})");
}

void TestProxyFaults::f11_credentialRefused()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    Scene scene(fails(status, {}, body));
    QVERIFY(scene.start());
    for (int i = 0; i < 2; ++i)
        compareServedByBeta(scene.chat(true), speeches()[0].second);
    const QJsonObject alpha = scene.proxy.providerStatus(u"alpha"_s);
    QCOMPARE(alpha.value(u"authBlocked"_s).toBool(), true);
    QCOMPARE(alpha.value(u"outcomes"_s).toObject().value(u"ignored"_s).toInt(), 2);
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("CLOSED"));
    // Last, not excluded.
    QCOMPARE(scene.chat().header("x-signalbox-attempts"), QByteArray("1"));
    QCOMPARE(scene.alpha.count(), 2);
    scene.beta.setScript(fails(503));
    scene.alpha.setScript(healthy("alpha"));
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("alpha"));
    QCOMPARE(scene.proxy.providerStatus(u"alpha"_s).value(u"authBlocked"_s).toBool(), false);
}

void TestProxyFaults::f11_forbiddenNeverBlocks()
{
    Scene scene(fails(403));
    QVERIFY(scene.start());
    for (int i = 0; i < 3; ++i)
        compareServedByBeta(scene.chat(true), speeches()[0].second);
    QCOMPARE(scene.alpha.count(), 3);
    QCOMPARE(scene.proxy.providerStatus(u"alpha"_s).value(u"authBlocked"_s).toBool(), false);
}

void TestProxyFaults::f12_missingModelPasses()
{
    const QByteArray body = R"({"error":{"message":"no such model","code":"model_not_found"}})";
    Scene scene(fails(404, {}, body));
    QVERIFY(scene.start());
    for (int i = 0; i < 12; ++i) {
        const Answer got = scene.chat();
        QCOMPARE(got.status(), 404);
        QCOMPARE(got.body, body);
    }
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("CLOSED"));
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"ignored"_s), 12);
    QCOMPARE(scene.beta.count(), 0);
}

void TestProxyFaults::allFailedGivesTheMostUsefulError()
{
    const QByteArray told = R"({"error":{"message":"the quota of this minute is used up","type":"requests"}})";
    Scene scene(fails(429, { { "Retry-After", "3" } }, told), closes());
    QVERIFY(scene.start());
    const Answer got = scene.chat();
    QCOMPARE(got.status(), 429);
    QVERIFY2(got.body.contains("used up"), got.body.constData());
    QVERIFY(got.json().contains(u"error"_s));
    QCOMPARE(got.header("x-signalbox-attempts"), QByteArray("2"));
    QCOMPARE(got.header("retry-after"), QByteArray("3"));
}

void TestProxyFaults::f19_signedBodyIsByteExactForBoth()
{
    const QByteArray signature(200000, 'S');
    const QByteArray body = "{\"model\" : \"claude-test\",\r\n \"messages\":[{\"role\":\"assistant\",\"content\":[{"
                            "\"type\":\"thinking\",\"thinking\":\"caf\\u00e9 \xe2\x82\xac \\/ \\ud83d\\ude00\","
                            "\"signature\":\"" +
        signature + "==\"}]}], \"max_tokens\":1e3 ,\"temperature\":1.0}\n\n";
    Scene scene(fails(529));
    QVERIFY(scene.start(u"anthropic"_s));
    QCOMPARE(scene.ask(postJson(messagesPath, body)).status(), 200);
    QVERIFY(scene.alpha.requests("POST").front().body == body);
    QVERIFY(scene.beta.requests("POST").front().body == body);
}

void TestProxyFaults::f22_encodedStreams_data()
{
    QTest::addColumn<QByteArray>("coding");
    QTest::newRow("gzip") << QByteArray("gzip");
    QTest::newRow("br") << QByteArray("br");
}

namespace {

Script encodedEvents(const QByteArray &coding, const std::vector<QByteArray> &list, bool whole = true)
{
    const std::vector<QByteArray> pieces = coding == "gzip" ? gzipPieces(list) : brotliPieces(list);
    return [coding, pieces, whole](Turn &turn) {
        turn.startChunked(200, { { "Content-Type", "text/event-stream" }, { "Content-Encoding", coding } });
        for (std::size_t i = 0; i < pieces.size() - (whole ? 0 : 2); ++i)
            turn.chunk(pieces[i]);
        if (whole)
            return turn.endChunks();
        turn.pause(milliseconds(100));
        turn.close();
    };
}

} // namespace

void TestProxyFaults::f22_encodedStreams()
{
    QFETCH(QByteArray, coding);
    const std::vector<QByteArray> list = payload::chatEvents("first");
    Scene scene(encodedEvents(coding, list));
    QVERIFY(scene.start());
    const Answer got = scene.ask(postJson(chatPath, payload::chat(true), { { "Accept-Encoding", coding } }));
    QVERIFY2(got.isComplete(), got.summary().constData());
    QCOMPARE(got.header("content-encoding"), coding);
    QCOMPARE(got.body, payload::joined(coding == "gzip" ? gzipPieces(list) : brotliPieces(list)));
    QCOMPARE(scene.alpha.requests("POST").front().head.headers.value("accept-encoding"), coding);
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"success"_s) == 1; }));
}

void TestProxyFaults::f22_errorInsideEncodedStream()
{
    Scene scene(encodedEvents("gzip", { speeches()[0].second.errorEvent }));
    QVERIFY(scene.start());
    compareServedByBeta(scene.chat(true), speeches()[0].second);
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"failure"_s), 1);
}

void TestProxyFaults::f22_cutEncodedStream()
{
    const std::vector<QByteArray> list = payload::chatEvents("first");
    Scene scene(encodedEvents("gzip", list, false));
    QVERIFY(scene.start());
    const Answer got = scene.chat(true);
    QVERIFY2(got.end == BodyEnd::Cut, got.summary().constData());
    // Nothing readable can be put into a compressed stream: what came is a pure prefix.
    QVERIFY(payload::joined(gzipPieces(list)).startsWith(got.body));
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"failure"_s) == 1; }));
}

void TestProxyFaults::aRefusalIsNotBilled_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("billedTwice");
    for (const int status : { 401, 402, 403, 429 })
        QTest::addRow("%d", status) << status << 0;
    QTest::newRow("500") << 500 << 1;
}

void TestProxyFaults::aRefusalIsNotBilled()
{
    QFETCH(int, status);
    Scene scene([status](Turn &turn) { turn.answer(status, "{\"error\":{\"message\":\"scripted\"}}"); },
                healthy("beta"));
    QVERIFY(scene.start());
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
    QTEST(scene.proxy.status().value(u"totals"_s).toObject().value(u"possiblyBilledTwice"_s).toInt(), "billedTwice");
}

QTEST_GUILESS_MAIN(TestProxyFaults)
#include "tst_proxy_faults.moc"
