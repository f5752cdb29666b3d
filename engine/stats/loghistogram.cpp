// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stats/loghistogram.h"

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

constexpr double HighestMs = LogHistogram::LowestMs * (1 << LogHistogram::Octaves);

} // namespace

std::size_t LogHistogram::stepOf(double valueMs) noexcept
{
    if (!(valueMs > LowestMs))
        return 0;
    if (valueMs >= HighestMs)
        return Steps - 1;
    int exponent = 0;
    const double mantissa = std::frexp(valueMs / LowestMs, &exponent); // [0.5, 1)
    const auto within = static_cast<std::size_t>((2.0 * mantissa - 1.0) * StepsPerOctave);
    return static_cast<std::size_t>(exponent - 1) * StepsPerOctave + within;
}

double LogHistogram::middleOf(std::size_t step) noexcept
{
    const auto octave = static_cast<int>(step / StepsPerOctave);
    const double within = (static_cast<double>(step % StepsPerOctave) + 0.5) / StepsPerOctave;
    return std::ldexp(LowestMs * (1.0 + within), octave);
}

void LogHistogram::add(double valueMs) noexcept
{
    ++m_counts[stepOf(valueMs)];
    ++m_count;
    const double summed = valueMs > 0.0 ? std::min(valueMs, HighestMs) : 0.0;
    m_sumMicroseconds += std::llround(summed * 1000.0);
}

void LogHistogram::merge(const LogHistogram &other) noexcept
{
    for (std::size_t i = 0; i < Steps; ++i)
        m_counts[i] += other.m_counts[i];
    m_count += other.m_count;
    m_sumMicroseconds += other.m_sumMicroseconds;
}

void LogHistogram::subtract(const LogHistogram &other) noexcept
{
    for (std::size_t i = 0; i < Steps; ++i)
        m_counts[i] -= other.m_counts[i];
    m_count -= other.m_count;
    m_sumMicroseconds -= other.m_sumMicroseconds;
}

std::optional<double> LogHistogram::quantile(double q) const noexcept
{
    if (m_count == 0)
        return std::nullopt;
    const double exactRank = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(m_count));
    const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(exactRank));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < Steps; ++i) {
        seen += m_counts[i];
        if (seen >= rank)
            return middleOf(i);
    }
    return middleOf(Steps - 1);
}

} // namespace signalbox
