// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/micro/sampleevents.h"
#include "engine/history/eventcodec.h"
#include "engine/history/historywriter.h"

#include <QTemporaryDir>

#include <benchmark/benchmark.h>

namespace signalbox::bench {

namespace {

constexpr std::size_t eventsPerRound = 100'000;
constexpr std::size_t recordBytes = 24; ///< of one packed breaker input
constexpr std::size_t recordsPerBlock = 256;

void BM_PackEvent(benchmark::State &state)
{
    const RequestEvent event = requestEvent(1);
    QByteArray buffer;
    for (auto _ : state) {
        buffer.resize(0);
        packEvent(event, buffer);
        benchmark::DoNotOptimize(buffer.constData());
    }
    state.counters["bytes"] = static_cast<double>(buffer.size());
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_PackEvent);

/// From record() to the commit, with roll-ups. The file grows from round to round, as it does in use.
void BM_RequestsDurable(benchmark::State &state)
{
    std::vector<RequestEvent> events;
    for (std::size_t i = 0; i < eventsPerRound; ++i)
        events.push_back(requestEvent(i));
    const QTemporaryDir folder;
    HistoryWriter writer({ folder.path(), {} });
    writer.flush();
    std::uint64_t sequence = 0;
    for (auto _ : state) {
        for (RequestEvent &event : events) {
            event.sequence = ++sequence;
            writer.record(event);
        }
        writer.flush();
    }
    if (writer.state().droppedEvents > 0)
        state.SkipWithError("events were dropped");
    state.counters["bytes/event"] = static_cast<double>(writer.state().fileBytes) / static_cast<double>(sequence);
    state.SetItemsProcessed(static_cast<std::int64_t>(sequence));
}
BENCHMARK(BM_RequestsDurable)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(8);

void BM_BreakerInputsDurable(benchmark::State &state)
{
    const QTemporaryDir folder;
    HistoryWriter writer({ folder.path(), {} });
    writer.flush();
    std::int64_t blocks = 0;
    for (auto _ : state) {
        for (std::size_t i = 0; i < eventsPerRound; i += recordsPerBlock) {
            BreakerInputs inputs;
            inputs.provider = QStringLiteral("openai");
            inputs.firstMs = ++blocks;
            inputs.records = QByteArray(static_cast<qsizetype>(recordBytes * recordsPerBlock), 'x');
            writer.record(std::move(inputs));
        }
        writer.flush();
    }
    if (writer.state().droppedEvents > 0)
        state.SkipWithError("records were dropped");
    state.SetItemsProcessed(blocks * static_cast<std::int64_t>(recordsPerBlock));
}
BENCHMARK(BM_BreakerInputsDurable)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(8);

} // namespace

} // namespace signalbox::bench
