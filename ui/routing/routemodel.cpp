// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/routemodel.h"

#include "ui/models/providerstate.h"
#include "ui/routing/routewords.h"
#include "ui/style/format.h"

#include <QCoreApplication>
#include <QMimeData>

#include <algorithm>

namespace signalbox {

namespace {

constexpr quintptr headingId = 0; ///< of a heading; a provider's is the number of its group, from 1

/// Another console's providers are none of this one's.
const QString &providerMime()
{
    static const QString type =
        QStringLiteral("application/x-signalbox-provider-%1").arg(QCoreApplication::applicationPid());
    return type;
}

template <typename Rows> int rowOfName(const Rows &rows, const QString &name, std::size_t from = 0)
{
    for (std::size_t i = from; i < rows.size(); ++i) {
        if (rows[i].name == name)
            return static_cast<int>(i);
    }
    return -1;
}

std::vector<Dialect> dialectsOf(const EngineSnapshot &snapshot, const ProviderSnapshot &provider)
{
    std::vector<Dialect> dialects { provider.dialect };
    if (const ProviderConfig *config = providerConfig(*snapshot.config, provider.name))
        dialects.insert(dialects.end(), config->extraDialects.begin(), config->extraDialects.end());
    return dialects;
}

QString namesOf(const std::vector<Dialect> &dialects)
{
    QStringList names;
    for (const Dialect dialect : dialects)
        names.append(dialectTitle(dialect));
    return names.join(QStringLiteral(", "));
}

} // namespace

std::vector<RouteModel::Group> RouteModel::groupsOf(const EngineSnapshot &snapshot)
{
    std::vector<Group> groups;
    for (std::size_t i = 0; i < snapshot.providers.size(); ++i) {
        const ProviderSnapshot &provider = snapshot.providers[i];
        const std::vector<Dialect> dialects = dialectsOf(snapshot, provider);
        auto group =
            std::find_if(groups.begin(), groups.end(), [&](const Group &each) { return each.dialects == dialects; });
        if (group == groups.end())
            group = groups.insert(groups.end(), { dialects, tr("%1 requests").arg(namesOf(dialects)), {} });
        const ProviderState state = describeState(provider, snapshot.takenAt);
        const ProviderConfig *config = providerConfig(*snapshot.config, provider.name);
        Row row { provider.name, static_cast<int>(i), state.lamp, state.explanation, {} };
        row.text[OrderColumn] = QString::number(group->rows.size() + 1);
        row.text[NameColumn] = provider.name;
        row.text[StateColumn] = state.word;
        row.text[DialectColumn] = dialects.size() == 3 ? tr("all") : namesOf(dialects);
        row.text[ModelsColumn] = config ? modelsSummary(config->models) : noValue();
        group->rows.push_back(std::move(row));
    }
    return groups;
}

void RouteModel::writeShares(std::vector<Group> &groups) const
{
    for (Group &group : groups) {
        std::uint64_t all = 0;
        for (const Row &row : group.rows)
            all += m_traffic.value(row.name);
        for (Row &row : group.rows)
            row.text[ShareColumn] = all == 0
                ? noValue()
                : formatShare(static_cast<double>(m_traffic.value(row.name)) / static_cast<double>(all));
    }
}

void RouteModel::setSnapshot(const EngineSnapshotPtr &snapshot)
{
    std::vector<Group> fresh = groupsOf(*snapshot);
    writeShares(fresh);
    const bool sameGroups =
        std::equal(m_groups.begin(), m_groups.end(), fresh.begin(), fresh.end(),
                   [](const Group &a, const Group &b) { return a.dialects == b.dialects && a.title == b.title; });
    if (!sameGroups) {
        beginResetModel();
        m_groups = std::move(fresh);
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        arrange(static_cast<int>(i), fresh[i].rows);
        update(index(static_cast<int>(i), 0), m_groups[i].rows, fresh[i].rows);
    }
}

/// Removals first, then each place from the top: rows that stay are moved, never reset.
void RouteModel::arrange(int group, const std::vector<Row> &fresh)
{
    std::vector<Row> &rows = m_groups[static_cast<std::size_t>(group)].rows;
    const QModelIndex parent = index(group, 0);
    for (int i = static_cast<int>(rows.size()) - 1; i >= 0; --i) {
        if (rowOfName(fresh, rows[static_cast<std::size_t>(i)].name) >= 0)
            continue;
        beginRemoveRows(parent, i, i);
        rows.erase(rows.begin() + i);
        endRemoveRows();
    }
    for (std::size_t to = 0; to < fresh.size(); ++to) {
        const int row = static_cast<int>(to);
        const int from = rowOfName(rows, fresh[to].name, to);
        if (from == row)
            continue;
        if (from < 0) {
            beginInsertRows(parent, row, row);
            rows.insert(rows.begin() + row, fresh[to]);
            endInsertRows();
        } else {
            beginMoveRows(parent, from, from, parent, row);
            std::rotate(rows.begin() + row, rows.begin() + from, rows.begin() + from + 1);
            endMoveRows();
        }
    }
}

void RouteModel::update(const QModelIndex &group, std::vector<Row> &shown, const std::vector<Row> &fresh)
{
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const bool same = shown[i].text == fresh[i].text && shown[i].lamp == fresh[i].lamp;
        shown[i] = fresh[i];
        const int row = static_cast<int>(i);
        if (!same)
            Q_EMIT dataChanged(index(row, 0, group), index(row, ColumnCount - 1, group));
    }
}

