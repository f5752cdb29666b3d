// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/filter.h"
#include "engine/api/requestevent.h"

#include <QAbstractTableModel>

#include <deque>
#include <memory>
#include <vector>

namespace signalbox {

/// The newest finished requests, oldest first, as many as its capacity; shows those that the filter takes. A batch is
/// one removal at the top and one insertion at the end, so a selection stays with its request.
class RequestModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        NumberColumn,
        TimeColumn,
        ClientColumn,
        ModelColumn,
        PathColumn,
        OutcomeColumn,
        ProviderColumn,
        AttemptsColumn,
        StatusColumn,
        FirstByteColumn,
        TotalColumn,
        TokensColumn,
        CostColumn,
        SizeColumn,
        ColumnCount
    };
    using RequestPtr = std::shared_ptr<const RequestEvent>;
    static constexpr std::size_t defaultCapacity = 20'000;

    explicit RequestModel(std::size_t capacity = defaultCapacity, QObject *parent = nullptr);

    /// In any order. Those not newer than the newest one that is here are left out, so pages may overlap.
    void add(std::vector<RequestEvent> requests);
    void setFilter(const Filter &filter);
    const Filter &filter() const { return m_filter; }

    /// Null if there is no such row.
    RequestPtr request(int row) const;
    /// -1 if it is not shown.
    int rowOf(std::uint64_t sequence) const;
    /// All that are held, shown or not.
    std::size_t total() const { return m_all.size(); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void keepNewOnes(std::vector<RequestEvent> &requests) const;
    void dropOldest(std::size_t count);

    std::size_t m_capacity;
    std::deque<RequestPtr> m_all; ///< by sequence
    std::deque<RequestPtr> m_shown;
    Filter m_filter;
};

} // namespace signalbox
