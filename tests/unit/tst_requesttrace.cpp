// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/requesttrace.h"
#include "engine/requesttraces.h"

#include <QTest>

#include <random>

using namespace signalbox;

namespace {

const QByteArray key = "4f9d2c-plain-looking-key";

HeaderList clientFields()
{
    return { { "Host", "127.0.0.1:8787" },      { "Authorization", "Bearer " + key },
             { "X-Api-Key", "short" },          { "Cookie", "session=abc" },
             { "X-Custom", "sk-ant-REDACTED" }, { "X-Echo", "prefix " + key + " suffix" },
             { "Idempotency-Key", "6b1f" },     { "User-Agent", "codex/1.2" } };
}

QByteArray packed(const EventLog *events = nullptr)
{
    QByteArray buffer;
    TraceWriter writer(buffer);
    writer.begin("/v1beta/models/g:generateContent?key=AIzaSyShort&alt=sse", clientFields());
    writer.count(2);
    writer.candidate({ QStringLiteral("älpha"), "gpt-mapped", 87.5F }, u"asked");
    writer.candidate({ QStringLiteral("beta"), {}, 0 }, u"dialect");
    writer.count(7);
    writer.count(1);
    writer.attempt(u"älpha", "/v1/chat/completions?api-version=3", { { "authorization", "Bearer " + key } }, 200,
                   { { "content-type", "text/event-stream" },
                     { "set-cookie", "id=1" },
                     { "x-ratelimit-remaining-tokens", "149984" },
                     { "x-request-id", "req-1" } });
    return writer.end(events).toByteArray();
}

} // namespace

class RequestTraceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackMasked();
    void streamEventsComeBack();
    void theLogIsBounded();
    void nonsenseIsNoTrace();
    void theNewestAreKept();
    void memoryIsBounded();
};

void RequestTraceTest::comesBackMasked()
{
    const QByteArray bytes = packed();
    // What signs in is not even in the packed form.
    QVERIFY(!bytes.contains("Bearer"));
    QVERIFY(!bytes.contains("session=abc"));
    const std::optional<RequestDetails> details = unpackTrace(bytes, { Secret(key) });
    QVERIFY(details);
    QCOMPARE(details->target, QByteArray("/v1beta/models/g:generateContent?key=***&alt=sse"));
    const HeaderList &received = details->received;
    QCOMPARE(received.size(), clientFields().size());
    for (const char *name : { "authorization", "x-api-key", "cookie", "x-custom", "idempotency-key" })
        QCOMPARE(received.value(name), QByteArray("***"));
    QCOMPARE(received.value("x-echo"), QByteArray("prefix *** suffix"));
    QCOMPARE(received.value("user-agent"), QByteArray("codex/1.2"));
    QCOMPARE(received.value("host"), QByteArray("127.0.0.1:8787"));
    QCOMPARE(details->considered.size(), std::size_t(2));
    QCOMPARE(details->considered[0].provider, QStringLiteral("älpha"));
    QCOMPARE(details->considered[0].score, 87.5);
    QCOMPARE(details->considered[0].mappedModel, QByteArray("gpt-mapped"));
    QCOMPARE(details->considered[1].reason, QStringLiteral("dialect"));
    QCOMPARE(details->notLookedAt, std::uint64_t { 7 });
    QCOMPARE(details->attempts.size(), std::size_t(1));
    const AttemptDetails &attempt = details->attempts.front();
    QCOMPARE(attempt.status, 200);
    QCOMPARE(attempt.target, QByteArray("/v1/chat/completions?api-version=3"));
    QCOMPARE(attempt.sent.value("authorization"), QByteArray("***"));
    QCOMPARE(attempt.received.value("set-cookie"), QByteArray("***"));
    QCOMPARE(attempt.received.value("x-ratelimit-remaining-tokens"), QByteArray("149984"));
    QCOMPARE(attempt.received.value("x-request-id"), QByteArray("req-1"));
    QVERIFY(details->events.empty());
}

