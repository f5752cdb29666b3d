// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/requestmodel.h"

#include "engine/api/filterterms.h"
#include "ui/models/requestcells.h"
#include "ui/style/format.h"

#include <QElapsedTimer>

#include <algorithm>

namespace signalbox {

namespace {

using RequestPtr = RequestModel::RequestPtr;
using namespace std::chrono_literals;

/// A frame at 60 Hz has 16 ms; the rest is for drawing.
constexpr auto sliceTime = 8ms;
constexpr int sliceCheck = 16; ///< requests between two looks at the time

bool olderThan(const RequestPtr &request, std::uint64_t sequence)
{
    return request->sequence < sequence;
}

bool isOlder(const RequestPtr &a, const RequestPtr &b)
{
    return a->sequence < b->sequence;
}

bool asksForTheEnd(const Filter &filter)
{
    static const QStringList known { QString(),
                                     QStringLiteral("provider"),
                                     QStringLiteral("model"),
                                     QStringLiteral("dialect"),
                                     QStringLiteral("client"),
                                     QStringLiteral("session"),
                                     QStringLiteral("stream"),
                                     QStringLiteral("total"),
                                     QStringLiteral("attempts"),
                                     QStringLiteral("method"),
                                     QStringLiteral("path"),
                                     QStringLiteral("id"),
                                     QStringLiteral("since") };
    FilterProblem problem;
    const Result<std::vector<FilterTerm>> terms = splitFilter(filter.text(), problem);
    return terms && std::any_of(terms.value().begin(), terms.value().end(), [](const FilterTerm &term) {
               return !term.negated && !known.contains(term.key);
           });
}

RequestEvent soFar(const InFlightRequest &request)
{
    RequestEvent event;
    event.id = request.id;
    event.at = request.at;
    event.userAgent = request.userAgent;
    event.session = request.session;
    event.method = request.method;
    event.path = request.path;
    event.dialect = request.dialect;
    event.model = request.model;
    event.stream = request.stream;
    event.provider = request.provider;
    event.total = request.elapsed;
    event.attempts.resize(static_cast<std::size_t>(std::max(0, request.attempt)));
    return event;
}

const QByteArray ownClient = QByteArrayLiteral("signalbox-console");

bool isInside(const RequestChoice &choice, const QDateTime &at)
{
    return (!choice.since || at >= *choice.since) && (!choice.until || at < *choice.until);
}

} // namespace

bool RequestChoice::matches(const RequestEvent &event) const
{
    return !onlyInFlight && (healthChecks || !event.healthCheck) && (ownTraffic || event.userAgent != ownClient) &&
        isInside(*this, event.at) && filter.matches(event);
}

bool RequestChoice::matches(const InFlightRequest &request) const
{
    return (ownTraffic || request.userAgent != ownClient) && isInside(*this, request.at) && !asksForTheEnd(filter) &&
        filter.matches(soFar(request));
}

RequestModel::RequestModel(std::size_t capacity, QObject *parent)
    : QAbstractTableModel(parent), m_capacity(std::max<std::size_t>(capacity, 1))
{
    m_siftTimer.setInterval(0);
    connect(&m_siftTimer, &QTimer::timeout, this, &RequestModel::siftSlice);
}

// Holding

void RequestModel::keepNewOnes(std::vector<RequestEvent> &requests) const
{
    const std::uint64_t newest = newestSequence().value_or(0);
    const auto known = [newest](const RequestEvent &event) { return event.sequence <= newest; };
    requests.erase(std::remove_if(requests.begin(), requests.end(), known), requests.end());
    std::sort(requests.begin(), requests.end(),
              [](const RequestEvent &a, const RequestEvent &b) { return a.sequence < b.sequence; });
    const auto same = [](const RequestEvent &a, const RequestEvent &b) { return a.sequence == b.sequence; };
    requests.erase(std::unique(requests.begin(), requests.end(), same), requests.end());
    if (requests.size() > m_capacity)
        requests.erase(requests.begin(), requests.end() - static_cast<std::ptrdiff_t>(m_capacity));
}

void RequestModel::setCapacity(std::size_t capacity)
{
    m_capacity = std::max<std::size_t>(capacity, 1);
    if (m_all.size() > m_capacity + m_olderCount)
        dropOldest(m_all.size() - m_capacity - m_olderCount);
}

/// Takes them out of the events; those that are new.
std::vector<RequestPtr> RequestModel::holdHealthChecks(std::vector<RequestEvent> &events)
{
    const auto first = std::stable_partition(events.begin(), events.end(),
                                             [](const RequestEvent &event) { return !event.healthCheck; });
    std::vector<RequestPtr> fresh;
    for (auto event = first; event != events.end(); ++event) {
        const auto place = std::lower_bound(m_healthChecks.begin(), m_healthChecks.end(), event->sequence, olderThan);
        if (place != m_healthChecks.end() && (*place)->sequence == event->sequence)
            continue;
        fresh.push_back(std::make_shared<const RequestEvent>(std::move(*event)));
        m_healthChecks.insert(place, fresh.back());
    }
    events.erase(first, events.end());
    while (m_healthChecks.size() > healthCheckCapacity)
        m_healthChecks.pop_front();
    return fresh;
}

/// As far back as requests are held: where those are not known, checks alone would pass for quiet.
std::vector<RequestPtr> RequestModel::chosenHealthChecks(const RequestChoice &choice, std::uint64_t before) const
{
    std::vector<RequestPtr> chosen;
    if (!choice.healthChecks)
        return chosen;
    const auto first =
        std::lower_bound(m_healthChecks.begin(), m_healthChecks.end(), oldestSequence().value_or(0), olderThan);
    const auto end = std::lower_bound(first, m_healthChecks.end(), before, olderThan);
    std::copy_if(first, end, std::back_inserter(chosen),
                 [&choice](const RequestPtr &check) { return choice.matches(*check); });
    return chosen;
}

void RequestModel::append(std::vector<RequestPtr> shown)
{
    if (shown.empty())
        return;
    std::sort(shown.begin(), shown.end(), isOlder);
    if (!m_shown.empty() && !isOlder(m_shown.back(), shown.front()))
        return siftAgain();
    const int first = finishedCount();
    beginInsertRows({}, first, first + static_cast<int>(shown.size()) - 1);
    m_shown.insert(m_shown.end(), shown.begin(), shown.end());
    endInsertRows();
}

void RequestModel::prepend(std::vector<RequestPtr> shown)
{
    if (shown.empty())
        return;
    std::sort(shown.begin(), shown.end(), isOlder);
    if (!m_shown.empty() && !isOlder(shown.back(), m_shown.front()))
        return siftAgain();
    beginInsertRows({}, 0, static_cast<int>(shown.size()) - 1);
    m_shown.insert(m_shown.begin(), shown.begin(), shown.end());
    endInsertRows();
}

void RequestModel::add(std::vector<RequestEvent> requests)
{
    const std::vector<RequestPtr> checks = holdHealthChecks(requests);
    keepNewOnes(requests);
    const std::size_t room = m_capacity + m_olderCount;
    if (m_all.size() + requests.size() > room)
        dropOldest(m_all.size() + requests.size() - room);
    leaveFlight(requests);
    std::vector<RequestPtr> shown;
    for (RequestEvent &event : requests) {
        m_all.push_back(std::make_shared<const RequestEvent>(std::move(event)));
        if (m_choice.matches(*m_all.back()))
            shown.push_back(m_all.back());
    }
    std::copy_if(checks.begin(), checks.end(), std::back_inserter(shown),
                 [this](const RequestPtr &check) { return m_choice.matches(*check); });
    append(std::move(shown));
}

void RequestModel::addOlder(std::vector<RequestEvent> requests, bool chosen)
{
    if (chosen && isSifting())
        return; // chosen by what is no longer asked for
    const std::uint64_t oldest = oldestSequence().value_or(UINT64_MAX);
    std::erase_if(requests, [oldest](const RequestEvent &event) { return event.sequence >= oldest; });
    std::sort(requests.begin(), requests.end(),
              [](const RequestEvent &a, const RequestEvent &b) { return a.sequence > b.sequence; });
    if (requests.size() > olderCapacity - m_olderCount)
        requests.resize(olderCapacity - m_olderCount);
    if (requests.empty())
        return;
    if (chosen)
        m_wholeFrom = std::max(m_wholeFrom, m_all.empty() ? requests.front().sequence + 1 : m_all.front()->sequence);
    m_olderCount += requests.size();
    std::vector<RequestPtr> shown;
    for (RequestEvent &event : requests) {
        m_all.push_front(std::make_shared<const RequestEvent>(std::move(event)));
        if (m_choice.matches(*m_all.front()))
            shown.push_back(m_all.front());
    }
    if (isSifting()) // begins again: it had passed the place where these stand
        setChoice(RequestChoice(m_nextChoice));
    const std::vector<RequestPtr> checks = chosenHealthChecks(m_choice, oldest);
    shown.insert(shown.end(), checks.begin(), checks.end());
    prepend(std::move(shown));
}

void RequestModel::dropOldest(std::size_t count)
{
    const std::uint64_t last = m_all[count - 1]->sequence;
    m_all.erase(m_all.begin(), m_all.begin() + static_cast<std::ptrdiff_t>(count));
    m_sifted.erase(m_sifted.begin(), std::lower_bound(m_sifted.begin(), m_sifted.end(), last + 1, olderThan));
    const auto kept = std::lower_bound(m_shown.begin(), m_shown.end(), last + 1, olderThan);
    if (kept == m_shown.begin())
        return;
    beginRemoveRows({}, 0, static_cast<int>(kept - m_shown.begin()) - 1);
    m_shown.erase(m_shown.begin(), kept);
    endRemoveRows();
}

void RequestModel::dropChosenOlder()
{
    const auto whole = std::lower_bound(m_all.begin(), m_all.end(), m_wholeFrom, olderThan);
    const auto count = static_cast<std::size_t>(whole - m_all.begin());
    m_wholeFrom = 0;
    if (count == 0)
        return;
    m_olderCount -= std::min(m_olderCount, count);
    dropOldest(count);
}

void RequestModel::clear()
{
    if (isSifting())
        m_choice = m_nextChoice;
    m_siftTimer.stop();
    beginResetModel();
    m_all.clear();
    m_healthChecks.clear();
    m_shown.clear();
    m_sifted.clear();
    m_siftedTo = 0;
    m_olderCount = 0;
    m_wholeFrom = 0;
    endResetModel();
}

void RequestModel::forget()
{
    clear();
    Q_EMIT forgotten();
}

// Choosing

void RequestModel::setFilter(const Filter &filter)
{
    RequestChoice choice = isSifting() ? m_nextChoice : m_choice;
    choice.filter = filter;
    setChoice(choice);
}

void RequestModel::setChoice(const RequestChoice &choice)
{
    dropChosenOlder();
    m_nextChoice = choice;
    siftAgain();
}

void RequestModel::siftAgain()
{
    m_sifted.clear();
    m_siftedTo = 0;
    m_siftTimer.start();
    siftSlice();
}

void RequestModel::siftSlice()
{
    QElapsedTimer spent;
    spent.start();
    auto next = std::lower_bound(m_all.begin(), m_all.end(), m_siftedTo + 1, olderThan);
    for (int checked = 0; next != m_all.end(); ++next) {
        if (++checked % sliceCheck == 0 && spent.elapsed() > sliceTime.count())
            return;
        m_siftedTo = (*next)->sequence;
        if (m_nextChoice.matches(**next))
            m_sifted.push_back(*next);
    }
    finishSift();
}

void RequestModel::finishSift()
{
    m_siftTimer.stop();
    beginResetModel();
    m_choice = m_nextChoice;
    m_shown = std::exchange(m_sifted, {});
    const std::vector<RequestPtr> checks = chosenHealthChecks(m_choice, UINT64_MAX);
    const auto middle = m_shown.insert(m_shown.end(), checks.begin(), checks.end());
    std::inplace_merge(m_shown.begin(), middle, m_shown.end(), isOlder);
    m_flights.clear();
    for (const InFlightRequest &request : m_lastFlights) {
        if (m_choice.matches(request))
            m_flights.push_back({ request, flightTexts(request) });
    }
    endResetModel();
    Q_EMIT sifted();
}

// In flight

void RequestModel::removeFlights(const std::vector<bool> &gone)
{
    for (int i = static_cast<int>(m_flights.size()) - 1; i >= 0; --i) {
        if (!gone[static_cast<std::size_t>(i)])
            continue;
        const int row = finishedCount() + i;
        beginRemoveRows({}, row, row);
        m_flights.erase(m_flights.begin() + i);
        endRemoveRows();
    }
}

void RequestModel::leaveFlight(const std::vector<RequestEvent> &ended)
{
    if (m_lastFlights.empty())
        return;
    const auto hasEnded = [&ended](const QByteArray &id) {
        return std::any_of(ended.begin(), ended.end(), [&id](const RequestEvent &event) { return event.id == id; });
    };
    std::erase_if(m_lastFlights, [&](const InFlightRequest &request) { return hasEnded(request.id); });
    std::vector<bool> gone;
    for (const FlightRow &flight : m_flights)
        gone.push_back(hasEnded(flight.request.id));
    removeFlights(gone);
}

void RequestModel::setInFlight(const std::vector<InFlightRequest> &requests)
{
    m_lastFlights = requests;
    std::stable_sort(m_lastFlights.begin(), m_lastFlights.end(),
                     [](const InFlightRequest &a, const InFlightRequest &b) { return a.at < b.at; });
    std::vector<InFlightRequest> wanted;
    std::copy_if(m_lastFlights.begin(), m_lastFlights.end(), std::back_inserter(wanted),
                 [this](const InFlightRequest &request) { return m_choice.matches(request); });
    std::vector<bool> gone;
    for (const FlightRow &flight : m_flights) {
        const auto same = std::find_if(wanted.begin(), wanted.end(),
                                       [&](const InFlightRequest &request) { return request.id == flight.request.id; });
        gone.push_back(same == wanted.end());
    }
    removeFlights(gone);
    // What is left is in the same order in both, so it can be gone through side by side.
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const int row = finishedCount() + static_cast<int>(i);
        FlightRow fresh { wanted[i], flightTexts(wanted[i]) };
        if (i == m_flights.size() || m_flights[i].request.id != fresh.request.id) {
            beginInsertRows({}, row, row);
            m_flights.insert(m_flights.begin() + static_cast<std::ptrdiff_t>(i), std::move(fresh));
            endInsertRows();
        } else if (m_flights[i].text != fresh.text) {
            m_flights[i] = std::move(fresh);
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        }
    }
}

