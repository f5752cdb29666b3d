// SPDX-License-Identifier: GPL-3.0-or-later
// Each phase that takes too long ends the attempt under its own name.
#include "tests/support/lane.h"
#include "tests/support/rawserver.h"

#include <QElapsedTimer>
#include <QTest>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

using namespace signalbox;
using namespace signalbox::test;
using namespace std::chrono_literals;

namespace {

OriginSettings originOf(quint16 port)
{
    OriginSettings origin;
    origin.host = QStringLiteral("127.0.0.1");
    origin.port = port;
    return origin;
}

/// A port that is taken and does not listen: whoever connects is refused.
class HeldPort
{
public:
    HeldPort() : m_descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        m_address.sin_family = AF_INET;
        m_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof m_address;
        auto *generic = reinterpret_cast<sockaddr *>(&m_address);
        if (::bind(m_descriptor, generic, size) != 0 || ::getsockname(m_descriptor, generic, &size) != 0)
            qFatal("no port can be had");
    }
    ~HeldPort() { ::close(m_descriptor); }
    Q_DISABLE_COPY_MOVE(HeldPort)

    quint16 port() const { return ntohs(m_address.sin_port); }

private:
    int m_descriptor;
    sockaddr_in m_address {};
};

/// A listener whose queue is full: the kernel ignores every further SYN.
class FullListener
{
public:
    FullListener() : m_listener(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto *generic = reinterpret_cast<sockaddr *>(&address);
        ::bind(m_listener, generic, size);
        ::listen(m_listener, 0);
        ::getsockname(m_listener, generic, &size);
        m_port = ntohs(address.sin_port);
        for (int i = 0; i < 4; ++i) {
            m_fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            ::connect(m_fillers.back(), generic, size);
        }
    }
    ~FullListener()
    {
        for (const int filler : m_fillers)
            ::close(filler);
        ::close(m_listener);
    }
    Q_DISABLE_COPY_MOVE(FullListener)
    quint16 port() const { return m_port; }

private:
    int m_listener;
    std::vector<int> m_fillers;
    quint16 m_port = 0;
};

const QByteArray streamHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

} // namespace

class TestTransportTimeouts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void connecting();
    void refused();
    void unknownName();
    void handshake();
    void firstByte_data();
    void firstByte();
    void stuckUpload();
    void idle();
    void activityPutsIdleOff();
    void idleStandsStillWhilePaused();
    void total();
    void changedWhileRunning();
    void longAnswersHaveTime();
};

void TestTransportTimeouts::connecting()
{
    FullListener listener;
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(listener.port()));
    request.timeouts.connect = 200ms;
    Attempt attempt(manager, std::move(request));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("connect-timeout"));
    QVERIFY(attempt.reply->provablyUnsent());
    QVERIFY(attempt.reply->timings().lastByte >= 150ms);
}

void TestTransportTimeouts::refused()
{
    const HeldPort held;
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(held.port())));
    QCOMPARE(attempt.ends, 0);
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("connect-refused"));
    QVERIFY(attempt.reply->provablyUnsent());
}

void TestTransportTimeouts::unknownName()
{
    PooledAccessManager manager;
    OriginSettings origin = originOf(80);
    origin.host = QStringLiteral("nowhere.invalid");
    Attempt attempt(manager, makeRequest(origin));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("dns"));
    QVERIFY(attempt.reply->transportErrorText().contains(QLatin1String("nowhere.invalid")));
}

void TestTransportTimeouts::handshake()
{
    RawServer server; // accepts, and never says a word of TLS
    PooledAccessManager manager;
    OriginSettings origin = originOf(server.port());
    origin.tls = true;
    UpstreamRequest request = makeRequest(origin);
    request.timeouts.connect = 10s;
    request.timeouts.tls = 200ms;
    Attempt attempt(manager, std::move(request));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("tls-timeout"));
    QVERIFY(attempt.reply->timings().connect.has_value());
    QVERIFY(!attempt.reply->timings().tls.has_value());
}

