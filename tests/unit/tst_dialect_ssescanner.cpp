// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/jsonarrayscanner.h"
#include "engine/dialect/ssescanner.h"

#include <QTest>

using namespace signalbox;

namespace {

/// "name|data" of every event, with the stream cut into the given pieces.
QByteArrayList read(const QByteArray &stream, const std::function<qsizetype()> &pieceSize, bool finish = true)
{
    QByteArrayList events;
    SseScanner scanner;
    const auto note = [&](const SseEvent &event) {
        events.append(QByteArray(event.name.toByteArray() + '|' + event.data.toByteArray()));
    };
    qsizetype at = 0;
    while (at < stream.size()) {
        const qsizetype size = std::min(pieceSize(), stream.size() - at);
        scanner.feed(QByteArrayView(stream).sliced(at, size), note);
        at += size;
    }
    if (finish)
        scanner.finish(note);
    return events;
}

QByteArrayList readAll(const QByteArray &stream, bool finish = true)
{
    return read(
        stream, [&] { return std::max<qsizetype>(stream.size(), 1); }, finish);
}

QByteArrayList elements(const QByteArray &text, qsizetype pieceSize)
{
    QByteArrayList found;
    JsonArrayScanner scanner;
    for (qsizetype at = 0; at < text.size(); at += pieceSize)
        scanner.feed(QByteArrayView(text).sliced(at, std::min(pieceSize, text.size() - at)),
                     [&](QByteArrayView element) { found.append(element.toByteArray()); });
    return found;
}

} // namespace

class TestSseScanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eventsAreRead_data();
    void eventsAreRead();
    void anySplitGivesTheSameEvents_data();
    void anySplitGivesTheSameEvents();
    void unfinishedEventCountsOnlyAtTheEnd();
    void hugeEventIsCutAndScanningGoesOn();
    void hugeLinesOfOtherKindsCostNothing();
    void halfReadEventIsVisible();
    void arrayElementsAreRead();
    void hostileArraysAreSurvived();
};

void TestSseScanner::eventsAreRead_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArrayList>("events");
    const auto row = [](const char *name, const QByteArray &stream, const QByteArrayList &events) {
        QTest::newRow(name) << stream << events;
    };
    row("LF", "data: a\n\ndata: b\n\n", { "|a", "|b" });
    row("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", { "|a", "|b" });
    row("CR", "data: a\r\rdata: b\r\r", { "|a", "|b" });
    row("mixed", "data: a\r\n\ndata: b\n\r\ndata: c\r\r\n", { "|a", "|b", "|c" });
    row("named", "event: x\ndata: a\n\ndata: b\n\n", { "x|a", "|b" });
    row("no space", "event:x\ndata:a\n\n", { "x|a" });
    row("one space only", "data:  a \n\n", { "| a " });
    row("several lines", "data: a\ndata: b\ndata\n\n", { "|a\nb\n" });
    row("comments", ": ping\n\n:\ndata: a\n: between\ndata: b\n\n", { "|a\nb" });
    row("BOM",
        "\xef\xbb\xbf"
        "data: a\n\n",
        { "|a" });
    row("other fields", "id: 1\nretry: 5\nfoo: bar\nbaz\ndata: a\n\n", { "|a" });
    row("name without data", "event: x\n\ndata: a\n\n", { "|a" });
    row("empty data", "data:\n\n", { "|" });
    row("blank lines", "\n\n\n\r\n\rdata: a\n\n\n\n", { "|a" });
    row("no end", "data: a\n\ndata: b", { "|a", "|b" });
    row("no blank line", "data: a\n\ndata: [DONE]\n", { "|a", "|[DONE]" });
    row("NUL and bad UTF-8", QByteArray("data: a\0\xff\xfe\n\n", 12), { QByteArray("|a\0\xff\xfe", 5) });
    row("last name wins", "event: x\nevent: y\ndata: a\n\n", { "y|a" });
    row("case matters", "Data: a\nDATA: b\ndata: c\n\n", { "|c" });
    for (const qsizetype size : { 505, 506, 507, 1017, 1018, 1500 }) { // around the steps in which lines are searched
        const QByteArray text(size, 'x');
        for (const char *end : { "\n", "\r", "\r\n" })
            row(qPrintable(QStringLiteral("%1 bytes and %2").arg(size).arg(QLatin1String(QByteArray(end).toHex()))),
                "data: " + text + end + end + "data: b" + end + end, { '|' + text, "|b" });
    }
    row("nothing", "", {});
}

void TestSseScanner::eventsAreRead()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArrayList, events);
    QCOMPARE(readAll(stream), events);
}

void TestSseScanner::anySplitGivesTheSameEvents_data()
{
    eventsAreRead_data();
}

