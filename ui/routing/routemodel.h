// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"
#include "ui/style/lamp.h"

#include <QAbstractItemModel>
#include <QHash>

#include <array>
#include <optional>
#include <vector>

namespace signalbox {

/// The providers in failover order, below the kind of request that they can take. Only what changed is announced, and
/// a row stays the same one while it moves. A drop moves nothing: it asks, and the engine's next word moves the row.
class RouteModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { OrderColumn, NameColumn, StateColumn, DialectColumn, ModelsColumn, ShareColumn, ColumnCount };
    enum Role {
        LampRole = Qt::UserRole, ///< int of LampShape
        TintRole, ///< the same, for the whole row, where it is not as it should be
        GroupRole, ///< bool: the heading of a group
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setSnapshot(const EngineSnapshotPtr &snapshot);
    /// Attempts by provider over the last hour.
    void setTraffic(const QHash<QString, std::uint64_t> &attempts);
    /// False: the order cannot be changed, so rows cannot be dragged.
    void setMovable(bool movable);
    bool isMovable() const { return m_movable; }

    /// Empty for a heading.
    QString nameAt(const QModelIndex &index) const;
    /// Of its first column; invalid if there is none.
    QModelIndex indexOf(const QString &provider) const;
    /// Where in the failover order of all providers it has to go to stand before the row `before` of its group; a row
    /// past the last one means the end. Nothing if it would not move.
    std::optional<int> destination(const QString &provider, int before) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    bool canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                         const QModelIndex &parent) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                      const QModelIndex &parent) override;

Q_SIGNALS:
    /// A provider was dropped at that place of the failover order.
    void moveRequested(const QString &provider, int index);

private:
    struct Row
    {
        QString name;
        int place = 0; ///< in the failover order of all
        LampShape lamp = LampShape::DashedCircle;
        QString explanation;
        std::array<QString, ColumnCount> text;
    };
    struct Group
    {
        std::vector<Dialect> dialects;
        QString title;
        std::vector<Row> rows;
    };

    static std::vector<Group> groupsOf(const EngineSnapshot &snapshot);
    void arrange(int group, const std::vector<Row> &fresh);
    void update(const QModelIndex &group, std::vector<Row> &shown, const std::vector<Row> &fresh);
    void writeShares(std::vector<Group> &groups) const;
    const Row *rowAt(const QModelIndex &index) const;
    QVariant groupData(const Group &group, int column, int role) const;
    QVariant rowData(const Row &row, int column, int role) const;

    std::vector<Group> m_groups;
    QHash<QString, std::uint64_t> m_traffic;
    bool m_movable = true;
};

} // namespace signalbox
