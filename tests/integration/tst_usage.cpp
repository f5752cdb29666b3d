// SPDX-License-Identifier: GPL-3.0-or-later
// What a provider says it used is what the engine tells, whatever the dialect, the way of the answer and its coding.
#include "tests/integration/recordedengine.h"
#include "tests/support/compression.h"

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// One way to ask and to be answered; the first piece of a plain answer is the whole of it.
struct Conversation
{
    const char *name;
    const char *dialect;
    QByteArray path;
    QByteArray request;
    std::vector<QByteArray> pieces;
    bool stream;
    TokenUsage usage;
};

QByteArray event(const QByteArray &data, const QByteArray &name = {})
{
    return (name.isEmpty() ? QByteArray() : "event: " + name + "\n") + "data: " + data + "\n\n";
}

const TokenUsage inclusive { true, 60, 40, 0, 20, 5, 0 }; ///< 100 tokens in, 40 of them cached; 20 out, 5 reasoning
const TokenUsage exclusive { true, 10, 40, 30, 20, 0, 8 };

const QByteArray chatUsage = R"("usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,)"
                             R"("prompt_tokens_details":{"cached_tokens":40},)"
                             R"("completion_tokens_details":{"reasoning_tokens":5}})";
const QByteArray responsesUsage = R"("usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":40},)"
                                  R"("output_tokens":20,"output_tokens_details":{"reasoning_tokens":5}})";
const QByteArray messagesInput = R"("input_tokens":10,"cache_creation_input_tokens":30,"cache_read_input_tokens":40,)"
                                 R"("cache_creation":{"ephemeral_5m_input_tokens":22,"ephemeral_1h_input_tokens":8})";
const QByteArray geminiUsage = R"("usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,)"
                               R"("candidatesTokenCount":15,"thoughtsTokenCount":5,"totalTokenCount":120})";

std::vector<Conversation> conversations()
{
    const QByteArray choice = R"({"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,)"
                              R"("message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],)";
    const QByteArray chunk = R"({"id":"c","object":"chat.completion.chunk","choices":[{"index":0,)";
    const QByteArray candidate = R"({"candidates":[{"content":{"parts":[{"text":"Hi"}]})";
    return {
        { "chat", "openai", chatPath, payload::chat(false), { choice + chatUsage + "}" }, false, inclusive },
        { "chat stream",
          "openai",
          chatPath,
          payload::chat(true),
          { event(chunk + R"("delta":{"content":"Hi"},"finish_reason":null}],"usage":null})"),
            event(chunk + R"("delta":{},"finish_reason":"stop"}],"usage":null})"),
            event(R"({"id":"c","object":"chat.completion.chunk","choices":[],)" + chatUsage + "}"), event("[DONE]") },
          true,
          inclusive },
        { "responses",
          "openai",
          responsesPath,
          payload::responses(false),
          { R"({"id":"r","object":"response","status":"completed","output":[{"type":"message","content":[]}],)" +
            responsesUsage + "}" },
          false,
          inclusive },
        { "responses stream",
          "openai",
          responsesPath,
          payload::responses(true),
          { event(R"({"type":"response.created","response":{"id":"r","usage":null}})", "response.created"),
            event(R"({"type":"response.output_text.delta","delta":"Hi"})", "response.output_text.delta"),
            event(R"({"type":"response.completed","response":{"id":"r","status":"completed",)" + responsesUsage + "}}",
                  "response.completed") },
          true,
          inclusive },
        { "messages",
          "anthropic",
          messagesPath,
          payload::messages(false),
          { R"({"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}],)"
            R"("stop_reason":"end_turn","usage":{)" +
            messagesInput + R"(,"output_tokens":20}})" },
          false,
          exclusive },
        { "messages stream",
          "anthropic",
          messagesPath,
          payload::messages(true),
          { event(R"({"type":"message_start","message":{"id":"m","type":"message","usage":{)" + messagesInput +
                      R"(,"output_tokens":1}}})",
                  "message_start"),
            event(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}})",
                  "content_block_delta"),
            event(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":20}})",
                  "message_delta"),
            event(R"({"type":"message_stop"})", "message_stop") },
          true,
          exclusive },
        { "gemini",
          "gemini",
          "/v1beta/models/gemini-test:generateContent",
          payload::gemini(),
          { candidate + R"(,"finishReason":"STOP"}],)" + geminiUsage + "}" },
          false,
          inclusive },
        { "gemini stream",
          "gemini",
          geminiStreamPath,
          payload::gemini(),
          { event(candidate + R"(}],"usageMetadata":{"promptTokenCount":100,"candidatesTokenCount":3}})"),
            event(candidate + R"(,"finishReason":"STOP"}],)" + geminiUsage + "}") },
          true,
          inclusive },
    };
}

