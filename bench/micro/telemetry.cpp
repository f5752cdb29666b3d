// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/micro/sampleevents.h"
#include "engine/base/clock.h"
#include "engine/provider/provider.h"
#include "engine/telemetry/metricsaggregator.h"
#include "engine/telemetry/prometheus.h"
#include "engine/telemetry/statusjson.h"

#include <benchmark/benchmark.h>

namespace signalbox::bench {

namespace {

/// Every provider has served ten models and failed in three ways.
struct Fleet
{
    explicit Fleet(int size)
    {
        for (int i = 0; i < size; ++i) {
            ProviderConfig config;
            config.name = QStringLiteral("provider-%1").arg(i);
            config.baseUrl = QUrl(QStringLiteral("https://api-%1.example.com/v1").arg(i));
            providers.push_back(std::make_unique<Provider>(config, clock, [] { return 0.5; }));
            for (std::size_t call = 0; call < 200; ++call)
                record(config.name, *providers.back(), call);
        }
    }

    void record(const QString &name, Provider &provider, std::size_t call)
    {
        RequestEvent event = requestEvent(call);
        event.model = "model-" + QByteArray::number(static_cast<qulonglong>(call % 10));
        AttemptEvent &attempt = event.attempts.front();
        attempt.provider = name;
        if (call % 17 == 0) {
            attempt.outcome = Outcome::Failure;
            attempt.reason = QStringLiteral("status_50%1").arg(call % 3);
        }
        metrics.record(event);
        clock.advance(std::chrono::milliseconds(100));
        BreakerToken token = std::move(provider.breaker().acquire(clock.nowMs()).token);
        provider.attemptStarted();
        provider.attemptEnded(token, { Outcome::Success, LatencyClass::FirstByte, 400.0, false, {}, {} });
    }

    EngineSnapshot snapshot()
    {
        EngineSnapshot snapshot;
        for (const auto &provider : providers)
            snapshot.providers.push_back(provider->snapshot());
        metrics.writeInto(snapshot);
        return snapshot;
    }

    ManualClock clock;
    MetricsAggregator metrics;
    std::vector<std::unique_ptr<Provider>> providers;
};

void BM_Snapshot(benchmark::State &state)
{
    Fleet fleet(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        fleet.clock.advance(std::chrono::milliseconds(250));
        EngineSnapshot snapshot = fleet.snapshot();
        benchmark::DoNotOptimize(snapshot.providers.data());
    }
}
BENCHMARK(BM_Snapshot)->Arg(2)->Arg(50)->Arg(100)->Unit(benchmark::kMicrosecond);

void BM_PrometheusText(benchmark::State &state)
{
    const EngineSnapshot snapshot = Fleet(static_cast<int>(state.range(0))).snapshot();
    qsizetype bytes = 0;
    for (auto _ : state)
        bytes = prometheusText(snapshot).size();
    state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(BM_PrometheusText)->Arg(2)->Arg(50)->Unit(benchmark::kMicrosecond);

void BM_StatusJson(benchmark::State &state)
{
    const EngineSnapshot snapshot = Fleet(static_cast<int>(state.range(0))).snapshot();
    for (auto _ : state)
        benchmark::DoNotOptimize(statusJson(snapshot).size());
}
BENCHMARK(BM_StatusJson)->Arg(50)->Unit(benchmark::kMicrosecond);

} // namespace

} // namespace signalbox::bench