void RouteModel::setTraffic(const QHash<QString, std::uint64_t> &attempts)
{
    if (attempts == m_traffic)
        return;
    m_traffic = attempts;
    writeShares(m_groups);
    for (int i = 0; i < rowCount(); ++i) {
        const QModelIndex group = index(i, 0);
        if (const int rows = rowCount(group); rows > 0)
            Q_EMIT dataChanged(index(0, ShareColumn, group), index(rows - 1, ShareColumn, group));
    }
}

void RouteModel::setMovable(bool movable)
{
    m_movable = movable;
}

const RouteModel::Row *RouteModel::rowAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == headingId)
        return nullptr;
    const std::vector<Row> &rows = m_groups[index.internalId() - 1].rows;
    const auto at = static_cast<std::size_t>(index.row());
    return at < rows.size() ? &rows[at] : nullptr;
}

QString RouteModel::nameAt(const QModelIndex &index) const
{
    const Row *row = rowAt(index);
    return row ? row->name : QString();
}

QModelIndex RouteModel::indexOf(const QString &provider) const
{
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        if (const int row = rowOfName(m_groups[i].rows, provider); row >= 0)
            return index(row, 0, index(static_cast<int>(i), 0));
    }
    return {};
}

std::optional<int> RouteModel::destination(const QString &provider, int before) const
{
    const QModelIndex from = indexOf(provider);
    if (!from.isValid() || before < 0 || before == from.row() || before == from.row() + 1)
        return std::nullopt;
    const std::vector<Row> &rows = m_groups[from.internalId() - 1].rows;
    const auto target = std::min(static_cast<std::size_t>(before), rows.size());
    if (target == static_cast<std::size_t>(from.row()) + 1)
        return std::nullopt;
    // Going down, those it passes move up by one.
    return before > from.row() ? rows[target - 1].place : rows[target].place;
}

QModelIndex RouteModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || column >= ColumnCount || row >= rowCount(parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : headingId);
}

QModelIndex RouteModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == headingId)
        return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, headingId);
}

int RouteModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() != headingId || parent.column() > 0)
        return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].rows.size());
}

int RouteModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant RouteModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (const Row *row = rowAt(index))
        return rowData(*row, index.column(), role);
    return groupData(m_groups[static_cast<std::size_t>(index.row())], index.column(), role);
}

