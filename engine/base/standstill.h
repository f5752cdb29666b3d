// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/clock.h"

#include <limits>
#include <utility>

namespace signalbox {

/// Whether this process stood still for a time: asleep with its machine, stopped, or frozen. What was measured across
/// that says nothing about the other side.
class Standstill
{
public:
    /// More between two beats is one, and so is more by which a timer is late: the coarsest of Qt's is late by half of
    /// it.
    static constexpr std::chrono::milliseconds leastTime { 2'000 };

    explicit Standstill(const Clock &clock) : m_clock(clock) { }

    /// Several times a second. True: it stood still since the last beat.
    bool beat()
    {
        const std::int64_t nowMs = m_clock.nowMs();
        const std::int64_t before = std::exchange(m_endedMs, endedMs(nowMs));
        m_lastMs = nowMs;
        return m_endedMs > before;
    }
    /// When the last one was over; the smallest number: there was none. Known before the beat that follows it.
    std::int64_t endedMs(std::int64_t nowMs) const
    {
        return m_lastMs != never && nowMs - m_lastMs > leastTime.count() ? nowMs : m_endedMs;
    }
    bool isSince(std::int64_t ms, std::int64_t nowMs) const { return endedMs(nowMs) > ms; }

private:
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();

    const Clock &m_clock;
    std::int64_t m_lastMs = never; ///< beat
    std::int64_t m_endedMs = never;
};

} // namespace signalbox
