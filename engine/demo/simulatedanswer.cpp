// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demo/simulatedanswer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace signalbox {

namespace {

using Kind = SimulatedCall::Kind;

/// Any fixed time: the answers depend on the seed alone.
constexpr qint64 createdAt = 1'790'000'000;

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray dataEvent(const QJsonObject &object)
{
    return "data: " + compact(object) + "\n\n";
}

QByteArray namedEvent(const QJsonObject &object)
{
    return "event: " + object[u"type"].toString().toUtf8() + '\n' + dataEvent(object);
}

QString identifier(const char *prefix, const SimulatedText &text)
{
    return QString::fromLatin1(prefix + text.id);
}

int outputTokens(const SimulatedText &text)
{
    return static_cast<int>(text.words.size());
}

// ---- OpenAI chat completions

QJsonObject chatUsage(const SimulatedCall &call, const SimulatedText &text)
{
    return { { QStringLiteral("prompt_tokens"), call.inputTokens },
             { QStringLiteral("completion_tokens"), outputTokens(text) },
             { QStringLiteral("total_tokens"), call.inputTokens + outputTokens(text) },
             { QStringLiteral("prompt_tokens_details"), QJsonObject { { QStringLiteral("cached_tokens"), 0 } } } };
}

QJsonObject chatBody(const SimulatedCall &call, const SimulatedText &text)
{
    const QJsonObject message { { QStringLiteral("role"), QStringLiteral("assistant") },
                                { QStringLiteral("content"), text.joined() },
                                { QStringLiteral("refusal"), QJsonValue::Null } };
    const QJsonObject choice { { QStringLiteral("index"), 0 },
                               { QStringLiteral("message"), message },
                               { QStringLiteral("logprobs"), QJsonValue::Null },
                               { QStringLiteral("finish_reason"), QStringLiteral("stop") } };
    return { { QStringLiteral("id"), identifier("chatcmpl-", text) },
             { QStringLiteral("object"), QStringLiteral("chat.completion") },
             { QStringLiteral("created"), createdAt },
             { QStringLiteral("model"), call.model },
             { QStringLiteral("choices"), QJsonArray { choice } },
             { QStringLiteral("usage"), chatUsage(call, text) } };
}

QByteArray chatChunk(const SimulatedCall &call, const SimulatedText &text, const QJsonArray &choices,
                     const QJsonValue &usage = QJsonValue::Null)
{
    QJsonObject chunk { { QStringLiteral("id"), identifier("chatcmpl-", text) },
                        { QStringLiteral("object"), QStringLiteral("chat.completion.chunk") },
                        { QStringLiteral("created"), createdAt },
                        { QStringLiteral("model"), call.model },
                        { QStringLiteral("choices"), choices } };
    if (call.usageInStream)
        chunk.insert(QStringLiteral("usage"), usage);
    return dataEvent(chunk);
}

QJsonArray chatDelta(const QJsonObject &delta, const QJsonValue &finish = QJsonValue::Null)
{
    return { QJsonObject { { QStringLiteral("index"), 0 },
                           { QStringLiteral("delta"), delta },
                           { QStringLiteral("logprobs"), QJsonValue::Null },
                           { QStringLiteral("finish_reason"), finish } } };
}

std::vector<QByteArray> chatPieces(const SimulatedCall &call, const SimulatedText &text)
{
    std::vector<QByteArray> pieces;
    for (const QString &word : text.words) {
        QByteArray piece;
        if (pieces.empty())
            piece = chatChunk(call, text,
                              chatDelta({ { QStringLiteral("role"), QStringLiteral("assistant") },
                                          { QStringLiteral("content"), QString() } }));
        pieces.push_back(piece + chatChunk(call, text, chatDelta({ { QStringLiteral("content"), word } })));
    }
    QByteArray end = chatChunk(call, text, chatDelta({}, QStringLiteral("stop")));
    if (call.usageInStream)
        end += chatChunk(call, text, {}, chatUsage(call, text));
    pieces.push_back(end + "data: [DONE]\n\n");
    return pieces;
}

// ---- OpenAI responses

QJsonObject outputText(const QString &value)
{
    return { { QStringLiteral("type"), QStringLiteral("output_text") },
             { QStringLiteral("text"), value },
             { QStringLiteral("annotations"), QJsonArray() } };
}

QJsonObject outputItem(const SimulatedText &text, const char *status, const QJsonArray &content)
{
    return { { QStringLiteral("id"), identifier("msg_", text) },
             { QStringLiteral("type"), QStringLiteral("message") },
             { QStringLiteral("status"), QString::fromLatin1(status) },
             { QStringLiteral("role"), QStringLiteral("assistant") },
             { QStringLiteral("content"), content } };
}

QJsonObject responseObject(const SimulatedCall &call, const SimulatedText &text, bool completed)
{
    QJsonObject response { { QStringLiteral("id"), identifier("resp_", text) },
                           { QStringLiteral("object"), QStringLiteral("response") },
                           { QStringLiteral("created_at"), createdAt },
                           { QStringLiteral("status"),
                             completed ? QStringLiteral("completed") : QStringLiteral("in_progress") },
                           { QStringLiteral("model"), call.model },
                           { QStringLiteral("error"), QJsonValue::Null },
                           { QStringLiteral("incomplete_details"), QJsonValue::Null },
                           { QStringLiteral("instructions"), QJsonValue::Null },
                           { QStringLiteral("metadata"), QJsonObject() },
                           { QStringLiteral("parallel_tool_calls"), true },
                           { QStringLiteral("tool_choice"), QStringLiteral("auto") },
                           { QStringLiteral("tools"), QJsonArray() },
                           { QStringLiteral("output"), QJsonArray() },
                           { QStringLiteral("usage"), QJsonValue::Null } };
    if (!completed)
        return response;
    response[QStringLiteral("output")] = QJsonArray { outputItem(text, "completed", { outputText(text.joined()) }) };
    response[QStringLiteral("usage")] = QJsonObject {
        { QStringLiteral("input_tokens"), call.inputTokens },
        { QStringLiteral("input_tokens_details"),
          QJsonObject { { QStringLiteral("cached_tokens"), 0 }, { QStringLiteral("cache_write_tokens"), 0 } } },
        { QStringLiteral("output_tokens"), outputTokens(text) },
        { QStringLiteral("output_tokens_details"), QJsonObject { { QStringLiteral("reasoning_tokens"), 0 } } },
        { QStringLiteral("total_tokens"), call.inputTokens + outputTokens(text) }
    };
    return response;
}

/// Numbers the events of one responses stream.
class ResponseEvents
{
public:
    explicit ResponseEvents(const SimulatedText &text) : m_item(identifier("msg_", text)) { }

