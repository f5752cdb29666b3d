// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stats/cumulativehistogram.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace signalbox {

CumulativeHistogram::CumulativeHistogram(std::vector<double> upperBounds)
    : m_upperBounds(std::move(upperBounds)), m_counts(m_upperBounds.size() + 1)
{
}

void CumulativeHistogram::observe(double seconds) noexcept
{
    const double value = seconds > 0.0 ? seconds : 0.0;
    const auto bound = std::lower_bound(m_upperBounds.begin(), m_upperBounds.end(), value);
    ++m_counts[static_cast<std::size_t>(std::distance(m_upperBounds.begin(), bound))];
    m_sum += value;
}

CumulativeCounts CumulativeHistogram::counts() const
{
    CumulativeCounts result;
    result.upperBounds = m_upperBounds;
    result.cumulativeCounts.reserve(m_upperBounds.size());
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        result.count += m_counts[i];
        if (i < m_upperBounds.size())
            result.cumulativeCounts.push_back(result.count);
    }
    result.sum = m_sum;
    return result;
}

const std::vector<double> &CumulativeHistogram::answerBounds()
{
    static const std::vector<double> bounds { 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600 };
    return bounds;
}

const std::vector<double> &CumulativeHistogram::overheadBounds()
{
    static const std::vector<double> bounds { 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                              0.005,   0.01,   0.025,   0.05,   0.1,   1 };
    return bounds;
}

} // namespace signalbox
