// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QAction;
class QWidget;

namespace signalbox {

/// The keys of those actions that have any, as a table.
void showShortcuts(const QList<QAction *> &actions, QWidget *window);
void showAbout(const QString &configPath, QWidget *window);

} // namespace signalbox
