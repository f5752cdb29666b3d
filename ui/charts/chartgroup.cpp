// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartgroup.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::int64_t shortestSpanMs = 5000;

} // namespace

void ChartGroup::setSpan(const TimeSpan &span)
{
    if (m_span == span)
        return;
    m_span = span;
    if (m_crossHair && !m_span.contains(*m_crossHair))
        m_crossHair.reset();
    Q_EMIT changed();
}

void ChartGroup::setCrossHair(std::optional<std::int64_t> timeMs)
{
    if (timeMs)
        timeMs = std::clamp(*timeMs, m_span.sinceMs, std::max(m_span.sinceMs, m_span.untilMs));
    if (m_crossHair == timeMs)
        return;
    m_crossHair = timeMs;
    Q_EMIT changed();
}

void ChartGroup::setSelection(const std::optional<TimeSpan> &selection)
{
    if (m_selection == selection)
        return;
    m_selection = selection;
    Q_EMIT changed();
}

void ChartGroup::finishSelection()
{
    if (!m_selection)
        return;
    TimeSpan chosen = *m_selection;
    if (chosen.sinceMs > chosen.untilMs)
        std::swap(chosen.sinceMs, chosen.untilMs);
    chosen.untilMs = std::min(chosen.untilMs, dataEndMs());
    setSelection(std::nullopt);
    if (chosen.lengthMs() >= shortestSpanMs)
        Q_EMIT selected(chosen);
}

void ChartGroup::zoom(double factor)
{
    const std::int64_t centre = m_crossHair.value_or(m_span.sinceMs + m_span.lengthMs() / 2);
    const auto scaled = [&](std::int64_t timeMs) {
        return centre + static_cast<std::int64_t>(static_cast<double>(timeMs - centre) * factor);
    };
    TimeSpan wanted { scaled(m_span.sinceMs), std::min(scaled(m_span.untilMs), dataEndMs()) };
    if (wanted.lengthMs() < shortestSpanMs)
        return;
    Q_EMIT selected(wanted);
}

void ChartGroup::noteMargins(const QObject *chart, const ChartMargins &wanted)
{
    if (!m_wanted.contains(chart)) {
        connect(chart, &QObject::destroyed, this, [this](const QObject *gone) { m_wanted.remove(gone); });
    } else if (m_wanted.value(chart) == wanted) {
        return;
    }
    m_wanted.insert(chart, wanted);
    ChartMargins widest;
    for (const ChartMargins &margins : std::as_const(m_wanted)) {
        widest.left = std::max(widest.left, margins.left);
        widest.right = std::max(widest.right, margins.right);
    }
    if (widest == m_margins)
        return;
    m_margins = widest;
    Q_EMIT marginsChanged();
}

} // namespace signalbox