// Reading

RequestPtr RequestModel::request(int row) const
{
    return row >= 0 && row < finishedCount() ? m_shown[static_cast<std::size_t>(row)] : nullptr;
}

const InFlightRequest *RequestModel::inFlight(int row) const
{
    const int at = row - finishedCount();
    return at >= 0 && at < static_cast<int>(m_flights.size()) ? &m_flights[static_cast<std::size_t>(at)].request
                                                              : nullptr;
}

int RequestModel::rowOf(std::uint64_t sequence) const
{
    const auto at = std::lower_bound(m_shown.begin(), m_shown.end(), sequence, olderThan);
    return at != m_shown.end() && (*at)->sequence == sequence ? static_cast<int>(at - m_shown.begin()) : -1;
}

int RequestModel::rowOf(const QByteArray &id) const
{
    // From the end: what is looked for has only just ended, or is in flight.
    for (int row = rowCount() - 1; row >= 0; --row) {
        const InFlightRequest *flight = inFlight(row);
        const RequestPtr ended = flight ? nullptr : request(row);
        if ((flight && flight->id == id) || (ended && ended->id == id))
            return row;
    }
    return -1;
}

int RequestModel::healthCheckCount() const
{
    if (!m_choice.healthChecks)
        return 0;
    return static_cast<int>(
        std::count_if(m_shown.begin(), m_shown.end(), [](const RequestPtr &request) { return request->healthCheck; }));
}

