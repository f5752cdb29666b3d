// SPDX-License-Identifier: GPL-3.0-or-later
// What is said and how it ends is the same with TLS: records of all sizes, tickets in between, and every way to break
// off.
#include "tests/support/lane.h"
#include "tests/support/opensslserver.h"
#include "tests/support/rawserver.h"
#include "tests/support/testcertificates.h"

#include <QTcpSocket>
#include <QTest>

#include <sys/socket.h>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Between client and server: passes on what they say, and says more.
class Relay : public QTcpServer
{
    Q_OBJECT

public:
    explicit Relay(quint16 port)
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this, port] {
            m_client = nextPendingConnection();
            m_server = new QTcpSocket(m_client);
            m_server->connectToHost(QHostAddress::LocalHost, port);
            connect(m_client, &QTcpSocket::readyRead, this, [this] { m_server->write(m_client->readAll()); });
            connect(m_server, &QTcpSocket::readyRead, this, [this] { m_client->write(m_server->readAll()); });
        });
    }
    void say(const QByteArray &bytes) { m_client->write(bytes); }
    void hangUp() { m_client->disconnectFromHost(); }
    void reset()
    {
        const linger atOnce { 1, 0 };
        ::setsockopt(static_cast<int>(m_client->socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
        m_client->abort();
    }

private:
    QTcpSocket *m_client = nullptr;
    QTcpSocket *m_server = nullptr;
};

QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = static_cast<char>('a' + (i * 31 >> 7) % 26);
    return bytes;
}

} // namespace

class TestTransportTlsWire : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_certificates.isValid()); }
    void carriesBodiesOfAllSizes_data();
    void carriesBodiesOfAllSizes();
    void joinsSmallRecords();
    void readsOnAfterAPause();
    void breaks_data();
    void breaks();
    void endOfHandshakeCounts();
    void ticketsDoNotEndAWaitingConnection();
    void noticesAHangUpWhileIdle();
    void versions_data();
    void versions();
    void trustsOneServersOwnCertificate();

private:
    OriginSettings originOf(quint16 port) const
    {
        OriginSettings origin;
        origin.tls = true;
        origin.host = QStringLiteral("localhost");
        origin.port = port;
        origin.caFile = m_certificates.caFile();
        return origin;
    }

    TestCertificates m_certificates;
};

void TestTransportTlsWire::carriesBodiesOfAllSizes_data()
{
    QTest::addColumn<int>("size");
    for (const int size : { 0, 1, 16'383, 16'384, 16'385, 65'536, 3'000'000 })
        QTest::addRow("%d", size) << size;
}

void TestTransportTlsWire::carriesBodiesOfAllSizes()
{
    QFETCH(int, size);
    RawServer server(m_certificates.good());
    server.onRequest(
        [](RawConnection &connection, const RawRequest &request) { connection.send(okAnswer(request.body)); });
    PooledAccessManager manager;
    const QByteArray body = pattern(size);
    for (int i = 0; i < 2; ++i) {
        Attempt attempt(manager, makeRequest(originOf(server.port()), "POST", body));
        QVERIFY(attempt.wait());
        QCOMPARE(attempt.error(), QByteArray("none"));
        QVERIFY(attempt.body == body);
    }
    QCOMPARE(server.connectionCount(), 1);
    QCOMPARE(manager.poolStats().front().idle, 1);
}

/// Each piece is a record of its own.
void TestTransportTlsWire::joinsSmallRecords()
{
    RawServer server(m_certificates.good());
    const QByteArray body = pattern(4000);
    server.onRequest([&body](RawConnection &connection, const RawRequest &) {
        const QByteArray answer = okAnswer(body);
        for (qsizetype at = 0; at < answer.size(); at += 7)
            connection.send(answer.mid(at, 7));
    });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server.port())));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
    QCOMPARE(attempt.body, body);
}

/// What was decrypted before the pause makes no socket readable after it.
void TestTransportTlsWire::readsOnAfterAPause()
{
    RawServer server(m_certificates.good());
    const QByteArray body = pattern(2'000'000);
    server.onRequest([&body](RawConnection &connection, const RawRequest &) { connection.send(okAnswer(body)); });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server.port())));
    attempt.collect = false;
    QTRY_COMPARE_WITH_TIMEOUT(attempt.heads, 1, patience);
    QTest::qWait(200);
    QCOMPARE(attempt.ends, 0);
    attempt.collect = true;
    attempt.body += attempt.reply->takeBody();
    QVERIFY(attempt.wait());
    attempt.body += attempt.reply->takeBody();
    QCOMPARE(attempt.error(), QByteArray("none"));
    QVERIFY(attempt.body == body);
}

