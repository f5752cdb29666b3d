// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/history.h"

#include <QRectF>

class QPainter;

namespace signalbox {

struct Theme;

/// The last 5 min the size of a word: the 95th percentile as a line with gaps where there was none, failures as marks
/// on the ground, hatched while the breaker was open, dotted while it was half-open. Points stand where their time is,
/// the newest at the right edge.
void paintSparkline(QPainter &painter, const QRectF &rect, const std::vector<RecentPoint> &points, const Theme &theme,
                    bool stale);

/// The same for someone who cannot see it: "first byte or answer between 1.2 s and 8.4 s, 12 failed of 140, open for
/// 1 min"; empty without points.
QString sparklineWords(const std::vector<RecentPoint> &points);

} // namespace signalbox