std::optional<std::uint64_t> RequestModel::oldestSequence() const
{
    return m_all.empty() ? std::nullopt : std::optional(m_all.front()->sequence);
}

std::optional<std::uint64_t> RequestModel::newestSequence() const
{
    return m_all.empty() ? std::nullopt : std::optional(m_all.back()->sequence);
}

int RequestModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : finishedCount() + static_cast<int>(m_flights.size());
}

int RequestModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant RequestModel::textRole(int role, const QString &text, int column) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text;
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(columnName(column), text == noValue() ? tr("no value") : text);
    case Qt::TextAlignmentRole:
        return headerData(column, Qt::Horizontal, role);
    default:
        return {};
    }
}

QVariant RequestModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const int column = index.column();
    if (const InFlightRequest *flight = inFlight(index.row())) {
        if (role == TintRole)
            return static_cast<int>(LampShape::Diamond);
        if (role == IdRole)
            return flight->id;
        if (role == LampRole)
            return column == OutcomeColumn ? QVariant(static_cast<int>(LampShape::Diamond)) : QVariant();
        const FlightRow &row = m_flights[static_cast<std::size_t>(index.row() - finishedCount())];
        return textRole(role, row.text[static_cast<std::size_t>(column)], column);
    }
    const RequestPtr event = request(index.row());
    if (!event)
        return {};
    if (role == IdRole)
        return event->id;
    if (role == LampRole) {
        const std::optional<LampShape> lamp = column == OutcomeColumn ? outcomeLamp(*event) : std::nullopt;
        return lamp ? QVariant(static_cast<int>(*lamp)) : QVariant();
    }
    const bool wanted = role == Qt::DisplayRole || role == Qt::ToolTipRole || role == Qt::AccessibleTextRole;
    return textRole(role, wanted ? cellText(*event, column) : QString(), column);
}

QString RequestModel::columnName(int column)
{
    const QStringList names { tr("#"),      tr("Time"),        tr("Client"),   tr("Model"),
                              tr("Path"),   tr("Outcome"),     tr("Provider"), tr("Attempts"),
                              tr("Status"), tr("First token"), tr("Total"),    tr("Tokens in / out"),
                              tr("Cost"),   tr("Size") };
    return names.value(column);
}

QVariant RequestModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((isNumberColumn(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    return role == Qt::DisplayRole ? QVariant(columnName(section)) : QVariant();
}

} // namespace signalbox