void TestTransportTlsWire::breaks_data()
{
    QTest::addColumn<QByteArray>("how");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("no record of TLS") << QByteArray("garbage") << QByteArray("reset");
    QTest::newRow("record that was not sealed by the server") << QByteArray("forged") << QByteArray("reset");
    QTest::newRow("end without a farewell") << QByteArray("end") << QByteArray("truncated-body");
    QTest::newRow("reset") << QByteArray("reset") << QByteArray("reset");
    QTest::newRow("farewell") << QByteArray("farewell") << QByteArray("truncated-body");
}

void TestTransportTlsWire::breaks()
{
    QFETCH(QByteArray, how);
    QFETCH(QByteArray, error);
    RawServer server(m_certificates.good());
    server.onRequest([](RawConnection &connection, const RawRequest &) {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
    });
    Relay relay(server.port());
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(relay.serverPort())));
    QTRY_COMPARE_WITH_TIMEOUT(attempt.body, QByteArray("12345"), patience);
    if (how == "garbage")
        relay.say("HTTP/1.1 500 Oops\r\n\r\n");
    else if (how == "forged")
        relay.say(QByteArray::fromHex("1703030020") + QByteArray(32, '6'));
    else if (how == "end")
        relay.hangUp();
    else if (how == "reset")
        relay.reset();
    else
        server.last()->close();
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), error);
    QCOMPARE(attempt.body, QByteArray("12345"));
    QVERIFY(!attempt.reply->transportErrorText().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(manager.poolStats().empty() || manager.poolStats().front().idle == 0, patience);
}

/// A server that goes away in the handshake has got nothing of the request.
void TestTransportTlsWire::endOfHandshakeCounts()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, &server, [&server] {
        QTcpSocket *socket = server.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, &QTcpSocket::disconnectFromHost);
    });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server.serverPort())));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("tls"));
    QVERIFY(attempt.reply->provablyUnsent());
    QVERIFY2(attempt.reply->transportErrorText().contains(QLatin1String("closed the connection")),
             qPrintable(attempt.reply->transportErrorText()));
}

/// They come when the handshake is done and nobody has asked for anything.
void TestTransportTlsWire::ticketsDoNotEndAWaitingConnection()
{
    OpenSslServer server(m_certificates, { QStringLiteral("-num_tickets"), QStringLiteral("4") });
    QVERIFY(server.waitForPort());
    PooledAccessManager manager;
    const OriginSettings origin = originOf(server.port());
    manager.preconnect(origin);
    QTRY_COMPARE_WITH_TIMEOUT(manager.poolStats().front().idle, 1, patience);
    QTest::qWait(100);
    QCOMPARE(manager.poolStats().front().idle, 1);
    Attempt attempt(manager, makeRequest(origin, "GET", {}));
    QVERIFY(attempt.wait());
    QVERIFY(attempt.body.contains("TLSv1.3"));
    QCOMPARE(manager.poolStats().front().opened, 1U);
}

void TestTransportTlsWire::noticesAHangUpWhileIdle()
{
    RawServer server(m_certificates.good());
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(okAnswer("hi")); });
    PooledAccessManager manager;
    for (int i = 1; i <= 2; ++i) {
        Attempt attempt(manager, makeRequest(originOf(server.port())));
        QVERIFY(attempt.wait());
        QCOMPARE(attempt.error(), QByteArray("none"));
        QCOMPARE(server.connectionCount(), i);
        QCOMPARE(manager.poolStats().front().idle, 1);
        server.last()->close();
        QTRY_COMPARE_WITH_TIMEOUT(manager.poolStats().front().idle, 0, patience);
    }
}

void TestTransportTlsWire::versions_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("1.3") << QStringLiteral("-tls1_3") << QByteArray("none");
    QTest::newRow("1.2") << QStringLiteral("-tls1_2") << QByteArray("none");
    QTest::newRow("1.1") << QStringLiteral("-tls1_1") << QByteArray("tls");
}

void TestTransportTlsWire::versions()
{
    QFETCH(QString, option);
    QFETCH(QByteArray, error);
    OpenSslServer server(m_certificates, { option, QStringLiteral("-cipher"), QStringLiteral("DEFAULT@SECLEVEL=0") });
    QVERIFY(server.waitForPort());
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server.port()), "GET", {}));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), error);
}

void TestTransportTlsWire::trustsOneServersOwnCertificate()
{
    RawServer server(m_certificates.good());
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(okAnswer("hi")); });
    PooledAccessManager manager;
    OriginSettings origin = originOf(server.port());
    origin.caFile = m_certificates.goodCertificateFile();
    Attempt attempt(manager, makeRequest(origin));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
    QVERIFY(manager.poolStats().front().certificateExpiry > QDateTime::currentDateTimeUtc().addDays(28));
}

QTEST_GUILESS_MAIN(TestTransportTlsWire)
#include "tst_transport_tlswire.moc"
