// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox {

/// A stretch of wall time, milliseconds since 1970, UTC.
struct TimeSpan
{
    std::int64_t sinceMs = 0;
    std::int64_t untilMs = 0;

    std::int64_t lengthMs() const { return untilMs - sinceMs; }
    bool contains(std::int64_t timeMs) const { return timeMs >= sinceMs && timeMs <= untilMs; }
    bool operator==(const TimeSpan &) const = default;
};

/// One value of a line. A value that is not finite is a gap.
struct ChartPoint
{
    std::int64_t timeMs = 0;
    double value = std::numeric_limits<double>::quiet_NaN();

    bool isGap() const { return !std::isfinite(value); }
};

/// Ascending by time. Immutable, so that a chart keeps it without a copy.
using ChartPoints = std::shared_ptr<const std::vector<ChartPoint>>;

/// How a line looks: each has a colour of the theme and a dash pattern of its own.
enum class LineStyle { P50, P95, P99, Errors, Neutral, Category1, Category2, Category3, Category4, Category5 };

struct ChartSeries
{
    QString name; ///< at the line's end: "p95"
    LineStyle style = LineStyle::Neutral;
    ChartPoints points; ///< null: none
    std::int64_t stepMs = 0; ///< usual distance of two points; a longer one is a gap. 0: there are no gaps
    ChartPoints forecast; ///< goes on from the last point, dotted; null: none
};

/// A stretch behind the lines.
struct ChartBand
{
    enum class Kind { Open, HalfOpen, Forced, Unknown };
    TimeSpan span;
    Kind kind = Kind::Unknown;
};

/// An instant worth a mark at the time axis.
struct ChartMarker
{
    enum class Kind { Config, Failover, Command };
    std::int64_t timeMs = 0;
    Kind kind = Kind::Config;
    QString text; ///< one sentence, said with the cross-hair
};

/// A horizontal line that values are measured by.
struct ChartThreshold
{
    double value = 0;
    QString label; ///< "target"
    bool draggable = false; ///< with the mouse, or with Up and Down; always in view
    double keyStep = 0; ///< a key moves it by no less
};

enum class ChartUnit { Milliseconds, PerSecond, Percent, Score, Count };

/// A value as the cross-hair and a line's end write it: "8.4 s", "2.1/s", "62 %".
QString chartValueText(double value, ChartUnit unit);
/// A round value as the axis writes it: "0", "500 ms", "1 s".
QString chartTickText(double value, ChartUnit unit);

/// Values over time, as a table.
struct ChartRow
{
    std::int64_t timeMs = 0;
    std::vector<std::optional<double>> values; ///< one for each series
};

/// One row for each instant at which any of the series has a value; those in the span only.
std::vector<ChartRow> chartRows(const std::vector<ChartSeries> &series, const TimeSpan &span);

} // namespace signalbox