QVariant RouteModel::groupData(const Group &group, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return column == 0 ? QVariant(group.title) : QVariant();
    case Qt::AccessibleTextRole:
        return tr("%1, %n provider(s) in failover order", nullptr, static_cast<int>(group.rows.size()))
            .arg(group.title);
    case GroupRole:
        return true;
    default:
        return {};
    }
}

QVariant RouteModel::rowData(const Row &row, int column, int role) const
{
    const QString &text = row.text[static_cast<std::size_t>(column)];
    switch (role) {
    case Qt::DisplayRole:
        return text;
    case Qt::TextAlignmentRole:
        return column == OrderColumn || column == ShareColumn ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter)
                                                              : QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (column == StateColumn)
            return row.explanation.isEmpty() ? text : row.explanation;
        if (column == ShareColumn)
            return tr("%n attempt(s) in the last hour", nullptr, static_cast<int>(m_traffic.value(row.name)));
        return text;
    case Qt::AccessibleTextRole:
        if (column == OrderColumn)
            return tr("%1: %2, %3, models %4, %5 of the last hour's traffic")
                .arg(text, row.name, row.text[StateColumn], row.text[ModelsColumn],
                     row.text[ShareColumn] == noValue() ? tr("nothing") : row.text[ShareColumn]);
        return QStringLiteral("%1: %2").arg(headerData(column, Qt::Horizontal).toString(),
                                            text == noValue() ? tr("no value") : text);
    case LampRole:
        return column == StateColumn ? QVariant(static_cast<int>(row.lamp)) : QVariant();
    case TintRole: {
        const bool abnormal =
            row.lamp == LampShape::Square || row.lamp == LampShape::Triangle || row.lamp == LampShape::Diamond;
        return abnormal ? QVariant(static_cast<int>(row.lamp)) : QVariant();
    }
    case GroupRole:
        return false;
    default:
        return {};
    }
}

QVariant RouteModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == OrderColumn || section == ShareColumn ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == ShareColumn)
        return tr("Which part of this group's attempts of the last hour it got");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case OrderColumn:
        return tr("Order");
    case NameColumn:
        return tr("Provider");
    case StateColumn:
        return tr("State");
    case DialectColumn:
        return tr("Dialect");
    case ModelsColumn:
        return tr("Models");
    case ShareColumn:
        return tr("Last hour");
    default:
        return {};
    }
}

Qt::ItemFlags RouteModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    if (!rowAt(index))
        return m_movable ? Qt::ItemIsEnabled | Qt::ItemIsDropEnabled : Qt::ItemFlags(Qt::ItemIsEnabled);
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    return m_movable ? flags | Qt::ItemIsDragEnabled : flags;
}

QStringList RouteModel::mimeTypes() const
{
    return { providerMime() };
}

QMimeData *RouteModel::mimeData(const QModelIndexList &indexes) const
{
    const QString name = indexes.isEmpty() ? QString() : nameAt(indexes.first());
    if (name.isEmpty())
        return nullptr;
    auto *data = new QMimeData;
    data->setData(providerMime(), name.toUtf8());
    return data;
}

bool RouteModel::canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int,
                                 const QModelIndex &parent) const
{
    if (!m_movable || action != Qt::MoveAction || row < 0 || !parent.isValid() || !data->hasFormat(providerMime()))
        return false;
    // Another group takes other requests: no order could bring it there.
    const QModelIndex dragged = indexOf(QString::fromUtf8(data->data(providerMime())));
    return dragged.isValid() && dragged.parent() == parent.siblingAtColumn(0);
}

bool RouteModel::dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                              const QModelIndex &parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const QString provider = QString::fromUtf8(data->data(providerMime()));
    if (const std::optional<int> place = destination(provider, row))
        Q_EMIT moveRequested(provider, *place);
    return false; // the view would remove the row where it came from
}

} // namespace signalbox
