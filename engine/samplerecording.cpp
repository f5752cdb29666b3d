// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplerecording.h"

#include "engine/provider/breakerwatch.h"

#include <array>
#include <random>

namespace signalbox {

namespace {

constexpr std::int64_t stepMs = 2'000;
constexpr double meanJitter = 0.5;

/// From a minute on, so many of 100 calls fail.
struct Phase
{
    std::int64_t fromMinute;
    unsigned failPercent;
};
constexpr std::array flaky {
    Phase { 0, 1 },  Phase { 8, 35 },   Phase { 11, 1 }, Phase { 24, 75 }, Phase { 27, 2 },
    Phase { 38, 5 }, Phase { 40, 100 }, Phase { 43, 1 }, Phase { 52, 45 }, Phase { 54, 0 },
};
constexpr std::array steady { Phase { 0, 1 } };

template <std::size_t count> unsigned failPercentAt(const std::array<Phase, count> &phases, std::int64_t nowMs)
{
    unsigned percent = 0;
    for (const Phase &phase : phases) {
        if (nowMs >= phase.fromMinute * 60'000)
            percent = phase.failPercent;
    }
    return percent;
}

template <std::size_t count>
std::vector<QByteArray> recordingOf(const std::array<Phase, count> &phases, const BreakerPolicy &policy,
                                    std::int64_t untilMs, unsigned seed)
{
    // Not a distribution: those differ from one standard library to the next.
    std::mt19937 random(seed);
    CircuitBreaker breaker(
        policy, [] { return meanJitter; }, 0);
    BreakerWatch watch(breaker);
    watch.startLog();
    for (std::int64_t nowMs = 0; nowMs < sampleLengthMs; nowMs += stepMs) {
        const bool fails = random() % 100 < failPercentAt(phases, nowMs);
        Admission admission = breaker.acquire(nowMs);
        if (admission)
            breaker.complete(admission.token, fails ? Outcome::Failure : Outcome::Success, nowMs);
    }
    std::vector<QByteArray> chunks;
    if (std::optional<BreakerWatch::Chunk> chunk = watch.takeLog(untilMs, sampleLengthMs))
        chunks.push_back(std::move(chunk->records));
    return chunks;
}

} // namespace

std::map<QString, std::vector<QByteArray>> sampleRecording(const BreakerPolicy &policy, std::int64_t untilMs)
{
    return { { QStringLiteral("demo-flaky"), recordingOf(flaky, policy, untilMs, 1) },
             { QStringLiteral("demo-steady"), recordingOf(steady, policy, untilMs, 2) } };
}

} // namespace signalbox
