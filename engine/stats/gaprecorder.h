// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace signalbox {

/// Times between the events of one stream. Fixed size; a quantile read back is the middle of its step, a quarter of an
/// octave wide, so off by at most 10 %.
class GapRecorder
{
public:
    /// `events` arrived together at that time of a steady clock.
    void add(std::uint64_t events, std::chrono::nanoseconds at) noexcept;

    std::uint64_t events() const noexcept { return m_events; }
    std::chrono::microseconds longest() const noexcept { return m_longest; }
    /// By nearest rank, q in 0..1; zero with fewer than two events. Never longer than longest().
    std::chrono::microseconds quantile(double q) const noexcept;

private:
    static constexpr std::size_t stepsPerOctave = 4;
    static constexpr std::size_t steps = stepsPerOctave * 30; ///< 1 us to 18 min

    std::array<std::uint32_t, steps> m_counts {};
    std::uint64_t m_events = 0;
    std::uint64_t m_gaps = 0;
    std::chrono::nanoseconds m_last { 0 };
    std::chrono::microseconds m_longest { 0 };
};

} // namespace signalbox