    QByteArray whole(const char *type, const QJsonObject &response)
    {
        return event(type, { { QStringLiteral("response"), response } });
    }
    QByteArray item(const char *type, const QJsonObject &item)
    {
        return event(type, { { QStringLiteral("output_index"), 0 }, { QStringLiteral("item"), item } });
    }
    QByteArray part(const char *type, const char *key, const QJsonValue &value)
    {
        return event(type,
                     { { QStringLiteral("item_id"), m_item },
                       { QStringLiteral("output_index"), 0 },
                       { QStringLiteral("content_index"), 0 },
                       { QString::fromLatin1(key), value } });
    }

private:
    QByteArray event(const char *type, QJsonObject fields)
    {
        fields.insert(QStringLiteral("type"), QString::fromLatin1(type));
        fields.insert(QStringLiteral("sequence_number"), m_sequence++);
        return namedEvent(fields);
    }

    QString m_item;
    int m_sequence = 0;
};

std::vector<QByteArray> responsesPieces(const SimulatedCall &call, const SimulatedText &text)
{
    ResponseEvents events(text);
    QByteArray begin = events.whole("response.created", responseObject(call, text, false)) +
        events.whole("response.in_progress", responseObject(call, text, false)) +
        events.item("response.output_item.added", outputItem(text, "in_progress", {})) +
        events.part("response.content_part.added", "part", outputText({}));
    std::vector<QByteArray> pieces;
    for (const QString &word : text.words) {
        pieces.push_back(begin + events.part("response.output_text.delta", "delta", word));
        begin.clear();
    }
    pieces.push_back(
        events.part("response.output_text.done", "text", text.joined()) +
        events.part("response.content_part.done", "part", outputText(text.joined())) +
        events.item("response.output_item.done", outputItem(text, "completed", { outputText(text.joined()) })) +
        events.whole("response.completed", responseObject(call, text, true)));
    return pieces;
}

// ---- Anthropic messages

QJsonObject messagesUsage(const SimulatedCall &call, int output)
{
    return { { QStringLiteral("input_tokens"), call.inputTokens },
             { QStringLiteral("cache_creation_input_tokens"), 0 },
             { QStringLiteral("cache_read_input_tokens"), 0 },
             { QStringLiteral("output_tokens"), output } };
}

QJsonObject messagesBody(const SimulatedCall &call, const SimulatedText &text, bool complete)
{
    const QJsonObject block { { QStringLiteral("type"), QStringLiteral("text") },
                              { QStringLiteral("text"), text.joined() } };
    return { { QStringLiteral("id"), identifier("msg_", text) },
             { QStringLiteral("type"), QStringLiteral("message") },
             { QStringLiteral("role"), QStringLiteral("assistant") },
             { QStringLiteral("model"), call.model },
             { QStringLiteral("content"), complete ? QJsonArray { block } : QJsonArray() },
             { QStringLiteral("stop_reason"),
               complete ? QJsonValue(QStringLiteral("end_turn")) : QJsonValue(QJsonValue::Null) },
             { QStringLiteral("stop_sequence"), QJsonValue::Null },
             { QStringLiteral("usage"), messagesUsage(call, complete ? outputTokens(text) : 1) } };
}

QByteArray blockEvent(const char *type, const char *key, const QJsonObject &value)
{
    QJsonObject event { { QStringLiteral("type"), QString::fromLatin1(type) }, { QStringLiteral("index"), 0 } };
    if (key)
        event.insert(QString::fromLatin1(key), value);
    return namedEvent(event);
}

std::vector<QByteArray> messagesPieces(const SimulatedCall &call, const SimulatedText &text)
{
    QByteArray begin = namedEvent({ { QStringLiteral("type"), QStringLiteral("message_start") },
                                    { QStringLiteral("message"), messagesBody(call, text, false) } }) +
        blockEvent("content_block_start", "content_block",
                   { { QStringLiteral("type"), QStringLiteral("text") }, { QStringLiteral("text"), QString() } }) +
        namedEvent({ { QStringLiteral("type"), QStringLiteral("ping") } });
    std::vector<QByteArray> pieces;
    for (const QString &word : text.words) {
        const QJsonObject delta { { QStringLiteral("type"), QStringLiteral("text_delta") },
                                  { QStringLiteral("text"), word } };
        pieces.push_back(begin + blockEvent("content_block_delta", "delta", delta));
        begin.clear();
    }
    const QJsonObject delta { { QStringLiteral("stop_reason"), QStringLiteral("end_turn") },
                              { QStringLiteral("stop_sequence"), QJsonValue::Null } };
    pieces.push_back(blockEvent("content_block_stop", nullptr, {}) +
                     namedEvent({ { QStringLiteral("type"), QStringLiteral("message_delta") },
                                  { QStringLiteral("delta"), delta },
                                  { QStringLiteral("usage"), messagesUsage(call, outputTokens(text)) } }) +
                     namedEvent({ { QStringLiteral("type"), QStringLiteral("message_stop") } }));
    return pieces;
}

// ---- Gemini generateContent

QJsonObject generateBody(const SimulatedCall &call, const SimulatedText &text, const QString &content, int output,
                         bool last)
{
    const QJsonObject message { { QStringLiteral("role"), QStringLiteral("model") },
                                { QStringLiteral("parts"),
                                  QJsonArray { QJsonObject { { QStringLiteral("text"), content } } } } };
    QJsonObject candidate { { QStringLiteral("content"), message }, { QStringLiteral("index"), 0 } };
    if (last)
        candidate.insert(QStringLiteral("finishReason"), QStringLiteral("STOP"));
    const QJsonObject usage { { QStringLiteral("promptTokenCount"), call.inputTokens },
                              { QStringLiteral("candidatesTokenCount"), output },
                              { QStringLiteral("totalTokenCount"), call.inputTokens + output } };
    return { { QStringLiteral("candidates"), QJsonArray { candidate } },
             { QStringLiteral("usageMetadata"), usage },
             { QStringLiteral("modelVersion"), call.model },
             { QStringLiteral("responseId"), identifier("", text) } };
}

std::vector<QByteArray> generatePieces(const SimulatedCall &call, const SimulatedText &text)
{
    std::vector<QByteArray> pieces;
    int output = 0;
    for (const QString &word : text.words) {
        const bool last = ++output == outputTokens(text);
        const QByteArray chunk = compact(generateBody(call, text, word, output, last));
        if (call.sse)
            pieces.push_back("data: " + chunk + "\r\n\r\n");
        else
            pieces.push_back((output == 1 ? "[" : ",\r\n") + chunk + (last ? "\n]\n" : ""));
    }
    return pieces;
}

// ---- What generates nothing

QByteArray embeddingsBody(const SimulatedCall &call)
{
    QJsonArray vector;
    for (int i = 0; i < 8; ++i)
        vector.append(((call.inputTokens * 31 + i * 17) % 200 - 100) / 100.0);
    const QJsonObject entry { { QStringLiteral("object"), QStringLiteral("embedding") },
                              { QStringLiteral("index"), 0 },
                              { QStringLiteral("embedding"), vector } };
    return compact({ { QStringLiteral("object"), QStringLiteral("list") },
                     { QStringLiteral("data"), QJsonArray { entry } },
                     { QStringLiteral("model"), call.model },
                     { QStringLiteral("usage"),
                       QJsonObject { { QStringLiteral("prompt_tokens"), call.inputTokens },
                                     { QStringLiteral("total_tokens"), call.inputTokens } } } });
}

QByteArray countBody(const SimulatedCall &call)
{
    if (call.dialect == Dialect::Gemini)
        return compact({ { QStringLiteral("totalTokens"), call.inputTokens } });
    return compact({ { QStringLiteral("input_tokens"), call.inputTokens } });
}

QByteArray openAiModels()
{
    QJsonArray models;
    for (const char *name : { "gpt-simulated", "gpt-simulated-mini" }) {
        models.append(QJsonObject { { QStringLiteral("id"), QString::fromLatin1(name) },
                                    { QStringLiteral("object"), QStringLiteral("model") },
                                    { QStringLiteral("created"), createdAt },
                                    { QStringLiteral("owned_by"), QStringLiteral("simulated") } });
    }
    return compact({ { QStringLiteral("object"), QStringLiteral("list") }, { QStringLiteral("data"), models } });
}

QByteArray anthropicModels()
{
    const QString name = QStringLiteral("claude-simulated");
    const QJsonObject model { { QStringLiteral("id"), name },
                              { QStringLiteral("type"), QStringLiteral("model") },
                              { QStringLiteral("display_name"), QStringLiteral("Claude (simulated)") },
                              { QStringLiteral("created_at"), QStringLiteral("2026-09-21T00:00:00Z") } };
    return compact({ { QStringLiteral("data"), QJsonArray { model } },
                     { QStringLiteral("first_id"), name },
                     { QStringLiteral("last_id"), name },
                     { QStringLiteral("has_more"), false } });
}

QByteArray geminiModels()
{
    const QJsonObject model { { QStringLiteral("name"), QStringLiteral("models/gemini-simulated") },
                              { QStringLiteral("version"), QStringLiteral("1") },
                              { QStringLiteral("displayName"), QStringLiteral("Gemini (simulated)") },
                              { QStringLiteral("inputTokenLimit"), 32768 },
                              { QStringLiteral("outputTokenLimit"), 8192 },
                              { QStringLiteral("supportedGenerationMethods"),
                                QJsonArray { QStringLiteral("generateContent"), QStringLiteral("countTokens") } } };
    return compact({ { QStringLiteral("models"), QJsonArray { model } } });
}

QByteArray modelsBody(Dialect dialect)
{
    switch (dialect) {
    case Dialect::OpenAi:
        return openAiModels();
    case Dialect::Anthropic:
        return anthropicModels();
    case Dialect::Gemini:
        return geminiModels();
    }
    return {};
}

} // namespace

