// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold on the wire between the proxy and a provider, whatever the provider does.
#include "tests/support/scene.h"

#include <QTest>

#include <sys/socket.h>

using namespace signalbox;
using namespace signalbox::test;
using namespace Qt::Literals::StringLiterals;

namespace {

#if defined(__SANITIZE_ADDRESS__)
// Freed memory waits in the sanitizer's quarantine, so what it keeps says little.
constexpr qint64 allowedGrowthKiB = 400 * 1024;
#else
constexpr qint64 allowedGrowthKiB = 4 * 1024;
#endif

/// A way in which a connection ends instead of an answer.
struct Mishap
{
    const char *name;
    Script script;
    bool afterHead; ///< the client may already have a part
};

std::vector<Mishap> mishaps()
{
    return {
        { "close", closes(), false },
        { "reset", resets(), false },
        { "half head then close",
          [](Turn &turn) {
              turn.send("HTTP/1.1 200 OK\r\nContent-Le");
              turn.close();
          },
          false },
        { "half head then reset",
          [](Turn &turn) {
              turn.send("HTTP/1.1 200 OK\r\nContent-Le");
              turn.pause(milliseconds(50));
              turn.reset();
          },
          false },
        { "not HTTP",
          [](Turn &turn) {
              turn.send("SSH-2.0-OpenSSH_9.2p1 Debian\r\n");
              turn.close();
          },
          false },
        { "short body",
          [](Turn &turn) {
              turn.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":\"x");
              turn.pause(milliseconds(50));
              turn.close();
          },
          true },
        { "malformed chunk",
          [](Turn &turn) {
              turn.startChunked(200, { { "Content-Type", "application/json" } });
              turn.chunk("{\"id\":\"x\",\"choices\":[]");
              turn.pause(milliseconds(50));
              turn.send("zz\r\nworld\r\n0\r\n\r\n");
          },
          true },
        { "cut between chunks",
          [](Turn &turn) {
              turn.startChunked(200, { { "Content-Type", "application/json" } });
              turn.chunk("{\"id\":\"x\",\"choices\":[]");
              turn.pause(milliseconds(50));
              turn.close();
          },
          true },
    };
}

/// Keep-alive first, the mishap on the connection's second request.
Script onReuse(const Script &mishap)
{
    return [mishap](Turn &turn) {
        if (turn.seen().body.contains("again"))
            mishap(turn);
        else
            turn.answer(200, payload::chatAnswer("fine"));
    };
}

/// Accepts no more connections: its queue is full, so the next one gets no answer at all.
struct FullListener
{
    FullListener() : listener(RawSocket::listenOnAnyPort())
    {
        ::listen(listener.descriptor(), 0);
        waiting.push_back(RawSocket::connectTo(listener.localPort()));
    }
    RawSocket listener;
    std::vector<RawSocket> waiting;
};

} // namespace

class TestProxyWire : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void postIsSeenOnce_data();
    void postIsSeenOnce();
    void secondProviderTakesOver_data();
    void secondProviderTakesOver();
    void untrustedCertificateIsRefused();
    void manyStreamsAtOnce();
    void malformedChunkCutsTheStream();
    void shortBodyIsNeverComplete();
    void slowClientCostsNoMemory();
    void abortReachesTheProvider_data();
    void abortReachesTheProvider();
    void cookiesDoNotCross();
    void timeoutIsNamed_data();
    void timeoutIsNamed();
    void ownTotalLeavesTimeForAnother();
    void ownTotalEndsAStream();
    void connectTimeoutIsNamed();

private:
    QTemporaryDir m_folder;
    Certificate m_certificate;
};

void TestProxyWire::initTestCase()
{
    m_certificate = makeCertificate(m_folder.path());
    QVERIFY2(!m_certificate.keyFile.isEmpty(), "the openssl command is needed");
}

void TestProxyWire::postIsSeenOnce_data()
{
    QTest::addColumn<int>("mishap");
    QTest::addColumn<bool>("secure");
    QTest::addColumn<bool>("reused");
    const std::vector<Mishap> all = mishaps();
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const bool secure : { false, true }) {
            for (const bool reused : { false, true }) {
                QTest::addRow("%s, %s, %s", all[i].name, secure ? "https" : "http", reused ? "reused" : "fresh")
                    << static_cast<int>(i) << secure << reused;
            }
        }
    }
}

