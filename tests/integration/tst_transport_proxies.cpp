// SPDX-License-Identifier: GPL-3.0-or-later
// Forward proxies by CONNECT and SOCKS5, each a small one made here; and never the system's.
#include "tests/support/lane.h"
#include "tests/support/rawserver.h"
#include "tests/support/testcertificates.h"

#include <QNetworkProxy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <memory>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Greets, then passes bytes between the client and the target on loopback.
class FakeProxy : public QTcpServer
{
public:
    FakeProxy()
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *client = nextPendingConnection();
            ++connections;
            connect(client, &QTcpSocket::readyRead, this, [this, client] { onData(client); });
        });
    }

    int connections = 0;
    QByteArray target; ///< asked for, host:port
    bool refuse = false;

protected:
    /// Returns the answer to what has come so far and empties it, or leaves it alone.
    virtual QByteArray greet(QByteArray &received) = 0;

    quint16 m_port = 0; ///< of the target, once known

private:
    void onData(QTcpSocket *client)
    {
        if (auto *upstream = client->findChild<QTcpSocket *>()) {
            upstream->write(client->readAll());
            return;
        }
        QByteArray received = client->readAll();
        const QByteArray answer = greet(received);
        if (m_port == 0 || refuse) {
            client->write(answer);
            if (m_port != 0)
                client->disconnectFromHost();
            return;
        }
        auto *upstream = new QTcpSocket(client);
        connect(upstream, &QTcpSocket::connected, client, [client, answer] { client->write(answer); });
        connect(upstream, &QTcpSocket::readyRead, client, [client, upstream] { client->write(upstream->readAll()); });
        connect(upstream, &QTcpSocket::disconnected, client, [client] { client->disconnectFromHost(); });
        upstream->connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
    }
};

class ConnectProxy final : public FakeProxy
{
    QByteArray greet(QByteArray &received) override
    {
        target = received.split(' ').value(1);
        m_port = target.split(':').value(1).toUShort();
        return refuse ? QByteArray("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                      : QByteArray("HTTP/1.1 200 Connection established\r\n\r\n");
    }
};

class SocksProxy final : public FakeProxy
{
    QByteArray greet(QByteArray &received) override
    {
        if (received.size() < 7) // version, number of methods, methods
            return QByteArray("\x05\x00", 2);
        const bool name = received.at(3) == 3; // domain name, else an IPv4 address
        const qsizetype end = name ? 5 + received.at(4) : 8;
        target = name ? received.mid(5, received.at(4)) : QByteArray("address");
        m_port = static_cast<quint16>(static_cast<unsigned char>(received.at(end)) * 256 +
                                      static_cast<unsigned char>(received.at(end + 1)));
        QByteArray answer("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50", 10);
        if (refuse)
            answer[1] = 2;
        return answer;
    }
};

} // namespace

class TestTransportProxies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_certificates.isValid()); }
    void goesThrough_data();
    void goesThrough();
    void refused_data();
    void refused();
    void unreachableProxy();
    void systemProxyIsNotUsed();

private:
    static std::unique_ptr<FakeProxy> makeProxy(bool socks)
    {
        if (socks)
            return std::make_unique<SocksProxy>();
        return std::make_unique<ConnectProxy>();
    }
    static QUrl urlOf(const FakeProxy &proxy, bool socks)
    {
        QUrl url;
        url.setScheme(socks ? QStringLiteral("socks5") : QStringLiteral("http"));
        url.setHost(QStringLiteral("127.0.0.1"));
        url.setPort(proxy.serverPort());
        return url;
    }
    OriginSettings originOf(const RawServer &server, bool tls, const QUrl &proxy) const
    {
        OriginSettings origin;
        origin.tls = tls;
        origin.host = QStringLiteral("localhost");
        origin.port = server.port();
        origin.proxy = proxy;
        origin.caFile = tls ? m_certificates.caFile() : QString();
        return origin;
    }

    TestCertificates m_certificates;
};

void TestTransportProxies::goesThrough_data()
{
    QTest::addColumn<bool>("socks");
    QTest::addColumn<bool>("tls");
    for (const bool socks : { false, true }) {
        for (const bool tls : { false, true })
            QTest::addRow("%s to %s", socks ? "SOCKS5" : "CONNECT", tls ? "https" : "http") << socks << tls;
    }
}

void TestTransportProxies::goesThrough()
{
    QFETCH(bool, socks);
    QFETCH(bool, tls);
    const auto server = tls ? std::make_unique<RawServer>(m_certificates.good()) : std::make_unique<RawServer>();
    server->onRequest(
        [](RawConnection &connection, const RawRequest &request) { connection.send(okAnswer(request.body)); });
    const auto proxy = makeProxy(socks);
    PooledAccessManager manager;
    const OriginSettings origin = originOf(*server, tls, urlOf(*proxy, socks));
    for (int i = 0; i < 2; ++i) {
        Attempt attempt(manager, makeRequest(origin, "POST", "through"));
        QVERIFY(attempt.wait());
        QCOMPARE(attempt.reply->transportErrorText(), QString());
        QCOMPARE(attempt.body, QByteArray("through"));
        QCOMPARE(attempt.reply->reused(), i == 1);
    }
    QCOMPARE(proxy->connections, 1);
    QVERIFY(proxy->target.startsWith("localhost")); // the proxy resolves the name
    QCOMPARE(server->headCount(), 2);
}

void TestTransportProxies::refused_data()
{
    QTest::addColumn<bool>("socks");
    QTest::newRow("CONNECT") << false;
    QTest::newRow("SOCKS5") << true;
}

void TestTransportProxies::refused()
{
    QFETCH(bool, socks);
    RawServer server;
    const auto proxy = makeProxy(socks);
    proxy->refuse = true;
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server, false, urlOf(*proxy, socks))));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("forward-proxy"));
    QVERIFY(attempt.reply->provablyUnsent());
    QCOMPARE(server.connectionCount(), 0);
}

void TestTransportProxies::unreachableProxy()
{
    RawServer server;
    QUrl url;
    {
        ConnectProxy gone;
        url = urlOf(gone, false);
    }
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server, false, url)));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("forward-proxy"));
    QCOMPARE(server.connectionCount(), 0);
}

void TestTransportProxies::systemProxyIsNotUsed()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(okAnswer("direct")); });
    ConnectProxy proxy;
    const QNetworkProxy before = QNetworkProxy::applicationProxy();
    QNetworkProxy::setApplicationProxy(
        QNetworkProxy(QNetworkProxy::HttpProxy, QStringLiteral("127.0.0.1"), proxy.serverPort()));
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server, false, {})));
    const bool ended = attempt.wait();
    QNetworkProxy::setApplicationProxy(before);
    QVERIFY(ended);
    QCOMPARE(attempt.body, QByteArray("direct"));
    QCOMPARE(proxy.connections, 0);
}

QTEST_GUILESS_MAIN(TestTransportProxies)
#include "tst_transport_proxies.moc"
