// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/consequencemodel.h"

#include "ui/thresholds/replaymapping.h"

#include <algorithm>

namespace signalbox {

void ConsequenceModel::setResult(const ReplayResult &result, bool hasDraft)
{
    const TimeSpan span { result.sinceMs, result.untilMs };
    std::vector<Row> rows;
    rows.reserve(result.providers.size());
    for (const ProviderReplay &replay : result.providers)
        rows.push_back({ replay.provider, consequenceText(replay, hasDraft, span), hasDraft && !isUnchanged(replay) });
    std::stable_partition(rows.begin(), rows.end(), [](const Row &row) { return row.changed; });
    const bool sameProviders = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                          [](const Row &a, const Row &b) { return a.provider == b.provider; });
    if (!sameProviders) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    m_rows = std::move(rows);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(static_cast<int>(m_rows.size()) - 1));
}

int ConsequenceModel::rowOf(const QString &provider) const
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&provider](const Row &row) { return row.provider == provider; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

QString ConsequenceModel::providerAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)].provider : QString();
}

int ConsequenceModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ConsequenceModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return row.sentence;
    case ProviderRole:
        return row.provider;
    case ChangedRole:
        return row.changed;
    default:
        return {};
    }
}

} // namespace signalbox
