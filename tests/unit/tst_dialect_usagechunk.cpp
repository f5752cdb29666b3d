// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/usagechunk.h"

#include <QTest>

using namespace signalbox;

namespace {

const QByteArray content =
    "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}],\"usage\":null}\n\n";
const QByteArray filtered = "data: {\"id\":\"c\",\"choices\":[],\"prompt_filter_results\":[]}\n\n";
const QByteArray usage =
    "data: {\"id\":\"c\",\"choices\": [ ],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n";
const QByteArray end = "data: [DONE]\n\n";

QByteArray through(const QByteArray &stream, qsizetype piece)
{
    UsageChunkFilter filter;
    QByteArray out;
    for (qsizetype at = 0; at < stream.size(); at += piece)
        out += filter.feed(QByteArrayView(stream).sliced(at, std::min(piece, stream.size() - at)));
    return out + filter.finish();
}

QByteArray crlf(QByteArray text)
{
    return text.replace("\n", "\r\n");
}

} // namespace

class TestUsageChunk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksByPuttingBytesIn_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("asked");
        QTest::newRow("no options") << QByteArray(" { \"stream\": true, \"model\":\"m\"}")
                                    << QByteArray(" {\"stream_options\":{\"include_usage\":true}, \"stream\": true, "
                                                  "\"model\":\"m\"}");
        QTest::newRow("other options") << QByteArray(R"({"stream":true,"stream_options":{"x":1}})")
                                       << QByteArray(
                                              R"({"stream":true,"stream_options":{"include_usage":true,"x":1}})");
        QTest::newRow("empty options") << QByteArray(R"({"stream":true,"stream_options": { }})")
                                       << QByteArray(R"({"stream":true,"stream_options": {"include_usage":true }})");
        QTest::newRow("asked") << QByteArray(R"({"stream":true,"stream_options":{"include_usage":true}})")
                               << QByteArray();
        QTest::newRow("declined") << QByteArray(R"({"stream":true,"stream_options":{"include_usage":false}})")
                                  << QByteArray();
        QTest::newRow("null") << QByteArray(R"({"stream":true,"stream_options":null})") << QByteArray();
        QTest::newRow("no object") << QByteArray("[1]") << QByteArray();
        QTest::newRow("empty object") << QByteArray("{}") << QByteArray();
        QTest::newRow("nothing") << QByteArray() << QByteArray();
    }
    void asksByPuttingBytesIn()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, asked);
        QCOMPARE(withIncludeUsage(body).value_or(QByteArray()), asked);
    }

    void takesOutThatChunkOnly_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArray>("wanted");
        QTest::newRow("usual") << content + usage + end << content + end;
        QTest::newRow("none") << content + end << content + end;
        QTest::newRow("CRLF") << crlf(content + usage + end) << crlf(content + end);
        QTest::newRow("not every empty list") << filtered + content + usage << filtered + content;
        QTest::newRow("comments stay") << ": ping\n\n" + usage + ": pong\n\n" << QByteArray(": ping\n\n: pong\n\n");
        QTest::newRow("in the middle") << content + usage + content << content + content;
        QTest::newRow("no blank line at the end") << content + usage.chopped(1) << content;
        QTest::newRow("cut") << content + usage.left(30) << content + usage.left(30);
        const QByteArray large =
            "data: {\"choices\":[],\"x\":\"" + QByteArray(UsageChunkFilter::longestHeld, 'x') + "\",\"usage\":{}}\n\n";
        QTest::newRow("too large to be one") << large + usage + end << large + end;
    }
    void takesOutThatChunkOnly()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QByteArray, wanted);
        for (qsizetype piece : { qsizetype { 1 }, qsizetype { 2 }, qsizetype { 7 }, qsizetype { 64 }, stream.size() })
            QCOMPARE(through(stream, piece), wanted);
    }

    void holdsBackNoMoreThanTheOpenEvent()
    {
        UsageChunkFilter filter;
        QCOMPARE(filter.feed(QByteArray(content + usage.left(20))), content);
        QCOMPARE(filter.feed(QByteArray(usage.sliced(20) + end.left(3))), QByteArray());
        QCOMPARE(filter.feed(end.sliced(3)), end);
    }
};

QTEST_APPLESS_MAIN(TestUsageChunk)
#include "tst_dialect_usagechunk.moc"
