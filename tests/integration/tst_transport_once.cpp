// SPDX-License-Identifier: GPL-3.0-or-later
// The upstream sees each request exactly once, however it closes, and every fault has its own error.
#include "tests/support/lane.h"
#include "tests/support/rawserver.h"
#include "tests/support/testcertificates.h"

#include <QTest>

#include <functional>
#include <memory>

using namespace signalbox;
using namespace signalbox::test;

namespace {

using Answer = std::function<void(RawConnection &, const RawRequest &)>;

struct Fault
{
    Answer answer;
    TransportError error = TransportError::None;
    int status = 0; ///< 0: no head
    QByteArray body;
};

const QByteArray ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const QByteArray chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";

Answer sending(const QByteArray &bytes)
{
    return [bytes](RawConnection &connection, const RawRequest &) { connection.send(bytes); };
}

Answer sendingAndClosing(const QByteArray &bytes)
{
    return [bytes](RawConnection &connection, const RawRequest &) {
        connection.send(bytes);
        connection.close();
    };
}

} // namespace

Q_DECLARE_METATYPE(Fault)

class TestTransportOnce : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_certificates.isValid()); }
    void faults_data();
    void faults();
    void reusedConnectionDies_data();
    void reusedConnectionDies();
    void reusedConnectionClosedBefore_data();
    void reusedConnectionClosedBefore();
    void redirectIsNotFollowed();
    void noCookieIsKept();
    void manyFieldsKeepTheirOrder();
    void targetAndFieldsGoOutAsGiven();
    void refusesWhatCouldSplitARequest_data();
    void refusesWhatCouldSplitARequest();

private:
    std::unique_ptr<RawServer> makeServer(bool tls)
    {
        return tls ? std::make_unique<RawServer>(m_certificates.good()) : std::make_unique<RawServer>();
    }
    OriginSettings originOf(const RawServer &server, bool tls) const
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

