// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QAbstractTableModel>

#include <vector>

namespace signalbox {

/// True if every name that `narrow` matches is matched by `wide` too, or one of them is that of the other.
bool coversPattern(const QString &wide, const QString &narrow);

/// A provider's model map while it is edited: which names it takes, and what it calls them. Each row says what is wrong
/// with it.
class ModelRules : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { PatternColumn, TargetColumn, ProblemColumn, ColumnCount };
    enum Role {
        LampRole = Qt::UserRole, ///< int of LampShape: an error or a warning
        TintRole, ///< the same, for the whole row
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setMappings(const std::vector<ModelMapping> &mappings);
    const std::vector<ModelMapping> &mappings() const { return m_mappings; }
    /// False where a row would be refused.
    bool isValid() const;
    void setEditable(bool editable);
    bool isEditable() const { return m_editable; }

    /// The number of the new row, which is the last one.
    int add();
    void remove(int row);
    void move(int row, int to);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    /// Somebody edited a row, or added, removed or moved one.
    void edited();

private:
    struct Problem
    {
        QString text; ///< empty: none
        bool isError = false;
    };

    Problem problemOf(std::size_t row) const;
    void checkAgain();

    std::vector<ModelMapping> m_mappings;
    std::vector<Problem> m_problems; ///< one a row
    bool m_editable = true;
};

} // namespace signalbox
