// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QWidget;

namespace signalbox {

/// Lets a screen reader know a TimeChart as a chart, with its summary as description. Once is enough.
void installChartAccessibility();

/// Has a screen reader say it.
void announce(QWidget *widget, const QString &text);

} // namespace signalbox
