// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/providertile.h"

#include <QAbstractTableModel>

#include <array>
#include <vector>

namespace signalbox {

/// The providers in failover order. A row keeps its identity by name, so a selection stays with its provider, and only
/// cells whose content changed are announced.
class ProviderModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        StateColumn,
        NameColumn,
        ScoreColumn,
        FirstByteP50Column,
        FirstByteP95Column,
        AnswerP50Column,
        AnswerP95Column,
        SuccessColumn,
        RateColumn,
        InFlightColumn,
        ReasonColumn,
        ColumnCount
    };
    enum Role {
        LampRole = Qt::UserRole, ///< int of LampShape
        ScoreRole, ///< double 0..100; invalid without data
        ScoreLabelRole, ///< int of HealthLabel
        TrendRole, ///< int: 1 getting slower, -1 getting faster, 0 steady
        SimulatedRole, ///< bool
        StaleRole, ///< bool: the values are not the present
        SamplesRole, ///< QString beside the success rate
        TileRole, ///< ProviderTile
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setSnapshot(const EngineSnapshotPtr &snapshot);
    void setStale(bool stale);

    /// Null if there is no such row.
    const ProviderSnapshot *provider(int row) const;
    const ProviderTile *tile(int row) const;
    /// -1 if there is none.
    int rowOf(const QString &name) const;
    /// When the values were true.
    QDateTime takenAt() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    /// What the cells of one provider show, kept to find out what changed.
    struct Row
    {
        ProviderTile tile;
        std::array<QString, ColumnCount> text;
        QString samples;

        static const QString &nameOf(const Row &row);
        bool sameCell(const Row &other, int column) const;
    };

    static Row makeRow(const ProviderSnapshot &provider, const QDateTime &takenAt);
    static QString headerText(int column);
    static QString headerExplanation(int column);
    QVariant toolTip(int row, int column) const;
    QString accessibleText(int row, int column) const;
    void arrangeRows(const std::vector<ProviderSnapshot> &providers);
    void updateRow(int row, Row &&fresh);

    EngineSnapshotPtr m_snapshot;
    std::vector<Row> m_rows;
    bool m_stale = false;
};

} // namespace signalbox
