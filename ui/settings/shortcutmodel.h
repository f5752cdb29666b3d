// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/shortcuts.h"

#include <QAbstractTableModel>

namespace signalbox {

/// The console's commands with their keys, by name.
class ShortcutModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { CommandColumn, KeysColumn, PlaceColumn, ColumnCount };

    explicit ShortcutModel(Shortcuts &shortcuts, QObject *parent = nullptr);

    /// Only commands with these words in their name or keys.
    void setFilter(const QString &words);
    QString idAt(int row) const { return m_ids.value(row); }
    int rowOf(const QString &id) const { return static_cast<int>(m_ids.indexOf(id)); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// "F5 or Ctrl+R"; "none".
    static QString keysText(const QList<QKeySequence> &keys);

private:
    void fill();

    Shortcuts &m_shortcuts;
    QString m_words;
    QStringList m_ids;
};

} // namespace signalbox
