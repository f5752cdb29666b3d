// SPDX-License-Identifier: GPL-3.0-or-later
// Clients that are too big, too slow or too many.
#include "tests/support/scene.h"

#include <QTest>

#include <atomic>

using namespace signalbox;
using namespace signalbox::test;
using namespace Qt::Literals::StringLiterals;

class TestProxyLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bigGenerationBodyIsRefused_data();
    void bigGenerationBodyIsRefused();
    void refusedBodyIsNotWaitedFor();
    void refusedRequestEndsWithItsAnswer();
    void allBodiesTogetherAreBounded();
    void longHeadIsRefused();
    void manyFieldsAreRefused();
    void longTargetIsRefused();
    void slowHeadIsCut();
    void silentBodyIsCut();
    void drippingBodyIsCut();
    void connectionsAreCapped();
    void halfClosedClientCountsAsGone();
    void vanishedUploadIsNotForwarded();
    void brokenRequestIsRefusedAndClosed_data();
    void brokenRequestIsRefusedAndClosed();
    void unreadBodyDoesNotBecomeARequest();
};

void TestProxyLimits::bigGenerationBodyIsRefused_data()
{
    QTest::addColumn<bool>("declared");
    QTest::newRow("declared length") << true;
    QTest::newRow("chunked") << false;
}

void TestProxyLimits::bigGenerationBodyIsRefused()
{
    QFETCH(bool, declared);
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"limits"_s, u"bodyBytes"_s, 100000);
    QVERIFY(scene.startAlone());
    const QByteArray body = "{\"model\":\"m\",\"pad\":\"" + QByteArray(200000, 'x') + "\"}";
    const QByteArray bytes = declared
        ? postJson(chatPath, body)
        : postJson(chatPath, chunked({ body.first(50000), body.mid(50000) }), { { "Transfer-Encoding", "chunked" } });
    const Answer got = scene.ask(bytes);
    QCOMPARE(got.status(), 413);
    QVERIFY(got.json().contains(u"error"_s));
    QVERIFY(scene.alpha.requests().empty());
    QCOMPARE(scene.chat().status(), 200);
}

void TestProxyLimits::refusedBodyIsNotWaitedFor()
{
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"limits"_s, u"bodyBytes"_s, 100000);
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(request("POST", chatPath, {}, { { "Content-Length", "10000000" } }) + QByteArray(200000, 'x'));
    QCOMPARE(client.readAnswer().status(), 413);
    QVERIFY(client.waitForClose());
}

void TestProxyLimits::refusedRequestEndsWithItsAnswer()
{
    // The body has come with the head, so the end must not wait for it, nor be a reset that could take the answer
    // along.
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(postJson(chatPath, payload::chat(), { { "Content-Type", "text/plain" } }) + postJson(chatPath, "{}"));
    QCOMPARE(client.readAnswer().status(), 415);
    QByteArray more;
    QCOMPARE(client.socket().receive(more, milliseconds(1500)), ReadResult::End);
    QCOMPARE(more, QByteArray());
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxyLimits::allBodiesTogetherAreBounded()
{
    std::atomic_bool released = false;
    Scene scene([&released](Turn &turn) {
        while (!released)
            turn.pause(milliseconds(10));
        healthy("alpha")(turn);
    });
    scene.proxy.set(u"limits"_s, u"bodyBytes"_s, 300000).set(u"limits"_s, u"allBodiesBytes"_s, 500000);
    QVERIFY(scene.startAlone());
    const QByteArray body = "{\"model\":\"m\",\"pad\":\"" + QByteArray(250000, 'x') + "\"}";
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<HttpClient>(scene.proxy.port()));
        clients.back()->send(postJson(chatPath, body));
        if (i < 1)
            QVERIFY(scene.alpha.waitForCount(1));
    }
    // Of the other two the first to have its body whole would be one too many already.
    const int second = clients[1]->readAnswer().status();
    const int third = clients[2]->readAnswer().status();
    released = true;
    QCOMPARE(second, 503);
    QCOMPARE(third, 503);
    QCOMPARE(clients[0]->readAnswer().status(), 200);
    QCOMPARE(scene.chat().status(), 200);
}

void TestProxyLimits::longHeadIsRefused()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    HeaderList fields;
    for (int i = 0; i < 100; ++i)
        fields.append("X-Long-" + QByteArray::number(i), QByteArray(1000, 'h'));
    client.send(postJson(chatPath, payload::chat(), fields));
    QCOMPARE(client.readAnswer().status(), 431);
    QVERIFY(client.waitForClose());
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxyLimits::manyFieldsAreRefused()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    HeaderList fields;
    for (int i = 0; i < 300; ++i)
        fields.append("X-" + QByteArray::number(i), "v");
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(), fields)).status(), 431);
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxyLimits::longTargetIsRefused()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    QCOMPARE(scene.ask(request("GET", "/v1/models?x=" + QByteArray(40000, 'a'))).status(), 414);
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxyLimits::slowHeadIsCut()
{
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"limits"_s, u"headMs"_s, 700);
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    const Moment start = now();
    QByteArray got;
    client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n");
    // Every piece comes soon; only the whole takes too long.
    while (got.isEmpty() && since(start) < milliseconds(10000)) {
        client.send("X-Slow: 1\r\n");
        client.socket().receive(got, milliseconds(50));
    }
    QVERIFY2(got.startsWith("HTTP/1.1 408 "), got.constData());
    QVERIFY(since(start) >= milliseconds(500));
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxyLimits::silentBodyIsCut()
{
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"limits"_s, u"bodyGapMs"_s, 700);
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(
        request("POST", chatPath, {}, { { "Content-Type", "application/json" }, { "Content-Length", "1000" } }) +
        "{\"model\":");
    const Answer got = client.readAnswer();
    QVERIFY2(got.status() == 408 || got.closed, got.summary().constData());
    QVERIFY(client.waitForClose());
    QVERIFY(scene.alpha.requests("POST").empty());
}

