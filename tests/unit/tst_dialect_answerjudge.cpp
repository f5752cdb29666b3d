// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/answerjudge.h"

#include <QTest>

using namespace signalbox;

namespace {

const HeaderList events { { "Content-Type", "text/event-stream; charset=utf-8" } };
const HeaderList json { { "content-type", "application/json" } };
const HeaderList html { { "content-type", "text/html; charset=utf-8" } };

const QByteArray chatChunk("data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"an error\"},"
                           "\"finish_reason\":null}]}\n\n");
const QByteArray chatEnd("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
const QByteArray chatDone("data: [DONE]\n\n");
const QByteArray
    messageStart("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n");
const QByteArray ping("event: ping\ndata: {\"type\": \"ping\"}\n\n");
const QByteArray
    messageDelta("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"x\"}}\n\n");
const QByteArray messageStop("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
const QByteArray anthropicError("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                                "\"message\":\"Overloaded sk-ant-secret123456\"},\"request_id\":\"r\"}\n\n");
const QByteArray
    created("event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\","
            "\"error\":null}}\n\n");
const QByteArray inProgress(
    "event: response.in_progress\ndata: {\"type\":\"response.in_progress\",\"response\":{\"error\":null}}\n\n");
const QByteArray
    textDelta("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"x\"}\n\n");
const QByteArray
    completed("event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"error\":null}}\n\n");
const QByteArray failed("event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":"
                        "\"server_error\",\"message\":\"broke\"}}}\n\n");
const QByteArray geminiChunk("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}\r\n\r\n");
const QByteArray geminiEnd("data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\r\n\r\n");

struct Seen
{
    FirstContent first;
    StreamVerdict verdict;
    bool terminal;
    std::uint64_t dataEvents;
    QByteArray message;
    bool operator==(const Seen &) const = default;
};

Seen judge(Endpoint endpoint, const HeaderList &headers, const QByteArray &body, qsizetype pieceSize,
           bool stream = true)
{
    const bool gemini = endpoint == Endpoint::StreamGenerateContent || endpoint == Endpoint::GenerateContent;
    AnswerJudge judge(gemini                               ? Dialect::Gemini
                          : endpoint == Endpoint::Messages ? Dialect::Anthropic
                                                           : Dialect::OpenAi,
                      endpoint, stream);
    judge.setHead(200, headers);
    for (qsizetype at = 0; at < body.size(); at += pieceSize)
        judge.feed(QByteArrayView(body).sliced(at, std::min(pieceSize, body.size() - at)));
    judge.finish();
    return { judge.firstContent(), judge.verdict(), judge.terminalSeen(), judge.dataEvents(), judge.errorMessage() };
}

} // namespace

class TestAnswerJudge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streamsAreJudged_data();
    void streamsAreJudged();
    void documentsAreJudged_data();
    void documentsAreJudged();
    void gateWaitsForTheFirstMeaningfulEvent();
    void errorsAreShortPrintableAndMasked();
    void errorAfterContentIsAFailure();
    void otherEndpointsAreNotJudged();
    void errorAnswersGiveTheirMessage();
    void objectIdIsRead();
    void longDocumentIsContentBeforeItsEnd();
    void unreadableRestIsNotJudged();
    void hostileBodiesAreSurvived();
};

void TestAnswerJudge::streamsAreJudged_data()
{
    QTest::addColumn<Endpoint>("endpoint");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<FirstContent>("first");
    QTest::addColumn<StreamVerdict>("verdict");
    QTest::addColumn<int>("dataEvents");
    const auto row = [](const char *name, Endpoint endpoint, const QByteArray &body, FirstContent first,
                        StreamVerdict verdict,
                        int dataEvents) { QTest::newRow(name) << endpoint << body << first << verdict << dataEvents; };
    using E = Endpoint;
    using F = FirstContent;
    using V = StreamVerdict;
    row("chat", E::ChatCompletions, chatChunk + chatEnd + chatDone, F::Content, V::Success, 2);
    row("chat with finish_reason only", E::ChatCompletions, chatChunk + chatEnd, F::Content, V::Success, 2);
    row("chat with [DONE] only", E::ChatCompletions, chatChunk + chatDone, F::Content, V::Success, 1);
    row("chat with [DONE] and no blank line", E::ChatCompletions, chatChunk + "data: [DONE]", F::Content, V::Success,
        1);
    row("chat cut", E::ChatCompletions, chatChunk + chatChunk, F::Content, V::Truncated, 2);
    row("chat whose text says finish_reason", E::ChatCompletions,
        "data: "
        "{\"choices\":[{\"delta\":{\"content\":\"\\\"finish_reason\\\":\\\"stop\\\"\"},\"finish_reason\":null}]}\n\n",
        F::Content, V::Truncated, 1);
    row("chat with nested finish_reason", E::ChatCompletions,
        "data: {\"choices\":[{\"delta\":{\"finish_reason\":\"stop\"},\"finish_reason\":null}]}\n\n", F::Content,
        V::Truncated, 1);
    row("chat finish in second choice", E::ChatCompletions,
        "data: {\"choices\":[{\"finish_reason\":null},{\"finish_reason\": \"length\"}]}\n\n", F::Content, V::Success,
        1);
    row("chat error first", E::ChatCompletions, ": hi\n\ndata: {\"error\":{\"message\":\"no\",\"type\":\"t\"}}\n\n",
        F::Error, V::Error, 0);
    row("chat error as string", E::ChatCompletions, "data: {\"error\":\"no\"}\n\n", F::Error, V::Error, 0);
    row("chat error null", E::ChatCompletions, "data: {\"error\":null,\"choices\":[]}\n\n" + chatDone, F::Content,
        V::Success, 1);
    row("chat object error", E::ChatCompletions, "data: {\"object\":\"error\",\"message\":\"no\"}\n\n", F::Error,
        V::Error, 0);
    row("chat event error", E::ChatCompletions, "event: error\ndata: no json\n\n", F::Error, V::Error, 0);
    row("chat [DONE] alone", E::ChatCompletions, chatDone, F::Pending, V::Empty, 0);
    row("chat comments alone", E::ChatCompletions, ": a\n\n: b\n\n", F::Pending, V::Empty, 0);
    row("chat nothing", E::ChatCompletions, "", F::Pending, V::Empty, 0);
    row("completions", E::Completions, "data: {\"choices\":[{\"text\":\"x\",\"finish_reason\":\"stop\"}]}\n\n",
        F::Content, V::Success, 1);
    row("responses", E::Responses, created + inProgress + textDelta + completed, F::Content, V::Success, 2);
    row("responses incomplete", E::Responses,
        created + textDelta + "data: {\"type\":\"response.incomplete\",\"response\":{}}\n\n", F::Content, V::Success,
        2);
    row("responses failed at once", E::Responses, created + inProgress + failed, F::Error, V::Error, 0);
    row("responses failed later", E::Responses, created + textDelta + failed, F::Content, V::Error, 1);
    row("responses error event", E::Responses,
        created + "event: error\ndata: {\"type\":\"error\",\"message\":\"no\"}\n\n", F::Error, V::Error, 0);
    row("responses without event lines", E::Responses,
        "data: {\"type\":\"response.created\",\"response\":{}}\n\ndata: "
        "{\"type\":\"response.completed\",\"response\":{}}\n\n",
        F::Content, V::Success, 1);
    row("responses cut", E::Responses, created + textDelta, F::Content, V::Truncated, 1);
    row("responses lifecycle only", E::Responses, created + inProgress, F::Pending, V::Empty, 0);
    row("responses with [DONE] but no end", E::Responses, created + textDelta + chatDone, F::Content, V::Truncated, 1);
    row("anthropic", E::Messages, messageStart + ping + messageDelta + messageStop, F::Content, V::Success, 2);
    row("anthropic error first", E::Messages, messageStart + ping + anthropicError, F::Error, V::Error, 0);
    row("anthropic error later", E::Messages, messageStart + messageDelta + anthropicError, F::Content, V::Error, 1);
    row("anthropic cut", E::Messages, messageStart + messageDelta + ping, F::Content, V::Truncated, 1);
    row("anthropic type last", E::Messages,
        messageStart + "data: {\"delta\":{\"type\":\"error\"},\"type\":\"message_stop\"}\n\n", F::Content, V::Success,
        1);
    row("legacy complete", E::Complete,
        "event: completion\ndata: {\"completion\":\"x\",\"stop_reason\":null}\n\n"
        "event: completion\ndata: {\"completion\":\"\",\"stop_reason\":\"stop_sequence\"}\n\n",
        F::Content, V::Success, 2);
    row("legacy complete cut", E::Complete, "event: completion\ndata: {\"completion\":\"x\",\"stop_reason\":null}\n\n",
        F::Content, V::Truncated, 1);
    row("gemini", E::StreamGenerateContent, geminiChunk + geminiEnd, F::Content, V::Success, 2);
    row("gemini cut", E::StreamGenerateContent, geminiChunk, F::Content, V::Truncated, 1);
    row("gemini blocked", E::StreamGenerateContent, "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n",
        F::Content, V::Success, 1);
    row("gemini error", E::StreamGenerateContent,
        "data: {\"error\":{\"code\":503,\"message\":\"no\",\"status\":\"UNAVAILABLE\"}}\n\n", F::Error, V::Error, 0);
    row("images need no terminal event", E::Images, "data: {\"type\":\"image_generation.partial_image\"}\n\n",
        F::Content, V::Success, 1);
}

void TestAnswerJudge::streamsAreJudged()
{
    QFETCH(Endpoint, endpoint);
    QFETCH(QByteArray, body);
    QFETCH(FirstContent, first);
    QFETCH(StreamVerdict, verdict);
    QFETCH(int, dataEvents);
    const Seen whole = judge(endpoint, events, body, std::max<qsizetype>(body.size(), 1));
    QCOMPARE(whole.first, first);
    QCOMPARE(QByteArray(toString(whole.verdict)), QByteArray(toString(verdict)));
    QCOMPARE(whole.dataEvents, static_cast<std::uint64_t>(dataEvents));
    for (qsizetype size : { 1, 2, 3, 5, 17, 64 })
        QVERIFY(judge(endpoint, events, body, size) == whole);
    if (first != FirstContent::Pending) // sniffed where the head does not say it
        QCOMPARE(judge(endpoint, {}, body, 1).verdict, verdict);
}

void TestAnswerJudge::documentsAreJudged_data()
{
    QTest::addColumn<Endpoint>("endpoint");
    QTest::addColumn<bool>("page");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<FirstContent>("first");
    QTest::addColumn<StreamVerdict>("verdict");
    const auto row = [](const char *name, Endpoint endpoint, const QByteArray &body, FirstContent first,
                        StreamVerdict verdict,
                        bool page = false) { QTest::newRow(name) << endpoint << page << body << first << verdict; };
    using E = Endpoint;
    using F = FirstContent;
    using V = StreamVerdict;
    row("answer", E::ChatCompletions, R"({"id":"c","choices":[{"message":{"content":"error"}}]})", F::Content,
        V::Success);
    row("after white space", E::ChatCompletions, "\n\n  \n{\"choices\":[]}", F::Content, V::Success);
    row("error null", E::Responses, R"({"id":"resp","error":null,"output":[]})", F::Content, V::Success);
    row("nested error", E::Messages, R"({"type":"message","content":[{"error":{"a":1},"type":"error"}]})", F::Content,
        V::Success);
    row("error object", E::ChatCompletions, R"({"error":{"message":"no"},"id":"x"})", F::Error, V::Error);
    row("error late", E::ChatCompletions, R"({"id":"x","choices":[],"error":{"message":"no"}})", F::Error, V::Error);
    row("anthropic error", E::Messages, R"({"type":"error","error":{"type":"api_error","message":"no"}})", F::Error,
        V::Error);
    row("responses failed", E::Responses,
        R"({"id":"r","status":"failed","error":{"code":"server_error","message":"no"}})", F::Error, V::Error);
    row("empty", E::ChatCompletions, "", F::Pending, V::Empty);
    row("cut", E::ChatCompletions, R"({"id":"c","choices":[{"mess)", F::Content, V::Truncated);
    row("html by type", E::ChatCompletions, "Hello", F::Html, V::Html, true);
    row("html by body", E::ChatCompletions, "<!DOCTYPE html><html>sk</html>", F::Html, V::Html);
    row("html by tag", E::ChatCompletions, "\xef\xbb\xbf\n <HTML>", F::Html, V::Html);
    row("xml is not html", E::Speech, "<speak>", F::Content, V::Success);
    row("binary", E::Speech, QByteArray("\xff\xf3\0\0binary", 10), F::Content, V::Success);
    row("text", E::Transcriptions, "an error occurred, he said", F::Content, V::Success);
    row("gemini array", E::StreamGenerateContent, R"([{"candidates":[{}]},{"candidates":[{"finishReason":"STOP"}]}])",
        F::Content, V::Success);
    row("gemini array cut", E::StreamGenerateContent, R"([{"candidates":[{}]},{"candi)", F::Content, V::Truncated);
    row("gemini array error", E::StreamGenerateContent, R"([{"error":{"code":500,"message":"no"}}])", F::Error,
        V::Error);
    row("gemini empty array", E::StreamGenerateContent, "[]", F::Pending, V::Empty);
}

void TestAnswerJudge::documentsAreJudged()
{
    QFETCH(Endpoint, endpoint);
    QFETCH(bool, page);
    QFETCH(QByteArray, body);
    QFETCH(FirstContent, first);
    QFETCH(StreamVerdict, verdict);
    for (qsizetype size : { 1000, 1, 2, 7 }) {
        const Seen seen = judge(endpoint, page ? html : json, body, size, false);
        QCOMPARE(seen.first, first);
        QCOMPARE(QByteArray(toString(seen.verdict)), QByteArray(toString(verdict)));
    }
}

void TestAnswerJudge::gateWaitsForTheFirstMeaningfulEvent()
{
    AnswerJudge judge(Dialect::Anthropic, Endpoint::Messages, true);
    judge.setHead(200, events);
    QVERIFY(judge.isEventStream());
    QVERIFY(judge.needsTerminal());
    for (const QByteArray &quiet : { QByteArray(": comment\n\n"), messageStart, ping, ping }) {
        judge.feed(quiet);
        QCOMPARE(judge.firstContent(), FirstContent::Pending);
    }
    judge.feed(messageDelta.left(messageDelta.size() - 1));
    QCOMPARE(judge.firstContent(), FirstContent::Pending);
    judge.feed("\n");
    QCOMPARE(judge.firstContent(), FirstContent::Content);
    QVERIFY(!judge.terminalSeen());
    judge.feed(messageStop);
    QVERIFY(judge.terminalSeen());
}

void TestAnswerJudge::errorsAreShortPrintableAndMasked()
{
    AnswerJudge judge(Dialect::Anthropic, Endpoint::Messages, true);
    judge.setHead(200, events);
    judge.feed(anthropicError);
    QCOMPARE(judge.errorType(), QByteArray("overloaded_error"));
    QCOMPARE(judge.errorMessage(), QByteArray("Overloaded ***"));
    AnswerJudge noisy(Dialect::OpenAi, Endpoint::ChatCompletions, true);
    noisy.setHead(200, events);
    noisy.feed(QByteArray("data: {\"error\":{\"code\":42,\"message\":\"a\\u0000\\n\\u001b[31m" + QByteArray(9000, 'x') +
                          "\"}}\n\n"));
    QCOMPARE(noisy.errorCode(), QByteArray("42"));
    QVERIFY(noisy.errorMessage().size() <= 300);
    for (char c : noisy.errorMessage())
        QVERIFY(c >= 0x20 && c < 0x7f);
}

void TestAnswerJudge::errorAfterContentIsAFailure()
{
    const Seen seen =
        judge(Endpoint::ChatCompletions, events,
              chatChunk + "data: {\"error\":{\"message\":\"late\"},\"choices\":[{\"finish_reason\":\"error\"}]}\n\n" +
                  chatDone,
              9);
    QCOMPARE(seen.first, FirstContent::Content);
    QCOMPARE(seen.verdict, StreamVerdict::Error);
    QCOMPARE(seen.message, QByteArray("late"));
}

void TestAnswerJudge::otherEndpointsAreNotJudged()
{
    for (Endpoint endpoint : { Endpoint::Embeddings, Endpoint::Models, Endpoint::Other, Endpoint::ResponseObject }) {
        for (const char *body : { "", "<html>", R"({"error":{"message":"x"}})", "data: x\n\n" }) {
            const Seen seen = judge(endpoint, html, body, 3);
            QCOMPARE(seen.first, FirstContent::Content);
            QCOMPARE(seen.verdict, StreamVerdict::Success);
            QVERIFY(seen.message.isEmpty());
        }
    }
    AnswerJudge noContent(Dialect::OpenAi, Endpoint::ChatCompletions, false);
    noContent.setHead(204, {});
    noContent.finish();
    QCOMPARE(noContent.verdict(), StreamVerdict::Success);
}

void TestAnswerJudge::errorAnswersGiveTheirMessage()
{
    AnswerJudge judge(Dialect::OpenAi, Endpoint::ChatCompletions, true);
    judge.setHead(429, json);
    judge.feed(R"({"error":{"message":"slow down","type":"t","code":"rate_limit_exceeded"}})");
    judge.finish();
    QCOMPARE(judge.errorMessage(), QByteArray("slow down"));
    QCOMPARE(judge.errorCode(), QByteArray("rate_limit_exceeded"));
    AnswerJudge plain(Dialect::OpenAi, Endpoint::Embeddings, false);
    plain.setHead(502, {});
    plain.feed("upstream connect error");
    plain.finish();
    QCOMPARE(plain.errorMessage(), QByteArray("upstream connect error"));
}

void TestAnswerJudge::objectIdIsRead()
{
    AnswerJudge stream(Dialect::OpenAi, Endpoint::Responses, true);
    stream.setHead(200, events);
    stream.feed(created);
    QCOMPARE(stream.objectId(), QByteArray("resp_1"));
    AnswerJudge file(Dialect::OpenAi, Endpoint::ServerObjects, false);
    file.setHead(200, json);
    file.feed(R"({"name":"n","id":"file_1","object":"file"})");
    file.finish();
    QCOMPARE(file.objectId(), QByteArray("file_1"));
}

void TestAnswerJudge::longDocumentIsContentBeforeItsEnd()
{
    AnswerJudge judge(Dialect::OpenAi, Endpoint::ChatCompletions, false);
    judge.setHead(200, json);
    judge.feed("{\"choices\":\"");
    for (int i = 0; i < 2000; ++i)
        judge.feed(QByteArray(100, 'x'));
    QCOMPARE(judge.firstContent(), FirstContent::Content);
    QVERIFY(judge.head().size() <= AnswerJudge::inspectedBytes);
    judge.feed("\"}");
    judge.finish();
    QCOMPARE(judge.verdict(), StreamVerdict::Success);
}

void TestAnswerJudge::unreadableRestIsNotJudged()
{
    AnswerJudge judge(Dialect::OpenAi, Endpoint::ChatCompletions, true);
    judge.setHead(200, events);
    judge.stopJudging();
    judge.feed("garbage");
    judge.finish();
    QCOMPARE(judge.firstContent(), FirstContent::Content);
    QCOMPARE(judge.verdict(), StreamVerdict::Success);
}

void TestAnswerJudge::hostileBodiesAreSurvived()
{
    const QByteArray deep = "data: {\"choices\":" + QByteArray(100000, '[') + ",\"finish_reason\":1,\"error\":{\n\n";
    QCOMPARE(judge(Endpoint::ChatCompletions, events, deep, 1000).verdict, StreamVerdict::Truncated);
    const QByteArray lone("data: {\"error\":{\"message\":\"\\ud800\\udc\"}}\n\n");
    QCOMPARE(judge(Endpoint::ChatCompletions, events, lone, 1).verdict, StreamVerdict::Error);
    quint32 state = 99;
    const QByteArray alphabet("{}[]\":,\\de\n\r \0t<", 17);
    for (int round = 0; round < 2000; ++round) {
        QByteArray body;
        for (int i = 0; i < 60; ++i) {
            state = state * 1664525u + 1013904223u;
            body += alphabet[static_cast<qsizetype>((state >> 16) % static_cast<quint32>(alphabet.size()))];
        }
        const HeaderList &headers = round % 2 == 0 ? events : json;
        const Endpoint endpoint = round % 3 == 0 ? Endpoint::StreamGenerateContent : Endpoint::Responses;
        QVERIFY(judge(endpoint, headers, "data: " + body, 1000) == judge(endpoint, headers, "data: " + body, 1));
    }
}

QTEST_APPLESS_MAIN(TestAnswerJudge)
#include "tst_dialect_answerjudge.moc"
