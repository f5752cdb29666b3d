// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

#include <QAbstractTableModel>

#include <array>
#include <vector>

namespace signalbox {

/// The alarms of a snapshot, those that wait for an answer first. A row keeps its identity by the alarm's id, so a
/// selection stays with its alarm.
class AlarmModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        PriorityColumn,
        StateColumn,
        SinceColumn,
        ProviderColumn,
        TextColumn,
        AcknowledgedColumn,
        CountColumn,
        ColumnCount
    };
    enum Role {
        LampRole = Qt::UserRole, ///< int of LampShape, in the state's column
        TintRole, ///< int of LampShape: what colour lies behind an active one; else invalid
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setSnapshot(const EngineSnapshot &snapshot);

    /// Null if there is no such row.
    const Alarm *alarm(int row) const;
    bool isSuppressed(int row) const;
    /// -1 if there is none.
    int rowOf(const QString &id) const;
    /// When this was true.
    const QDateTime &takenAt() const { return m_takenAt; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        Alarm alarm;
        bool suppressed = false;
        std::array<QString, ColumnCount> text;
    };
    static Row makeRow(const Alarm &alarm, const EngineSnapshot &snapshot);
    static QString columnName(int column);
    void removeMissing(const std::vector<Row> &wanted);

    std::vector<Row> m_rows;
    QDateTime m_takenAt;
};

} // namespace signalbox
