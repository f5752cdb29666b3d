// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stats/gaprecorder.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace signalbox {

void GapRecorder::add(std::uint64_t events, std::chrono::nanoseconds at) noexcept
{
    if (events == 0)
        return;
    const bool first = m_events == 0;
    m_events += events;
    // Events that arrive together have no gap between them.
    const std::uint64_t together = events - 1;
    m_counts[0] += static_cast<std::uint32_t>(together);
    m_gaps += together;
    if (!first) {
        const auto gap =
            std::max(std::chrono::duration_cast<std::chrono::microseconds>(at - m_last), std::chrono::microseconds(1));
        const auto us = static_cast<std::uint64_t>(gap.count());
        const auto octave = static_cast<std::size_t>(std::bit_width(us | 1U)) - 1;
        const std::size_t within = ((us * stepsPerOctave) >> octave) - stepsPerOctave;
        ++m_counts[std::min(octave * stepsPerOctave + within, steps - 1)];
        ++m_gaps;
        m_longest = std::max(m_longest, gap);
    }
    m_last = at;
}

std::chrono::microseconds GapRecorder::quantile(double q) const noexcept
{
    const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(m_gaps)));
    std::uint64_t seen = 0;
    for (std::size_t step = 0; step < steps && m_gaps > 0; ++step) {
        seen += m_counts[step];
        if (seen < std::max<std::uint64_t>(rank, 1))
            continue;
        if (step == 0)
            return std::chrono::microseconds(0);
        const double octave = std::ldexp(1.0, static_cast<int>(step / stepsPerOctave));
        const double middle =
            octave * (1.0 + (static_cast<double>(step % stepsPerOctave) + 0.5) / static_cast<double>(stepsPerOctave));
        return std::min(std::chrono::microseconds(static_cast<std::int64_t>(middle)), m_longest);
    }
    return std::chrono::microseconds(0);
}

} // namespace signalbox
