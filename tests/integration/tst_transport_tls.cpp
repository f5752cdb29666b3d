// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates are always verified, and a failure is never worked around.
#include "tests/support/lane.h"
#include "tests/support/opensslserver.h"
#include "tests/support/rawserver.h"
#include "tests/support/testcertificates.h"

#include <QSslSocket>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

class TestTransportTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_certificates.isValid()); }
    void accepts_data();
    void accepts();
    void refuses_data();
    void refuses();
    void systemAuthoritiesAloneDoNotDo();
    void unusableCaFile();
    void plainTextServer();
    void speaksHttp11ByAlpn();
    void resumesSessions();

private:
    OriginSettings originOf(const RawServer &server, const QString &host = QStringLiteral("localhost")) const
    {
        OriginSettings origin;
        origin.tls = true;
        origin.host = host;
        origin.port = server.port();
        origin.caFile = m_certificates.caFile();
        return origin;
    }

    TestCertificates m_certificates;
};

void TestTransportTls::accepts_data()
{
    QTest::addColumn<QString>("host");
    QTest::newRow("name") << QStringLiteral("localhost");
    QTest::newRow("address") << QStringLiteral("127.0.0.1");
}

void TestTransportTls::accepts()
{
    QFETCH(QString, host);
    RawServer server(m_certificates.good());
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(okAnswer("hi")); });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server, host)));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
    QCOMPARE(attempt.body, QByteArray("hi"));
}

void TestTransportTls::refuses_data()
{
    QTest::addColumn<QSslConfiguration>("certificate");
    QTest::newRow("wrong host") << m_certificates.wrongHost();
    QTest::newRow("expired") << m_certificates.expired();
    QTest::newRow("not for a server's name") << m_certificates.selfSigned();
}

void TestTransportTls::refuses()
{
    QFETCH(QSslConfiguration, certificate);
    RawServer server(certificate);
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server)));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("certificate-invalid"));
    QVERIFY(attempt.reply->transportErrorText().contains(QLatin1String("localhost")));
    QVERIFY(attempt.reply->provablyUnsent());
    QTest::qWait(50);
    QCOMPARE(server.headCount(), 0);
    QVERIFY(!server.hadProtocolError());
    QVERIFY(manager.poolStats().front().opened == 1);
}

void TestTransportTls::systemAuthoritiesAloneDoNotDo()
{
    RawServer server(m_certificates.good());
    PooledAccessManager manager;
    OriginSettings origin = originOf(server);
    origin.caFile.clear();
    Attempt attempt(manager, makeRequest(origin));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("certificate-invalid"));
    QCOMPARE(server.headCount(), 0);
}

void TestTransportTls::unusableCaFile()
{
    RawServer server(m_certificates.good());
    PooledAccessManager manager;
    OriginSettings origin = originOf(server);
    origin.caFile = QStringLiteral("/nonexistent/ca.pem");
    Attempt attempt(manager, makeRequest(origin));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("tls"));
    QVERIFY(attempt.reply->transportErrorText().contains(origin.caFile));
}

void TestTransportTls::plainTextServer()
{
    RawServer server;
    server.onConnection([](RawConnection &connection) { connection.send(okAnswer("plain")); });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server)));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("tls"));
    QCOMPARE(server.headCount(), 0);
}

void TestTransportTls::speaksHttp11ByAlpn()
{
    RawServer server(m_certificates.good());
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(okAnswer({})); });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server)));
    QVERIFY(attempt.wait());
    const auto *socket = qobject_cast<QSslSocket *>(server.last()->socket());
    QVERIFY(socket);
    QCOMPARE(socket->sslConfiguration().nextNegotiatedProtocol(), QByteArray("http/1.1"));
    QVERIFY(socket->sessionProtocol() == QSsl::TlsV1_2 || socket->sessionProtocol() == QSsl::TlsV1_3);
}

/// A server that closes after each answer is seen again with a ticket: the second handshake carries no certificate.
void TestTransportTls::resumesSessions()
{
    OpenSslServer server(m_certificates);
    QVERIFY(server.waitForPort());
    PooledAccessManager manager;
    OriginSettings origin;
    origin.tls = true;
    origin.host = QStringLiteral("localhost");
    origin.port = server.port();
    origin.caFile = m_certificates.caFile();
    QByteArray body;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            Attempt attempt(manager, makeRequest(origin, "GET", {}));
            attempt.wait();
            body = attempt.body;
            return body.contains("Reused,");
        }(),
        patience);
}

QTEST_GUILESS_MAIN(TestTransportTls)
#include "tst_transport_tls.moc"
