// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/toolfile.h"

#include <QDialog>

namespace signalbox {

class Appearance;

/// Shows what would change in a tool's file. Nothing is written unless it is accepted.
class ToolFileDialog : public QDialog
{
    Q_OBJECT

public:
    /// hidden: what is shown as dots, because the file holds it and the screen should not.
    ToolFileDialog(const ToolFilePlan &plan, const QString &hidden, const Appearance &appearance,
                   QWidget *parent = nullptr);

private:
    QString differenceHtml(const ToolFilePlan &plan, const QString &hidden, const Appearance &appearance) const;
};

} // namespace signalbox
