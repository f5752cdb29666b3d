// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/clock.h"
#include "engine/health/scorecache.h"
#include "engine/provider/provider.h"

#include <benchmark/benchmark.h>

#include <array>
#include <random>

namespace signalbox::bench {

namespace {

/// Providers as they are found: latencies between the targets, so that the logarithms are taken.
std::array<ScoreInput, 256> scoreInputs()
{
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    std::array<ScoreInput, 256> inputs;
    for (ScoreInput &input : inputs) {
        input.ok = random() % 1000;
        input.failed = random() % 20;
        input.firstByte = { random() % 500, 300.0 + 1500.0 * unit(random), 800.0 + 5000.0 * unit(random) };
        input.total = { random() % 500, 1500.0 + 8000.0 * unit(random), 3000.0 + 20000.0 * unit(random) };
        input.probes = 10;
        input.probesOk = 8 + random() % 3;
        input.closedShare = 0.9 + 0.1 * unit(random);
        input.trend = { 10, 0.05 * unit(random), unit(random), std::nullopt };
    }
    return inputs;
}

void BM_ScoreUncached(benchmark::State &state)
{
    const auto inputs = scoreInputs();
    std::size_t i = 0;
    for (auto _ : state) {
        ScoreResult result = healthScore(inputs[++i % inputs.size()]);
        benchmark::DoNotOptimize(result);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ScoreUncached);

void BM_ScoreCached(benchmark::State &state)
{
    const auto inputs = scoreInputs();
    ScoreCache cache;
    std::int64_t nowMs = 0;
    for (auto _ : state) {
        const CachedScore &score = cache.read(ScoreKey { 1, 0, false }, nowMs, [&] { return inputs[0]; });
        benchmark::DoNotOptimize(score.result.score);
        nowMs = (nowMs + 1) % 4096;
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ScoreCached);

/// With what goes before it: quantiles of the last 5 min, availability, the breaker's gate.
void BM_ScoreFromStatistics(benchmark::State &state)
{
    ManualClock clock;
    Provider provider(ProviderConfig {}, clock, [] { return 0.5; });
    for (int i = 0; i < 3000; ++i) {
        clock.advance(std::chrono::milliseconds(100));
        BreakerToken token = std::move(provider.breaker().acquire(clock.nowMs()).token);
        provider.attemptStarted();
        provider.attemptEnded(token, { Outcome::Success, LatencyClass::FirstByte, 300.0 + i % 700, false, {}, {} });
    }
    for (auto _ : state) {
        clock.advance(std::chrono::milliseconds(ScoreCache::LifetimeMs));
        benchmark::DoNotOptimize(provider.score().result.score);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ScoreFromStatistics)->Iterations(2000);

} // namespace

} // namespace signalbox::bench
