// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/stateevent.h"

#include <QAbstractTableModel>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox {

/// Which state events are shown.
struct EventChoice
{
    std::optional<StateEvent::Kind> kind;
    QString provider; ///< empty: all
    QString text; ///< anywhere in the row, case ignored; empty: all

    bool matches(const StateEvent &event) const;
    bool operator==(const EventChoice &) const = default;
};

/// The journal: state events, newest first, as many as its capacity.
class EventModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TimeColumn, KindColumn, ProviderColumn, ChangeColumn, ReasonColumn, ColumnCount };
    using EventPtr = std::shared_ptr<const StateEvent>;
    static constexpr std::size_t defaultCapacity = 20'000;

    explicit EventModel(std::size_t capacity = defaultCapacity, QObject *parent = nullptr);

    /// In any order; those that are here already are left out. When it is full, the oldest go, or are not taken.
    void add(std::vector<StateEvent> events);
    void clear();
    void setChoice(const EventChoice &choice);
    const EventChoice &choice() const { return m_choice; }

    /// Null if there is no such row.
    EventPtr eventAt(int row) const;
    std::size_t total() const { return m_all.size(); }
    bool isFull() const { return m_all.size() >= m_capacity; }
    std::optional<std::uint64_t> oldestSequence() const;
    std::optional<std::uint64_t> newestSequence() const;
    std::vector<EventPtr> shown() const { return { m_shown.begin(), m_shown.end() }; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    using Events = std::deque<EventPtr>;

    void insertNewer(std::vector<EventPtr> events);
    void insertOlder(const std::vector<EventPtr> &events);
    void dropOldest();
    static QString columnName(int column);

    std::size_t m_capacity;
    Events m_all; ///< newest first
    Events m_shown;
    EventChoice m_choice;
};

} // namespace signalbox
