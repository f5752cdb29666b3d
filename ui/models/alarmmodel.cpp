// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alarmmodel.h"

#include "ui/models/alarmwords.h"
#include "ui/style/format.h"

#include <algorithm>

namespace signalbox {

namespace {

/// Active first, then what has only to be seen, then what somebody has in hand, then what is silent.
int rank(const Alarm &alarm, bool suppressed)
{
    if (suppressed || alarm.state == AlarmState::Shelved)
        return 3;
    switch (alarm.state) {
    case AlarmState::Active:
        return 0;
    case AlarmState::Cleared:
        return 1;
    case AlarmState::Acknowledged:
    case AlarmState::Shelved:
        break;
    }
    return 2;
}

QString sinceText(const Alarm &alarm, const QDateTime &now)
{
    const QString since = clockText(alarm.since, now);
    const QDateTime end = alarm.state == AlarmState::Cleared ? alarm.changed : now;
    return QStringLiteral("%1 · %2").arg(since, formatSpan(std::chrono::milliseconds(alarm.since.msecsTo(end))));
}

QString acknowledgedText(const Alarm &alarm, const QDateTime &now)
{
    if (!alarm.acknowledgedAt.isValid())
        return noValue();
    const QString ago = formatSpan(std::chrono::milliseconds(alarm.acknowledgedAt.msecsTo(now)));
    return AlarmModel::tr("%1 · %2 · %3 ago")
        .arg(acknowledgerWord(alarm.acknowledgedBy), clockText(alarm.acknowledgedAt, now), ago);
}

} // namespace

AlarmModel::Row AlarmModel::makeRow(const Alarm &alarm, const EngineSnapshot &snapshot)
{
    Row row;
    row.alarm = alarm;
    row.suppressed =
        std::any_of(snapshot.providers.begin(), snapshot.providers.end(), [&alarm](const ProviderSnapshot &provider) {
            return provider.name == alarm.subject && !provider.enabled;
        });
    row.text[PriorityColumn] = priorityWord(alarm.priority);
    row.text[StateColumn] = alarmStateWord(alarm, row.suppressed);
    row.text[SinceColumn] = sinceText(alarm, snapshot.takenAt);
    row.text[ProviderColumn] = alarm.subject.isEmpty() ? noValue() : alarm.subject;
    row.text[TextColumn] = alarm.text;
    row.text[AcknowledgedColumn] = acknowledgedText(alarm, snapshot.takenAt);
    row.text[CountColumn] = formatCount(static_cast<std::uint64_t>(std::max(alarm.count, 0)));
    return row;
}

void AlarmModel::removeMissing(const std::vector<Row> &wanted)
{
    for (int row = rowCount() - 1; row >= 0; --row) {
        const QString &id = m_rows[static_cast<std::size_t>(row)].alarm.id;
        if (std::any_of(wanted.begin(), wanted.end(), [&id](const Row &other) { return other.alarm.id == id; }))
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
}

void AlarmModel::setSnapshot(const EngineSnapshot &snapshot)
{
    m_takenAt = snapshot.takenAt;
    std::vector<Row> wanted;
    for (const Alarm &alarm : snapshot.alarms)
        wanted.push_back(makeRow(alarm, snapshot));
    std::stable_sort(wanted.begin(), wanted.end(), [](const Row &a, const Row &b) {
        return std::tuple(rank(a.alarm, a.suppressed), a.alarm.priority, b.alarm.since) <
            std::tuple(rank(b.alarm, b.suppressed), b.alarm.priority, a.alarm.since);
    });
    removeMissing(wanted);
    for (int row = 0; row < static_cast<int>(wanted.size()); ++row) {
        Row &fresh = wanted[static_cast<std::size_t>(row)];
        const int old = rowOf(fresh.alarm.id);
        if (old < 0) {
            beginInsertRows({}, row, row);
            m_rows.insert(m_rows.begin() + row, std::move(fresh));
            endInsertRows();
            continue;
        }
        if (old != row) { // always from below: what stands above is in place
            beginMoveRows({}, old, old, {}, row);
            std::rotate(m_rows.begin() + row, m_rows.begin() + old, m_rows.begin() + old + 1);
            endMoveRows();
        }
        Row &shown = m_rows[static_cast<std::size_t>(row)];
        const bool changed = shown.text != fresh.text || shown.alarm.state != fresh.alarm.state;
        shown = std::move(fresh);
        if (changed)
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    }
}

const Alarm *AlarmModel::alarm(int row) const
{
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)].alarm : nullptr;
}

bool AlarmModel::isSuppressed(int row) const
{
    return row >= 0 && row < rowCount() && m_rows[static_cast<std::size_t>(row)].suppressed;
}

int AlarmModel::rowOf(const QString &id) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&id](const Row &row) { return row.alarm.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int AlarmModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AlarmModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant AlarmModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !alarm(index.row()))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const QString &text = row.text[static_cast<std::size_t>(column)];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text;
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(columnName(column), text == noValue() ? tr("none") : text);
    case Qt::TextAlignmentRole:
        return headerData(column, Qt::Horizontal, role);
    case LampRole:
        return column == StateColumn ? QVariant(static_cast<int>(alarmLamp(row.alarm, row.suppressed))) : QVariant();
    case TintRole:
        return row.alarm.state == AlarmState::Active && !row.suppressed
            ? QVariant(static_cast<int>(alarmLamp(row.alarm, false)))
            : QVariant();
    default:
        return {};
    }
}

QString AlarmModel::columnName(int column)
{
    const QStringList names { tr("Priority"), tr("State"),        tr("Since"), tr("Provider"),
                              tr("Text"),     tr("Acknowledged"), tr("Count") };
    return names.value(column);
}

QVariant AlarmModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((section == CountColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    return role == Qt::DisplayRole ? QVariant(columnName(section)) : QVariant();
}

} // namespace signalbox
