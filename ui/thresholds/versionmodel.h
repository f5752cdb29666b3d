// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"

#include <QAbstractTableModel>

#include <vector>

namespace signalbox {

/// The last changes of the configuration, newest first.
class VersionModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TimeColumn, ByColumn, ChangeColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setVersions(std::vector<ConfigVersion> versions);
    /// Null if there is no such row.
    const ConfigVersion *versionAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString textOf(const ConfigVersion &version, int column) const;

    std::vector<ConfigVersion> m_versions;
};

} // namespace signalbox