std::vector<QByteArray> coded(const QByteArray &coding, const std::vector<QByteArray> &pieces)
{
    if (coding == "gzip")
        return gzipPieces(pieces);
    if (coding == "br")
        return brotliPieces(pieces);
    return coding == "zstd" ? zstdPieces(pieces) : pieces;
}

QByteArray joined(const std::vector<QByteArray> &pieces)
{
    QByteArray all;
    for (const QByteArray &piece : pieces)
        all += piece;
    return all;
}

} // namespace

class UsageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWhatTheProviderSent_data();
    void isWhatTheProviderSent();
    void anAnswerWithoutUsageHasNone();
};

void UsageTest::isWhatTheProviderSent_data()
{
    QTest::addColumn<int>("conversation");
    QTest::addColumn<QByteArray>("coding");
    const std::vector<Conversation> all = conversations();
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const char *coding : { "", "gzip", "br", "zstd" })
            QTest::addRow("%s %s", all[i].name, coding) << static_cast<int>(i) << QByteArray(coding);
    }
}

void UsageTest::isWhatTheProviderSent()
{
    QFETCH(int, conversation);
    QFETCH(QByteArray, coding);
    const Conversation wanted = conversations()[static_cast<std::size_t>(conversation)];
    const std::vector<QByteArray> pieces = coded(coding, wanted.pieces);
    FakeProvider alpha([&](Turn &turn) {
        HeaderList fields { { "Content-Type", wanted.stream ? "text/event-stream" : "application/json" } };
        if (!coding.isEmpty())
            fields.append("Content-Encoding", coding);
        turn.startChunked(200, fields);
        for (const QByteArray &piece : pieces)
            turn.chunk(piece);
        turn.endChunks();
    });
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta, {}, {}, QString::fromLatin1(wanted.dialect));
    const Answer answer =
        ask(recorded.port(), postJson(wanted.path, wanted.request, { { "Accept-Encoding", "gzip, br, zstd" } }));
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.body, joined(pieces)); // untouched
    const RequestEvent event = recorded.next();
    QCOMPARE(event.end, RequestEvent::End::Completed);
    const TokenUsage usage = event.usage();
    QVERIFY(usage.known);
    QCOMPARE(usage.inputTokens, wanted.usage.inputTokens);
    QCOMPARE(usage.cachedTokens, wanted.usage.cachedTokens);
    QCOMPARE(usage.cacheWriteTokens, wanted.usage.cacheWriteTokens);
    QCOMPARE(usage.cacheWriteHourTokens, wanted.usage.cacheWriteHourTokens);
    QCOMPARE(usage.outputTokens, wanted.usage.outputTokens);
    QCOMPARE(usage.reasoningTokens, wanted.usage.reasoningTokens);
}

void UsageTest::anAnswerWithoutUsageHasNone()
{
    FakeProvider alpha([](Turn &turn) {
        turn.startEvents();
        for (const QByteArray &piece : payload::chatEvents("Hi"))
            turn.chunk(piece);
        turn.endChunks();
    });
    FakeProvider beta(healthy("beta"));
    RecordedEngine recorded(alpha, beta);
    ask(recorded.port(), postJson(chatPath, payload::chat(true)));
    const RequestEvent event = recorded.next();
    QVERIFY(!event.usage().known);
    QVERIFY(!event.costUsd());
}

QTEST_GUILESS_MAIN(UsageTest)
#include "tst_usage.moc"
