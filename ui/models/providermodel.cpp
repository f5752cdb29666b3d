// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/providermodel.h"

#include "ui/style/format.h"

#include <algorithm>

namespace signalbox {

namespace {

Qt::Alignment alignment(int column)
{
    switch (column) {
    case ProviderModel::StateColumn:
    case ProviderModel::NameColumn:
    case ProviderModel::ReasonColumn:
        return Qt::AlignLeft | Qt::AlignVCenter;
    default:
        return Qt::AlignRight | Qt::AlignVCenter;
    }
}

Qt::Alignment headerAlignment(int column)
{
    // Over a bar or a second value beside the number, the heading begins where the cell begins.
    if (column == ProviderModel::ScoreColumn || column == ProviderModel::SuccessColumn)
        return Qt::AlignLeft;
    return alignment(column) & Qt::AlignHorizontal_Mask;
}

const QString &nameOf(const ProviderSnapshot &provider)
{
    return provider.name;
}

template <typename Rows, typename NameOf>
int indexOfName(const Rows &rows, const QString &name, NameOf of, std::size_t from = 0)
{
    for (std::size_t i = from; i < rows.size(); ++i) {
        if (of(rows[i]) == name)
            return static_cast<int>(i);
    }
    return -1;
}

} // namespace

const QString &ProviderModel::Row::nameOf(const Row &row)
{
    return row.tile.name;
}

bool ProviderModel::Row::sameCell(const Row &other, int column) const
{
    const bool sameLamp = tile.state.lamp == other.tile.state.lamp;
    switch (column) {
    case StateColumn:
        return tile.state == other.tile.state;
    case NameColumn:
        return tile.name == other.tile.name && tile.simulated == other.tile.simulated && sameLamp;
    case ScoreColumn:
        return tile.score == other.tile.score && tile.label == other.tile.label && tile.trend == other.tile.trend &&
            sameLamp;
    default: {
        const auto at = static_cast<std::size_t>(column);
        return text[at] == other.text[at] && samples == other.samples && sameLamp;
    }
    }
}

ProviderModel::Row ProviderModel::makeRow(const ProviderSnapshot &provider, const QDateTime &takenAt)
{
    Row row;
    row.tile = makeTile(provider, takenAt);
    row.text[StateColumn] = row.tile.state.word;
    row.text[NameColumn] = provider.name;
    row.text[ScoreColumn] = row.tile.score < 0 ? noValue() : QString::number(row.tile.score);
    row.text[FirstByteP50Column] = formatLatency(provider.firstByte.p50Ms);
    row.text[FirstByteP95Column] = formatLatency(provider.firstByte.p95Ms);
    row.text[AnswerP50Column] = formatLatency(provider.total.p50Ms);
    row.text[AnswerP95Column] = formatLatency(provider.total.p95Ms);
    row.text[SuccessColumn] = provider.recentCalls == 0 ? noValue() : formatShare(provider.successRate);
    row.text[RateColumn] = row.tile.rate;
    row.samples = provider.recentCalls == 0 ? QString() : formatSamples(provider.recentCalls);
    row.text[InFlightColumn] = formatCount(static_cast<std::uint64_t>(std::max(0, provider.inFlight)));
    row.text[ReasonColumn] = provider.lastReason.isEmpty() ? noValue() : provider.lastReason;
    return row;
}

void ProviderModel::setSnapshot(const EngineSnapshotPtr &snapshot)
{
    if (snapshot == m_snapshot)
        return;
    m_snapshot = snapshot;
    arrangeRows(snapshot->providers);
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        updateRow(static_cast<int>(i), makeRow(snapshot->providers[i], snapshot->takenAt));
}

/// Removals first, then each place from the top: rows that stay are moved, never reset.
void ProviderModel::arrangeRows(const std::vector<ProviderSnapshot> &providers)
{
    for (int i = static_cast<int>(m_rows.size()) - 1; i >= 0; --i) {
        if (indexOfName(providers, m_rows[static_cast<std::size_t>(i)].tile.name, nameOf) >= 0)
            continue;
        beginRemoveRows({}, i, i);
        m_rows.erase(m_rows.begin() + i);
        endRemoveRows();
    }
    for (std::size_t to = 0; to < providers.size(); ++to) {
        const int row = static_cast<int>(to);
        const int from = indexOfName(m_rows, providers[to].name, Row::nameOf, to);
        if (from == row)
            continue;
        if (from < 0) {
            beginInsertRows({}, row, row);
            m_rows.insert(m_rows.begin() + row, Row {});
            m_rows[to].tile.name = providers[to].name;
            endInsertRows();
        } else {
            beginMoveRows({}, from, from, {}, row);
            std::rotate(m_rows.begin() + row, m_rows.begin() + from, m_rows.begin() + from + 1);
            endMoveRows();
        }
    }
}

void ProviderModel::updateRow(int row, Row &&fresh)
{
    Row &shown = m_rows[static_cast<std::size_t>(row)];
    const bool otherTile = shown.tile != fresh.tile;
    int first = ColumnCount;
    int last = -1;
    for (int column = 0; column < ColumnCount; ++column) {
        if (shown.sameCell(fresh, column))
            continue;
        first = std::min(first, column);
        last = column;
    }
    shown = std::move(fresh);
    if (last >= 0)
        Q_EMIT dataChanged(index(row, first), index(row, last));
    else if (otherTile) // its drawing alone
        Q_EMIT dataChanged(index(row, StateColumn), index(row, StateColumn), { TileRole });
}

void ProviderModel::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1), { StaleRole });
}

