// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartdata.h"

#include <span>

namespace signalbox {

/// A part of a line without a gap in it.
using LineSegment = std::vector<ChartPoint>;

/// The parts between gaps: values that are not finite, and steps longer than one and a half stepMs (0: none is).
std::vector<LineSegment> splitAtGaps(std::span<const ChartPoint> points, std::int64_t stepMs);

/// At most two points for each pixel column, its lowest and its highest value, so that no spike is lost; all of them
/// if there are no more than that. Keeps the first and the last point.
LineSegment decimate(std::span<const ChartPoint> points, const TimeSpan &span, int columns);

/// The points of the span, and the neighbour on either side, so that the line reaches the border.
std::span<const ChartPoint> pointsIn(std::span<const ChartPoint> points, const TimeSpan &span);

} // namespace signalbox