QString SimulatedText::joined() const
{
    QString all;
    for (const QString &word : words)
        all += word;
    return all;
}

QByteArray contentType(const SimulatedCall &call)
{
    return call.stream && call.sse ? "text/event-stream; charset=utf-8" : "application/json";
}

QByteArray simulatedBody(const SimulatedCall &call, const SimulatedText &text)
{
    switch (call.kind) {
    case Kind::Chat:
        return compact(chatBody(call, text));
    case Kind::Responses:
        return compact(responseObject(call, text, true));
    case Kind::Messages:
        return compact(messagesBody(call, text, true));
    case Kind::Generate:
        return compact(generateBody(call, text, text.joined(), outputTokens(text), true));
    case Kind::Embeddings:
        return embeddingsBody(call);
    case Kind::CountTokens:
        return countBody(call);
    case Kind::Models:
        return modelsBody(call.dialect);
    case Kind::Alive:
    case Kind::Unknown:
        break;
    }
    return "{}";
}

std::vector<QByteArray> simulatedPieces(const SimulatedCall &call, const SimulatedText &text)
{
    switch (call.kind) {
    case Kind::Responses:
        return responsesPieces(call, text);
    case Kind::Messages:
        return messagesPieces(call, text);
    case Kind::Generate:
        return generatePieces(call, text);
    default:
        return chatPieces(call, text);
    }
}

} // namespace signalbox
