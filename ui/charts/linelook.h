// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartdata.h"

#include <QBrush>
#include <QPen>

class QPaintDevice;

namespace signalbox {

struct Theme;

QColor lineColor(LineStyle style, const Theme &theme);
/// Colour, width and dash pattern. Cosmetic widths in logical pixels.
QPen linePen(LineStyle style, const Theme &theme);
QPen forecastPen(LineStyle style, const Theme &theme);

/// A pattern that tells the kind of a stretch without its colour: hatched, dotted, crossed. Lines over it stay visible.
QBrush bandBrush(ChartBand::Kind kind, const Theme &theme, qreal devicePixelRatio);
QColor bandColor(ChartBand::Kind kind, const Theme &theme);

} // namespace signalbox
