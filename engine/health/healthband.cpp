// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/healthband.h"

#include <algorithm>

namespace signalbox {

namespace {

/// Of two bands on the same side of the current one.
HealthBand nearer(HealthBand current, HealthBand a, HealthBand b)
{
    return current == HealthBand::Unhealthy ? std::max(a, b) : std::min(a, b);
}

} // namespace

HealthBand HealthLabelTracker::plainBand(double score) const noexcept
{
    if (score >= m_borders.healthyFrom)
        return HealthBand::Healthy;
    return score >= m_borders.degradedFrom ? HealthBand::Degraded : HealthBand::Unhealthy;
}

/// The band whose border the score has left behind by the margin, on the way from the current one.
HealthBand HealthLabelTracker::reached(double score) const noexcept
{
    const HealthBand worse = plainBand(score + Margin);
    const HealthBand better = plainBand(score - Margin);
    if (worse > m_band)
        return worse;
    return better < m_band ? better : m_band;
}

HealthBand HealthLabelTracker::update(double score, bool hasData, std::int64_t nowMs) noexcept
{
    if (!hasData || m_band == HealthBand::Unknown) {
        m_band = hasData ? plainBand(score) : HealthBand::Unknown;
        m_pending.reset();
        return m_band;
    }
    const HealthBand band = reached(score);
    if (band == m_band) {
        m_pending.reset();
        return m_band;
    }
    const bool sameSide = m_pending && (m_pending->band > m_band) == (band > m_band);
    m_pending =
        sameSide ? Pending { nearer(m_band, m_pending->band, band), m_pending->sinceMs } : Pending { band, nowMs };
    if (nowMs - m_pending->sinceMs < DwellMs)
        return m_band;
    m_band = m_pending->band;
    m_pending.reset();
    return update(score, hasData, nowMs);
}

} // namespace signalbox
