// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QAction;

namespace signalbox {

/// A row of buttons for actions of which one is checked. Each action's data is its button's text.
class RangeButtons : public QWidget
{
    Q_OBJECT

public:
    /// prefix: of the buttons' object names.
    RangeButtons(const QList<QAction *> &actions, const QString &prefix, QWidget *parent = nullptr);
};

} // namespace signalbox
