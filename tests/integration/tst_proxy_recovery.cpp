// SPDX-License-Identifier: GPL-3.0-or-later
// The fault matrix, second half: what the breaker makes of faults over time, and loops.
#include "tests/support/scene.h"

#include <QTest>

#include <QJsonDocument>

using namespace signalbox;
using namespace signalbox::test;
using namespace Qt::Literals::StringLiterals;

namespace {

QJsonObject breakerConfig(int threshold, int timeoutMs)
{
    return { { u"threshold"_s, threshold }, { u"timeoutMs"_s, timeoutMs } };
}

/// Sends events until told to end; counts the streams that the proxy gave up.
class HeldStream
{
public:
    Script script()
    {
        return [this](Turn &turn) {
            const std::vector<QByteArray> list = payload::chatEvents("held");
            turn.startEvents();
            turn.chunk(list[0]);
            turn.chunk(list[1]);
            while (!m_released && turn.isOpen()) {
                if (turn.waitUntilPeerCloses(milliseconds(20)))
                    ++m_abandoned;
            }
            if (!turn.isOpen())
                return;
            if (m_breaks)
                return turn.close();
            turn.chunk(list[3]);
            turn.chunk(list[4]);
            turn.endChunks();
        };
    }
    void release(bool breaks = false)
    {
        m_breaks = breaks;
        m_released = true;
    }
    int abandoned() const { return m_abandoned; }

private:
    std::atomic<bool> m_released { false };
    std::atomic<bool> m_breaks { false };
    std::atomic<int> m_abandoned { 0 };
};

/// A client that has the first event of its stream and waits for more.
struct OpenStream
{
    explicit OpenStream(const ProxyProcess &proxy) : client(proxy.port())
    {
        client.send(postJson(chatPath, payload::chat(true)));
        const auto head = client.readHead();
        started = head && head->status() == 200 && client.readPiece().has_value();
    }
    HttpClient client;
    bool started = false;
};

} // namespace

class TestProxyRecovery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void f13_fastFailureDoesNotAttractTraffic();
    void f14_clientAbortsDoNotOpen();
    void f15_allOpenAnswersAtOnceAndHeals();
    void f15_anotherProviderIsAskedInstead();
    void f16_vanishedProbeFreesItsSlot();
    void f17_lateSuccessDoesNotClose();
    void f17_lateFailureDoesNotOpen();
    void f18_recoversSoonAfterTheFault();
    void f21_baseUrlIsThisProxy_data();
    void f21_baseUrlIsThisProxy();
    void f21_loopThroughAnotherProxy();
    void cleanProviderStaysClosed();
    void activeChecksOpenAndHalfOpen();
};

void TestProxyRecovery::f13_fastFailureDoesNotAttractTraffic()
{
    Scene scene(fails(500), [](Turn &turn) {
        turn.pause(milliseconds(30));
        healthy("beta")(turn);
    });
    scene.proxy.set(u"proxy"_s, u"strategy"_s, u"health"_s);
    QVERIFY(scene.start());
    for (int i = 0; i < 40; ++i)
        QCOMPARE(scene.chat().status(), 200);
    QVERIFY2(scene.alpha.count() <= 8, QByteArray::number(scene.alpha.count()).constData());
    const auto score = [&](const QString &name) {
        return scene.proxy.providerStatus(name).value(u"score"_s).toObject().value(u"value"_s).toDouble();
    };
    QVERIFY(waitUntil([&] { return score(u"alpha"_s) + 20 < score(u"beta"_s); }));
}

void TestProxyRecovery::f14_clientAbortsDoNotOpen()
{
    HeldStream held;
    Scene scene(held.script());
    QVERIFY(scene.start());
    for (int i = 0; i < 20; ++i) {
        OpenStream stream(scene.proxy);
        QVERIFY(stream.started);
        if (i % 2 == 0)
            stream.client.socket().close();
        else
            stream.client.socket().reset();
        QVERIFY(waitUntil([&] { return held.abandoned() == i + 1; }));
    }
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"ignored"_s) == 20; }));
    QCOMPARE(scene.proxy.outcomes(u"alpha"_s, u"failure"_s), 0);
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("CLOSED"));
    QCOMPARE(scene.proxy.status().value(u"totals"_s).toObject().value(u"clientGone"_s).toInt(), 20);
    held.release();
    QCOMPARE(scene.chat(true).header("x-signalbox-provider"), QByteArray("alpha"));
}

