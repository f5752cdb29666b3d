// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/eventmodel.h"

#include "ui/models/eventwords.h"
#include "ui/style/format.h"

#include <algorithm>

namespace signalbox {

namespace {

QString cellText(const StateEvent &event, int column)
{
    switch (column) {
    case EventModel::TimeColumn:
        return event.at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    case EventModel::KindColumn:
        return kindWord(event.kind);
    case EventModel::ProviderColumn:
        return event.provider.isEmpty() ? noValue() : event.provider;
    case EventModel::ChangeColumn:
        return changeText(event);
    case EventModel::ReasonColumn:
        return event.reason;
    default:
        return {};
    }
}

} // namespace

bool EventChoice::matches(const StateEvent &event) const
{
    if ((kind && event.kind != *kind) || (!provider.isEmpty() && event.provider != provider))
        return false;
    if (text.isEmpty())
        return true;
    for (const QString &part : { event.provider, event.before, event.after, event.reason, kindWord(event.kind) }) {
        if (part.contains(text, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

EventModel::EventModel(std::size_t capacity, QObject *parent)
    : QAbstractTableModel(parent), m_capacity(std::max<std::size_t>(capacity, 1))
{
}

void EventModel::add(std::vector<StateEvent> events)
{
    std::sort(events.begin(), events.end(),
              [](const StateEvent &a, const StateEvent &b) { return a.sequence > b.sequence; });
    const std::uint64_t newest = m_all.empty() ? 0 : m_all.front()->sequence;
    const std::uint64_t oldest = m_all.empty() ? 0 : m_all.back()->sequence;
    std::vector<EventPtr> newer;
    std::vector<EventPtr> older;
    for (StateEvent &event : events) {
        const std::uint64_t sequence = event.sequence;
        if (sequence > newest && (newer.empty() || newer.back()->sequence != sequence))
            newer.push_back(std::make_shared<const StateEvent>(std::move(event)));
        else if (sequence < oldest && (older.empty() || older.back()->sequence != sequence))
            older.push_back(std::make_shared<const StateEvent>(std::move(event)));
    }
    insertOlder(older);
    insertNewer(std::move(newer));
    dropOldest();
}

void EventModel::insertNewer(std::vector<EventPtr> events)
{
    m_all.insert(m_all.begin(), events.begin(), events.end());
    std::erase_if(events, [this](const EventPtr &event) { return !m_choice.matches(*event); });
    if (events.empty())
        return;
    beginInsertRows({}, 0, static_cast<int>(events.size()) - 1);
    m_shown.insert(m_shown.begin(), events.begin(), events.end());
    endInsertRows();
}

void EventModel::insertOlder(const std::vector<EventPtr> &events)
{
    const std::size_t room = m_capacity - std::min(m_capacity, m_all.size());
    std::vector<EventPtr> shown;
    for (std::size_t i = 0; i < std::min(room, events.size()); ++i) {
        m_all.push_back(events[i]);
        if (m_choice.matches(*events[i]))
            shown.push_back(events[i]);
    }
    if (shown.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(shown.size()) - 1);
    m_shown.insert(m_shown.end(), shown.begin(), shown.end());
    endInsertRows();
}

void EventModel::dropOldest()
{
    if (m_all.size() <= m_capacity)
        return;
    m_all.resize(m_capacity);
    const std::uint64_t oldest = m_all.back()->sequence;
    const auto gone = std::find_if(m_shown.begin(), m_shown.end(),
                                   [oldest](const EventPtr &event) { return event->sequence < oldest; });
    if (gone == m_shown.end())
        return;
    beginRemoveRows({}, static_cast<int>(gone - m_shown.begin()), rowCount() - 1);
    m_shown.erase(gone, m_shown.end());
    endRemoveRows();
}

void EventModel::clear()
{
    beginResetModel();
    m_all.clear();
    m_shown.clear();
    endResetModel();
}

void EventModel::setChoice(const EventChoice &choice)
{
    if (choice == m_choice)
        return;
    beginResetModel();
    m_choice = choice;
    m_shown.clear();
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(m_shown),
                 [this](const EventPtr &event) { return m_choice.matches(*event); });
    endResetModel();
}

EventModel::EventPtr EventModel::eventAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_shown[static_cast<std::size_t>(row)] : nullptr;
}

std::optional<std::uint64_t> EventModel::oldestSequence() const
{
    return m_all.empty() ? std::nullopt : std::optional(m_all.back()->sequence);
}

std::optional<std::uint64_t> EventModel::newestSequence() const
{
    return m_all.empty() ? std::nullopt : std::optional(m_all.front()->sequence);
}

int EventModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int EventModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant EventModel::data(const QModelIndex &index, int role) const
{
    const EventPtr event = index.isValid() ? eventAt(index.row()) : nullptr;
    if (!event)
        return {};
    const QString text = cellText(*event, index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text;
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(columnName(index.column()), text == noValue() ? tr("none") : text);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter));
    default:
        return {};
    }
}

QString EventModel::columnName(int column)
{
    const QStringList names { tr("Time"), tr("Kind"), tr("Provider"), tr("Change"), tr("Reason") };
    return names.value(column);
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter));
    return role == Qt::DisplayRole ? QVariant(columnName(section)) : QVariant();
}

} // namespace signalbox
