// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/replay.h"
#include "ui/charts/chartdata.h"

#include <QAbstractListModel>

#include <vector>

namespace signalbox {

/// What a draft would have changed, one sentence for each provider: those that it changes first.
class ConsequenceModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { ProviderRole = Qt::UserRole, ChangedRole };

    using QAbstractListModel::QAbstractListModel;

    void setResult(const ReplayResult &result, bool hasDraft);
    /// -1 if it is not there.
    int rowOf(const QString &provider) const;
    QString providerAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        QString provider;
        QString sentence;
        bool changed = false;
    };

    std::vector<Row> m_rows;
};

} // namespace signalbox