const ProviderSnapshot *ProviderModel::provider(int row) const
{
    if (row < 0 || static_cast<std::size_t>(row) >= m_rows.size())
        return nullptr;
    // By name: while rows are being moved, their numbers are not those of the snapshot.
    const int at = indexOfName(m_snapshot->providers, m_rows[static_cast<std::size_t>(row)].tile.name, nameOf);
    return at < 0 ? nullptr : &m_snapshot->providers[static_cast<std::size_t>(at)];
}

const ProviderTile *ProviderModel::tile(int row) const
{
    return row < 0 || row >= rowCount() ? nullptr : &m_rows[static_cast<std::size_t>(row)].tile;
}

int ProviderModel::rowOf(const QString &name) const
{
    return indexOfName(m_rows, name, Row::nameOf);
}

QDateTime ProviderModel::takenAt() const
{
    return m_snapshot ? m_snapshot->takenAt : QDateTime();
}

int ProviderModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ProviderModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ProviderModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return row.text[static_cast<std::size_t>(index.column())];
    case Qt::TextAlignmentRole:
        return static_cast<int>(alignment(index.column()));
    case Qt::ToolTipRole:
        return toolTip(index.row(), index.column());
    case Qt::AccessibleTextRole:
        return accessibleText(index.row(), index.column());
    case LampRole:
        return static_cast<int>(row.tile.state.lamp);
    case ScoreRole:
        return row.tile.score < 0 ? QVariant() : QVariant(static_cast<double>(row.tile.score));
    case ScoreLabelRole:
        return static_cast<int>(row.tile.label);
    case TrendRole:
        return row.tile.trend;
    case SimulatedRole:
        return row.tile.simulated;
    case StaleRole:
        return m_stale;
    case SamplesRole:
        return row.samples;
    case TileRole:
        return QVariant::fromValue(row.tile);
    default:
        return {};
    }
}

QVariant ProviderModel::toolTip(int row, int column) const
{
    const ProviderSnapshot *shown = provider(row);
    if (!shown)
        return {};
    switch (column) {
    case StateColumn:
        return reasonSentence(*shown, takenAt());
    case NameColumn:
        return shown->simulated ? tr("%1 (simulated)").arg(shown->baseUrl) : shown->baseUrl;
    case ScoreColumn:
        return scoreSentence(*shown);
    case FirstByteP50Column:
    case FirstByteP95Column:
        return tr("Streams, last 5 min: %1").arg(formatSamples(shown->firstByte.samples));
    case AnswerP50Column:
    case AnswerP95Column:
        return tr("Answers that are not streamed, last 5 min: %1").arg(formatSamples(shown->total.samples));
    case SuccessColumn:
        return tr("Last 5 min: %1").arg(formatSamples(shown->recentCalls));
    case ReasonColumn:
        return shown->lastReason;
    default:
        return {};
    }
}

QString ProviderModel::accessibleText(int row, int column) const
{
    const ProviderSnapshot *shown = provider(row);
    if (!shown)
        return {};
    if (column == StateColumn) {
        const QString summary = spokenSummary(*shown, takenAt());
        return m_stale ? tr("out of date: %1").arg(summary) : summary;
    }
    const QString &text = m_rows[static_cast<std::size_t>(row)].text[static_cast<std::size_t>(column)];
    const QString value = text == noValue() ? tr("no value") : text;
    return tr("%1: %2").arg(headerText(column).replace(QLatin1Char('\n'), QLatin1Char(' ')), value);
}

QVariant ProviderModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    switch (role) {
    case Qt::DisplayRole:
        return headerText(section);
    case Qt::ToolTipRole:
        return headerExplanation(section);
    case Qt::TextAlignmentRole:
        return static_cast<int>(headerAlignment(section) | Qt::AlignBottom);
    default:
        return {};
    }
}

QString ProviderModel::headerText(int column)
{
    switch (column) {
    case StateColumn:
        return tr("Breaker");
    case NameColumn:
        return tr("Provider");
    case ScoreColumn:
        return tr("Score");
    case FirstByteP50Column:
        return tr("First byte\np50");
    case FirstByteP95Column:
        return tr("First byte\np95");
    case AnswerP50Column:
        return tr("Answer\np50");
    case AnswerP95Column:
        return tr("Answer\np95");
    case SuccessColumn:
        return tr("Success");
    case RateColumn:
        return tr("Requests");
    case InFlightColumn:
        return tr("In\nflight");
    case ReasonColumn:
        return tr("Last reason");
    default:
        return {};
    }
}

QString ProviderModel::headerExplanation(int column)
{
    switch (column) {
    case ScoreColumn:
        return tr(
            "0 to 100 from success, response time, availability and trend. Below 80 degraded, below 50 unhealthy. "
            "▼ answers get slower, ▲ faster.");
    case FirstByteP50Column:
    case FirstByteP95Column:
        return tr("Time until the first byte of a streamed answer, last 5 min");
    case AnswerP50Column:
    case AnswerP95Column:
        return tr("Time until the end of an answer that is not streamed, last 5 min");
    case SuccessColumn:
        return tr("Share of calls that succeeded, last 5 min, and how many calls that is");
    case RateColumn:
        return tr("Attempts a second, last minute");
    case ReasonColumn:
        return tr("The last failure or change of state");
    default:
        return {};
    }
}

} // namespace signalbox
