// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace signalbox {

/// As Prometheus wants it: cumulativeCounts[i] = observations <= upperBounds[i].
struct CumulativeCounts
{
    std::vector<double> upperBounds; ///< seconds, ascending, without +Inf
    std::vector<std::uint64_t> cumulativeCounts;
    double sum = 0; ///< seconds
    std::uint64_t count = 0;
};

/// Observations since start in fixed buckets; the counts only grow.
class CumulativeHistogram
{
public:
    /// Bounds in seconds, ascending.
    explicit CumulativeHistogram(std::vector<double> upperBounds);

    void observe(double seconds) noexcept;
    CumulativeCounts counts() const;

    /// Model answers: 50 ms to 10 min.
    static const std::vector<double> &answerBounds();
    /// Our own time per request: 50 us to 1 s.
    static const std::vector<double> &overheadBounds();

private:
    std::vector<double> m_upperBounds;
    std::vector<std::uint64_t> m_counts; ///< per bucket; the last is beyond every bound
    double m_sum = 0;
};

} // namespace signalbox
