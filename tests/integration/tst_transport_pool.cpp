// SPDX-License-Identifier: GPL-3.0-or-later
// Keep-alive connections: reuse, bounds, queue, expiry, giving up.
#include "tests/support/lane.h"
#include "tests/support/rawserver.h"

#include <QElapsedTimer>
#include <QTest>

#include <memory>
#include <vector>

using namespace signalbox;
using namespace signalbox::test;
using namespace std::chrono_literals;

namespace {

OriginSettings originOf(const RawServer &server)
{
    OriginSettings origin;
    origin.host = QStringLiteral("127.0.0.1");
    origin.port = server.port();
    return origin;
}

PoolStats statsOf(const PooledAccessManager &manager)
{
    const std::vector<PoolStats> all = manager.poolStats();
    return all.empty() ? PoolStats {} : all.front();
}

void answerAtOnce(RawConnection &connection, const RawRequest &)
{
    connection.send(okAnswer("hi"));
}

} // namespace

class TestTransportPool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reuses();
    void lendsTheLastUsedFirst();
    void doesNotReuse_data();
    void doesNotReuse();
    void strayBytesEndAnIdleConnection();
    void capAndQueue();
    void queueIsBounded();
    void waitingHasADeadline();
    void waitingCanBeAborted();
    void connectionLostLetsTheNextOneIn();
    void idleExpires();
    void clearIdle();
    void preconnects();
    void requestTakesOverAPreconnect();
    void settingsSeparatePools();
    void abortCloses_data();
    void abortCloses();
    void deletingCloses();
    void abortFromSlots();
    void managerGoesFirst();
};

void TestTransportPool::reuses()
{
    RawServer server;
    server.onRequest(answerAtOnce);
    PooledAccessManager manager;
    for (int i = 0; i < 10; ++i) {
        Attempt attempt(manager, makeRequest(originOf(server)));
        QVERIFY(attempt.wait());
        QCOMPARE(attempt.error(), QByteArray("none"));
        QCOMPARE(attempt.reply->reused(), i > 0);
        QCOMPARE(attempt.reply->timings().connect.has_value(), i == 0);
    }
    QCOMPARE(server.connectionCount(), 1);
    QCOMPARE(server.headCount(), 10);
    const PoolStats stats = statsOf(manager);
    QCOMPARE(stats.opened, std::uint64_t { 1 });
    QCOMPARE(stats.reused, std::uint64_t { 9 });
    QCOMPARE(stats.idle, 1);
    QCOMPARE(stats.active, 0);
}

void TestTransportPool::lendsTheLastUsedFirst()
{
    RawServer server;
    std::vector<RawConnection *> waiting;
    server.onRequest([&waiting](RawConnection &connection, const RawRequest &) { waiting.push_back(&connection); });
    PooledAccessManager manager;
    Attempt first(manager, makeRequest(originOf(server)));
    Attempt second(manager, makeRequest(originOf(server)));
    QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(waiting.size()), 2, patience);
    waiting.at(1)->send(okAnswer({}));
    QTRY_COMPARE_WITH_TIMEOUT(first.ends + second.ends, 1, patience);
    waiting.at(0)->send(okAnswer({}));
    QVERIFY(first.wait() && second.wait());
    Attempt third(manager, makeRequest(originOf(server)));
    QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(waiting.size()), 3, patience);
    QCOMPARE(waiting.at(2), waiting.at(0));
}

void TestTransportPool::doesNotReuse_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("close") << QByteArray("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("1.0") << QByteArray("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("extra bytes") << QByteArray(okAnswer("hi") + okAnswer("EVIL"));
    QTest::newRow("204 with body") << QByteArray("HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nEVIL");
    QTest::newRow("length and coding") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}

void TestTransportPool::doesNotReuse()
{
    QFETCH(QByteArray, answer);
    RawServer server;
    server.onRequest([&](RawConnection &connection, const RawRequest &) {
        connection.send(server.requests().size() == 1 ? answer : okAnswer("next"));
    });
    PooledAccessManager manager;
    Attempt first(manager, makeRequest(originOf(server)));
    QVERIFY(first.wait());
    QCOMPARE(first.error(), QByteArray("none"));
    QVERIFY(!first.body.contains("EVIL"));
    Attempt second(manager, makeRequest(originOf(server)));
    QVERIFY(second.wait());
    QCOMPARE(second.body, QByteArray("next"));
    QVERIFY(!second.reply->reused());
    QCOMPARE(server.connectionCount(), 2);
}

void TestTransportPool::strayBytesEndAnIdleConnection()
{
    RawServer server;
    server.onRequest(answerAtOnce);
    PooledAccessManager manager;
    Attempt first(manager, makeRequest(originOf(server)));
    QVERIFY(first.wait());
    server.last()->send(okAnswer("EVIL"));
    Attempt second(manager, makeRequest(originOf(server)));
    QVERIFY(second.wait());
    QCOMPARE(second.body, QByteArray("hi"));
    QCOMPARE(server.connectionCount(), 2);
    server.last()->send("x");
    QTRY_COMPARE_WITH_TIMEOUT(statsOf(manager).idle, 0, patience);
}

