// SPDX-License-Identifier: GPL-3.0-or-later
// A provider's usage that the client did not ask for: it is counted, and the client sees the stream it would have seen.
#include "tests/integration/engineundertest.h"

using namespace signalbox;
using namespace signalbox::test;

namespace {

const QByteArray usageEvent = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choices\":[],"
                              "\"usage\":{\"prompt_tokens\":31,\"completion_tokens\":7,\"total_tokens\":38}}\n\n";

std::vector<QByteArray> withUsage()
{
    std::vector<QByteArray> list = payload::chatEvents("Hi");
    list.insert(list.end() - 1, usageEvent);
    return list;
}

/// Adds the usage if it is asked for, as the vendor does.
Script vendor(bool withLength = false)
{
    return [withLength](Turn &turn) {
        const bool asked = turn.seen().body.contains("\"include_usage\":true");
        const std::vector<QByteArray> list = asked ? withUsage() : payload::chatEvents("Hi");
        if (withLength)
            return turn.answer(200, payload::joined(list), { { "Content-Type", "text/event-stream" } });
        turn.startEvents();
        for (const QByteArray &event : list) {
            turn.chunk(event.left(11));
            turn.chunk(event.sliced(11));
        }
        turn.endChunks();
    };
}

class Watched
{
public:
    explicit Watched(const FakeProvider &provider, const QByteArray &more = R"(, "includeUsage": true)")
        : test(configWith({ entry("alpha", provider, more) }))
    {
        QObject::connect(&test.engine(), &Engine::requestFinished, &m_context,
                         [this](const RequestEvent &event) { m_events.push_back(event); });
        const Status started = EngineUnderTest::value(test.engine().start());
        if (!started)
            qFatal("%s", qPrintable(started.error().reason));
    }

    TokenUsage usage(std::size_t request = 0)
    {
        if (!QTest::qWaitFor([&] { return m_events.size() > request; }, static_cast<int>(patience.count())))
            return {};
        return m_events[request].attempts.back().usage;
    }

    EngineUnderTest test;

private:
    QObject m_context;
    std::vector<RequestEvent> m_events;
};

} // namespace

class TestEngineUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isCountedAndHidden_data()
    {
        QTest::addColumn<bool>("withLength");
        QTest::newRow("chunked") << false;
        QTest::newRow("with a length") << true;
    }
    void isCountedAndHidden()
    {
        QFETCH(bool, withLength);
        FakeProvider alpha(vendor(withLength));
        Watched watched(alpha);
        const QByteArray body = payload::chat(true);
        const Answer answer = ask(watched.test.port(), postJson(chatPath, body));
        QVERIFY2(answer.isComplete(), answer.summary().constData());
        QCOMPARE(answer.body, payload::joined(payload::chatEvents("Hi")));
        const SeenRequest seen = alpha.requests("POST").front();
        QByteArray restored = seen.body;
        QCOMPARE(restored.replace("\"stream_options\":{\"include_usage\":true},", ""), body);
        QCOMPARE(seen.head.headers.value("content-length").toLongLong(), seen.body.size());
        QCOMPARE(seen.head.headers.value("accept-encoding"), QByteArray("identity"));
        const TokenUsage usage = watched.usage();
        QCOMPARE(usage.inputTokens, std::uint64_t { 31 });
        QCOMPARE(usage.outputTokens, std::uint64_t { 7 });
    }

    void whoAsksGetsIt()
    {
        FakeProvider alpha(vendor());
        Watched watched(alpha);
        QByteArray body = payload::chat(true);
        body.insert(1, "\"stream_options\":{\"include_usage\":true},");
        const Answer answer = ask(watched.test.port(), postJson(chatPath, body));
        QCOMPARE(answer.body, payload::joined(withUsage()));
        QCOMPARE(alpha.requests("POST").front().body, body);
    }

    void nothingChangesWithoutTheSettingOrWithoutAStream()
    {
        FakeProvider alpha(vendor());
        const QByteArray body = payload::chat(true);
        {
            Watched watched(alpha, {});
            const Answer answer = ask(watched.test.port(), postJson(chatPath, body));
            QCOMPARE(answer.body, payload::joined(payload::chatEvents("Hi")));
            QCOMPARE(alpha.requests("POST").front().body, body);
            QVERIFY(!watched.usage().known);
        }
        alpha.setScript(healthy("alpha"));
        Watched watched(alpha);
        QVERIFY(ask(watched.test.port(), postJson(chatPath, payload::chat(false))).body.contains("\"usage\""));
        QCOMPARE(alpha.requests("POST").back().body, payload::chat(false));
        QVERIFY(ask(watched.test.port(), postJson(responsesPath, payload::responses(true))).isComplete());
        QCOMPARE(alpha.requests("POST").back().body, payload::responses(true));
    }

    void aBrokenStreamStaysVisiblyBroken()
    {
        FakeProvider alpha(cutEvents(withUsage(), 3, Ending::Close));
        Watched watched(alpha);
        const Answer answer = ask(watched.test.port(), postJson(chatPath, payload::chat(true)));
        QCOMPARE(answer.end, BodyEnd::Cut);
        QVERIFY(answer.body.startsWith(payload::joined(payload::chatEvents("Hi")).left(200)));
    }

    void modelAndUsageAreBothPutIn()
    {
        FakeProvider alpha(vendor());
        Watched watched(alpha, R"(, "includeUsage": true, "models": {"*": "mapped-name"})");
        const Answer answer = ask(watched.test.port(), postJson(chatPath, payload::chat(true)));
        QCOMPARE(answer.body, payload::joined(payload::chatEvents("Hi")));
        const QByteArray seen = alpha.requests("POST").front().body;
        QVERIFY2(seen.contains("\"include_usage\":true") && seen.contains("\"model\":\"mapped-name\""),
                 seen.constData());
        QVERIFY(QJsonDocument::fromJson(seen).isObject());
    }
};

QTEST_GUILESS_MAIN(TestEngineUsage)
#include "tst_engineusage.moc"
