// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartdata.h"

namespace signalbox {

/// An axis of values: its ends, and where the grid lines are. On a logarithmic axis `bottom` is above 0.
struct ValueScale
{
    double bottom = 0;
    double top = 1;
    bool logarithmic = false;
    std::vector<double> ticks;

    /// 0 at the bottom, 1 at the top.
    double fractionOf(double value) const;
    double valueAt(double fraction) const;
};

/// From `bottom` (0 for counts and rates) to a round value at or above the highest, with three to six ticks.
ValueScale linearScale(double bottom, double highest);
/// From a round value at or below the lowest to one at or above the highest; ticks at 1, 2 and 5, or 1 and 3, or at
/// whole decades, whichever gives few enough.
ValueScale logScale(double lowest, double highest);

struct TimeTick
{
    std::int64_t timeMs = 0;
    QString label;
};

/// Round local times, at most `most` of them, written as the distance of two needs it: "12:41:30", "12:40", "25 Nov".
std::vector<TimeTick> timeTicks(const TimeSpan &span, int most);

/// An instant, as exact as a range of that length needs it.
QString timeText(std::int64_t timeMs, std::int64_t rangeMs);

} // namespace signalbox
