// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stats/availabilitywindow.h"

#include <algorithm>

namespace signalbox {

namespace {

std::int64_t halves(AvailabilityLevel level)
{
    return level == AvailabilityLevel::Up ? 2 : level == AvailabilityLevel::Half ? 1 : 0;
}

} // namespace

AvailabilityWindow::AvailabilityWindow(AvailabilityLevel level, std::int64_t nowMs)
    : m_level(level), m_startMs(nowMs), m_nowMs(nowMs)
{
}

std::int64_t &AvailabilityWindow::slice(std::int64_t index) noexcept
{
    return m_slices[static_cast<std::size_t>(index % SliceCount)];
}

void AvailabilityWindow::advanceTo(std::int64_t nowMs) noexcept
{
    const std::int64_t rate = halves(m_level);
    if (nowMs - m_nowMs > SliceCount * SliceMs) {
        // Nothing older than the window matters: go on as if the pause had only been as long as it.
        m_slices.fill(0);
        m_sum = 0;
        m_nowMs = nowMs - SliceCount * SliceMs;
    }
    while (m_nowMs < nowMs) {
        const std::int64_t index = m_nowMs / SliceMs;
        const std::int64_t until = std::min(nowMs, (index + 1) * SliceMs);
        slice(index) += rate * (until - m_nowMs);
        m_sum += rate * (until - m_nowMs);
        m_nowMs = until;
        if (until == (index + 1) * SliceMs) {
            m_sum -= slice(index + 1);
            slice(index + 1) = 0;
        }
    }
}

void AvailabilityWindow::setLevel(AvailabilityLevel level, std::int64_t nowMs) noexcept
{
    advanceTo(nowMs);
    m_level = level;
}

double AvailabilityWindow::share(std::int64_t nowMs) noexcept
{
    advanceTo(nowMs);
    const std::int64_t observedMs = std::min(WindowMs, m_nowMs - m_startMs);
    if (observedMs <= 0)
        return static_cast<double>(halves(m_level)) / 2.0;
    double sum = static_cast<double>(m_sum);
    if (m_nowMs - m_startMs > WindowMs) {
        // Of the oldest slice only the part that is not yet as old as the current one is long still counts.
        const std::int64_t intoSlice = m_nowMs % SliceMs;
        const std::int64_t oldest = m_nowMs / SliceMs + 1;
        sum -= static_cast<double>(slice(oldest)) * static_cast<double>(intoSlice) / static_cast<double>(SliceMs);
    }
    return std::clamp(sum / (2.0 * static_cast<double>(observedMs)), 0.0, 1.0);
}

} // namespace signalbox