void TestSseScanner::anySplitGivesTheSameEvents()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArrayList, events);
    QCOMPARE(read(stream, [] { return 1; }), events);
    quint32 state = 7;
    for (int round = 0; round < 50; ++round) {
        QCOMPARE(read(stream,
                      [&] {
                          state = state * 1664525u + 1013904223u;
                          return static_cast<qsizetype>(state >> 24) % 5 + 1;
                      }),
                 events);
    }
}

void TestSseScanner::unfinishedEventCountsOnlyAtTheEnd()
{
    QCOMPARE(readAll("data: a\n\ndata: b\n", false), QByteArrayList { "|a" });
    QCOMPARE(readAll("data: a\n\ndata: b\n", true), (QByteArrayList { "|a", "|b" }));
    QCOMPARE(readAll("data: a\n\n", true), QByteArrayList { "|a" });
}

void TestSseScanner::hugeEventIsCutAndScanningGoesOn()
{
    SseScanner scanner;
    qsizetype largest = 0;
    int truncated = 0;
    QByteArray last;
    const auto note = [&](const SseEvent &event) {
        largest = std::max(largest, event.data.size());
        truncated += event.truncated ? 1 : 0;
        last = event.data.first(std::min<qsizetype>(event.data.size(), 5)).toByteArray();
    };
    const QByteArray chunk(100000, 'x');
    scanner.feed("event: big\ndata: start", note);
    for (int i = 0; i < 100; ++i)
        scanner.feed(chunk, note);
    scanner.feed("\n\n", note);
    QCOMPARE(truncated, 1);
    QCOMPARE(last, QByteArray("start"));
    for (int i = 0; i < 100; ++i)
        scanner.feed(QByteArray("data: " + chunk + "\n"), note);
    scanner.feed("\ndata: small\n\n", note);
    QCOMPARE(truncated, 2);
    QCOMPARE(last, QByteArray("small"));
    QVERIFY(largest <= SseScanner::keptBytes);
}

void TestSseScanner::hugeLinesOfOtherKindsCostNothing()
{
    QByteArrayList events;
    SseScanner scanner;
    const auto note = [&](const SseEvent &event) { events.append(event.name.toByteArray()); };
    scanner.feed(QByteArray(":" + QByteArray(3000000, 'c') + "\nevent: " + QByteArray(3000000, 'n') + "\n"), note);
    scanner.feed("data: x\n\n", note);
    QCOMPARE(events.size(), 1);
    QVERIFY(events.first().size() < 1000);
    QVERIFY(scanner.sawComment());
    scanner.feed(QByteArray(1000000, '\r'), note);
    QCOMPARE(events.size(), 1);
}

void TestSseScanner::halfReadEventIsVisible()
{
    SseScanner scanner;
    const auto ignore = [](const SseEvent &) {};
    QVERIFY(!scanner.inEvent());
    scanner.feed("da", ignore);
    QVERIFY(scanner.inEvent());
    scanner.feed("ta: a\n", ignore);
    QVERIFY(scanner.inEvent());
    scanner.feed("\n", ignore);
    QVERIFY(!scanner.inEvent());
}

void TestSseScanner::arrayElementsAreRead()
{
    const QByteArray text(" [{\"a\":\"]},[\\\"\"} ,\r\n{\"b\":[1,{\"c\":2}]},3,\"x,y\"\n]\n");
    const QByteArrayList expected { "{\"a\":\"]},[\\\"\"}", "{\"b\":[1,{\"c\":2}]}", "3", "\"x,y\"\n" };
    for (qsizetype size : { 1, 2, 3, 7, 1000 })
        QCOMPARE(elements(text, size), expected);
    QCOMPARE(elements("[]", 1), QByteArrayList());
}

void TestSseScanner::hostileArraysAreSurvived()
{
    JsonArrayScanner scanner;
    const auto ignore = [](QByteArrayView) {};
    scanner.feed(QByteArray(3000000, '['), ignore);
    scanner.feed(QByteArray(4000000, ']'), ignore);
    QVERIFY(scanner.malformed());
    JsonArrayScanner closing;
    closing.feed("[}", ignore);
    QVERIFY(closing.malformed());
    JsonArrayScanner object;
    object.feed("{\"a\":1}", ignore);
    QVERIFY(object.malformed());
    qsizetype largest = 0;
    JsonArrayScanner big;
    big.feed("[\"", ignore);
    for (int i = 0; i < 30; ++i)
        big.feed(QByteArray(100000, 'x'), ignore);
    big.feed("\"]", [&](QByteArrayView element) { largest = element.size(); });
    QVERIFY(big.complete());
    QCOMPARE(largest, JsonArrayScanner::keptBytes);
}

QTEST_APPLESS_MAIN(TestSseScanner)
#include "tst_dialect_ssescanner.moc"