void TestTransportOnce::faults_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<Fault>("fault");
    const auto row = [](const char *name, const Fault &fault) {
        QTest::addRow("%s, http", name) << false << fault;
        QTest::addRow("%s, https", name) << true << fault;
    };
    const auto closing = [](RawConnection &connection, const RawRequest &) { connection.close(); };
    const auto resetting = [](RawConnection &connection, const RawRequest &) { connection.reset(); };
    using E = TransportError;
    row("fine", { sending(okAnswer("hi")), E::None, 200, "hi" });
    row("closed before the head", { closing, E::ClosedBeforeResponse, 0, {} });
    row("reset before the head", { resetting, E::ClosedBeforeResponse, 0, {} });
    row("closed mid head", { sendingAndClosing("HTTP/1.1 200 OK\r\nContent-Le"), E::ClosedBeforeResponse, 0, {} });
    row("short length", { sendingAndClosing(ok + "Content-Length: 100\r\n\r\nabc"), E::TruncatedBody, 200, "abc" });
    row("short chunks", { sendingAndClosing(chunked + "5\r\nhello\r\n"), E::TruncatedBody, 200, "hello" });
    row("mid chunk", { sendingAndClosing(chunked + "20\r\nhello"), E::TruncatedBody, 200, "hello" });
    row("malformed chunk", { sending(chunked + "5\r\nhello\r\nzz\r\n"), E::MalformedResponse, 200, "hello" });
    row("chunk without CRLF", { sending(chunked + "5\r\nhelloXX5\r\n"), E::MalformedResponse, 200, "hello" });
    row("until close", { sendingAndClosing(ok + "Connection: close\r\n\r\nhello"), E::None, 200, "hello" });
    row("answer, then closed", { sendingAndClosing(okAnswer("hi")), E::None, 200, "hi" });
    row("SSH banner", { sending("SSH-2.0-OpenSSH_9.2p1\r\n"), E::MalformedResponse, 0, {} });
    row("HTTP/0.9", { sending("<html>no status line</html>\r\n"), E::MalformedResponse, 0, {} });
    row("two lengths",
        { sending(ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi"), E::MalformedResponse, 0, {} });
    row("big field", { sending(ok + "X-Big: " + QByteArray(300000, 'a')), E::MalformedResponse, 0, {} });
    row("101", { sending("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), E::MalformedResponse, 0, {} });
    row("103 first",
        { sending("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + okAnswer("hi")), E::None, 200, "hi" });
    row("529", { sending("HTTP/1.1 529 Overloaded\r\nContent-Length: 2\r\n\r\n{}"), E::None, 529, "{}" });
}

void TestTransportOnce::faults()
{
    QFETCH(bool, tls);
    QFETCH(Fault, fault);
    const auto server = makeServer(tls);
    server->onRequest(fault.answer);
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(*server, tls)));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray(toString(fault.error)));
    QCOMPARE(attempt.reply->transportErrorText().isEmpty(), fault.error == TransportError::None);
    QCOMPARE(attempt.reply->head().status, fault.status);
    QCOMPARE(attempt.heads, fault.status == 0 ? 0 : 1);
    QCOMPARE(attempt.body, fault.body);
    QVERIFY(!attempt.reply->provablyUnsent());
    QVERIFY(attempt.reply->isRequestSent());
    QTest::qWait(50);
    QCOMPARE(attempt.ends, 1);
    QCOMPARE(server->headCount(), 1);
    QCOMPARE(server->connectionCount(), 1);
}

void TestTransportOnce::reusedConnectionDies_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<bool>("withReset");
    for (const bool tls : { false, true }) {
        for (const bool withReset : { false, true })
            QTest::addRow("%s, %s", tls ? "https" : "http", withReset ? "RST" : "FIN") << tls << withReset;
    }
}

/// The upstream read the second request before it went: sending it again would make two of it.
void TestTransportOnce::reusedConnectionDies()
{
    QFETCH(bool, tls);
    QFETCH(bool, withReset);
    const auto server = makeServer(tls);
    server->onRequest([withReset](RawConnection &connection, const RawRequest &request) {
        if (request.index == 0)
            connection.send(okAnswer("hi"));
        else if (withReset)
            connection.reset();
        else
            connection.close();
    });
    PooledAccessManager manager;
    Attempt first(manager, makeRequest(originOf(*server, tls)));
    QVERIFY(first.wait());
    Attempt second(manager, makeRequest(originOf(*server, tls)));
    QVERIFY(second.wait());
    QVERIFY(second.reply->reused());
    QCOMPARE(second.error(), QByteArray("closed-before-response"));
    QVERIFY(second.reply->bytesSent() > 0);
    QTest::qWait(50);
    QCOMPARE(server->headCount(), 2);
}

void TestTransportOnce::reusedConnectionClosedBefore_data()
{
    reusedConnectionDies_data();
}

/// A close that has arrived is noticed before anything is written, even if no event told of it yet.
void TestTransportOnce::reusedConnectionClosedBefore()
{
    QFETCH(bool, tls);
    QFETCH(bool, withReset);
    const auto server = makeServer(tls);
    server->onRequest([](RawConnection &connection, const RawRequest &) { connection.send(okAnswer("hi")); });
    PooledAccessManager manager;
    Attempt first(manager, makeRequest(originOf(*server, tls)));
    QVERIFY(first.wait());
    if (withReset)
        server->last()->reset();
    else
        server->last()->close();
    if (tls && !withReset)
        QTest::qWait(50); // the TLS farewell takes a turn of the event loop, which both ends share here
    Attempt second(manager, makeRequest(originOf(*server, tls)));
    QVERIFY(second.wait());
    QCOMPARE(second.error(), QByteArray("none"));
    QCOMPARE(second.body, QByteArray("hi"));
    QVERIFY(!second.reply->reused());
    QCOMPARE(server->headCount(), 2);
    QCOMPARE(server->connectionCount(), 2);
}

void TestTransportOnce::redirectIsNotFollowed()
{
    RawServer trap;
    RawServer server;
    server.onRequest(sending("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:" +
                             QByteArray::number(trap.port()) + "/\r\nContent-Length: 0\r\n\r\n"));
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server, false)));
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("none"));
    QCOMPARE(attempt.reply->head().status, 307);
    QTest::qWait(50);
    QCOMPARE(trap.connectionCount(), 0);
    QCOMPARE(server.headCount(), 1);
}

