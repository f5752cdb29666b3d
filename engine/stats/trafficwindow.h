// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stats/loghistogram.h"

#include <array>
#include <cstdint>
#include <optional>

namespace signalbox {

/// FirstByte: streams, until the first body byte or event. Total: other answers, until the end.
enum class LatencyClass { FirstByte, Total };

struct CallCounts
{
    std::uint64_t ok = 0;
    std::uint64_t failed = 0;
};

struct LatencyQuantiles
{
    std::optional<double> p50Ms;
    std::optional<double> p95Ms;
    std::optional<double> p99Ms;
    std::uint64_t samples = 0;
};

/// The last 5 min of one provider in 10 buckets of 30 s, aligned to multiples of 30 s; the newest is still filling.
/// Throttled and ignored calls are not recorded here.
class TrafficWindow
{
public:
    static constexpr int BucketCount = 10;
    static constexpr std::int64_t BucketMs = 30'000;
    using Medians = std::array<std::optional<double>, BucketCount>;

    explicit TrafficWindow(std::int64_t nowMs);

    void addSuccess(LatencyClass latencyClass, double latencyMs, std::int64_t nowMs) noexcept;
    /// A success with no meaningful latency, e.g. an answer from a local file.
    void addSuccess(std::int64_t nowMs) noexcept;
    void addFailure(std::int64_t nowMs) noexcept;

    CallCounts counts(std::int64_t nowMs) noexcept;
    LatencyQuantiles quantiles(LatencyClass latencyClass, std::int64_t nowMs) noexcept;
    /// Median first byte in ms of each bucket, oldest first; nullopt where it has none.
    Medians firstByteMedians(std::int64_t nowMs) noexcept;
    /// Changes when a bucket begins: then the trend is worth computing again.
    std::int64_t bucketIndex(std::int64_t nowMs) noexcept;

private:
    struct Bucket
    {
        CallCounts calls;
        std::array<LogHistogram, 2> latency;
    };
    Bucket &roll(std::int64_t nowMs) noexcept;
    Bucket &bucket(std::int64_t index) noexcept;

    std::array<Bucket, BucketCount> m_buckets {};
    Bucket m_sum;
    std::int64_t m_newest;
};

} // namespace signalbox