void TestTransportPool::capAndQueue()
{
    RawServer server;
    std::vector<RawConnection *> waiting;
    server.onRequest([&waiting](RawConnection &connection, const RawRequest &) { waiting.push_back(&connection); });
    PoolSettings settings;
    settings.connectionsPerOrigin = 2;
    PooledAccessManager manager(settings);
    std::vector<std::unique_ptr<Attempt>> attempts;
    for (int i = 0; i < 5; ++i)
        attempts.push_back(std::make_unique<Attempt>(manager, makeRequest(originOf(server))));
    QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(waiting.size()), 2, patience);
    QCOMPARE(statsOf(manager).active, 2);
    QCOMPARE(statsOf(manager).waiting, 3);
    for (std::size_t i = 0; i < 5; ++i) {
        QTRY_VERIFY_WITH_TIMEOUT(waiting.size() > i, patience);
        waiting.at(i)->send(okAnswer({}));
    }
    for (const auto &attempt : attempts) {
        QVERIFY(attempt->wait());
        QCOMPARE(attempt->error(), QByteArray("none"));
    }
    QCOMPARE(server.connectionCount(), 2);
    QVERIFY(attempts.back()->reply->timings().queue > attempts.front()->reply->timings().queue);
}

void TestTransportPool::queueIsBounded()
{
    RawServer server;
    PoolSettings settings;
    settings.connectionsPerOrigin = 1;
    settings.waitingPerOrigin = 1;
    PooledAccessManager manager(settings);
    Attempt first(manager, makeRequest(originOf(server)));
    Attempt second(manager, makeRequest(originOf(server)));
    Attempt third(manager, makeRequest(originOf(server)));
    QVERIFY(third.wait());
    QCOMPARE(third.error(), QByteArray("pool-timeout"));
    QVERIFY(third.reply->provablyUnsent());
    QCOMPARE(first.ends + second.ends, 0);
}

void TestTransportPool::waitingHasADeadline()
{
    RawServer server;
    PoolSettings settings;
    settings.connectionsPerOrigin = 1;
    PooledAccessManager manager(settings);
    Attempt first(manager, makeRequest(originOf(server)));
    UpstreamRequest request = makeRequest(originOf(server));
    request.timeouts.poolWait = 100ms;
    Attempt second(manager, std::move(request));
    QVERIFY(second.wait());
    QCOMPARE(second.error(), QByteArray("pool-timeout"));
    QCOMPARE(statsOf(manager).waiting, 0);
    QCOMPARE(first.ends, 0);
}

void TestTransportPool::waitingCanBeAborted()
{
    RawServer server;
    server.onRequest(answerAtOnce);
    PoolSettings settings;
    settings.connectionsPerOrigin = 1;
    PooledAccessManager manager(settings);
    Attempt first(manager, makeRequest(originOf(server)));
    Attempt second(manager, makeRequest(originOf(server)));
    Attempt third(manager, makeRequest(originOf(server)));
    second.reply->abort();
    QCOMPARE(second.ends, 1);
    QCOMPARE(second.error(), QByteArray("aborted"));
    QVERIFY(first.wait() && third.wait());
    QCOMPARE(server.headCount(), 2);
}

void TestTransportPool::connectionLostLetsTheNextOneIn()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &) {
        if (connection.number() == 1)
            connection.reset();
        else
            connection.send(okAnswer({}));
    });
    PoolSettings settings;
    settings.connectionsPerOrigin = 1;
    PooledAccessManager manager(settings);
    Attempt first(manager, makeRequest(originOf(server)));
    Attempt second(manager, makeRequest(originOf(server)));
    QVERIFY(first.wait() && second.wait());
    QCOMPARE(first.error(), QByteArray("closed-before-response"));
    QCOMPARE(second.error(), QByteArray("none"));
}

void TestTransportPool::idleExpires()
{
    RawServer server;
    server.onRequest(answerAtOnce);
    PoolSettings settings;
    settings.idleExpiry = 100ms;
    PooledAccessManager manager(settings);
    Attempt attempt(manager, makeRequest(originOf(server)));
    QVERIFY(attempt.wait());
    QCOMPARE(statsOf(manager).idle, 1);
    QTRY_COMPARE_WITH_TIMEOUT(server.openConnections(), 0, patience);
    QCOMPARE(statsOf(manager).idle, 0);
}

void TestTransportPool::clearIdle()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &request) {
        if (request.head.target != "/slow")
            connection.send(okAnswer("hi"));
    });
    PooledAccessManager manager;
    UpstreamRequest slow = makeRequest(originOf(server));
    slow.target = "/slow";
    Attempt busy(manager, std::move(slow));
    Attempt done(manager, makeRequest(originOf(server)));
    QVERIFY(done.wait());
    manager.clearIdle();
    QTRY_COMPARE_WITH_TIMEOUT(server.openConnections(), 1, patience);
    QCOMPARE(statsOf(manager).idle, 0);
    QCOMPARE(statsOf(manager).active, 1);
    QCOMPARE(busy.ends, 0);
}

