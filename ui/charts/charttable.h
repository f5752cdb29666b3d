// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartdata.h"

#include <QDialog>

class QTableView;

namespace signalbox {

/// The values of a chart at the moment it is opened, newest first; can be copied.
class ChartTable : public QDialog
{
    Q_OBJECT

public:
    ChartTable(const QString &title, ChartUnit unit, const std::vector<ChartSeries> &series, const TimeSpan &span,
               QWidget *parent = nullptr);

    /// Tab-separated, with the header: the selected rows, or all.
    QString text() const;

private:
    QTableView *m_view;
};

} // namespace signalbox
