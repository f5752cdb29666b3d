// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace signalbox {

/// Durations from 0.125 ms to 17 min in 23 octaves of 32 equal steps: a value read back at the middle of its step is
/// off by at most 1/64. Values outside go to the first or last step. Fixed size, no allocation.
class LogHistogram
{
public:
    static constexpr int StepsPerOctave = 32;
    static constexpr int Octaves = 23;
    static constexpr std::size_t Steps = StepsPerOctave * Octaves;
    static constexpr double LowestMs = 0.125;

    void add(double valueMs) noexcept;
    void merge(const LogHistogram &other) noexcept;
    /// Takes away what was merged before.
    void subtract(const LogHistogram &other) noexcept;
    void clear() noexcept { *this = LogHistogram(); }

    std::uint64_t count() const noexcept { return m_count; }
    double sumMs() const noexcept { return static_cast<double>(m_sumMicroseconds) / 1000.0; }
    /// By nearest rank, at the middle of its step; q in 0..1. Nullopt without a sample.
    std::optional<double> quantile(double q) const noexcept;

    /// For storing: the count of one step, and the exact sum.
    std::uint32_t countAt(std::size_t step) const noexcept { return m_counts[step]; }
    std::int64_t sumMicroseconds() const noexcept { return m_sumMicroseconds; }
    /// Nothing for a step that there is not.
    void addAt(std::size_t step, std::uint32_t count) noexcept
    {
        if (step >= Steps)
            return;
        m_counts[step] += count;
        m_count += count;
    }
    void setSumMicroseconds(std::int64_t sum) noexcept { m_sumMicroseconds = sum; }

    static std::size_t stepOf(double valueMs) noexcept;
    static double middleOf(std::size_t step) noexcept;

private:
    std::array<std::uint32_t, Steps> m_counts {};
    std::uint64_t m_count = 0;
    std::int64_t m_sumMicroseconds = 0; ///< an integer, so that subtracting is exact
};

} // namespace signalbox
