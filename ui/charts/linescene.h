// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/plotgeometry.h"

#include <memory>

class QPainter;

namespace signalbox {

struct Theme;

/// The lines of one chart, drawn by Qt Charts. The only class that knows Qt Charts; it lays out and draws lines alone,
/// because its axes cannot write mixed units or round local times.
class LineScene
{
public:
    LineScene();
    ~LineScene();
    LineScene(const LineScene &) = delete;
    LineScene &operator=(const LineScene &) = delete;

    /// Each line is replaced as a whole, and holds no more points than two for a pixel.
    void setLines(const std::vector<ChartSeries> &series, const PlotGeometry &geometry, const Theme &theme);
    /// Into geometry.plot.
    void paint(QPainter &painter) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox
