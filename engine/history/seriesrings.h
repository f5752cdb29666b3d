// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/history/rollup.h"
#include "engine/stats/timeseries.h"

#include <deque>

namespace signalbox {

/// One finished stretch of one provider, small: its quantiles, not its histograms. Negative: no sample.
struct SeriesSlot
{
    std::int64_t startMs = -1;
    std::array<std::uint32_t, 4> outcomes {}; ///< attempts, by Outcome
    std::array<float, 3> firstByteMs { -1, -1, -1 }; ///< p50, p95, p99
    std::array<float, 3> totalMs { -1, -1, -1 };
    std::array<float, 2> overheadMs { -1, -1 }; ///< p50, p99
    std::array<float, 2> gapMs { -1, -1 };
    std::uint64_t tokens = 0;
    double costUsd = 0;
    std::uint32_t samples = 0; ///< 0: the rest says nothing
    std::uint32_t mostInFlight = 0;
    float score = 0;
    float lowestScore = 0;
    std::array<float, 4> factors {};
    std::array<float, 4> shares {}; ///< closed, half-open, open, forced

    SeriesPoint point(std::int64_t lengthMs) const;
};

enum class Resolution { Second, TenSeconds, Minute };

/// 1 s over 10 min, 10 s over 2 h and 1 min over 24 h of one provider: 2,760 slots of 128 bytes and four open roll-ups
/// of 15 KiB, about 420 KiB. A second is added up in one roll-up; the longer stretches take the shorter ones when those
/// are over.
class SeriesRings
{
public:
    static constexpr std::array<std::int64_t, 3> slotMs { 1'000, 10'000, 60'000 };
    static constexpr std::size_t recentPoints = 60;
    static constexpr std::int64_t recentMs = 5'000;

    void add(const AttemptFigures &attempt) { m_second.add(attempt); }
    void add(const ProviderSample &sample) { m_second.gauges.add(sample); }
    /// For the sum of several: what another one's second holds, without its gauges.
    void add(const Rollup &second)
    {
        m_second.merge(second);
        m_second.gauges = {};
    }
    const Rollup &second() const { return m_second; }

    /// The second that began at `startMs` is over and `nextMs` runs. The gauges of ten seconds that are over with it,
    /// if any are.
    std::optional<GaugeSums> closeSecond(std::int64_t startMs, std::int64_t nextMs);

    /// Finished ones that start in that time, and the one that runs at `nowMs`, as far as it has come.
    std::vector<SeriesPoint> points(Resolution resolution, std::int64_t fromMs, std::int64_t untilMs,
                                    std::int64_t nowMs) const;
    /// Where that resolution begins to know; nullopt: nowhere yet.
    std::optional<std::int64_t> oldestMs(Resolution resolution) const { return ring(resolution).oldestMs(); }
    /// The last 5 min, for a small drawing; shared until it changes. May be null.
    const RecentPoints &recent() const { return m_recent; }

private:
    const TimeRing<SeriesSlot> &ring(Resolution resolution) const
    {
        return m_rings[static_cast<std::size_t>(resolution)];
    }
    Rollup running(Resolution resolution) const;
    void closeFive(std::int64_t startMs);
    static bool isOver(std::int64_t length, std::int64_t startMs, std::int64_t nextMs);

    Rollup m_second;
    Rollup m_five; ///< what is over of the present 5 s, and so on
    Rollup m_ten;
    Rollup m_minute;
    std::array<TimeRing<SeriesSlot>, 3> m_rings { TimeRing<SeriesSlot>(1'000, 600), TimeRing<SeriesSlot>(10'000, 720),
                                                  TimeRing<SeriesSlot>(60'000, 1440) };
    RecentPoints m_recent;
};

/// Points of finished stretches joined until there are at most so many; quantiles are the highest of the parts, so that
/// spikes survive.
std::vector<SeriesPoint> joinPoints(const std::vector<SeriesPoint> &points, std::int64_t lengthMs);

} // namespace signalbox
