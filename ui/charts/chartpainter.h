// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/plotgeometry.h"

#include <QFont>

#include <optional>

class QPainter;

namespace signalbox {

struct Theme;

/// Draws the parts of a chart other than its lines.
class ChartPainter
{
public:
    ChartPainter(QPainter &painter, const Theme &theme, const PlotGeometry &geometry, ChartUnit unit);

    void frame(const QRectF &card) const;
    void grid() const;
    /// The lines' names and last values right of the plot.
    void endLabels(const std::vector<ChartSeries> &series) const;
    void emptyText(const QString &text) const;

    void bands(const std::vector<ChartBand> &bands, qreal devicePixelRatio) const;
    /// chosen: that the keys move, where there are several.
    void thresholds(const std::vector<ChartThreshold> &thresholds, std::optional<std::size_t> chosen) const;
    void markers(const std::vector<ChartMarker> &markers) const;
    void selection(const TimeSpan &span) const;
    void crossHair(std::int64_t timeMs, const std::vector<ChartSeries> &series) const;

    /// Where the text of tick labels ends and that of end labels begins.
    static constexpr int labelGap = 8;
    static constexpr int swatchWidth = 16;

private:
    QPainter &m_painter;
    const Theme &m_theme;
    const PlotGeometry &m_geometry;
    ChartUnit m_unit;
};

/// Body text at nine tenths.
QFont chartLabelFont(const QFont &base);
/// The last value that is no gap; nullopt without one.
std::optional<ChartPoint> lastValue(const ChartSeries &series, const TimeSpan &span);
/// The value nearest to that time, if there is one within a step of it.
std::optional<ChartPoint> valueNear(const ChartSeries &series, std::int64_t timeMs, const TimeSpan &span);
QString endLabelText(const ChartSeries &series, const TimeSpan &span, ChartUnit unit);

} // namespace signalbox
