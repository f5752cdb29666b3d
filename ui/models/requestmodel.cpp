// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/requestmodel.h"

#include "ui/models/requestwords.h"
#include "ui/style/format.h"

#include <QLocale>

#include <algorithm>

namespace signalbox {

namespace {

using RequestPtr = RequestModel::RequestPtr;

bool olderThan(const RequestPtr &request, std::uint64_t sequence)
{
    return request->sequence < sequence;
}

QString latencyText(std::chrono::microseconds time)
{
    if (time.count() <= 0)
        return noValue();
    return formatLatency(std::chrono::duration<double, std::milli>(time).count());
}

QString tokensText(const TokenUsage &usage)
{
    if (!usage.known)
        return noValue();
    const std::uint64_t in = usage.inputTokens + usage.cachedTokens + usage.cacheWriteTokens;
    return QStringLiteral("%1 / %2").arg(formatCount(in), formatCount(usage.outputTokens));
}

QString costText(std::optional<double> dollars)
{
    if (!dollars)
        return noValue();
    return QStringLiteral("$%1").arg(QLocale().toString(*dollars, 'f', 4));
}

QString orNone(const QString &text)
{
    return text.isEmpty() ? noValue() : text;
}

QString cellText(const RequestEvent &event, int column)
{
    switch (column) {
    case RequestModel::NumberColumn:
        return QString::number(event.sequence);
    case RequestModel::TimeColumn:
        return event.at.toLocalTime().toString(QStringLiteral("HH:mm:ss.zzz"));
    case RequestModel::ClientColumn:
        return orNone(QString::fromUtf8(event.userAgent));
    case RequestModel::ModelColumn:
        return orNone(QString::fromUtf8(event.model));
    case RequestModel::PathColumn:
        return QString::fromUtf8(event.path);
    case RequestModel::OutcomeColumn:
        return outcomeWords(event);
    case RequestModel::ProviderColumn:
        return orNone(event.provider);
    case RequestModel::AttemptsColumn:
        return QString::number(event.attempts.size());
    case RequestModel::StatusColumn:
        return event.status == 0 ? noValue() : QString::number(event.status);
    case RequestModel::FirstByteColumn:
        return latencyText(event.firstByte);
    case RequestModel::TotalColumn:
        return latencyText(event.total);
    case RequestModel::TokensColumn:
        return tokensText(event.usage());
    case RequestModel::CostColumn:
        return costText(event.costUsd());
    case RequestModel::SizeColumn:
        return QLocale().formattedDataSize(event.bytesToClient);
    default:
        return {};
    }
}

bool isNumber(int column)
{
    return column == RequestModel::NumberColumn || column == RequestModel::AttemptsColumn ||
        column >= RequestModel::StatusColumn;
}

} // namespace

RequestModel::RequestModel(std::size_t capacity, QObject *parent)
    : QAbstractTableModel(parent), m_capacity(std::max<std::size_t>(capacity, 1))
{
}

void RequestModel::keepNewOnes(std::vector<RequestEvent> &requests) const
{
    const std::uint64_t newest = m_all.empty() ? 0 : m_all.back()->sequence;
    const auto known = [newest](const RequestEvent &event) { return event.sequence <= newest; };
    requests.erase(std::remove_if(requests.begin(), requests.end(), known), requests.end());
    std::sort(requests.begin(), requests.end(),
              [](const RequestEvent &a, const RequestEvent &b) { return a.sequence < b.sequence; });
    const auto same = [](const RequestEvent &a, const RequestEvent &b) { return a.sequence == b.sequence; };
    requests.erase(std::unique(requests.begin(), requests.end(), same), requests.end());
    if (requests.size() > m_capacity)
        requests.erase(requests.begin(), requests.end() - static_cast<std::ptrdiff_t>(m_capacity));
}

void RequestModel::add(std::vector<RequestEvent> requests)
{
    keepNewOnes(requests);
    if (m_all.size() + requests.size() > m_capacity)
        dropOldest(m_all.size() + requests.size() - m_capacity);
    std::vector<RequestPtr> shown;
    for (RequestEvent &event : requests) {
        m_all.push_back(std::make_shared<const RequestEvent>(std::move(event)));
        if (m_filter.matches(*m_all.back()))
            shown.push_back(m_all.back());
    }
    if (shown.empty())
        return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(shown.size()) - 1);
    m_shown.insert(m_shown.end(), shown.begin(), shown.end());
    endInsertRows();
}

void RequestModel::dropOldest(std::size_t count)
{
    const std::uint64_t last = m_all[count - 1]->sequence;
    m_all.erase(m_all.begin(), m_all.begin() + static_cast<std::ptrdiff_t>(count));
    const auto kept = std::lower_bound(m_shown.begin(), m_shown.end(), last + 1, olderThan);
    if (kept == m_shown.begin())
        return;
    beginRemoveRows({}, 0, static_cast<int>(kept - m_shown.begin()) - 1);
    m_shown.erase(m_shown.begin(), kept);
    endRemoveRows();
}

void RequestModel::setFilter(const Filter &filter)
{
    beginResetModel();
    m_filter = filter;
    m_shown.clear();
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(m_shown),
                 [this](const RequestPtr &request) { return m_filter.matches(*request); });
    endResetModel();
}

RequestPtr RequestModel::request(int row) const
{
    return row >= 0 && row < rowCount() ? m_shown[static_cast<std::size_t>(row)] : nullptr;
}

int RequestModel::rowOf(std::uint64_t sequence) const
{
    const auto at = std::lower_bound(m_shown.begin(), m_shown.end(), sequence, olderThan);
    return at != m_shown.end() && (*at)->sequence == sequence ? static_cast<int>(at - m_shown.begin()) : -1;
}

int RequestModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int RequestModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant RequestModel::data(const QModelIndex &index, int role) const
{
    const RequestPtr event = index.isValid() ? request(index.row()) : nullptr;
    if (!event)
        return {};
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return cellText(*event, column);
    case Qt::AccessibleTextRole: {
        const QString text = cellText(*event, column);
        return tr("%1: %2").arg(headerData(column, Qt::Horizontal).toString(),
                                text == noValue() ? tr("no value") : text);
    }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    default:
        return {};
    }
}

QVariant RequestModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names { tr("#"),      tr("Time"),        tr("Client"),   tr("Model"),
                              tr("Path"),   tr("Outcome"),     tr("Provider"), tr("Attempts"),
                              tr("Status"), tr("First token"), tr("Total"),    tr("Tokens in / out"),
                              tr("Cost"),   tr("Size") };
    return names.value(section);
}

} // namespace signalbox
