// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/draftmodelsmodel.h"

#include <algorithm>

namespace signalbox {

void DraftModelsModel::setModels(const std::vector<ModelMapping> &models)
{
    beginResetModel();
    m_models = models;
    endResetModel();
}

int DraftModelsModel::append(const ModelMapping &mapping)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_models.push_back(mapping);
    endInsertRows();
    Q_EMIT edited();
    return row;
}

void DraftModelsModel::remove(int row)
{
    if (row < 0 || row >= rowCount())
        return;
    beginRemoveRows({}, row, row);
    m_models.erase(m_models.begin() + row);
    endRemoveRows();
    Q_EMIT edited();
}

bool DraftModelsModel::move(int row, int by)
{
    const int to = row + by;
    if (row < 0 || row >= rowCount() || to < 0 || to >= rowCount())
        return false;
    beginMoveRows({}, row, row, {}, by > 0 ? to + 1 : to);
    std::swap(m_models[static_cast<std::size_t>(row)], m_models[static_cast<std::size_t>(to)]);
    endMoveRows();
    Q_EMIT edited();
    return true;
}

int DraftModelsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_models.size());
}

int DraftModelsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DraftModelsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ModelMapping &mapping = m_models[static_cast<std::size_t>(index.row())];
    const bool pattern = index.column() == PatternColumn;
    switch (role) {
    case Qt::EditRole:
        return pattern ? mapping.pattern : mapping.target;
    case Qt::DisplayRole:
        if (pattern)
            return mapping.pattern == QLatin1String("*") ? tr("any (*)") : mapping.pattern;
        return mapping.target == QLatin1String("*") ? tr("the same name (*)") : mapping.target;
    case Qt::AccessibleTextRole:
        return tr("%1 becomes %2").arg(mapping.pattern, mapping.target);
    default:
        return {};
    }
}

bool DraftModelsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const QString text = value.toString().trimmed();
    ModelMapping &mapping = m_models[static_cast<std::size_t>(index.row())];
    QString &member = index.column() == PatternColumn ? mapping.pattern : mapping.target;
    if (text.isEmpty())
        return false;
    if (member == text)
        return true;
    member = text;
    Q_EMIT dataChanged(index.siblingAtColumn(0), index.siblingAtColumn(ColumnCount - 1));
    Q_EMIT edited();
    return true;
}

QVariant DraftModelsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == PatternColumn ? tr("A tool asks for") : tr("The provider is asked for");
}

Qt::ItemFlags DraftModelsModel::flags(const QModelIndex &index) const
{
    return QAbstractTableModel::flags(index) | (index.isValid() ? Qt::ItemIsEditable : Qt::NoItemFlags);
}

} // namespace signalbox
