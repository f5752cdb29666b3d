// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/responseparser.h"

#include <QTest>

#include <optional>
#include <vector>

using namespace signalbox;

namespace {

class Recorder final : public ResponseParser::Handler
{
public:
    explicit Recorder(bool toHead = false) { parser.reset(toHead); }

    qsizetype feed(const QByteArray &bytes) { return parser.feed(bytes); }

    void onResponseHead(ResponseHead &&received) override
    {
        head = std::move(received);
        ++heads;
    }
    void onResponseBody(QByteArrayView piece) override { body.append(piece); }
    void onResponseComplete() override { ++completes; }
    void onResponseError(const QString &why) override { reason = why; }

    ResponseParser parser { *this };
    ResponseHead head;
    QByteArray body;
    int heads = 0;
    int completes = 0;
    QString reason;
};

const QByteArray ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const QByteArray chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";

} // namespace

class TestResponseParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void accepts_data();
    void accepts();
    void refuses_data();
    void refuses();
    void cutByTheEnd_data();
    void cutByTheEnd();
    void bodyUntilTheEnd();
    void skipsInterimAnswers();
    void leavesWhatIsNotOurs();
    void headAnnouncesNoBody();
    void keepsRepeatedFields();
    void codingBeatsLength();
    void manyFields();
};

void TestResponseParser::accepts_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("keepAlive");
    const auto row = [](const char *name, const QByteArray &raw, int status, const char *body, bool keepAlive) {
        QTest::newRow(name) << raw << status << QByteArray(body) << keepAlive;
    };
    row("length", ok + "Content-Length: 2\r\n\r\nhi", 200, "hi", true);
    row("length 0", ok + "Content-Length: 0\r\n\r\n", 200, "", true);
    row("chunked", chunked + "2\r\nhi\r\n3;x\r\nyou\r\n0\r\n\r\n", 200, "hiyou", true);
    row("trailers", chunked + "2\r\nhi\r\n0\r\nSet-Cookie: a=b\r\n\r\n", 200, "hi", true);
    row("no reason", "HTTP/1.1 204\r\n\r\n", 204, "", true);
    row("empty reason", "HTTP/1.1 429 \r\nContent-Length: 1\r\n\r\nx", 429, "x", true);
    row("304 with length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", 304, "", true);
    row("close", ok + "Connection: close\r\nContent-Length: 1\r\n\r\nx", 200, "x", false);
    row("1.0", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", 200, "x", false);
}

void TestResponseParser::accepts()
{
    QFETCH(QByteArray, raw);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, keepAlive);
    Recorder whole;
    whole.feed(raw);
    Recorder pieces;
    for (qsizetype i = 0; i < raw.size(); ++i)
        pieces.feed(raw.sliced(i, 1));
    for (const Recorder *recorder : { &whole, &pieces }) {
        QCOMPARE(recorder->reason, QString());
        QCOMPARE(recorder->head.status, status);
        QCOMPARE(recorder->body, body);
        QCOMPARE(recorder->completes, 1);
        QCOMPARE(recorder->parser.keepAlive(), keepAlive);
    }
}