void TestProxyWire::postIsSeenOnce()
{
    QFETCH(int, mishap);
    QFETCH(bool, secure);
    QFETCH(bool, reused);
    const Mishap what = mishaps()[static_cast<std::size_t>(mishap)];
    FakeProvider alpha(reused ? onReuse(what.script) : what.script, secure ? m_certificate : Certificate {});
    ProxyProcess proxy;
    proxy.provider(u"alpha"_s, u"openai"_s, alpha.baseUrl(u"/v1"_s), alphaKey,
                   secure ? QJsonObject { { u"caFile"_s, m_certificate.certificateFile } } : QJsonObject {});
    QVERIFY(proxy.start());
    if (reused) {
        QCOMPARE(ask(proxy.port(), postJson(chatPath, payload::chat())).status(), 200);
        alpha.forgetRequests();
    }
    const Answer got = ask(proxy.port(), postJson(chatPath, R"({"model":"m","again":1})"));
    const bool visible = got.status() >= 500 || (what.afterHead && got.end == BodyEnd::Cut);
    QVERIFY2(visible, got.summary().constData());
    QTest::qSleep(100); // a second copy would come by itself
    QCOMPARE(alpha.count(), 1);
    QCOMPARE(alpha.connections(), 1);
}

void TestProxyWire::secondProviderTakesOver_data()
{
    postIsSeenOnce_data();
}

void TestProxyWire::secondProviderTakesOver()
{
    QFETCH(int, mishap);
    QFETCH(bool, secure);
    QFETCH(bool, reused);
    const Mishap what = mishaps()[static_cast<std::size_t>(mishap)];
    const Certificate certificate = secure ? m_certificate : Certificate {};
    FakeProvider alpha(reused ? onReuse(what.script) : what.script, certificate);
    FakeProvider beta(healthy("beta"), certificate);
    ProxyProcess proxy;
    const QJsonObject trust = secure ? QJsonObject { { u"caFile"_s, m_certificate.certificateFile } } : QJsonObject {};
    proxy.provider(u"alpha"_s, u"openai"_s, alpha.baseUrl(u"/v1"_s), alphaKey, trust);
    proxy.provider(u"beta"_s, u"openai"_s, beta.baseUrl(u"/v1"_s), betaKey, trust);
    QVERIFY(proxy.start());
    if (reused) {
        QCOMPARE(ask(proxy.port(), postJson(chatPath, payload::chat())).header("x-signalbox-provider"),
                 QByteArray("alpha"));
        alpha.forgetRequests();
    }
    const QByteArray body = R"({"model":"m","again":1})";
    const Answer got = ask(proxy.port(), postJson(chatPath, body));
    if (!what.afterHead || got.status() != 200 || got.isComplete()) {
        QVERIFY2(got.status() == 200 && got.isComplete(), got.summary().constData());
        QCOMPARE(got.body, payload::chatAnswer("beta"));
        QCOMPARE(got.header("x-signalbox-attempts"), QByteArray("2"));
        QCOMPARE(beta.count(), 1);
        QVERIFY(beta.requests("POST").front().body == body);
    } else {
        QCOMPARE(got.end, BodyEnd::Cut); // its first byte was out already
        QCOMPARE(beta.count(), 0);
    }
    QCOMPARE(alpha.count(), 1);
}

void TestProxyWire::untrustedCertificateIsRefused()
{
    FakeProvider alpha(healthy("alpha"), m_certificate);
    ProxyProcess proxy;
    proxy.provider(u"alpha"_s, u"openai"_s, alpha.baseUrl(u"/v1"_s), alphaKey);
    QVERIFY(proxy.start());
    const Answer got = ask(proxy.port(), postJson(chatPath, payload::chat()));
    QCOMPARE(got.status(), 502);
    QVERIFY2(got.body.toLower().contains("certificate"), got.body.constData());
    QVERIFY(alpha.requests().empty());
}

void TestProxyWire::manyStreamsAtOnce()
{
    constexpr int many = 64;
    const std::vector<QByteArray> list = payload::chatEvents("hello");
    FakeProvider *provider = nullptr;
    Scene scene([&](Turn &turn) {
        turn.startEvents();
        turn.chunk(list[0]);
        turn.chunk(list[1]);
        // None ends before all have begun.
        provider->waitForCount(many);
        for (std::size_t i = 2; i < list.size(); ++i)
            turn.chunk(list[i]);
        turn.endChunks();
    });
    provider = &scene.alpha;
    QVERIFY(scene.startAlone());
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < many; ++i) {
        clients.push_back(std::make_unique<HttpClient>(scene.proxy.port()));
        QVERIFY(clients.back()->send(postJson(chatPath, payload::chat(true))));
    }
    for (const auto &client : clients) {
        const Answer got = client->readAnswer();
        QVERIFY2(got.status() == 200 && got.isComplete(), got.summary().constData());
        QCOMPARE(got.body, payload::joined(list));
    }
    QCOMPARE(scene.alpha.count(), many);
}

