// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/timewindow.h"

#include <QCoreApplication>

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t horizonMs = 5 * minute; ///< of the engine's forecast

} // namespace

// A stretch that is not aligned needs one point more, and one that runs another.
const std::array<TimeRange, 6> timeRanges { {
    { QT_TRANSLATE_NOOP("TimeRange", "5 min"), 5 * minute, 32, second }, // by 10 s
    { QT_TRANSLATE_NOOP("TimeRange", "15 min"), 15 * minute, 92, second }, // by 10 s
    { QT_TRANSLATE_NOOP("TimeRange", "1 h"), hour, 62, 5 * second }, // by 1 min
    { QT_TRANSLATE_NOOP("TimeRange", "6 h"), 6 * hour, 362, 20 * second }, // by 1 min
    { QT_TRANSLATE_NOOP("TimeRange", "24 h"), day, 290, minute }, // by 5 min
    { QT_TRANSLATE_NOOP("TimeRange", "7 d"), 7 * day, 170, minute }, // by 1 h
} };

QString TimeRange::text() const
{
    return QCoreApplication::translate("TimeRange", name);
}

void TimeWindow::setRange(std::size_t index)
{
    m_range = std::min(index, timeRanges.size() - 1);
    m_fixed.reset();
}

void TimeWindow::pause(const TimeSpan &span, std::int64_t nowMs)
{
    if (isLive())
        m_pausedAtMs = nowMs;
    m_fixed = span;
}

TimeSpan TimeWindow::spanAt(std::int64_t nowMs) const
{
    return m_fixed.value_or(TimeSpan { nowMs - range().lengthMs, nowMs });
}

int TimeWindow::maxPoints() const
{
    if (isLive())
        return range().maxPoints;
    constexpr int most = 360;
    // As many as the smallest range that holds it, so that a short selection is not shown by the second.
    const std::int64_t length = m_fixed->lengthMs();
    const auto fits = [length](const TimeRange &candidate) { return candidate.lengthMs >= length; };
    const auto found = std::find_if(timeRanges.begin(), timeRanges.end(), fits);
    return found == timeRanges.end() ? most : found->maxPoints;
}

std::int64_t TimeWindow::forecastMs() const
{
    return isLive() ? std::min(horizonMs, range().lengthMs / 5) : 0;
}

} // namespace signalbox