void TestTransportPool::preconnects()
{
    RawServer server;
    server.onRequest(answerAtOnce);
    PooledAccessManager manager;
    manager.preconnect(originOf(server));
    manager.preconnect(originOf(server));
    QTRY_COMPARE_WITH_TIMEOUT(statsOf(manager).idle, 1, patience);
    QTRY_COMPARE_WITH_TIMEOUT(server.connectionCount(), 1, patience);
    Attempt attempt(manager, makeRequest(originOf(server)));
    QVERIFY(attempt.wait());
    QVERIFY(!attempt.reply->reused());
    QCOMPARE(server.connectionCount(), 1);
}

void TestTransportPool::requestTakesOverAPreconnect()
{
    RawServer server;
    server.onRequest(answerAtOnce);
    PooledAccessManager manager;
    OriginSettings origin = originOf(server);
    origin.host = QStringLiteral("localhost"); // the lookup keeps it connecting for a while
    manager.preconnect(origin);
    Attempt attempt(manager, makeRequest(origin));
    QCOMPARE(statsOf(manager).connecting, 1);
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
    QCOMPARE(server.connectionCount(), 1);
    QCOMPARE(attempt.reply->timings().dns.has_value(), true);
}

void TestTransportPool::settingsSeparatePools()
{
    RawServer server;
    server.onRequest(answerAtOnce);
    PooledAccessManager manager;
    OriginSettings other = originOf(server);
    other.caFile = QStringLiteral("other.pem");
    for (const OriginSettings &origin : { originOf(server), other }) {
        Attempt attempt(manager, makeRequest(origin));
        QVERIFY(attempt.wait());
    }
    QCOMPARE(server.connectionCount(), 2);
    QCOMPARE(manager.poolStats().size(), std::size_t { 2 });
}

void TestTransportPool::abortCloses_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("before the head") << QByteArray();
    QTest::newRow("in the body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
}

void TestTransportPool::abortCloses()
{
    QFETCH(QByteArray, sent);
    RawServer server;
    server.onRequest([&sent](RawConnection &connection, const RawRequest &) { connection.send(sent); });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server)));
    QTRY_COMPARE_WITH_TIMEOUT(server.headCount(), 1, patience);
    if (!sent.isEmpty())
        QTRY_COMPARE_WITH_TIMEOUT(attempt.body, QByteArray("abc"), patience);
    attempt.reply->abort();
    QCOMPARE(attempt.ends, 1);
    QCOMPARE(attempt.error(), QByteArray("aborted"));
    QCOMPARE(attempt.reply->error(), QNetworkReply::OperationCanceledError);
    QCOMPARE(manager.poolStats().front().active, 0);
    QTRY_COMPARE_WITH_TIMEOUT(server.openConnections(), 0, patience);
    QCOMPARE(attempt.ends, 1);
}

void TestTransportPool::deletingCloses()
{
    RawServer server;
    PooledAccessManager manager;
    auto attempt = std::make_unique<Attempt>(manager, makeRequest(originOf(server)));
    QTRY_COMPARE_WITH_TIMEOUT(server.headCount(), 1, patience);
    attempt->reply->disconnect();
    attempt->reply.release()->deleteLater();
    QTRY_COMPARE_WITH_TIMEOUT(server.openConnections(), 0, patience);
    QCOMPARE(attempt->ends, 0);
}

void TestTransportPool::abortFromSlots()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &) {
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("abc"));
    });
    for (const bool atHead : { true, false }) {
        PooledAccessManager manager;
        Attempt attempt(manager, makeRequest(originOf(server)));
        PooledReply *reply = attempt.reply.get();
        connect(reply, atHead ? &PooledReply::headReceived : &PooledReply::bodyReceived, reply,
                [reply] { reply->abort(); });
        QVERIFY(attempt.wait());
        QCOMPARE(attempt.error(), QByteArray("aborted"));
        QTest::qWait(20);
        QCOMPARE(attempt.ends, 1);
        QCOMPARE(attempt.heads, 1);
    }
}

void TestTransportPool::managerGoesFirst()
{
    RawServer server;
    auto manager = std::make_unique<PooledAccessManager>();
    QPointer<PooledReply> reply = manager->send(makeRequest(originOf(server)));
    QTRY_COMPARE_WITH_TIMEOUT(server.headCount(), 1, patience);
    manager.reset();
    QVERIFY(reply.isNull());
    QTRY_COMPARE_WITH_TIMEOUT(server.openConnections(), 0, patience);
}

QTEST_GUILESS_MAIN(TestTransportPool)
#include "tst_transport_pool.moc"
