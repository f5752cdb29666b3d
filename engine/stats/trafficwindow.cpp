// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stats/trafficwindow.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr auto FirstByteIndex = static_cast<std::size_t>(LatencyClass::FirstByte);

} // namespace

TrafficWindow::TrafficWindow(std::int64_t nowMs) : m_newest(nowMs / BucketMs) { }

TrafficWindow::Bucket &TrafficWindow::bucket(std::int64_t index) noexcept
{
    return m_buckets[static_cast<std::size_t>(index % BucketCount)];
}

TrafficWindow::Bucket &TrafficWindow::roll(std::int64_t nowMs) noexcept
{
    const std::int64_t index = std::max(m_newest, nowMs / BucketMs);
    // After a long pause every bucket is passed once, not every 30 s of the pause.
    m_newest = std::max(m_newest, index - BucketCount);
    while (m_newest < index) {
        Bucket &oldest = bucket(++m_newest);
        m_sum.calls.ok -= oldest.calls.ok;
        m_sum.calls.failed -= oldest.calls.failed;
        for (std::size_t i = 0; i < oldest.latency.size(); ++i) {
            m_sum.latency[i].subtract(oldest.latency[i]);
            oldest.latency[i].clear();
        }
        oldest.calls = {};
    }
    return bucket(index);
}

void TrafficWindow::addSuccess(LatencyClass latencyClass, double latencyMs, std::int64_t nowMs) noexcept
{
    const auto i = static_cast<std::size_t>(latencyClass);
    addSuccess(nowMs);
    bucket(m_newest).latency[i].add(latencyMs);
    m_sum.latency[i].add(latencyMs);
}

void TrafficWindow::addSuccess(std::int64_t nowMs) noexcept
{
    ++roll(nowMs).calls.ok;
    ++m_sum.calls.ok;
}

void TrafficWindow::addFailure(std::int64_t nowMs) noexcept
{
    ++roll(nowMs).calls.failed;
    ++m_sum.calls.failed;
}

CallCounts TrafficWindow::counts(std::int64_t nowMs) noexcept
{
    roll(nowMs);
    return m_sum.calls;
}

LatencyQuantiles TrafficWindow::quantiles(LatencyClass latencyClass, std::int64_t nowMs) noexcept
{
    roll(nowMs);
    const LogHistogram &histogram = m_sum.latency[static_cast<std::size_t>(latencyClass)];
    return { histogram.quantile(0.50), histogram.quantile(0.95), histogram.quantile(0.99), histogram.count() };
}

TrafficWindow::Medians TrafficWindow::firstByteMedians(std::int64_t nowMs) noexcept
{
    roll(nowMs);
    Medians medians;
    for (int i = 0; i < BucketCount; ++i) {
        // The oldest of the ring is the one the next roll would reuse.
        const std::int64_t index = m_newest + 1 + i;
        medians[static_cast<std::size_t>(i)] = bucket(index).latency[FirstByteIndex].quantile(0.5);
    }
    return medians;
}

std::int64_t TrafficWindow::bucketIndex(std::int64_t nowMs) noexcept
{
    roll(nowMs);
    return m_newest;
}

} // namespace signalbox
