// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>

namespace signalbox {

class ProviderModel;
struct ProviderSnapshot;

/// The providers in the order of the wall. Sorts when told to and at no other time, so that nothing moves under the
/// pointer; a new provider comes last until then.
class ProviderOrder : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    enum class Order { WorstFirst, Failover, Name, Traffic };

    explicit ProviderOrder(ProviderModel &model, QObject *parent = nullptr);

    Order order() const { return m_order; }
    void setOrder(Order order);
    void sortNow();
    /// False if sortNow() would move something.
    bool isSorted() const;

    const ProviderSnapshot *provider(int row) const;
    int rowOf(const QString &name) const;

protected:
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    bool isBefore(int left, int right) const;

    ProviderModel &m_model;
    Order m_order = Order::WorstFirst;
};

} // namespace signalbox
