// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/micro/sampleevents.h"
#include "engine/dialect/answerjudge.h"
#include "engine/dialect/clientkind.h"
#include "engine/dialect/headers.h"
#include "engine/dialect/requestfacts.h"
#include "engine/dialect/route.h"
#include "engine/dialect/ssescanner.h"

#include <benchmark/benchmark.h>

#include <utility>

namespace signalbox::bench {

namespace {

Route chatRoute()
{
    return routeRequest("POST", "/v1/chat/completions", sdkHeaders());
}

void BM_Route(benchmark::State &state)
{
    const HeaderList headers = sdkHeaders();
    for (auto _ : state) {
        Route route = routeRequest("POST", "/v1/chat/completions", headers);
        benchmark::DoNotOptimize(route.kind);
    }
}
BENCHMARK(BM_Route);

void BM_ScanBody(benchmark::State &state)
{
    const QByteArray body = chatBody(state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(scanBody("application/json", body)->stream);
    state.SetBytesProcessed(state.iterations() * body.size());
}
BENCHMARK(BM_ScanBody)->Arg(1 << 10)->Arg(100 << 10);

void BM_RebuildRequestHeaders(benchmark::State &state)
{
    const HeaderList headers = sdkHeaders();
    const Route route = chatRoute();
    UpstreamContext context;
    context.auth.key = Secret("sk-0123456789abcdef0123456789abcdef0123456789abcdef");
    context.localToken = Secret("sb-local-0123456789abcdef0123456789abcdef");
    context.instanceId = "0123456789abcdef";
    for (auto _ : state)
        benchmark::DoNotOptimize(upstreamHeaders(headers, route, context).value().size());
}
BENCHMARK(BM_RebuildRequestHeaders);

void BM_RebuildAnswerHeaders(benchmark::State &state)
{
    const HeaderList headers { { "Date", "Wed, 25 Nov 2026 10:00:00 GMT" },
                               { "Content-Type", "application/json" },
                               { "Content-Length", "400" },
                               { "Connection", "keep-alive" },
                               { "access-control-expose-headers", "X-Request-ID" },
                               { "openai-organization", "user-1" },
                               { "openai-processing-ms", "412" },
                               { "openai-version", "2020-10-01" },
                               { "x-ratelimit-limit-requests", "10000" },
                               { "x-ratelimit-remaining-requests", "9999" },
                               { "x-request-id", "req_0123456789abcdef" },
                               { "strict-transport-security", "max-age=31536000" },
                               { "set-cookie", "__cf_bm=0123456789abcdef; path=/; HttpOnly; Secure" },
                               { "Server", "cloudflare" },
                               { "alt-svc", "h3=\":443\"; ma=86400" } };
    for (auto _ : state)
        benchmark::DoNotOptimize(clientHeaders(headers).value().size());
}
BENCHMARK(BM_RebuildAnswerHeaders);

void BM_ClientKind(benchmark::State &state)
{
    const HeaderList headers = sdkHeaders();
    for (auto _ : state)
        benchmark::DoNotOptimize(clientKind(headers).size());
}
BENCHMARK(BM_ClientKind);

void BM_SseEvent(benchmark::State &state)
{
    const QByteArray event = chatChunk();
    SseScanner scanner;
    std::uint64_t events = 0;
    for (auto _ : state)
        scanner.feed(event, [&](const SseEvent &) { ++events; });
    if (std::cmp_not_equal(events, state.iterations()))
        state.SkipWithError("events were lost");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SseEvent);

/// Scanning with what the judge reads from each event: content, errors, the end, usage.
void BM_JudgeEvent(benchmark::State &state)
{
    const QByteArray event = chatChunk();
    AnswerJudge judge(Dialect::OpenAi, Endpoint::ChatCompletions, true);
    judge.setHead(200, { { "content-type", "text/event-stream" } });
    for (auto _ : state)
        judge.feed(event);
    if (std::cmp_not_equal(judge.dataEvents(), state.iterations()))
        state.SkipWithError("events were lost");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_JudgeEvent);

} // namespace

} // namespace signalbox::bench