void TestTransportTimeouts::firstByte_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("half a head") << QByteArray("HTTP/1.1 200 OK\r\nX: ");
    QTest::newRow("only interim") << QByteArray("HTTP/1.1 103 Early Hints\r\n\r\n");
    QTest::newRow("only the head") << streamHead;
}

void TestTransportTimeouts::firstByte()
{
    QFETCH(QByteArray, sent);
    RawServer server;
    server.onRequest([&sent](RawConnection &connection, const RawRequest &) { connection.send(sent); });
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(server.port()));
    request.timeouts.firstByte = 200ms;
    request.timeouts.idle = 10s;
    Attempt attempt(manager, std::move(request));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("first-byte-timeout"));
    QVERIFY(attempt.reply->isRequestSent());
    QTRY_COMPARE_WITH_TIMEOUT(server.openConnections(), 0, patience);
    QCOMPARE(server.headCount(), 1);
}

void TestTransportTimeouts::stuckUpload()
{
    RawServer server;
    server.onConnection([](RawConnection &connection) { connection.stopReading(); });
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(server.port()), "POST", QByteArray(32 << 20, 'u'));
    request.timeouts.firstByte = 300ms;
    Attempt attempt(manager, std::move(request));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("first-byte-timeout"));
    QVERIFY(!attempt.reply->isRequestSent());
}

void TestTransportTimeouts::idle()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(streamHead + chunk("abc")); });
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(server.port()));
    request.timeouts.firstByte = 10s;
    request.timeouts.idle = 200ms;
    Attempt attempt(manager, std::move(request));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("idle-timeout"));
    QCOMPARE(attempt.body, QByteArray("abc"));
}

void TestTransportTimeouts::activityPutsIdleOff()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(streamHead + chunk("a")); });
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(server.port()));
    request.timeouts.idle = 1s;
    Attempt attempt(manager, std::move(request));
    QTRY_COMPARE_WITH_TIMEOUT(attempt.body.size(), 1, patience);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 2500) {
        QTest::qWait(50);
        server.last()->send(chunk("a"));
    }
    QCOMPARE(attempt.ends, 0);
    server.last()->send("0\r\n\r\n");
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
}

void TestTransportTimeouts::idleStandsStillWhilePaused()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(streamHead + chunk("a")); });
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(server.port()));
    request.timeouts.idle = 200ms;
    Attempt attempt(manager, std::move(request));
    connect(attempt.reply.get(), &PooledReply::headReceived, this, [&attempt] { attempt.reply->setReadPaused(true); });
    QTRY_COMPARE_WITH_TIMEOUT(attempt.heads, 1, patience);
    QTest::qWait(600);
    QCOMPARE(attempt.ends, 0);
    attempt.reply->setReadPaused(false);
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("idle-timeout"));
}

void TestTransportTimeouts::total()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(streamHead + chunk("a")); });
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(server.port()));
    request.timeouts.idle = 10s;
    request.timeouts.total = 300ms;
    Attempt attempt(manager, std::move(request));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("total-timeout"));
}

void TestTransportTimeouts::changedWhileRunning()
{
    RawServer server;
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(server.port()));
    request.timeouts.firstByte = 1h;
    Attempt attempt(manager, std::move(request));
    QTRY_COMPARE_WITH_TIMEOUT(server.headCount(), 1, patience);
    PhaseTimeouts timeouts = attempt.reply->timeouts();
    timeouts.firstByte = 100ms;
    attempt.reply->setTimeouts(timeouts);
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("first-byte-timeout"));
}

/// A phase that ended no longer counts.
void TestTransportTimeouts::longAnswersHaveTime()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(streamHead + chunk("a")); });
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(server.port()));
    request.timeouts = { 100ms, 100ms, 100ms, 200ms, 20s, 0ms };
    Attempt attempt(manager, std::move(request));
    QTRY_COMPARE_WITH_TIMEOUT(attempt.body.size(), 1, patience);
    QTest::qWait(500);
    QCOMPARE(attempt.ends, 0);
    server.last()->send("0\r\n\r\n");
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
}

QTEST_GUILESS_MAIN(TestTransportTimeouts)
#include "tst_transport_timeouts.moc"
