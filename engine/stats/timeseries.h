// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace signalbox {

/// Samples of the last slotMs * slotCount, summed with += into slots aligned to multiples of slotMs. A slot nothing was
/// added to reads as Sample().
template <typename Sample> class TimeRing
{
public:
    struct Point
    {
        std::int64_t startMs = 0;
        Sample sample {};
    };

    TimeRing(std::int64_t slotMs, std::size_t slotCount) : m_slotMs(slotMs), m_slots(slotCount) { }

    void add(const Sample &sample, std::int64_t nowMs)
    {
        const std::int64_t start = alignedStart(nowMs);
        Slot &slot = slotFor(start);
        if (!slot.used || slot.point.startMs < start)
            slot = { { start, Sample() }, true };
        if (slot.point.startMs == start)
            slot.point.sample += sample;
    }

    /// Oldest first, without gaps, from the slot that holds fromMs to the one that holds toMs, as far as it reaches.
    std::vector<Point> points(std::int64_t fromMs, std::int64_t toMs) const
    {
        const std::int64_t last = alignedStart(toMs);
        const auto reach = static_cast<std::int64_t>(m_slots.size() - 1) * m_slotMs;
        std::vector<Point> result;
        for (std::int64_t start = std::max(alignedStart(fromMs), last - reach); start <= last; start += m_slotMs) {
            const Slot &slot = m_slots[position(start)];
            result.push_back(slot.used && slot.point.startMs == start ? slot.point : Point { start, Sample() });
        }
        return result;
    }

    std::int64_t slotMs() const noexcept { return m_slotMs; }
    std::int64_t spanMs() const noexcept { return m_slotMs * static_cast<std::int64_t>(m_slots.size()); }

private:
    struct Slot
    {
        Point point;
        bool used = false;
    };

    std::int64_t alignedStart(std::int64_t ms) const noexcept
    {
        const std::int64_t rest = ms % m_slotMs;
        return ms - (rest < 0 ? rest + m_slotMs : rest);
    }
    std::size_t position(std::int64_t start) const noexcept
    {
        const auto size = static_cast<std::int64_t>(m_slots.size());
        return static_cast<std::size_t>(((start / m_slotMs) % size + size) % size);
    }
    Slot &slotFor(std::int64_t start) noexcept { return m_slots[position(start)]; }

    std::int64_t m_slotMs;
    std::vector<Slot> m_slots;
};

enum class Resolution { Second, TenSeconds, Minute };

/// The same samples at three resolutions: 1 s over 10 min, 10 s over 2 h, 1 min over 24 h.
template <typename Sample> class TimeSeries
{
public:
    using Point = typename TimeRing<Sample>::Point;

    void add(const Sample &sample, std::int64_t nowMs)
    {
        for (TimeRing<Sample> &ring : m_rings)
            ring.add(sample, nowMs);
    }

    std::vector<Point> points(Resolution resolution, std::int64_t fromMs, std::int64_t toMs) const
    {
        return m_rings[static_cast<std::size_t>(resolution)].points(fromMs, toMs);
    }

    /// The finest resolution that reaches back from toMs to fromMs.
    Resolution finestFor(std::int64_t fromMs, std::int64_t toMs) const noexcept
    {
        if (toMs - fromMs < m_rings[0].spanMs())
            return Resolution::Second;
        return toMs - fromMs < m_rings[1].spanMs() ? Resolution::TenSeconds : Resolution::Minute;
    }

private:
    std::array<TimeRing<Sample>, 3> m_rings { TimeRing<Sample>(1'000, 600), TimeRing<Sample>(10'000, 720),
                                              TimeRing<Sample>(60'000, 1440) };
};

/// What the charts draw of one provider per slot.
struct TrafficSample
{
    std::uint32_t ok = 0;
    std::uint32_t failed = 0;
    std::uint32_t throttled = 0;
    std::uint32_t failovers = 0;
    std::uint32_t latencyCount = 0;
    double latencySumMs = 0;
    double latencyMaxMs = 0;

    TrafficSample &operator+=(const TrafficSample &other) noexcept
    {
        ok += other.ok;
        failed += other.failed;
        throttled += other.throttled;
        failovers += other.failovers;
        latencyCount += other.latencyCount;
        latencySumMs += other.latencySumMs;
        latencyMaxMs = std::max(latencyMaxMs, other.latencyMaxMs);
        return *this;
    }
};

} // namespace signalbox
