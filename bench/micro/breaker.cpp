// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/circuitbreaker.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <vector>

namespace signalbox::bench {

namespace {

constexpr std::size_t batch = 512;
constexpr std::int64_t callsPerMs = 100;

/// The tokens are kept, so that only the admission itself is measured. Timed by hand: pausing Google Benchmark's own
/// clock costs as much as fifty admissions. As many calls as a busy provider has in flight.
void BM_BreakerAdmission(benchmark::State &state)
{
    constexpr std::size_t inFlight = 256;
    CircuitBreaker breaker(
        {}, [] { return 0.5; }, 0);
    std::int64_t calls = 0;
    std::vector<BreakerToken> tokens(inFlight);
    for (auto _ : state) {
        const auto begun = std::chrono::steady_clock::now();
        for (BreakerToken &token : tokens) {
            Admission admission = breaker.acquire(++calls / callsPerMs);
            benchmark::DoNotOptimize(admission.admitted);
            token = std::move(admission.token);
        }
        state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
        for (BreakerToken &token : tokens)
            token = BreakerToken();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(inFlight));
}
BENCHMARK(BM_BreakerAdmission)->UseManualTime();

/// The record of an outcome: one in a hundred fails, one in fifty is slow.
void BM_BreakerRecord(benchmark::State &state)
{
    CircuitBreaker breaker(
        {}, [] { return 0.5; }, 0);
    std::int64_t calls = 0;
    std::vector<BreakerToken> tokens(batch);
    for (auto _ : state) {
        state.PauseTiming();
        for (BreakerToken &token : tokens)
            token = std::move(breaker.acquire(calls / callsPerMs).token);
        state.ResumeTiming();
        for (BreakerToken &token : tokens) {
            ++calls;
            const Outcome outcome = calls % 100 == 0 ? Outcome::Failure : Outcome::Success;
            breaker.complete(token, outcome, calls / callsPerMs, calls % 50 == 0);
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
}
BENCHMARK(BM_BreakerRecord);

/// As a request does it: admitted, then completed.
void BM_BreakerCall(benchmark::State &state)
{
    CircuitBreaker breaker(
        {}, [] { return 0.5; }, 0);
    std::int64_t calls = 0;
    for (auto _ : state) {
        Admission admission = breaker.acquire(++calls / callsPerMs);
        breaker.complete(admission.token, Outcome::Success, calls / callsPerMs);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_BreakerCall);

void BM_BreakerRefusal(benchmark::State &state)
{
    CircuitBreaker breaker(
        {}, [] { return 0.5; }, 0);
    breaker.tripFor(1'000'000'000, 0);
    std::int64_t calls = 0;
    for (auto _ : state) {
        const Admission admission = breaker.acquire(++calls / callsPerMs);
        benchmark::DoNotOptimize(admission.retryAfterMs);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_BreakerRefusal);

} // namespace

} // namespace signalbox::bench
