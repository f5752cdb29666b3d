// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QStringList>

#include <vector>

namespace signalbox {

class Field;
class Section;

/// The settings that answer to what was typed.
class SettingSearch : public QAbstractListModel
{
    Q_OBJECT

public:
    struct Found
    {
        Section *section = nullptr;
        Field *field = nullptr; ///< null: the section itself
    };

    SettingSearch(const std::vector<Section *> &sections, QObject *parent = nullptr);

    void setTyped(const QString &typed);
    Found at(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    std::vector<Section *> m_sections;
    std::vector<Found> m_found;
};

} // namespace signalbox
