// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/candidatemodel.h"

#include "ui/routing/routewords.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

namespace signalbox {

QString CandidateModel::waitWords(Wait wait, const Timeouts &timeouts)
{
    switch (wait) {
    case Wait::Stream:
        return tr("first byte %1, then gaps of %2").arg(formatSpan(timeouts.firstByteMs), formatSpan(timeouts.idleMs));
    case Wait::Answer:
        return formatSpan(timeouts.responseMs);
    case Wait::Other:
        return formatSpan(timeouts.defaultMs);
    }
    return {};
}

void CandidateModel::setRun(const DryRun &run, const QByteArray &model, Wait wait, const Config &config)
{
    std::vector<Row> rows;
    int order = 0;
    for (const DryRunCandidate &candidate : run.candidates) {
        Row row;
        const ProviderConfig *provider = providerConfig(config, candidate.provider);
        row.lamp = static_cast<int>(candidate.usable ? LampShape::Circle : LampShape::SlashedCircle);
        row.text[OrderColumn] = candidate.usable ? QString::number(++order) : noValue();
        row.text[NameColumn] = candidate.provider;
        row.text[DecisionColumn] = candidate.chosen ? tr("Asked first")
            : candidate.usable                      ? tr("Next in line")
                                                    : tr("Dropped");
        row.text[ModelColumn] = !candidate.usable || model.isEmpty() ? noValue()
            : candidate.mappedModel.isEmpty()                        ? QString::fromUtf8(model)
                                                                     : QString::fromUtf8(candidate.mappedModel);
        row.text[ScoreColumn] = QString::number(qRound(candidate.score));
        row.text[WaitColumn] = candidate.usable && provider ? waitWords(wait, provider->timeouts) : noValue();
        row.text[WhyColumn] = candidate.text;
        rows.push_back(std::move(row));
    }
    if (rows.size() != m_rows.size()) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] == m_rows[i])
            continue;
        m_rows[i] = std::move(rows[i]);
        Q_EMIT dataChanged(index(static_cast<int>(i), 0), index(static_cast<int>(i), ColumnCount - 1));
    }
}

int CandidateModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CandidateModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CandidateModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    const QString &text = row.text[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text;
    case Qt::TextAlignmentRole:
        return headerData(index.column(), Qt::Horizontal, role);
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(headerData(index.column(), Qt::Horizontal).toString(),
                                text == noValue() ? tr("no value") : text);
    case LampRole:
        return index.column() == DecisionColumn ? QVariant(row.lamp) : QVariant();
    default:
        return {};
    }
}

QVariant CandidateModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == OrderColumn || section == ScoreColumn ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case OrderColumn:
        return tr("Order");
    case NameColumn:
        return tr("Provider");
    case DecisionColumn:
        return tr("Decision");
    case ModelColumn:
        return tr("Model sent");
    case ScoreColumn:
        return tr("Score");
    case WaitColumn:
        return tr("Waited for");
    case WhyColumn:
        return tr("Why");
    default:
        return {};
    }
}

} // namespace signalbox
