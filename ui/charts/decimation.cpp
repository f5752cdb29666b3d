// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/decimation.h"

#include <algorithm>

namespace signalbox {

namespace {

bool earlier(const ChartPoint &point, std::int64_t timeMs)
{
    return point.timeMs < timeMs;
}

/// The lowest and the highest of one column, in their order in time.
void appendExtremes(LineSegment &out, std::span<const ChartPoint> column)
{
    const auto [low, high] = std::minmax_element(
        column.begin(), column.end(), [](const ChartPoint &a, const ChartPoint &b) { return a.value < b.value; });
    out.push_back(low < high ? *low : *high);
    if (low != high)
        out.push_back(low < high ? *high : *low);
}

} // namespace

std::vector<LineSegment> splitAtGaps(std::span<const ChartPoint> points, std::int64_t stepMs)
{
    std::vector<LineSegment> segments;
    bool open = false;
    for (const ChartPoint &point : points) {
        if (point.isGap()) {
            open = false;
            continue;
        }
        const bool near = open && (stepMs <= 0 || 2 * (point.timeMs - segments.back().back().timeMs) <= 3 * stepMs);
        if (!near)
            segments.emplace_back();
        segments.back().push_back(point);
        open = true;
    }
    return segments;
}

LineSegment decimate(std::span<const ChartPoint> points, const TimeSpan &span, int columns)
{
    const auto most = static_cast<std::size_t>(std::max(columns, 1)) * 2;
    if (points.size() <= most)
        return { points.begin(), points.end() };
    const double perColumn = static_cast<double>(std::max<std::int64_t>(span.lengthMs(), 1)) / std::max(columns, 1);
    const auto columnOf = [&](const ChartPoint &point) {
        return std::floor(static_cast<double>(point.timeMs - span.sinceMs) / perColumn);
    };
    LineSegment out { points.front() };
    for (std::size_t from = 1; from + 1 < points.size();) {
        std::size_t to = from + 1;
        while (to + 1 < points.size() && columnOf(points[to]) == columnOf(points[from]))
            ++to;
        appendExtremes(out, points.subspan(from, to - from));
        from = to;
    }
    out.push_back(points.back());
    return out;
}

std::span<const ChartPoint> pointsIn(std::span<const ChartPoint> points, const TimeSpan &span)
{
    auto first = std::lower_bound(points.begin(), points.end(), span.sinceMs, earlier);
    auto last = std::lower_bound(first, points.end(), span.untilMs + 1, earlier);
    if (first != points.begin())
        --first;
    if (last != points.end())
        ++last;
    return points.subspan(static_cast<std::size_t>(first - points.begin()), static_cast<std::size_t>(last - first));
}

} // namespace signalbox
