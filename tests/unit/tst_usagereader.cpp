// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/usagereader.h"

#include <QTest>

using namespace signalbox;

namespace {

TokenUsage tokens(std::uint64_t input, std::uint64_t cached, std::uint64_t write, std::uint64_t output,
                  std::uint64_t reasoning)
{
    return { true, input, cached, write, output, reasoning, 0 };
}

QByteArray described(const TokenUsage &usage)
{
    return QByteArray::number(usage.inputTokens) + ' ' + QByteArray::number(usage.cachedTokens) + ' ' +
        QByteArray::number(usage.cacheWriteTokens) + ' ' + QByteArray::number(usage.outputTokens) + ' ' +
        QByteArray::number(usage.reasoningTokens) + (usage.known ? " known" : " unknown");
}

constexpr auto chat = R"({"model":"m","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20,)"
                      R"("prompt_tokens_details":{"cached_tokens":40},)"
                      R"("completion_tokens_details":{"reasoning_tokens":5}}})";
constexpr auto responses = R"({"type":"response.completed","response":{"model":"m","usage":{"input_tokens":100,)"
                           R"("input_tokens_details":{"cached_tokens":40},"output_tokens":20,)"
                           R"("output_tokens_details":{"reasoning_tokens":5}}}})";
constexpr auto message = R"({"model":"m","usage":{"input_tokens":10,"cache_creation_input_tokens":30,)"
                         R"("cache_read_input_tokens":40,"output_tokens":20}})";
constexpr auto messageStart = R"({"type":"message_start","message":{"model":"m","usage":{"input_tokens":10,)"
                              R"("cache_creation_input_tokens":30,"cache_read_input_tokens":40,"output_tokens":1}}})";
constexpr auto messageDelta = R"({"type":"message_delta","delta":{},"usage":{"output_tokens":20}})";
constexpr auto gemini = R"({"modelVersion":"m","usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,)"
                        R"("candidatesTokenCount":15,"thoughtsTokenCount":5,"totalTokenCount":120}})";

} // namespace

class UsageReaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsStreams_data();
    void readsStreams();
    void readsDocumentsSplitAnywhere_data();
    void readsDocumentsSplitAnywhere();
    void staysUnknownWithoutAReport();
};

void UsageReaderTest::readsStreams_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<QByteArrayList>("events");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray inclusive = described(tokens(60, 40, 0, 20, 5));
    QTest::newRow("chat") << int(Dialect::OpenAi) << QByteArrayList { R"({"choices":[],"usage":null})", chat, "[DONE]" }
                          << inclusive;
    QTest::newRow("responses") << int(Dialect::OpenAi) << QByteArrayList { responses } << inclusive;
    QTest::newRow("messages") << int(Dialect::Anthropic) << QByteArrayList { messageStart, messageDelta }
                              << described(tokens(10, 40, 30, 20, 0));
    QTest::newRow("gemini, running totals")
        << int(Dialect::Gemini)
        << QByteArrayList { R"({"usageMetadata":{"promptTokenCount":100,"candidatesTokenCount":2}})", gemini }
        << inclusive;
}

void UsageReaderTest::readsStreams()
{
    QFETCH(int, dialect);
    QFETCH(QByteArrayList, events);
    UsageReader reader(static_cast<Dialect>(dialect));
    for (const QByteArray &event : std::as_const(events))
        reader.readEvent(event);
    QTEST(described(reader.usage()), "expected");
    QCOMPARE(reader.servedModel(), QByteArray("m"));
}

void UsageReaderTest::readsDocumentsSplitAnywhere_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("chat") << int(Dialect::OpenAi) << QByteArray(chat) << described(tokens(60, 40, 0, 20, 5));
    QTest::newRow("messages") << int(Dialect::Anthropic) << QByteArray(message) << described(tokens(10, 40, 30, 20, 0));
    QTest::newRow("gemini") << int(Dialect::Gemini) << QByteArray(gemini) << described(tokens(60, 40, 0, 20, 5));
}

void UsageReaderTest::readsDocumentsSplitAnywhere()
{
    QFETCH(int, dialect);
    QFETCH(QByteArray, document);
    for (qsizetype cut = 0; cut <= document.size(); ++cut) {
        UsageReader reader(static_cast<Dialect>(dialect));
        reader.readDocument(QByteArrayView(document).first(cut));
        reader.readDocument(QByteArrayView(document).sliced(cut));
        reader.finishDocument();
        QTEST(described(reader.usage()), "expected");
    }
}

void UsageReaderTest::staysUnknownWithoutAReport()
{
    UsageReader reader(Dialect::OpenAi);
    reader.readEvent(R"({"choices":[{"delta":{"content":"\"usage\":{\"prompt_tokens\":9}"}}]})");
    reader.readEvent(R"({"usage":{"prompt_tokens":-4}})");
    reader.readEvent("not JSON");
    QVERIFY(!reader.usage().known);
}

QTEST_GUILESS_MAIN(UsageReaderTest)
#include "tst_usagereader.moc"
