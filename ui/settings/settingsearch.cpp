// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settingsearch.h"

#include "ui/settings/field.h"
#include "ui/settings/section.h"

namespace signalbox {

SettingSearch::SettingSearch(const std::vector<Section *> &sections, QObject *parent)
    : QAbstractListModel(parent), m_sections(sections)
{
}

void SettingSearch::setTyped(const QString &typed)
{
    beginResetModel();
    m_found.clear();
    for (Section *section : m_sections) {
        if (section->answersTo(typed))
            m_found.push_back({ section, nullptr });
        for (Field *field : section->fields()) {
            if (field->answersTo(typed))
                m_found.push_back({ section, field });
        }
    }
    endResetModel();
}

SettingSearch::Found SettingSearch::at(int row) const
{
    return row >= 0 && row < rowCount() ? m_found[static_cast<std::size_t>(row)] : Found {};
}

int SettingSearch::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_found.size());
}

QVariant SettingSearch::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Found found = at(index.row());
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole || role == Qt::AccessibleTextRole)
        return found.field ? tr("%1 – %2").arg(found.field->title(), found.section->title()) : found.section->title();
    return {};
}

} // namespace signalbox