void TestResponseParser::refuses_data()
{
    QTest::addColumn<QByteArray>("raw");
    const auto row = [](const char *name, const QByteArray &raw) { QTest::newRow(name) << raw; };
    row("SSH", "SSH-2.0-OpenSSH_9.2p1\r\n");
    row("HTTP/0.9", "<html>");
    row("bad version", "HTTP/9 abc\r\n");
    row("HTTP/2", "HTTP/2 200\r\n");
    row("two digit status", "HTTP/1.1 20 OK\r\n");
    row("status 099", "HTTP/1.1 099 OK\r\n");
    row("empty line first", "\r\nHTTP/1.1 200 OK\r\n\r\n");
    row("101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
    row("NUL", ok + QByteArray("X: a\0b\r\n", 8));
    row("bare CR", ok + "X: a\rY: 1\r\n");
    row("bare LF", ok + "X: a\nY: 1\r\n");
    row("no colon", ok + "NoColonHere\r\n");
    row("space before colon", ok + "X : 1\r\n");
    row("folded", ok + "X: 1\r\n folded\r\n");
    row("two lengths", ok + "Content-Length: 11\r\nContent-Length: 5\r\n\r\n");
    row("same length twice", ok + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n");
    row("length list", ok + "Content-Length: 5, 5\r\n\r\n");
    row("negative length", ok + "Content-Length: -5\r\n\r\n");
    row("gzip coding", ok + "Transfer-Encoding: gzip\r\n\r\n");
    row("two codings", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n");
    row("coding in 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    row("bad chunk size", chunked + "5\r\nhello\r\nzz\r\n");
    row("negative chunk", chunked + "-5\r\n");
    row("chunk overflow", chunked + "ffffffffffffffff5\r\n");
    row("chunk without CRLF", chunked + "5\r\nhelloXX5\r\n");
    row("300 KB field", ok + "X: " + QByteArray(300000, 'a'));
    QByteArray many = ok;
    for (int i = 0; i < 5000; ++i)
        many += "X-" + QByteArray::number(i) + ": v\r\n";
    row("5000 fields", many);
}

void TestResponseParser::refuses()
{
    QFETCH(QByteArray, raw);
    Recorder whole;
    whole.feed(raw);
    Recorder pieces;
    for (qsizetype i = 0; i < raw.size() && !pieces.parser.hasError(); ++i)
        pieces.feed(raw.sliced(i, 1));
    QVERIFY(whole.parser.hasError());
    QVERIFY(!whole.reason.isEmpty());
    QCOMPARE(pieces.reason, whole.reason);
    QCOMPARE(whole.completes, 0);
    QVERIFY(!whole.parser.finish());
}

void TestResponseParser::cutByTheEnd_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("mid head") << QByteArray("HTTP/1.1 200 OK\r\nContent-Le");
    QTest::newRow("short length") << ok + "Content-Length: 3\r\n\r\nhi";
    QTest::newRow("mid chunk") << chunked + "20\r\nhello";
    QTest::newRow("between chunks") << chunked + "5\r\nhello\r\n";
    QTest::newRow("before the last empty line") << chunked + "0\r\n";
}

void TestResponseParser::cutByTheEnd()
{
    QFETCH(QByteArray, raw);
    Recorder recorder;
    recorder.feed(raw);
    QVERIFY(!recorder.parser.finish());
    QCOMPARE(recorder.completes, 0);
}

void TestResponseParser::bodyUntilTheEnd()
{
    Recorder recorder;
    recorder.feed(ok + "\r\nhello");
    QCOMPARE(recorder.completes, 0);
    QVERIFY(recorder.parser.finish());
    QCOMPARE(recorder.completes, 1);
    QCOMPARE(recorder.body, QByteArray("hello"));
    QCOMPARE(recorder.head.framing, Framing::Close);
    QVERIFY(!recorder.parser.keepAlive());
}

void TestResponseParser::skipsInterimAnswers()
{
    Recorder recorder;
    recorder.feed("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" + ok +
                  "Content-Length: 2\r\n\r\nhi");
    QCOMPARE(recorder.heads, 1);
    QCOMPARE(recorder.head.status, 200);
    QVERIFY(!recorder.head.headers.contains("Link"));
    QCOMPARE(recorder.completes, 1);
}

void TestResponseParser::leavesWhatIsNotOurs()
{
    Recorder recorder;
    const QByteArray answer = ok + "Content-Length: 2\r\n\r\nhi";
    QCOMPARE(recorder.feed(answer + "HTTP/1.1 200 EVIL\r\n"), answer.size());
    QCOMPARE(recorder.completes, 1);
    Recorder noContent;
    const QByteArray empty = "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n";
    QCOMPARE(noContent.feed(empty + "EVIL"), empty.size());
    QCOMPARE(noContent.body, QByteArray());
}

void TestResponseParser::headAnnouncesNoBody()
{
    for (const char *framing : { "Content-Length: 500\r\n", "Transfer-Encoding: chunked\r\n", "" }) {
        Recorder recorder(true);
        recorder.feed(ok + framing + "\r\n");
        QCOMPARE(recorder.completes, 1);
        QVERIFY(recorder.parser.keepAlive());
    }
}

void TestResponseParser::keepsRepeatedFields()
{
    Recorder recorder;
    recorder.feed(ok + "Link: a\r\nX: 1\r\nLink: b\r\nContent-Length: 0\r\n\r\n");
    const std::vector<QByteArray> links { "a", "b" };
    QVERIFY(recorder.head.headers.values("link") == links);
}

void TestResponseParser::codingBeatsLength()
{
    Recorder recorder;
    recorder.feed(ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"ok\":true}\r\n0\r\n\r\n");
    QCOMPARE(recorder.reason, QString());
    QCOMPARE(recorder.body, QByteArray("{\"ok\":true}"));
    QVERIFY(!recorder.head.headers.contains("Content-Length"));
    QVERIFY(!recorder.parser.keepAlive());
}

void TestResponseParser::manyFields()
{
    QByteArray raw = ok;
    for (int i = 0; i < 200; ++i)
        raw += "X-" + QByteArray::number(i) + ": v\r\n";
    Recorder recorder;
    recorder.feed(raw + "Content-Length: 0\r\n\r\n");
    QCOMPARE(recorder.completes, 1);
    QCOMPARE(recorder.head.headers.size(), std::size_t { 202 });
}

QTEST_GUILESS_MAIN(TestResponseParser)
#include "tst_responseparser.moc"
