// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/versionmodel.h"

namespace signalbox {

void VersionModel::setVersions(std::vector<ConfigVersion> versions)
{
    beginResetModel();
    m_versions = std::move(versions);
    endResetModel();
}

const ConfigVersion *VersionModel::versionAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_versions[static_cast<std::size_t>(row)] : nullptr;
}

int VersionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_versions.size());
}

int VersionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant VersionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ConfigVersion &version = m_versions[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(version, index.column());
    case Qt::ToolTipRole:
        return version.changes.join(QLatin1Char('\n'));
    default:
        return {};
    }
}

QString VersionModel::textOf(const ConfigVersion &version, int column) const
{
    switch (column) {
    case TimeColumn:
        return version.at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    case ByColumn:
        if (version.by == QLatin1String("console"))
            return tr("console");
        return version.by == QLatin1String("file") ? tr("file, by hand") : version.by;
    case ChangeColumn: {
        const QString first = version.changes.value(0);
        const auto more = static_cast<int>(version.changes.size()) - 1;
        const QString text = more > 0 ? tr("%1 and %n more", nullptr, more).arg(first) : first;
        return version.undone ? tr("Taken back: %1").arg(text) : text;
    }
    default:
        return {};
    }
}

QVariant VersionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TimeColumn:
        return tr("Time");
    case ByColumn:
        return tr("Changed by");
    case ChangeColumn:
        return tr("Change");
    default:
        return {};
    }
}

} // namespace signalbox