void TestProxyLimits::drippingBodyIsCut()
{
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"limits"_s, u"bodyBytesPerSecond"_s, 1000000);
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(
        request("POST", chatPath, {}, { { "Content-Type", "application/json" }, { "Content-Length", "100000" } }) +
        "{");
    const Moment start = now();
    QByteArray got;
    bool over = false;
    while (!over && since(start) < milliseconds(40000)) {
        client.send(" ");
        const ReadResult result = client.socket().receive(got, milliseconds(100));
        over = !got.isEmpty() || result == ReadResult::End || result == ReadResult::Reset;
    }
    QVERIFY2(over, "a body that drips must be cut by its rate");
    QVERIFY2(got.isEmpty() || got.startsWith("HTTP/1.1 408 "), got.constData());
    QVERIFY(scene.alpha.requests("POST").empty());
}

void TestProxyLimits::connectionsAreCapped()
{
    Scene scene(healthy("alpha"));
    scene.proxy.set(u"limits"_s, u"connections"_s, 20);
    QVERIFY(scene.startAlone());
    std::vector<RawSocket> idle;
    for (int i = 0; i < 40; ++i)
        idle.push_back(RawSocket::connectTo(scene.proxy.port()));
    // Full: nobody is served now, and the process neither dies nor spins.
    HttpClient late(scene.proxy.port());
    late.send(postJson(chatPath, payload::chat()));
    QByteArray early;
    QCOMPARE(late.socket().receive(early, milliseconds(500)), ReadResult::Timeout);
    idle.clear();
    QCOMPARE(late.readAnswer().status(), 200);
    QCOMPARE(scene.chat().status(), 200);
}

void TestProxyLimits::halfClosedClientCountsAsGone()
{
    std::atomic<bool> abandoned { false };
    Scene scene([&](Turn &turn) { abandoned = turn.waitUntilPeerCloses().has_value(); });
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(postJson(chatPath, payload::chat()));
    QVERIFY(scene.alpha.waitForCount(1));
    client.socket().finishSending();
    QVERIFY(waitUntil([&] { return abandoned.load(); }));
}

void TestProxyLimits::vanishedUploadIsNotForwarded()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    {
        HttpClient client(scene.proxy.port());
        const QByteArray whole = postJson(chatPath, payload::chat());
        client.send(whole.chopped(1));
        QTest::qSleep(100);
    }
    QCOMPARE(scene.chat().status(), 200);
    QCOMPARE(scene.alpha.count(), 1);
}

void TestProxyLimits::brokenRequestIsRefusedAndClosed_data()
{
    QTest::addColumn<QByteArray>("raw");
    const QByteArray head = "POST /v1/chat/completions HTTP/1.1\r\n";
    QTest::newRow("no host") << head + "Content-Length: 2\r\n\r\n{}";
    QTest::newRow("two hosts") << head + "Host: localhost\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
    QTest::newRow("space before colon") << head + "Host: localhost\r\nX-A : 1\r\nContent-Length: 2\r\n\r\n{}";
    QTest::newRow("folded") << head + "Host: localhost\r\nX-A: 1\r\n folded\r\nContent-Length: 2\r\n\r\n{}";
    QTest::newRow("both lengths") << head +
            "Host: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    QTest::newRow("differing lengths") << head + "Host: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}";
    QTest::newRow("bare line feed") << head + "Host: localhost\nContent-Length: 2\r\n\r\n{}";
    QTest::newRow("bad chunk") << head + "Host: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n";
    QTest::newRow("huge chunk") << head +
            "Host: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}";
    QTest::newRow("control character") << head +
            QByteArray("Host: localhost\r\nX-A: a\0b\r\nContent-Length: 2\r\n\r\n{}", 50);
    QTest::newRow("HTTP/2 preface") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
}

void TestProxyLimits::brokenRequestIsRefusedAndClosed()
{
    QFETCH(QByteArray, raw);
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(raw);
    const Answer got = client.readAnswer();
    QVERIFY2(got.status() == 400 || got.status() == 413 || got.status() == 505, got.summary().constData());
    QVERIFY(client.waitForClose());
    QVERIFY(scene.alpha.requests().empty());
}

void TestProxyLimits::unreadBodyDoesNotBecomeARequest()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    const QByteArray smuggled = request("GET", "/v1/smuggled");
    client.send(request("POST", chatPath, smuggled, { { "Content-Type", "text/plain" } }) +
                request("GET", "/v1/second"));
    QCOMPARE(client.readAnswer().status(), 415);
    client.readAnswer(false, milliseconds(2000));
    for (const SeenRequest &seen : scene.alpha.requests())
        QVERIFY(seen.head.target() != "/v1/smuggled");
}

QTEST_GUILESS_MAIN(TestProxyLimits)
#include "tst_proxy_limits.moc"
