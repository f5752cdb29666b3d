// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/providerorder.h"

#include "ui/models/providermodel.h"
#include "ui/models/providertile.h"

namespace signalbox {

namespace {

/// What needs an operator comes before what an operator ordered, and that before what is as it should be.
int severity(LampShape lamp)
{
    switch (lamp) {
    case LampShape::Square:
        return 0;
    case LampShape::Diamond:
        return 1;
    case LampShape::Triangle:
        return 2;
    case LampShape::LockedSquare:
    case LampShape::LockedCircle:
        return 3;
    case LampShape::SlashedCircle:
        return 4;
    case LampShape::Circle:
    case LampShape::DashedCircle:
        break;
    }
    return 5;
}

} // namespace

ProviderOrder::ProviderOrder(ProviderModel &model, QObject *parent) : QSortFilterProxyModel(parent), m_model(model)
{
    setDynamicSortFilter(false);
    setSourceModel(&model);
    sortNow();
}

void ProviderOrder::setOrder(Order order)
{
    m_order = order;
    sortNow();
}

void ProviderOrder::sortNow()
{
    invalidate(); // the same column again would be taken for nothing new
    sort(m_order == Order::Failover ? -1 : 0); // -1: as the model has them, whenever that changes
}

bool ProviderOrder::isSorted() const
{
    for (int row = 1; row < rowCount(); ++row) {
        if (isBefore(mapToSource(index(row, 0)).row(), mapToSource(index(row - 1, 0)).row()))
            return false;
    }
    return true;
}

const ProviderSnapshot *ProviderOrder::provider(int row) const
{
    return m_model.provider(mapToSource(index(row, 0)).row());
}

int ProviderOrder::rowOf(const QString &name) const
{
    const int row = m_model.rowOf(name);
    return row < 0 ? -1 : mapFromSource(m_model.index(row, 0)).row();
}

bool ProviderOrder::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    return isBefore(left.row(), right.row());
}

bool ProviderOrder::isBefore(int left, int right) const
{
    const ProviderTile *a = m_model.tile(left);
    const ProviderTile *b = m_model.tile(right);
    switch (m_order) {
    case Order::Failover:
        break;
    case Order::Name:
        if (const int compared = QString::localeAwareCompare(a->name, b->name); compared != 0)
            return compared < 0;
        break;
    case Order::Traffic: {
        const double before = attemptsPerSecond(*m_model.provider(left));
        const double after = attemptsPerSecond(*m_model.provider(right));
        if (before != after)
            return before > after;
        break;
    }
    case Order::WorstFirst: {
        const auto rank = [](const ProviderTile &tile) {
            return std::pair(severity(tile.state.lamp), tile.score < 0 ? 101 : tile.score);
        };
        if (rank(*a) != rank(*b))
            return rank(*a) < rank(*b);
        break;
    }
    }
    return left < right;
}

} // namespace signalbox