void TestTransportOnce::noCookieIsKept()
{
    RawServer server;
    server.onRequest(sending("HTTP/1.1 200 OK\r\nSet-Cookie: session=secret; Path=/\r\nContent-Length: 0\r\n\r\n"));
    PooledAccessManager manager;
    for (int i = 0; i < 2; ++i) {
        Attempt attempt(manager, makeRequest(originOf(server, false)));
        QVERIFY(attempt.wait());
        QCOMPARE(attempt.reply->head().headers.value("set-cookie"), QByteArray("session=secret; Path=/"));
    }
    QCOMPARE(server.requests().size(), std::size_t { 2 });
    for (const RawRequest &request : server.requests())
        QVERIFY(!request.head.headers.contains("cookie"));
}

void TestTransportOnce::manyFieldsKeepTheirOrder()
{
    RawServer server;
    QByteArray head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
    for (int i = 0; i < 200; ++i)
        head += "X-Field: " + QByteArray::number(i) + "\r\n";
    server.onRequest(sending(head + "\r\n"));
    PooledAccessManager manager;
    Attempt attempt(manager, makeRequest(originOf(server, false)));
    QVERIFY(attempt.wait());
    const auto values = attempt.reply->head().headers.values("x-field");
    QCOMPARE(values.size(), std::size_t { 200 });
    for (std::size_t i = 0; i < values.size(); ++i)
        QCOMPARE(values.at(i).toInt(), static_cast<int>(i));
}

void TestTransportOnce::targetAndFieldsGoOutAsGiven()
{
    RawServer server;
    server.onRequest(sending(okAnswer({})));
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(server, false), "PATCH", "body");
    request.target = "/v1/../a//b?x=%2f&y=[1]";
    request.headers = { { "x-Twice", "1" }, { "Other", "o" }, { "x-Twice", "2" }, { "Content-Length", "999" } };
    Attempt attempt(manager, std::move(request));
    QVERIFY(attempt.wait());
    QCOMPARE(server.requests().size(), std::size_t { 1 });
    const RequestHead &seen = server.requests().front().head;
    QCOMPARE(seen.method, QByteArray("PATCH"));
    QCOMPARE(seen.target, QByteArray("/v1/../a//b?x=%2f&y=[1]"));
    QCOMPARE(seen.host(), "127.0.0.1:" + QByteArray::number(server.port()));
    const std::vector<QByteArray> twice { "1", "2" };
    QVERIFY(seen.headers.values("x-twice") == twice);
    QCOMPARE(seen.contentLength, 4);
    QCOMPARE(server.requests().front().body, QByteArray("body"));
    const std::vector<QByteArray> names { "Host", "x-Twice", "Other", "x-Twice", "Content-Length" };
    std::vector<QByteArray> seenNames;
    for (const HeaderField &field : seen.headers)
        seenNames.push_back(field.name);
    QVERIFY(seenNames == names);
}

void TestTransportOnce::refusesWhatCouldSplitARequest_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *title, const char *method, const char *target, const char *name,
                        const QByteArray &value) {
        QTest::newRow(title) << QByteArray(method) << QByteArray(target) << QByteArray(name) << value;
    };
    row("CR LF in a value", "GET", "/", "X", "v\r\nY: 1");
    row("NUL in a value", "GET", "/", "X", QByteArray("v\0", 2));
    row("name with space", "GET", "/", "X Y", "v");
    row("target with space", "GET", "/a b", "X", "v");
    row("absolute target", "GET", "http://a/", "X", "v");
    row("method with CR", "GET\r", "/", "X", "v");
    row("CONNECT", "CONNECT", "/", "X", "v");
}

void TestTransportOnce::refusesWhatCouldSplitARequest()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    RawServer server;
    PooledAccessManager manager;
    UpstreamRequest request = makeRequest(originOf(server, false));
    request.method = method;
    request.target = target;
    request.headers = { { name, value } };
    Attempt attempt(manager, std::move(request));
    QCOMPARE(attempt.ends, 0);
    QVERIFY(attempt.wait());
    QCOMPARE(attempt.error(), QByteArray("invalid-request"));
    QVERIFY(attempt.reply->provablyUnsent());
    QVERIFY(!attempt.reply->transportErrorText().contains(QLatin1String("Y: 1")));
    QCOMPARE(server.connectionCount(), 0);
}

QTEST_GUILESS_MAIN(TestTransportOnce)
#include "tst_transport_once.moc"
