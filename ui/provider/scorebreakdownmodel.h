// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"
#include "ui/provider/chartmapping.h"

#include <QAbstractTableModel>

#include <array>

namespace signalbox {

/// Shares of a whole, rounded to tenths so that they add up to the whole rounded to tenths.
std::vector<double> roundedToSum(const std::vector<double> &parts);

/// How a provider's score comes about, as points lost per factor.
class ScoreBreakdownModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { FactorColumn, MeasuredColumn, TargetColumn, SubScoreColumn, WeightColumn, LostColumn, ColumnCount };
    enum Role {
        LostRole = Qt::UserRole, ///< double: points
        WeightRole, ///< double: points that can be lost
    };
    static constexpr int factorCount = 4;

    using QAbstractTableModel::QAbstractTableModel;

    /// health: what the score measures by.
    void setProvider(const ProviderSnapshot &provider, const HealthSettings &health);
    static Factor factorOf(int row) { return static_cast<Factor>(row); }
    /// "100 − 23.4 = 76.6"
    QString footer() const { return m_footer; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        std::array<QString, ColumnCount> text;
        QString explanation;
        double lost = 0;
        double weight = 0;
        bool operator==(const Row &) const = default;
    };

    std::array<Row, factorCount> m_rows;
    QString m_footer;
};

} // namespace signalbox