void TestProxyWire::malformedChunkCutsTheStream()
{
    const std::vector<QByteArray> list = payload::chatEvents("hello");
    Scene scene([list](Turn &turn) {
        turn.startEvents();
        turn.chunk(list[0]);
        turn.chunk(list[1]);
        turn.pause(milliseconds(100));
        turn.send("-5\r\nworld\r\n0\r\n\r\n");
    });
    QVERIFY(scene.start());
    const Answer got = scene.chat(true);
    QVERIFY2(got.end == BodyEnd::Cut, got.summary().constData());
    QVERIFY(got.body.startsWith(payload::joined({ list[0], list[1] })));
    QVERIFY(!got.body.contains("world"));
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"failure"_s) == 1; }));
}

void TestProxyWire::shortBodyIsNeverComplete()
{
    const QByteArray part(200000, 'p');
    Scene scene([part](Turn &turn) {
        turn.send("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 300000\r\n\r\n" + part);
        turn.pause(milliseconds(100));
        turn.close();
    });
    QVERIFY(scene.startAlone());
    const Answer got = scene.ask(request("GET", "/v1/files/file_1/content"));
    QCOMPARE(got.status(), 200);
    QVERIFY2(got.end == BodyEnd::Cut, "a short body must not look whole");
    QVERIFY(got.body == part);
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"failure"_s) == 1; }));
}

void TestProxyWire::slowClientCostsNoMemory()
{
    constexpr qint64 size = 60 << 20;
    std::atomic<qint64> sent { 0 };
    Scene scene([&](Turn &turn) {
        if (turn.path() != "/v1/files/big/content")
            return healthy("warm")(turn);
        turn.send("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: " +
                  QByteArray::number(size) + "\r\n\r\n");
        const QByteArray block(65536, 'b');
        while (sent < size && turn.send(block))
            sent += block.size();
    });
    QVERIFY(scene.startAlone());
    for (int i = 0; i < 20; ++i)
        QCOMPARE(scene.chat(i % 2 == 0).status(), 200);
    const qint64 before = scene.proxy.residentKiB();
    HttpClient client(scene.proxy.port(), 4096);
    client.send(request("GET", "/v1/files/big/content"));
    QVERIFY(client.readHead());
    qint64 peak = 0;
    // The client reads nothing for a while; what the provider can push must come to a halt.
    qint64 lastSent = -1;
    QVERIFY(waitUntil([&] {
        peak = std::max(peak, scene.proxy.residentKiB());
        QTest::qSleep(300);
        return std::exchange(lastSent, sent.load()) == sent && sent > 0;
    }));
    QVERIFY2(sent < size, "nothing holds the provider back");
    qint64 got = 0;
    while (const auto piece = client.readPiece()) {
        got += piece->size();
        if ((got & 0xfffff) < piece->size())
            peak = std::max(peak, scene.proxy.residentKiB());
    }
    QCOMPARE(client.end(), BodyEnd::Complete);
    QCOMPARE(got, size);
    const QByteArray growth = "resident memory grew by " + QByteArray::number(peak - before) + " KiB";
    QVERIFY2(peak - before <= allowedGrowthKiB, growth.constData());
}

void TestProxyWire::abortReachesTheProvider_data()
{
    QTest::addColumn<bool>("afterFirstByte");
    QTest::newRow("before the first byte") << false;
    QTest::newRow("during the stream") << true;
}

void TestProxyWire::abortReachesTheProvider()
{
    QFETCH(bool, afterFirstByte);
    std::atomic<bool> closed { false };
    Scene scene([&](Turn &turn) {
        if (afterFirstByte) {
            turn.startEvents();
            turn.chunk(payload::chatEvents("hello")[1]);
        }
        closed = turn.waitUntilPeerCloses().has_value();
    });
    QVERIFY(scene.startAlone());
    HttpClient client(scene.proxy.port());
    client.send(postJson(chatPath, payload::chat(true)));
    QVERIFY(scene.alpha.waitForCount(1));
    if (afterFirstByte)
        QVERIFY(client.readHead() && client.readPiece());
    QTest::qSleep(100);
    QVERIFY(!closed);
    client.socket().close();
    // Every time limit of the proxy's own is far longer than this waits.
    QVERIFY2(waitUntil([&] { return closed.load(); }), "the provider must not go on for nobody");
}

