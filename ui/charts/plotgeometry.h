// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/ticks.h"

#include <QRectF>

#include <algorithm>

namespace signalbox {

/// Where an instant and a value lie in a plot, and back.
struct PlotGeometry
{
    QRectF plot;
    TimeSpan span;
    ValueScale scale;

    double x(std::int64_t timeMs) const
    {
        const auto length = static_cast<double>(std::max<std::int64_t>(span.lengthMs(), 1));
        return plot.left() + plot.width() * static_cast<double>(timeMs - span.sinceMs) / length;
    }
    double y(double value) const { return plot.bottom() - plot.height() * scale.fractionOf(value); }
    std::int64_t timeAt(double x) const
    {
        const double share = (x - plot.left()) / std::max(plot.width(), 1.0);
        return span.sinceMs + static_cast<std::int64_t>(share * static_cast<double>(span.lengthMs()));
    }
    double valueAt(double y) const { return scale.valueAt((plot.bottom() - y) / std::max(plot.height(), 1.0)); }
};

} // namespace signalbox
