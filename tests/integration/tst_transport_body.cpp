// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies in both directions: streams, back-pressure, uploads from a device, answers that come early.
#include "tests/support/lane.h"
#include "tests/support/rawserver.h"
#include "tests/support/testcertificates.h"

#include <QBuffer>
#include <QTest>
#include <QTimer>

#include <memory>
#include <vector>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr qint64 mebibyte = qint64 { 1 } << 20;

/// A sequential device that is filled as the test goes.
class Pipe final : public QIODevice
{
public:
    Pipe() { open(QIODevice::ReadOnly | QIODevice::Unbuffered); }
    void put(const QByteArray &bytes)
    {
        m_bytes += bytes;
        Q_EMIT readyRead();
    }
    void end()
    {
        m_ended = true;
        Q_EMIT readChannelFinished();
    }
    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override { return m_bytes.size(); }

protected:
    qint64 readData(char *data, qint64 maxSize) override
    {
        if (m_bytes.isEmpty())
            return m_ended ? -1 : 0;
        const qint64 size = std::min<qint64>(maxSize, m_bytes.size());
        std::copy_n(m_bytes.constData(), size, data);
        m_bytes.remove(0, size);
        return size;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_bytes;
    bool m_ended = false;
};

} // namespace

class TestTransportBody : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_certificates.isValid()); }
    void modes_data();
    void streamsAsItComes_data() { modes_data(); }
    void streamsAsItComes();
    void manyStreamsAtOnce_data() { modes_data(); }
    void manyStreamsAtOnce();
    void pauseHoldsTheUpstreamBack_data() { modes_data(); }
    void pauseHoldsTheUpstreamBack();
    void boundedWithoutReader_data() { modes_data(); }
    void boundedWithoutReader();
    void largeUpload_data() { modes_data(); }
    void largeUpload();
    void uploadFromDevice_data();
    void uploadFromDevice();
    void deviceEndsEarly();
    void slowUpstreamHoldsTheDeviceBack();
    void earlyAnswerStopsTheUpload();
    void continueIsSkipped();
    void closedWhilePaused();
    void headHasNoBody();
    void worksAsPlainNetworkReply();

private:
    std::unique_ptr<RawServer> makeServer(bool tls)
    {
        return tls ? std::make_unique<RawServer>(m_certificates.good()) : std::make_unique<RawServer>();
    }
    OriginSettings originOf(const RawServer &server, bool tls = false) const
    {
        OriginSettings origin;
        origin.tls = tls;
        origin.host = QStringLiteral("127.0.0.1");
        origin.port = server.port();
        origin.caFile = tls ? m_certificates.caFile() : QString();
        return origin;
    }

    TestCertificates m_certificates;
};

void TestTransportBody::modes_data()
{
    QTest::addColumn<bool>("tls");
    QTest::newRow("http") << false;
    QTest::newRow("https") << true;
}

void TestTransportBody::streamsAsItComes()
{
    QFETCH(bool, tls);
    const auto server = makeServer(tls);
    server->onRequest([](RawConnection &connection, const RawRequest &) {
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(*server, tls)));
    QTRY_COMPARE_WITH_TIMEOUT(attempt.heads, 1, patience);
    QCOMPARE(attempt.ends, 0);
    QByteArray all;
    for (int i = 0; i < 5; ++i) {
        const QByteArray event = "data: {\"i\":" + QByteArray::number(i) + "}\n\n";
        server->last()->send(chunk(event));
        all += event;
        QTRY_COMPARE_WITH_TIMEOUT(attempt.body, all, patience);
        QCOMPARE(attempt.ends, 0);
    }
    server->last()->send("0\r\n\r\n");
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
    const PhaseTimings &timings = attempt.reply->timings();
    QVERIFY(timings.queue && timings.connect && timings.sent && timings.firstByte && timings.firstBodyByte);
    QCOMPARE(timings.tls.has_value(), tls);
    QVERIFY(timings.queue <= timings.connect && timings.connect <= timings.sent && timings.sent <= timings.firstByte &&
            timings.firstByte <= timings.firstBodyByte && timings.firstBodyByte <= timings.lastByte);
}

void TestTransportBody::manyStreamsAtOnce()
{
    QFETCH(bool, tls);
    constexpr int streams = 64;
    const auto server = makeServer(tls);
    std::vector<RawConnection *> waiting;
    server->onRequest([&waiting](RawConnection &connection, const RawRequest &request) {
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(request.body));
        waiting.push_back(&connection);
    });
    PooledAccessManager manager;
    std::vector<std::unique_ptr<Attempt>> attempts;
    for (int i = 0; i < streams; ++i) {
        attempts.push_back(std::make_unique<Attempt>(
            manager, makeRequest(originOf(*server, tls), "POST", "body " + QByteArray::number(i) + ' ')));
    }
    QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(waiting.size()), streams, patience);
    for (int round = 0; round < 5; ++round) {
        for (RawConnection *connection : waiting)
            connection->send(chunk("x"));
        QTest::qWait(1);
    }
    for (RawConnection *connection : waiting)
        connection->send("0\r\n\r\n");
    for (int i = 0; i < streams; ++i) {
        Attempt &attempt = *attempts.at(static_cast<std::size_t>(i));
        QVERIFY(attempt.wait());
        QCOMPARE(attempt.error(), QByteArray("none"));
        QCOMPARE(attempt.body, "body " + QByteArray::number(i) + " xxxxx");
    }
    QCOMPARE(server->headCount(), streams);
}

void TestTransportBody::pauseHoldsTheUpstreamBack()
{
    QFETCH(bool, tls);
    const QByteArray body(60 * mebibyte, 'b');
    const auto server = makeServer(tls);
    server->onRequest([&body](RawConnection &connection, const RawRequest &) { connection.send(okAnswer(body)); });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(*server, tls)));
    connect(attempt.reply.get(), &PooledReply::headReceived, this, [&attempt] { attempt.reply->setReadPaused(true); });
    QTRY_COMPARE_WITH_TIMEOUT(attempt.heads, 1, patience);
    QTest::qWait(200); // whatever was on its way has arrived
    const qint64 received = attempt.reply->bodyBytesReceived();
    const qint64 unsent = server->last()->bytesUnsent();
    QTest::qWait(300);
    QCOMPARE(attempt.reply->bodyBytesReceived(), received);
    QCOMPARE(server->last()->bytesUnsent(), unsent);
    QVERIFY(unsent > 40 * mebibyte);
    attempt.reply->setReadPaused(false);
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
    QCOMPARE(attempt.body.size(), body.size());
}

/// Without anybody taking the body, about a mebibyte of it is all that is ever held.
void TestTransportBody::boundedWithoutReader()
{
    QFETCH(bool, tls);
    const QByteArray body(20 * mebibyte, 'b');
    const auto server = makeServer(tls);
    server->onRequest([&body](RawConnection &connection, const RawRequest &) { connection.send(okAnswer(body)); });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(*server, tls)));
    attempt.collect = false;
    QTRY_VERIFY_WITH_TIMEOUT(attempt.reply->bodyBytesReceived() >= mebibyte, patience);
    QTest::qWait(200);
    QVERIFY(attempt.reply->bodyBytesReceived() <= mebibyte + 128 * 1024);
    QCOMPARE(attempt.ends, 0);
    QByteArray taken;
    while (attempt.ends == 0 || attempt.reply->bytesAvailable() > 0) {
        taken += attempt.reply->takeBody();
        QTest::qWait(1);
    }
    QCOMPARE(taken.size(), body.size());
    QCOMPARE(attempt.error(), QByteArray("none"));
}

void TestTransportBody::largeUpload()
{
    QFETCH(bool, tls);
    QByteArray body(8 * mebibyte, 'u');
    body[body.size() / 2] = 'v';
    const auto server = makeServer(tls);
    server->onRequest([](RawConnection &connection, const RawRequest &) { connection.send(okAnswer("got")); });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(*server, tls), "POST", body));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.body, QByteArray("got"));
    QVERIFY(server->requests().front().body == body);
    QVERIFY(attempt.reply->bytesSent() > body.size());
    Attempt next(manager, makeRequest(originOf(*server, tls)));
    QVERIFY(next.wait());
    QVERIFY(next.reply->reused());
}

void TestTransportBody::uploadFromDevice_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<bool>("sizeKnown");
    for (const bool tls : { false, true }) {
        for (const bool known : { false, true })
            QTest::addRow("%s, %s", tls ? "https" : "http", known ? "length" : "chunked") << tls << known;
    }
}

void TestTransportBody::uploadFromDevice()
{
    QFETCH(bool, tls);
    QFETCH(bool, sizeKnown);
    const auto server = makeServer(tls);
    server->onRequest([](RawConnection &connection, const RawRequest &) { connection.send(okAnswer("got")); });
    PooledAccessManager manager;
    Pipe pipe;
    pipe.put("first ");
    UpstreamRequest request = makeRequest(originOf(*server, tls), "POST", {});
    request.bodyDevice = &pipe;
    request.bodySize = sizeKnown ? 11 : -1;
    Attempt attempt(manager, std::move(request));
    QTRY_VERIFY_WITH_TIMEOUT(server->last() && server->last()->bytesReceived() > 0, patience);
    QTest::qWait(20);
    QCOMPARE(server->requests().size(), std::size_t { 0 });
    pipe.put("later");
    pipe.end();
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
    QCOMPARE(server->requests().front().body, QByteArray("first later"));
    QCOMPARE(server->requests().front().head.framing == Framing::Chunked, !sizeKnown);
}

