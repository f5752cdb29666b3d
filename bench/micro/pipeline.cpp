// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/micro/sampleevents.h"
#include "engine/base/boundedqueue.h"
#include "engine/history/rollup.h"
#include "engine/telemetry/metricsaggregator.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <thread>

namespace signalbox::bench {

namespace {

constexpr std::size_t sampleCount = 4096;

std::vector<RequestEvent> samples()
{
    std::vector<RequestEvent> events;
    for (std::size_t i = 0; i < sampleCount; ++i)
        events.push_back(requestEvent(i));
    return events;
}

/// What the engine thread pays per request to count it.
void BM_Aggregate(benchmark::State &state)
{
    const std::vector<RequestEvent> events = samples();
    MetricsAggregator metrics;
    std::size_t i = 0;
    for (auto _ : state)
        metrics.record(events[++i % sampleCount]);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Aggregate);

/// What the history thread pays to roll it up: three spans.
void BM_RollUp(benchmark::State &state)
{
    const std::vector<RequestEvent> events = samples();
    const std::vector<RequestRecord> records(events.begin(), events.end());
    RollupTable table;
    std::size_t i = 0;
    for (auto _ : state)
        table.add(records[++i % sampleCount]);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RollUp);

/// One thread counts, packs and puts; another takes and rolls up.
void BM_QueueAndAggregation(benchmark::State &state)
{
    constexpr std::size_t perRound = 100'000;
    using Item = std::unique_ptr<RequestRecord>;
    const std::vector<RequestEvent> events = samples();
    MetricsAggregator metrics;
    for (auto _ : state) {
        BoundedQueue<Item> queue(std::size_t { 1 } << 17);
        std::thread consumer([&] {
            RollupTable table;
            Item item;
            for (std::size_t taken = 0; taken < perRound;) {
                if (!queue.take(item)) {
                    std::this_thread::yield();
                    continue;
                }
                table.add(*item);
                ++taken;
            }
        });
        for (std::size_t i = 0; i < perRound; ++i) {
            const RequestEvent &event = events[i % sampleCount];
            metrics.record(event);
            queue.put(std::make_unique<RequestRecord>(event));
        }
        consumer.join();
        if (queue.dropped() > 0)
            state.SkipWithError("the queue was too small");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(perRound));
}
BENCHMARK(BM_QueueAndAggregation)->UseRealTime()->Unit(benchmark::kMillisecond);

} // namespace

} // namespace signalbox::bench
