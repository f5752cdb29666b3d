// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/requestparser.h"

#include <QTest>

#include <vector>

using namespace signalbox;

namespace {

class Recorder final : public RequestParser::Handler
{
public:
    explicit Recorder(const ParserLimits &limits = {}) : parser(*this, limits) { }

    qsizetype feed(const QByteArray &bytes) { return parser.feed(bytes); }

    void onRequestHead(RequestHead &&received) override
    {
        head = std::move(received);
        ++heads;
        if (pauseAtHead)
            parser.pause();
    }
    void onRequestBody(QByteArrayView piece) override { body.append(piece); }
    void onRequestComplete() override { ++completes; }
    void onRequestError(int code, const QString &why) override
    {
        status = code;
        reason = why;
    }

    RequestParser parser;
    RequestHead head;
    QByteArray body;
    int heads = 0;
    int completes = 0;
    int status = 0;
    QString reason;
    bool pauseAtHead = false;
};

int statusOf(const QByteArray &raw, const ParserLimits &limits = {})
{
    Recorder recorder(limits);
    recorder.feed(raw);
    return recorder.status;
}

const QByteArray get = "GET /v1/models HTTP/1.1\r\nHost: localhost:8787\r\n\r\n";

} // namespace

class TestRequestParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAHead();
    void readsABody();
    void readsChunks();
    void stopsAfterAMessage();
    void pausesAtTheHead();
    void reportsTheForm_data();
    void reportsTheForm();
    void statusOfErrors_data();
    void statusOfErrors();
    void limits();
    void hostField_data();
    void hostField();
    void closesAfter_data();
    void closesAfter();
    void unknownUpgradeIsIgnored();
};

void TestRequestParser::readsAHead()
{
    Recorder recorder;
    const QByteArray raw = "POST /v1/x?y=%41 HTTP/1.1\r\nhost: a\r\nX-Twice: 1 \r\nx-twice:\t2\r\nEmpty:\r\n\r\n";
    QCOMPARE(recorder.feed(raw), raw.size());
    QCOMPARE(recorder.head.method, QByteArray("POST"));
    QCOMPARE(recorder.head.target, QByteArray("/v1/x?y=%41"));
    QCOMPARE(recorder.head.headers.size(), std::size_t { 4 });
    const std::vector<QByteArray> twice { "1", "2" };
    QVERIFY(recorder.head.headers.values("X-TWICE") == twice);
    QVERIFY(recorder.head.headers.contains("Empty"));
    QCOMPARE(recorder.head.framing, Framing::None);
    QCOMPARE(recorder.completes, 1);
    QVERIFY(recorder.head.keepAlive);
}

void TestRequestParser::readsABody()
{
    Recorder recorder;
    recorder.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
    QVERIFY(recorder.parser.isInsideMessage());
    QCOMPARE(recorder.completes, 0);
    QCOMPARE(recorder.head.contentLength, 6);
    QCOMPARE(recorder.feed("defGET"), 3);
    QCOMPARE(recorder.body, QByteArray("abcdef"));
    QCOMPARE(recorder.completes, 1);
    QVERIFY(!recorder.parser.isInsideMessage());
}

void TestRequestParser::readsChunks()
{
    Recorder recorder;
    recorder.feed("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                  "3;x=\"y z\"\r\nabc\r\n00A ; q\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n");
    QCOMPARE(recorder.status, 0);
    QCOMPARE(recorder.head.framing, Framing::Chunked);
    QCOMPARE(recorder.body, QByteArray("abc0123456789"));
    QCOMPARE(recorder.completes, 1);
}

void TestRequestParser::stopsAfterAMessage()
{
    Recorder recorder;
    const QByteArray two = get + get;
    const qsizetype used = recorder.feed(two);
    QCOMPARE(used, get.size());
    QCOMPARE(recorder.feed(two.sliced(used)), 0);
    recorder.parser.reset();
    QCOMPARE(recorder.feed(two.sliced(used)), get.size());
    QCOMPARE(recorder.heads, 2);
    QCOMPARE(recorder.completes, 2);
}

void TestRequestParser::pausesAtTheHead()
{
    Recorder recorder;
    recorder.pauseAtHead = true;
    QCOMPARE(recorder.feed(get), get.size());
    QCOMPARE(recorder.heads, 1);
    QCOMPARE(recorder.completes, 0);
    QCOMPARE(recorder.feed(QByteArray()), 0);
    QCOMPARE(recorder.completes, 1);
}

void TestRequestParser::reportsTheForm_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("form");
    const auto row = [](const char *name, const char *line, TargetForm form) {
        QTest::newRow(name) << QByteArray(line) << static_cast<int>(form);
    };
    row("origin", "GET /x", TargetForm::Origin);
    row("double slash", "GET //x", TargetForm::Origin);
    row("absolute", "GET http://a/x", TargetForm::Absolute);
    row("asterisk", "OPTIONS *", TargetForm::Asterisk);
    row("authority", "CONNECT a:443", TargetForm::Authority);
}

