// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/providermodel.h"

#include "ui/style/format.h"

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

/// ln of the median first byte per minute: ±3 % a minute is within what one slow answer does.
constexpr double steadySlopePerMinute = 0.03;

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

int trendDirection(const ProviderSnapshot &provider)
{
    if (provider.firstByte.samples == 0 || std::abs(provider.trendSlopePerMinute) < steadySlopePerMinute)
        return 0;
    return provider.trendSlopePerMinute > 0 ? 1 : -1;
}

template <typename Rows> int indexOfName(const Rows &rows, const QString &name, std::size_t from = 0)
{
    for (std::size_t i = from; i < rows.size(); ++i) {
        if (rows[i].name == name)
            return static_cast<int>(i);
    }
    return -1;
}

} // namespace

bool ProviderModel::Row::sameCell(const Row &other, int column) const
{
    switch (column) {
    case StateColumn:
        return state == other.state;
    case NameColumn:
        return name == other.name && simulated == other.simulated && state.lamp == other.state.lamp;
    case ScoreColumn:
        return score == other.score && label == other.label && trend == other.trend && state.lamp == other.state.lamp;
    default: {
        const auto at = static_cast<std::size_t>(column);
        return text[at] == other.text[at] && samples == other.samples && state.lamp == other.state.lamp;
    }
    }
}

ProviderModel::Row ProviderModel::makeRow(const ProviderSnapshot &provider, const QDateTime &takenAt)
{
    Row row;
    row.name = provider.name;
    row.state = describeState(provider, takenAt);
    row.label = provider.score.label;
    row.trend = trendDirection(provider);
    row.simulated = provider.simulated;
    if (hasScore(provider))
        row.score = static_cast<int>(std::lround(provider.score.value));
    row.text[StateColumn] = row.state.word;
    row.text[NameColumn] = provider.name;
    row.text[ScoreColumn] = row.score < 0 ? noValue() : QString::number(row.score);
    row.text[FirstByteP50Column] = formatLatency(provider.firstByte.p50Ms);
    row.text[FirstByteP95Column] = formatLatency(provider.firstByte.p95Ms);
    row.text[AnswerP50Column] = formatLatency(provider.total.p50Ms);
    row.text[AnswerP95Column] = formatLatency(provider.total.p95Ms);
    row.text[SuccessColumn] = provider.recentCalls == 0 ? noValue() : formatShare(provider.successRate);
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
        if (indexOfName(providers, m_rows[static_cast<std::size_t>(i)].name) >= 0)
            continue;
        beginRemoveRows({}, i, i);
        m_rows.erase(m_rows.begin() + i);
        endRemoveRows();
    }
    for (std::size_t to = 0; to < providers.size(); ++to) {
        const int row = static_cast<int>(to);
        const int from = indexOfName(m_rows, providers[to].name, to);
        if (from == row)
            continue;
        if (from < 0) {
            beginInsertRows({}, row, row);
            m_rows.insert(m_rows.begin() + row, Row {});
            m_rows[to].name = providers[to].name;
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
    const int at = indexOfName(m_snapshot->providers, m_rows[static_cast<std::size_t>(row)].name);
    return at < 0 ? nullptr : &m_snapshot->providers[static_cast<std::size_t>(at)];
}

int ProviderModel::rowOf(const QString &name) const
{
    return indexOfName(m_rows, name);
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
        return static_cast<int>(row.state.lamp);
    case ScoreRole:
        return row.score < 0 ? QVariant() : QVariant(static_cast<double>(row.score));
    case ScoreLabelRole:
        return static_cast<int>(row.label);
    case TrendRole:
        return row.trend;
    case SimulatedRole:
        return row.simulated;
    case StaleRole:
        return m_stale;
    case SamplesRole:
        return row.samples;
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
    case ReasonColumn:
        return tr("The last failure or change of state");
    default:
        return {};
    }
}

} // namespace signalbox
