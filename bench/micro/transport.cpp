// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/micro/sampleevents.h"
#include "engine/transport/requesthead.h"
#include "engine/transport/requestparser.h"
#include "engine/transport/responseparser.h"

#include <benchmark/benchmark.h>

namespace signalbox::bench {

namespace {

struct RequestHandler final : RequestParser::Handler
{
    void onRequestHead(RequestHead &&head) override { fields += head.headers.size(); }
    void onRequestBody(QByteArrayView piece) override { bodyBytes += piece.size(); }
    void onRequestComplete() override { }
    void onRequestError(int, const QString &) override { failed = true; }
    std::size_t fields = 0;
    qsizetype bodyBytes = 0;
    bool failed = false;
};

struct ResponseHandler final : ResponseParser::Handler
{
    void onResponseHead(ResponseHead &&head) override { fields += head.headers.size(); }
    void onResponseBody(QByteArrayView piece) override { bodyBytes += piece.size(); }
    void onResponseComplete() override { }
    void onResponseError(const QString &) override { failed = true; }
    std::size_t fields = 0;
    qsizetype bodyBytes = 0;
    bool failed = false;
};

QByteArray requestMessage(qsizetype bodyBytes)
{
    const QByteArray body = chatBody(bodyBytes);
    QByteArray message = "POST /v1/chat/completions HTTP/1.1\r\n";
    HeaderList headers = sdkHeaders();
    headers.set("Content-Length", QByteArray::number(body.size()));
    for (const HeaderField &field : headers)
        message += field.name + ": " + field.value + "\r\n";
    return message + "\r\n" + body;
}

void BM_ParseRequest(benchmark::State &state)
{
    const QByteArray message = requestMessage(state.range(0));
    RequestHandler handler;
    RequestParser parser(handler);
    for (auto _ : state) {
        parser.feed(message);
        parser.reset();
    }
    if (handler.failed || handler.fields == 0)
        state.SkipWithError("the request was refused");
    state.SetBytesProcessed(state.iterations() * message.size());
}
BENCHMARK(BM_ParseRequest)->Arg(1 << 10)->Arg(100 << 10);

void BM_ParseResponse(benchmark::State &state)
{
    const QByteArray message = "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Wed, 25 Nov 2026 10:00:00 GMT\r\n"
                               "Content-Type: application/json\r\nx-request-id: req_1\r\nContent-Length: 400\r\n\r\n" +
        QByteArray(400, 'x');
    ResponseHandler handler;
    ResponseParser parser(handler);
    for (auto _ : state) {
        parser.reset(false);
        parser.feed(message);
    }
    if (handler.failed || handler.fields == 0)
        state.SkipWithError("the answer was refused");
    state.SetBytesProcessed(state.iterations() * message.size());
}
BENCHMARK(BM_ParseResponse);

/// One event in a chunk of its own, as servers send them.
void BM_ParseStreamChunk(benchmark::State &state)
{
    const QByteArray event = chatChunk();
    const QByteArray chunk = QByteArray::number(event.size(), 16) + "\r\n" + event + "\r\n";
    ResponseHandler handler;
    ResponseParser parser(handler);
    parser.reset(false);
    parser.feed("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (auto _ : state)
        parser.feed(chunk);
    if (handler.failed || handler.bodyBytes == 0)
        state.SkipWithError("the answer was refused");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ParseStreamChunk);

void BM_SerializeHead(benchmark::State &state)
{
    UpstreamRequest request;
    request.origin.host = QStringLiteral("api.example.com");
    request.origin.tls = true;
    request.origin.port = 443;
    request.method = "POST";
    request.target = "/v1/chat/completions";
    request.headers = sdkHeaders();
    request.body = chatBody(1 << 10);
    for (auto _ : state)
        benchmark::DoNotOptimize(serializeHead(request, request.body.size()).value().size());
}
BENCHMARK(BM_SerializeHead);

} // namespace

} // namespace signalbox::bench
