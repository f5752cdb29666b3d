// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/stepdetector.h"

#include <algorithm>
#include <cmath>

namespace signalbox {

void StepDetector::Side::add(double drift, double value, double mean)
{
    // Weighted to the newest: the evidence may have begun before the step did.
    constexpr double weight = 0.4;
    if (samples == 0) {
        before = mean;
        recent = value;
    }
    evidence += drift;
    recent += weight * (value - recent);
    ++samples;
    if (evidence <= 0.0)
        *this = Side();
}

std::optional<StepChange> StepDetector::add(double latencyMs)
{
    if (!std::isfinite(latencyMs) || latencyMs <= 0.0)
        return std::nullopt;
    const double value = std::log(latencyMs);
    const auto clipped = [this](double deviation) { return std::clamp(deviation, -m_policy.clip, m_policy.clip); };
    const double meanBefore = m_mean;
    ++m_samples;
    m_mean = m_samples == 1 ? value : m_mean + clipped(value - m_mean) / static_cast<double>(m_samples);
    if (m_samples <= m_policy.warmUp)
        return std::nullopt;
    const double deviation = clipped(value - m_mean);
    m_up.add(deviation - m_policy.tolerance, value, meanBefore);
    m_down.add(-deviation - m_policy.tolerance, value, meanBefore);
    const bool slower = m_up.evidence > m_policy.threshold;
    if (!slower && m_down.evidence <= m_policy.threshold)
        return std::nullopt;
    const Side &side = slower ? m_up : m_down;
    const StepChange change { slower, std::exp(side.before), std::exp(side.recent) };
    *this = StepDetector(m_policy);
    return change;
}

} // namespace signalbox
