// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/stepdetector.h"

#include <algorithm>
#include <cmath>

namespace signalbox {

void StepDetector::Side::add(double drift, double value)
{
    evidence += drift;
    sum += value;
    ++samples;
    if (evidence <= 0.0)
        *this = Side();
}

StepChange StepDetector::changeOf(const Side &side, bool slower) const
{
    // The mean already holds the samples since the step; without them it is the level before it.
    const double before =
        (m_mean * static_cast<double>(m_samples) - side.sum) / static_cast<double>(m_samples - side.samples);
    return { slower, std::exp(before), std::exp(side.sum / static_cast<double>(side.samples)) };
}

std::optional<StepChange> StepDetector::add(double latencyMs)
{
    if (!std::isfinite(latencyMs) || latencyMs <= 0.0)
        return std::nullopt;
    const double value = std::log(latencyMs);
    ++m_samples;
    m_mean += (value - m_mean) / static_cast<double>(m_samples);
    if (m_samples <= m_policy.warmUp)
        return std::nullopt;
    const double deviation = std::clamp(value - m_mean, -m_policy.clip, m_policy.clip);
    m_up.add(deviation - m_policy.tolerance, value);
    m_down.add(-deviation - m_policy.tolerance, value);
    const bool slower = m_up.evidence > m_policy.threshold;
    if (!slower && m_down.evidence <= m_policy.threshold)
        return std::nullopt;
    const StepChange change = changeOf(slower ? m_up : m_down, slower);
    *this = StepDetector(m_policy);
    return change;
}

} // namespace signalbox