void RequestTraceTest::streamEventsComeBack()
{
    EventLog log;
    log.add("message_start", 100);
    log.stamp(std::chrono::milliseconds(10));
    log.add("content_block_delta", 20);
    log.add("content_block_delta", 30);
    QVERIFY(log.isUnstamped());
    log.stamp(std::chrono::milliseconds(25));
    log.add({}, 5);
    log.stamp(std::chrono::milliseconds(26));
    QVERIFY(!log.isUnstamped());
    const std::optional<RequestDetails> details = unpackTrace(packed(&log), {});
    QVERIFY(details);
    QCOMPARE(details->events.size(), std::size_t(4));
    QCOMPARE(details->events[0].name, QByteArray("message_start"));
    QCOMPARE(details->events[0].at, std::chrono::microseconds(10'000));
    QCOMPARE(details->events[2].name, QByteArray("content_block_delta"));
    QCOMPARE(details->events[2].at, std::chrono::microseconds(25'000));
    QCOMPARE(details->events[2].bytes, 30U);
    QVERIFY(details->events[3].name.isEmpty());
    QCOMPARE(details->furtherEvents, 0U);
}

void RequestTraceTest::theLogIsBounded()
{
    EventLog log;
    for (int i = 0; i < 2'000; ++i)
        log.add(QByteArray("name" + QByteArray::number(i % 100)), 1);
    log.stamp(std::chrono::hours(3)); // longer than 32 bits of microseconds
    QCOMPARE(log.entries().size(), EventLog::limit);
    QVERIFY(log.names().size() <= EventLog::nameLimit + 1);
    QCOMPARE(log.further(), 1'500U);
    const std::optional<RequestDetails> details = unpackTrace(packed(&log), {});
    QVERIFY(details);
    QCOMPARE(details->events[31].name, QByteArray("name31"));
    QVERIFY(details->events[99].name.isEmpty());
    QCOMPARE(details->furtherEvents, 1'500U);
}

void RequestTraceTest::nonsenseIsNoTrace()
{
    const QByteArray bytes = packed();
    for (qsizetype size = 0; size < bytes.size(); ++size)
        QVERIFY(!unpackTrace(QByteArrayView(bytes).first(size), {}));
    std::mt19937 random(5);
    for (int round = 0; round < 5'000; ++round) {
        QByteArray broken = bytes;
        for (int i = 0; i < 4; ++i)
            broken[static_cast<qsizetype>(random() % static_cast<unsigned>(broken.size()))] =
                static_cast<char>(random());
        unpackTrace(broken, {}); // must neither crash nor take memory without bound
    }
}

void RequestTraceTest::theNewestAreKept()
{
    RequestTraces traces;
    for (std::uint64_t sequence = 1; sequence <= 10'000; ++sequence)
        traces.add(sequence * 10, QByteArray::number(static_cast<qulonglong>(sequence)).repeated(100));
    QVERIFY(traces.size() >= RequestTraces::fewest);
    QVERIFY(traces.bytes() <= RequestTraces::mostBytes);
    for (std::uint64_t sequence = 10'000 - RequestTraces::fewest + 1; sequence <= 10'000; ++sequence)
        QCOMPARE(traces.find(sequence * 10),
                 std::optional(QByteArray::number(static_cast<qulonglong>(sequence)).repeated(100)));
    QVERIFY(!traces.find(10));
    QVERIFY(!traces.find(99'995));
    QVERIFY(!traces.find(100'001));
}

void RequestTraceTest::memoryIsBounded()
{
    RequestTraces traces;
    for (std::uint64_t sequence = 1; sequence <= 1'000; ++sequence)
        traces.add(sequence, QByteArray(100'000, 'x'));
    QVERIFY(traces.bytes() <= RequestTraces::mostBytes);
    QVERIFY(traces.size() >= 100U);
    traces.add(1'001, QByteArray(RequestTraces::blockBytes + 1, 'x'));
    QVERIFY(!traces.find(1'001));
    QVERIFY(traces.find(1'000));
}

QTEST_APPLESS_MAIN(RequestTraceTest)
#include "tst_requesttrace.moc"
