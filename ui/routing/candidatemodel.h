// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/query.h"
#include "engine/api/snapshot.h"

#include <QAbstractTableModel>

namespace signalbox {

/// Who a request would be sent to, in which order, and why or why not.
class CandidateModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        OrderColumn,
        NameColumn,
        DecisionColumn,
        ModelColumn,
        ScoreColumn,
        WaitColumn,
        WhyColumn,
        ColumnCount
    };
    enum Role {
        LampRole = Qt::UserRole, ///< int of LampShape
        TintRole, ///< always invalid: being passed over is nothing abnormal
    };

    /// How the request is waited for.
    enum class Wait { Stream, Answer, Other };

    using QAbstractTableModel::QAbstractTableModel;

    void setRun(const DryRun &run, const QByteArray &model, Wait wait, const Config &config);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        int lamp = 0;
        std::array<QString, ColumnCount> text;
        bool operator==(const Row &) const = default;
    };

    static QString waitWords(Wait wait, const Timeouts &timeouts);

    std::vector<Row> m_rows;
};

} // namespace signalbox