void TestProxyRecovery::f15_allOpenAnswersAtOnceAndHeals()
{
    Scene scene(fails(500));
    QVERIFY(scene.startAlone(u"openai"_s, { { u"breaker"_s, breakerConfig(2, 60000) } }));
    QVERIFY(waitUntil([&] {
        scene.chat();
        return scene.proxy.breakerState(u"alpha"_s) == "OPEN";
    }));
    // One refused by everybody says when to come back; a last resort may be asked once a second instead.
    bool refused = false;
    for (int i = 0; i < 10; ++i) {
        const Moment start = now();
        const Answer got = scene.chat();
        QVERIFY(since(start) < milliseconds(5000));
        QVERIFY2(got.status() == 503 || got.status() == 500, got.summary().constData());
        QVERIFY(got.json().contains(u"error"_s));
        if (got.status() == 503) {
            refused = true;
            QVERIFY(got.header("retry-after").toInt() > 0);
        }
    }
    QVERIFY(refused);
    QVERIFY(scene.alpha.count() < 12);
    scene.alpha.setScript(healthy("alpha"));
    QVERIFY(waitUntil([&] { return scene.chat().status() == 200; }, milliseconds(10000)));
    QVERIFY(
        waitUntil([&] { return scene.chat().status() == 200 && scene.proxy.breakerState(u"alpha"_s) == "CLOSED"; }));
}

void TestProxyRecovery::f15_anotherProviderIsAskedInstead()
{
    Scene scene(fails(500));
    QVERIFY(scene.start(u"openai"_s, { { u"breaker"_s, breakerConfig(3, 60000) } }));
    for (int i = 0; i < 10; ++i)
        QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
    QCOMPARE(scene.alpha.count(), 3);
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("OPEN"));
    QCOMPARE(scene.proxy.breakerState(u"beta"_s), QByteArray("CLOSED"));
    QCOMPARE(scene.chat().header("x-signalbox-attempts"), QByteArray("1"));
}

void TestProxyRecovery::f16_vanishedProbeFreesItsSlot()
{
    Scene scene(fails(500));
    QVERIFY(scene.startAlone(u"openai"_s, { { u"breaker"_s, breakerConfig(2, 400) } }));
    for (int i = 0; i < 2; ++i)
        QCOMPARE(scene.chat().status(), 500);
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("OPEN"));
    QTest::qSleep(500);
    // The only probe waits for an answer when its client leaves.
    scene.alpha.setScript(silent());
    {
        HttpClient client(scene.proxy.port());
        client.send(postJson(chatPath, payload::chat(true)));
        QVERIFY(scene.alpha.waitForCount(3));
    }
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"ignored"_s) == 1; }));
    scene.alpha.setScript(healthy("alpha"));
    QCOMPARE(scene.chat().status(), 200);
    QCOMPARE(scene.chat().status(), 200);
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("CLOSED"));
}

void TestProxyRecovery::f17_lateSuccessDoesNotClose()
{
    HeldStream held;
    Scene scene(held.script());
    QVERIFY(scene.start(u"openai"_s, { { u"breaker"_s, breakerConfig(2, 60000) } }));
    OpenStream early(scene.proxy);
    QVERIFY(early.started);
    scene.alpha.setScript(fails(500));
    for (int i = 0; i < 2; ++i)
        QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("OPEN"));
    held.release();
    while (early.client.readPiece())
        continue;
    QCOMPARE(early.client.end(), BodyEnd::Complete);
    QVERIFY(waitUntil([&] { return scene.proxy.providerStatus(u"alpha"_s).value(u"inFlight"_s).toInt() == 0; }));
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("OPEN"));
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
}

void TestProxyRecovery::f17_lateFailureDoesNotOpen()
{
    HeldStream held;
    Scene scene(held.script());
    QVERIFY(scene.startAlone(u"openai"_s, { { u"breaker"_s, breakerConfig(2, 300) } }));
    OpenStream one(scene.proxy);
    OpenStream two(scene.proxy);
    QVERIFY(one.started && two.started);
    scene.alpha.setScript(fails(500));
    for (int i = 0; i < 2; ++i)
        QCOMPARE(scene.chat().status(), 500);
    scene.alpha.setScript(healthy("alpha"));
    QVERIFY(
        waitUntil([&] { return scene.chat().status() == 200 && scene.proxy.breakerState(u"alpha"_s) == "CLOSED"; }));
    held.release(true);
    for (OpenStream *stream : { &one, &two }) {
        while (stream->client.readPiece())
            continue;
        QCOMPARE(stream->client.end(), BodyEnd::Cut);
    }
    QVERIFY(waitUntil([&] { return scene.proxy.providerStatus(u"alpha"_s).value(u"inFlight"_s).toInt() == 0; }));
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("CLOSED"));
    const QJsonObject breaker = scene.proxy.providerStatus(u"alpha"_s).value(u"breaker"_s).toObject();
    QCOMPARE(breaker.value(u"windowFailures"_s).toInt(), 0);
}

void TestProxyRecovery::f18_recoversSoonAfterTheFault()
{
    Scene scene(closes());
    QVERIFY(scene.startAlone(u"openai"_s, { { u"breaker"_s, breakerConfig(2, 300) } }));
    const Moment start = now();
    while (since(start) < milliseconds(1500)) {
        QVERIFY(scene.chat().status() >= 500);
        QTest::qSleep(50);
    }
    scene.alpha.setScript(healthy("alpha"));
    const Moment healed = now();
    QVERIFY(waitUntil([&] { return scene.chat().status() == 200; }));
    // The ladder can be at 2.4 s by then at most; the rest is slack for a busy machine.
    QVERIFY2(since(healed) < milliseconds(6000), QByteArray::number(since(healed).count()).constData());
}

