// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/recenttraffic.h"

namespace signalbox {

namespace {

constexpr Milliseconds window { 60'000 };
constexpr Milliseconds spacing { 900 }; ///< closer snapshots say nothing new here
constexpr double quantile = 0.95;

/// Between the bounds of a bucket its values are taken as evenly spread.
std::optional<double> quantileOfDifference(const HistogramSnapshot &before, const HistogramSnapshot &after)
{
    if (after.count <= before.count || after.upperBounds != before.upperBounds)
        return std::nullopt;
    const double wanted = quantile * static_cast<double>(after.count - before.count);
    double below = 0;
    double lower = 0;
    for (std::size_t i = 0; i < after.upperBounds.size(); ++i) {
        const auto upTo = static_cast<double>(after.cumulativeCounts[i] - before.cumulativeCounts[i]);
        if (upTo >= wanted && upTo > below)
            return lower + (after.upperBounds[i] - lower) * (wanted - below) / (upTo - below);
        below = upTo;
        lower = after.upperBounds[i];
    }
    return lower; // above the last bound
}

} // namespace

void RecentTraffic::add(const EngineSnapshotPtr &snapshot)
{
    if (!m_seen.empty() && snapshot->uptime < m_seen.back()->uptime)
        m_seen.clear(); // another engine
    if (m_seen.size() > 1 && snapshot->uptime - m_seen[m_seen.size() - 2]->uptime < spacing)
        m_seen.pop_back();
    m_seen.push_back(snapshot);
    while (m_seen.size() > 2 && snapshot->uptime - m_seen.front()->uptime > window)
        m_seen.pop_front();
}

std::optional<double> RecentTraffic::requestsPerSecond() const
{
    if (m_seen.size() < 2 || m_seen.back()->uptime <= m_seen.front()->uptime)
        return std::nullopt;
    const std::chrono::duration<double> time = m_seen.back()->uptime - m_seen.front()->uptime;
    return static_cast<double>(m_seen.back()->totals.requests - m_seen.front()->totals.requests) / time.count();
}

std::optional<double> RecentTraffic::firstByteP95Ms() const
{
    if (m_seen.size() < 2)
        return std::nullopt;
    const auto seconds = quantileOfDifference(m_seen.front()->requestFirstByte, m_seen.back()->requestFirstByte);
    return seconds ? std::optional(*seconds * 1000) : std::nullopt;
}

} // namespace signalbox
