// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/providerscripts.h"

namespace signalbox::test {

namespace payload {

namespace {

QByteArray named(QByteArrayView name, const QByteArray &data)
{
    return "event: " + name.toByteArray() + "\ndata: " + data + "\n\n";
}

QByteArray event(const QByteArray &data)
{
    return "data: " + data + "\n\n";
}

QByteArray flag(bool value)
{
    return value ? "true" : "false";
}

} // namespace

QByteArray chat(bool stream, QByteArrayView model)
{
    return "{\"model\":\"" + model.toByteArray() + "\",\"stream\":" + flag(stream) +
        ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
}

QByteArray responses(bool stream)
{
    return "{\"model\":\"gpt-test\",\"stream\":" + flag(stream) + ",\"input\":\"Hi\"}";
}

QByteArray messages(bool stream)
{
    return "{\"model\":\"claude-test\",\"max_tokens\":64,\"stream\":" + flag(stream) +
        ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
}

QByteArray gemini()
{
    return "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}";
}

QByteArray chatAnswer(QByteArrayView text)
{
    return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"model\":\"gpt-test\",\"choices\":[{\"index\":0,"
           "\"message\":{\"role\":\"assistant\",\"content\":\"" +
        text.toByteArray() +
        "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}";
}

QByteArray responsesAnswer(QByteArrayView text)
{
    return "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"message\","
           "\"content\":[{\"type\":\"output_text\",\"text\":\"" +
        text.toByteArray() + "\"}]}],\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}";
}

QByteArray messagesAnswer(QByteArrayView text)
{
    return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-test\",\"content\":[{"
           "\"type\":\"text\",\"text\":\"" +
        text.toByteArray() + "\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}";
}

QByteArray geminiAnswer(QByteArrayView text)
{
    return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"" + text.toByteArray() +
        "\"}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":3,\"totalTokenCount\":5}}";
}

std::vector<QByteArray> chatEvents(QByteArrayView text)
{
    const QByteArray start = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,";
    return { event(start + "\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}"),
             event(start + "\"delta\":{\"content\":\"" + text.toByteArray() + "\"},\"finish_reason\":null}]}"),
             event(start + "\"delta\":{\"content\":\" more\"},\"finish_reason\":null}]}"),
             event(start + "\"delta\":{},\"finish_reason\":\"stop\"}]}"), event("[DONE]") };
}

std::vector<QByteArray> responsesEvents(QByteArrayView text)
{
    return { named("response.created",
                   "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\","
                   "\"status\":\"in_progress\"}}"),
             named("response.in_progress",
                   "{\"type\":\"response.in_progress\",\"sequence_number\":1,\"response\":{\"id\":\"resp_1\"}}"),
             named("response.output_text.delta",
                   "{\"type\":\"response.output_text.delta\",\"sequence_number\":2,\"delta\":\"" + text.toByteArray() +
                       "\"}"),
             named("response.completed",
                   "{\"type\":\"response.completed\",\"sequence_number\":3,\"response\":{\"id\":\"resp_1\","
                   "\"status\":\"completed\",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}}") };
}

std::vector<QByteArray> messagesEvents(QByteArrayView text)
{
    return { named("message_start",
                   "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":"
                   "\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}"),
             named("ping", "{\"type\":\"ping\"}"),
             named("content_block_start",
                   "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"
                   "}"),
             named("content_block_delta",
                   "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" +
                       text.toByteArray() + "\"}}"),
             named("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}"),
             named("message_delta",
                   "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{"
                   "\"output_tokens\":2}}"),
             named("message_stop", "{\"type\":\"message_stop\"}") };
}

std::vector<QByteArray> geminiEvents(QByteArrayView text)
{
    return { "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"" + text.toByteArray() +
                 "\"}]}}]}\r\n\r\n",
             "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\" more\"}]},"
             "\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"totalTokenCount\":5}}\r\n\r\n" };
}

QByteArray joined(const std::vector<QByteArray> &events)
{
    QByteArray all;
    for (const QByteArray &one : events)
        all += one;
    return all;
}

} // namespace payload

namespace {

void answerAsAsked(Turn &turn, const QByteArray &text)
{
    const QByteArray path = turn.path();
    const bool stream = turn.seen().body.contains("\"stream\":true") || path.contains(":streamGenerateContent");
    if (path.endsWith("/chat/completions"))
        return stream ? events(payload::chatEvents(text))(turn) : turn.answer(200, payload::chatAnswer(text));
    if (path.endsWith("/responses"))
        return stream ? events(payload::responsesEvents(text))(turn) : turn.answer(200, payload::responsesAnswer(text));
    if (path.endsWith("/messages"))
        return stream ? events(payload::messagesEvents(text))(turn) : turn.answer(200, payload::messagesAnswer(text));
    if (path.contains(":streamGenerateContent"))
        return events(payload::geminiEvents(text))(turn);
    if (path.contains(":generateContent"))
        return turn.answer(200, payload::geminiAnswer(text));
    turn.answer(200, "{\"object\":\"list\",\"data\":[],\"served_by\":\"" + text + "\"}");
}

} // namespace

Script healthy(const QByteArray &text)
{
    return [text](Turn &turn) { answerAsAsked(turn, text); };
}

Script events(const std::vector<QByteArray> &list, milliseconds gap)
{
    return [list, gap](Turn &turn) {
        turn.startEvents();
        for (const QByteArray &one : list) {
            turn.pause(gap);
            if (!turn.chunk(one))
                return turn.close();
        }
        turn.endChunks();
    };
}

Script cutEvents(const std::vector<QByteArray> &list, std::size_t count, Ending ending)
{
    return [list, count, ending](Turn &turn) {
        turn.startEvents();
        for (std::size_t i = 0; i < count && i < list.size(); ++i)
            turn.chunk(list[i]);
        // The proxy has to have read them: a reset discards what is still under way.
        turn.pause(milliseconds(100));
        if (ending == Ending::Stall)
            turn.waitUntilPeerCloses(std::chrono::minutes(5));
        else if (ending == Ending::Reset)
            turn.reset();
        else
            turn.close();
    };
}

Script fails(int status, const HeaderList &extra, const QByteArray &body)
{
    return [status, extra, body](Turn &turn) { turn.answer(status, body, extra); };
}

Script closes()
{
    return [](Turn &turn) { turn.close(); };
}

Script resets()
{
    return [](Turn &turn) { turn.reset(); };
}

Script silent()
{
    return [](Turn &turn) { turn.waitUntilPeerCloses(std::chrono::minutes(5)); };
}

} // namespace signalbox::test