void TestProxyRecovery::f21_baseUrlIsThisProxy_data()
{
    QTest::addColumn<QString>("host");
    QTest::newRow("127.0.0.1") << u"127.0.0.1"_s;
    QTest::newRow("localhost") << u"localhost"_s;
    QTest::newRow("another loopback address") << u"127.0.0.2"_s;
}

void TestProxyRecovery::f21_baseUrlIsThisProxy()
{
    QFETCH(QString, host);
    FakeProvider idle(healthy("idle"));
    ProxyProcess proxy;
    proxy.provider(u"idle"_s, u"gemini"_s, idle.baseUrl(), {});
    // All addresses of the machine, so that 127.0.0.2 is this proxy too; that needs a token.
    proxy.set(u"proxy"_s, u"address"_s, u"0.0.0.0"_s).set(u"proxy"_s, u"token"_s, u"local-token-0123456789"_s);
    QVERIFY(proxy.start());
    proxy.provider(u"self"_s, u"openai"_s, u"http://%1:%2/v1"_s.arg(host).arg(proxy.port()), {});
    proxy.writeConfig();
    const QByteArray token = "local-token-0123456789";
    const auto chat = [&] {
        return ask(proxy.port(), postJson(chatPath, payload::chat(), { { "Authorization", "Bearer " + token } }));
    };
    Answer got;
    QVERIFY(waitUntil([&] {
        got = chat();
        return got.body.contains("self");
    }));
    QVERIFY2(got.status() >= 500 && got.json().contains(u"error"_s), got.summary().constData());
    QVERIFY2(got.body.toLower().contains("this proxy") || got.body.toLower().contains("itself") ||
                 got.body.toLower().contains("loop"),
             got.body.constData());
}

void TestProxyRecovery::f21_loopThroughAnotherProxy()
{
    ProxyProcess first;
    ProxyProcess second;
    QVERIFY(first.start());
    second.provider(u"first"_s, u"openai"_s, u"http://127.0.0.1:%1/v1"_s.arg(first.port()), {});
    QVERIFY(second.start());
    first.provider(u"second"_s, u"openai"_s, u"http://127.0.0.1:%1/v1"_s.arg(second.port()), {});
    first.writeConfig();
    Answer got;
    QVERIFY(waitUntil([&] {
        got = ask(first.port(), postJson(chatPath, payload::chat()));
        return !first.providerStatus(u"second"_s).isEmpty() && got.header("x-signalbox-provider") != "";
    }));
    QVERIFY2(got.status() >= 500 && got.body.toLower().contains("loop"), got.summary().constData());
    QVERIFY(second.providerStatus(u"first"_s).value(u"attempts"_s).toInt() < 20);
}

void TestProxyRecovery::cleanProviderStaysClosed()
{
    Scene scene(healthy("alpha"));
    QVERIFY(scene.start());
    for (int i = 0; i < 50; ++i)
        QCOMPARE(scene.chat(i % 2 == 0).header("x-signalbox-provider"), QByteArray("alpha"));
    QVERIFY(waitUntil([&] { return scene.proxy.outcomes(u"alpha"_s, u"success"_s) == 50; }));
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("CLOSED"));
    QCOMPARE(scene.beta.count(), 0);
}

void TestProxyRecovery::activeChecksOpenAndHalfOpen()
{
    Scene scene(closes());
    scene.proxy.set(u"health"_s, u"enabled"_s, true).set(u"health"_s, u"intervalMs"_s, 200);
    QVERIFY(scene.start());
    QVERIFY(waitUntil([&] { return scene.proxy.breakerState(u"alpha"_s) == "OPEN"; }));
    QCOMPARE(scene.proxy.breakerState(u"beta"_s), QByteArray("CLOSED"));
    // On an endpoint that costs nothing, with the provider's own key.
    QCOMPARE(scene.alpha.count("POST"), 0);
    const SeenRequest check = scene.beta.requests("GET").front();
    QCOMPARE(check.head.target(), QByteArray("/v1/models"));
    QCOMPARE(check.head.headers.value("authorization"), "Bearer " + betaKey);
    QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("beta"));
    // A good check may let traffic try again, 10 s after the opening at the earliest, and never closes by itself.
    scene.alpha.setScript(healthy("alpha"));
    QVERIFY(waitUntil([&] { return scene.proxy.breakerState(u"alpha"_s) == "HALF_OPEN"; }, milliseconds(30000)));
    for (int i = 0; i < 2; ++i)
        QCOMPARE(scene.chat().header("x-signalbox-provider"), QByteArray("alpha"));
    QCOMPARE(scene.proxy.breakerState(u"alpha"_s), QByteArray("CLOSED"));
}

QTEST_GUILESS_MAIN(TestProxyRecovery)
#include "tst_proxy_recovery.moc"
