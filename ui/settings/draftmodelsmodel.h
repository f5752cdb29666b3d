// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QAbstractTableModel>

#include <vector>

namespace signalbox {

/// Which models a provider serves, and under which names. Rows can be edited, added, removed and moved.
class DraftModelsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { PatternColumn, TargetColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setModels(const std::vector<ModelMapping> &models);
    const std::vector<ModelMapping> &models() const { return m_models; }
    /// At the end; its index.
    int append(const ModelMapping &mapping);
    void remove(int row);
    /// By one place; false: there is none.
    bool move(int row, int by);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    /// By whoever uses it, not by setModels().
    void edited();

private:
    std::vector<ModelMapping> m_models;
};

} // namespace signalbox