void TestProxyWire::cookiesDoNotCross()
{
    Scene scene(fails(200, { { "Set-Cookie", "sid=first-client; Path=/" } }, payload::chatAnswer("hello")));
    QVERIFY(scene.startAlone());
    QCOMPARE(scene.ask(postJson(chatPath, payload::chat(), { { "Cookie", "own=1" } })).status(), 200);
    const Answer second = scene.chat();
    QCOMPARE(second.status(), 200);
    QVERIFY(!second.head.headers.contains("set-cookie"));
    for (const SeenRequest &seen : scene.alpha.requests())
        QVERIFY(!seen.head.headers.contains("cookie"));
}

void TestProxyWire::timeoutIsNamed_data()
{
    QTest::addColumn<QString>("setting");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QByteArray>("phase");
    QTest::newRow("first byte of a stream") << u"firstByteMs"_s << true << QByteArray("first byte");
    QTest::newRow("a whole answer") << u"responseMs"_s << false << QByteArray("first byte");
    QTest::newRow("total") << u"totalMs"_s << true << QByteArray("total");
    QTest::newRow("TLS") << u"tlsMs"_s << false << QByteArray("tls");
}

void TestProxyWire::timeoutIsNamed()
{
    QFETCH(QString, setting);
    QFETCH(bool, stream);
    QFETCH(QByteArray, phase);
    Scene scene(silent());
    scene.proxy.set(u"timeouts"_s, setting, 500);
    QString base = scene.alpha.baseUrl(u"/v1"_s);
    if (phase == "tls")
        base.replace(u"http:"_s, u"https:"_s);
    scene.proxy.provider(u"alpha"_s, u"openai"_s, base, alphaKey);
    QVERIFY(scene.proxy.start());
    const Answer got = scene.chat(stream);
    QVERIFY2(got.status() == 504 || got.status() == 502, got.summary().constData());
    QVERIFY2(got.body.toLower().contains(phase), got.body.constData());
    QVERIFY(got.json().contains(u"error"_s));
}

void TestProxyWire::ownTotalLeavesTimeForAnother()
{
    Scene scene(silent());
    scene.proxy.provider(u"alpha"_s, u"openai"_s, scene.alpha.baseUrl(u"/v1"_s), alphaKey,
                         { { u"timeouts"_s, QJsonObject { { u"totalMs"_s, 400 } } } });
    scene.proxy.provider(u"beta"_s, u"openai"_s, scene.beta.baseUrl(u"/v1"_s), betaKey);
    QVERIFY(scene.proxy.start());
    const Answer got = scene.chat();
    QCOMPARE(got.status(), 200);
    QCOMPARE(got.header("x-signalbox-provider"), "beta");
    QCOMPARE(got.header("x-signalbox-attempts"), "2");
}

void TestProxyWire::ownTotalEndsAStream()
{
    Scene scene(cutEvents(payload::chatEvents("one two three"), 2, Ending::Stall));
    scene.proxy.set(u"timeouts"_s, u"totalMs"_s, 60000);
    scene.proxy.provider(u"alpha"_s, u"openai"_s, scene.alpha.baseUrl(u"/v1"_s), alphaKey,
                         { { u"timeouts"_s, QJsonObject { { u"totalMs"_s, 700 } } } });
    QVERIFY(scene.proxy.start());
    const Answer got = scene.chat(true);
    QCOMPARE(got.status(), 200);
    QVERIFY2(got.body.toLower().contains("total"), got.body.constData());
    QVERIFY(!got.isComplete());
}

void TestProxyWire::connectTimeoutIsNamed()
{
    const FullListener full;
    ProxyProcess proxy;
    proxy.set(u"timeouts"_s, u"connectMs"_s, 400);
    proxy.provider(u"alpha"_s, u"openai"_s, u"http://127.0.0.1:%1/v1"_s.arg(full.listener.localPort()), alphaKey);
    QVERIFY(proxy.start());
    const Answer got = ask(proxy.port(), postJson(chatPath, payload::chat()));
    QVERIFY2(got.status() == 504 || got.status() == 502, got.summary().constData());
    QVERIFY2(got.body.toLower().contains("connect"), got.body.constData());
}

QTEST_GUILESS_MAIN(TestProxyWire)
#include "tst_proxy_wire.moc"
