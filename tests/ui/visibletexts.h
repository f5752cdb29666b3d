// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

#include <vector>

namespace signalbox {

/// A text that an operator sees, and whether all of it.
struct VisibleText
{
    QString where; ///< the widget, for the message of a failure
    QString text;
    bool clipped = false; ///< and no tool tip has the whole of it
    bool isData = false; ///< a cell of a list or table: as it came
};

/// Of all labels, buttons, chips, combo boxes, group boxes, header sections, tabs, menu titles and cells in that widget
/// that are visible now.
std::vector<VisibleText> visibleTexts(QWidget &root);

} // namespace signalbox
