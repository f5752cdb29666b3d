// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartdata.h"

#include <QString>

#include <array>
#include <optional>

namespace signalbox {

/// A length of time that can be shown up to now.
struct TimeRange
{
    const char *name; ///< translated in the context "TimeRange"
    std::int64_t lengthMs;
    int maxPoints; ///< as many as give points of a length that the engine keeps
    std::int64_t refreshMs; ///< newer data would not move the picture by more than about a pixel

    QString text() const;
};

/// Chosen with the keys 1 to 6.
extern const std::array<TimeRange, 6> timeRanges;

/// What stretch of time a page shows: the last minutes or hours, live, or a fixed one.
class TimeWindow
{
public:
    const TimeRange &range() const { return timeRanges[m_range]; }
    std::size_t rangeIndex() const { return m_range; }
    /// Live.
    void setRange(std::size_t index);
    void pause(const TimeSpan &span, std::int64_t nowMs);
    void goLive() { m_fixed.reset(); }

    bool isLive() const { return !m_fixed; }
    /// When it was paused; 0 while live.
    std::int64_t pausedAtMs() const { return m_fixed ? m_pausedAtMs : 0; }
    /// Up to that time, or the fixed one.
    TimeSpan spanAt(std::int64_t nowMs) const;
    int maxPoints() const;
    std::int64_t refreshMs() const { return range().refreshMs; }
    /// How far a forecast is drawn to the right of now: 5 min, but not more than a fifth of the range.
    std::int64_t forecastMs() const;

private:
    std::size_t m_range = 0;
    std::optional<TimeSpan> m_fixed;
    std::int64_t m_pausedAtMs = 0;
};

} // namespace signalbox