void TestRequestParser::reportsTheForm()
{
    QFETCH(QByteArray, line);
    QFETCH(int, form);
    Recorder recorder;
    recorder.feed(line + " HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(recorder.reason, QString());
    QCOMPARE(static_cast<int>(recorder.head.form), form);
}

void TestRequestParser::statusOfErrors_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &raw, int status) { QTest::newRow(name) << raw << status; };
    row("fine", get, 0);
    row("one empty line before", "\r\n" + get, 0);
    row("two empty lines before", "\r\n\r\n" + get, 400);
    row("TLS to a plain port", QByteArray("\x16\x03\x01\x02"), 400);
    row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
    row("HTTP/1.2", "GET / HTTP/1.2\r\n", 505);
    row("HTTP/0.9", "GET /\r\n", 400);
    row("lower-case version", "GET / http/1.1\r\n", 400);
    row("two spaces", "GET  / HTTP/1.1\r\n", 400);
    row("fragment", "GET /#a HTTP/1.1\r\n", 400);
    row("non-ASCII target", "GET /\xc3\xa9 HTTP/1.1\r\n", 400);
    row("unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    row("bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400);
    row("bare CR", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400);
    row("no host", "GET / HTTP/1.1\r\n\r\n", 400);
    row("no host in 1.0", "GET / HTTP/1.0\r\n\r\n", 0);
    row("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
    row("folded", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400);
    row("NUL", QByteArray("GET / HTTP/1.1\r\nHost: a\r\nX: 1\0\r\n\r\n", 34), 400);
    row("space before colon", "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n", 400);
    const QByteArray post = "POST / HTTP/1.1\r\nHost: a\r\n";
    row("length and coding", post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
    row("coding in 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
    row("gzip coding", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 400);
    row("signed length", post + "Content-Length: +1\r\n\r\n", 400);
    row("19 digits", post + "Content-Length: 1000000000000000000\r\n\r\n", 400);
    row("length twice", post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400);
    const QByteArray chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    row("16 digit chunk", chunked + "0000000000000001\r\n", 400);
    row("chunk too long", chunked + "1\r\nab\r\n", 400);
    row("LF after chunk", chunked + "1\r\na\n", 400);
    row("CTL in extension", chunked + "1;a\x01\r\n", 400);
    row("length as trailer", chunked + "0\r\nContent-Length: 1\r\n\r\n", 400);
    row("trailer without colon", chunked + "0\r\nabc\r\n\r\n", 400);
}

void TestRequestParser::statusOfErrors()
{
    QFETCH(QByteArray, raw);
    QFETCH(int, status);
    QCOMPARE(statusOf(raw), status);
}

void TestRequestParser::limits()
{
    ParserLimits limits;
    limits.startLineBytes = 40;
    limits.headBytes = 100;
    limits.fields = 3;
    limits.chunkLineBytes = 20;
    QCOMPARE(statusOf("GET /" + QByteArray(40, 'a'), limits), 414);
    QCOMPARE(statusOf("GET / HTTP/1.1\r\nHost: a\r\nX: " + QByteArray(100, 'a'), limits), 431);
    QCOMPARE(statusOf("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 1\r\n\r\n", limits), 0);
    QCOMPARE(statusOf("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 1\r\nC: 1\r\n\r\n", limits), 431);
    const QByteArray chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    QCOMPARE(statusOf(chunked + "1;" + QByteArray(30, 'a'), limits), 400);
    QCOMPARE(statusOf(chunked + "0\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n", limits), 431);
}

void TestRequestParser::hostField_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("valid");
    const auto row = [](const char *value, bool valid) { QTest::newRow(value) << QByteArray(value) << valid; };
    row("localhost", true);
    row("127.0.0.1:8787", true);
    row("[::1]:8787", true);
    row("[::1]", true);
    row("a.example:", true);
    row("", false);
    row("a b", false);
    row("a,b", false);
    row("user@a", false);
    row("a:b", false);
    row("a:65536", false);
    row("[::1", false);
    row("[::1]x", false);
    row("[fe80::1%eth0]", false);
    row("a/b", false);
    row("%zz", false);
}

void TestRequestParser::hostField()
{
    QFETCH(QByteArray, value);
    QFETCH(bool, valid);
    QCOMPARE(isValidHostField(value), valid);
}

void TestRequestParser::closesAfter_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<bool>("keepAlive");
    QTest::newRow("1.1") << get << true;
    QTest::newRow("1.1 close") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n") << false;
    QTest::newRow("1.0") << QByteArray("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") << false;
}

void TestRequestParser::closesAfter()
{
    QFETCH(QByteArray, raw);
    QFETCH(bool, keepAlive);
    Recorder recorder;
    recorder.feed(raw);
    QCOMPARE(recorder.completes, 1);
    QCOMPARE(recorder.head.keepAlive, keepAlive);
}

void TestRequestParser::unknownUpgradeIsIgnored()
{
    Recorder recorder;
    const QByteArray raw =
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nhi";
    QCOMPARE(recorder.feed(raw + get), raw.size());
    QCOMPARE(recorder.body, QByteArray("hi"));
    QCOMPARE(recorder.completes, 1);
}

QTEST_GUILESS_MAIN(TestRequestParser)
#include "tst_requestparser.moc"