void TestTransportBody::deviceEndsEarly()
{
    RawServer server;
    PooledAccessManager manager;
    Pipe pipe;
    pipe.put("abc");
    UpstreamRequest request = makeRequest(originOf(server), "POST", {});
    request.bodyDevice = &pipe;
    request.bodySize = 10;
    Attempt attempt(manager, std::move(request));
    QTRY_COMPARE_WITH_TIMEOUT(server.headCount(), 1, patience);
    pipe.end();
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("write-failed"));
    QTRY_COMPARE_WITH_TIMEOUT(server.openConnections(), 0, patience);
    QCOMPARE(server.requests().size(), std::size_t { 0 });
}

void TestTransportBody::slowUpstreamHoldsTheDeviceBack()
{
    RawServer server;
    server.onConnection([](RawConnection &connection) { connection.stopReading(); });
    PooledAccessManager manager;
    QByteArray content(64 * mebibyte, 'u');
    QBuffer device(&content);
    device.open(QIODevice::ReadOnly);
    UpstreamRequest request = makeRequest(originOf(server), "POST", {});
    request.bodyDevice = &device;
    request.bodySize = content.size();
    Attempt attempt(manager, std::move(request));
    QTRY_VERIFY_WITH_TIMEOUT(device.pos() > 0, patience);
    QTest::qWait(200);
    const qint64 position = device.pos();
    QTest::qWait(200);
    QCOMPARE(device.pos(), position);
    QVERIFY(position < 32 * mebibyte); // what the kernel's buffers take, and no more
    QVERIFY(!attempt.reply->isRequestSent());
    attempt.reply->abort();
}

void TestTransportBody::earlyAnswerStopsTheUpload()
{
    RawServer server;
    server.onHead([](RawConnection &connection, const RawRequest &) {
        connection.stopReading();
        connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
    });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server), "POST", QByteArray(32 * mebibyte, 'u')));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
    QCOMPARE(attempt.reply->head().status, 413);
    QCOMPARE(attempt.body, QByteArray("big"));
    QVERIFY(!attempt.reply->isRequestSent());
    const auto stats = manager.poolStats();
    QCOMPARE(stats.front().idle + stats.front().active, 0); // not used again
}

void TestTransportBody::continueIsSkipped()
{
    RawServer server;
    server.onHead(
        [](RawConnection &connection, const RawRequest &) { connection.send("HTTP/1.1 100 Continue\r\n\r\n"); });
    server.onRequest([](RawConnection &connection, const RawRequest &) { connection.send(okAnswer("got")); });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server), "POST", QByteArray(4 * mebibyte, 'u')));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.heads, 1);
    QCOMPARE(attempt.body, QByteArray("got"));
}

/// What arrived before the end is still delivered.
void TestTransportBody::closedWhilePaused()
{
    RawServer server;
    server.onRequest(
        [](RawConnection &connection, const RawRequest &) { connection.send("HTTP/1.1 200 OK\r\n\r\nfirst "); });
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server)));
    QTRY_COMPARE_WITH_TIMEOUT(attempt.body, QByteArray("first "), patience);
    attempt.reply->setReadPaused(true);
    server.last()->send("last");
    server.last()->close();
    QTest::qWait(100);
    QCOMPARE(attempt.ends, 0);
    attempt.reply->setReadPaused(false);
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
    QCOMPARE(attempt.body, QByteArray("first last"));
}

void TestTransportBody::headHasNoBody()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &) {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    });
    PooledAccessManager manager;
    for (int i = 0; i < 2; ++i) {
        Attempt attempt(manager, makeRequest(originOf(server), "HEAD", {}));
        QVERIFY(attempt.wait());
        QCOMPARE(attempt.error(), QByteArray("none"));
        QCOMPARE(attempt.reply->head().headers.value("content-length"), QByteArray("500"));
    }
    QCOMPARE(server.connectionCount(), 1);
}

void TestTransportBody::worksAsPlainNetworkReply()
{
    RawServer server;
    server.onRequest([](RawConnection &connection, const RawRequest &request) {
        connection.send(okAnswer(request.head.target + request.body));
    });
    PooledAccessManager manager;
    QUrl url = originOf(server).url();
    url.setPath(QStringLiteral("/a"));
    url.setQuery(QStringLiteral("b=c"));
    std::unique_ptr<QNetworkReply> reply(manager.post(QNetworkRequest(url), QByteArray("!")));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    QVERIFY(finished.wait(patience));
    QCOMPARE(reply->error(), QNetworkReply::NoError);
    QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 200);
    QCOMPARE(reply->rawHeader("content-type"), QByteArray("application/json"));
    QCOMPARE(reply->readAll(), QByteArray("/a?b=c!"));
}

QTEST_GUILESS_MAIN(TestTransportBody)
#include "tst_transport_body.moc"
