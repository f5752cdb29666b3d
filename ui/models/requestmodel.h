// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/filter.h"
#include "engine/api/inflightrequest.h"
#include "engine/api/requestevent.h"

#include <QAbstractTableModel>
#include <QTimer>

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox {

/// Which of the held requests are shown.
struct RequestChoice
{
    Filter filter;
    std::optional<QDateTime> since; ///< at this time or later
    std::optional<QDateTime> until; ///< before this time
    bool onlyInFlight = false;
    bool ownTraffic = true; ///< with those that this console sent
    bool healthChecks = false; ///< with the engine's own probes of providers

    bool matches(const RequestEvent &event) const;
    /// Only by what is known before its end: a term about the end takes none that is still in flight.
    bool matches(const InFlightRequest &request) const;
    /// Of what the engine can be asked for; it does not know whose traffic is our own.
    bool isEverything() const { return filter.isEmpty() && !since && !until && !onlyInFlight; }
};

/// The newest finished requests, oldest first, as many as its capacity, then those in flight; shows those that were
/// chosen. A batch is one removal at the top and one insertion at the end, so a selection stays with its request.
/// Health checks are held beside them, and stand among them as far back as requests are held.
class RequestModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        NumberColumn,
        TimeColumn,
        ClientColumn,
        ModelColumn,
        PathColumn,
        OutcomeColumn,
        ProviderColumn,
        AttemptsColumn,
        StatusColumn,
        FirstByteColumn,
        TotalColumn,
        TokensColumn,
        CostColumn,
        SizeColumn,
        ColumnCount
    };
    enum Role {
        LampRole = Qt::UserRole, ///< int of LampShape in the outcome's column; invalid for what went well at once
        TintRole, ///< int of LampShape: what colour lies behind a row in flight; else invalid
        IdRole, ///< QByteArray: the request's id, the same in flight and finished
    };
    using RequestPtr = std::shared_ptr<const RequestEvent>;
    static constexpr std::size_t defaultCapacity = 20'000;
    /// Of what addOlder() may hold besides.
    static constexpr std::size_t olderCapacity = 100'000;

    explicit RequestModel(std::size_t capacity = defaultCapacity, QObject *parent = nullptr);

    /// Takes effect at once; the oldest go.
    void setCapacity(std::size_t capacity);
    static constexpr std::size_t healthCheckCapacity = 2'000;

    /// In any order. Those not newer than the newest one that is here are left out, so pages may overlap. Health checks
    /// may be older; those that are here already are left out.
    void add(std::vector<RequestEvent> requests);
    /// Only those older than the oldest one that is here; held besides the capacity. Chosen: the choice was applied
    /// before, so they tell nothing of others and go with the next choice.
    void addOlder(std::vector<RequestEvent> requests, bool chosen);
    /// Forgets all finished ones, health checks too.
    void clear();
    /// Clears it for good: whoever feeds it drops what it has for it.
    void forget();
    /// Replaces those in flight.
    void setInFlight(const std::vector<InFlightRequest> &requests);

    /// Takes effect at once for some thousand requests; for more in slices from the event loop, so that it never holds
    /// the event loop up, and with the old choice shown until the new one is ready.
    void setChoice(const RequestChoice &choice);
    void setFilter(const Filter &filter);
    const RequestChoice &choice() const { return m_choice; }
    bool isSifting() const { return m_siftTimer.isActive(); }

    /// Null if there is no such row, or if it is in flight.
    RequestPtr request(int row) const;
    /// Null if the row is none of a request in flight.
    const InFlightRequest *inFlight(int row) const;
    /// -1 if it is not shown.
    int rowOf(std::uint64_t sequence) const;
    int rowOf(const QByteArray &id) const;
    /// All finished requests that are held, shown or not.
    std::size_t total() const { return m_all.size(); }
    /// The shown ones that are health checks.
    int healthCheckCount() const;
    /// The shown ones that are finished, health checks too.
    int finishedCount() const { return static_cast<int>(m_shown.size()); }
    /// Finished and shown, oldest first.
    std::vector<RequestPtr> shown() const { return { m_shown.begin(), m_shown.end() }; }
    std::optional<std::uint64_t> oldestSequence() const;
    std::optional<std::uint64_t> newestSequence() const;
    bool hasRoomForOlder() const { return m_olderCount < olderCapacity; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    static QString columnName(int column);

Q_SIGNALS:
    /// A choice is in effect: the rows were replaced.
    void sifted();
    void forgotten();

private:
    struct FlightRow
    {
        InFlightRequest request;
        std::array<QString, ColumnCount> text;
    };
    using Requests = std::deque<RequestPtr>;

    void keepNewOnes(std::vector<RequestEvent> &requests) const;
    std::vector<RequestPtr> holdHealthChecks(std::vector<RequestEvent> &events);
    std::vector<RequestPtr> chosenHealthChecks(const RequestChoice &choice, std::uint64_t before) const;
    void append(std::vector<RequestPtr> shown);
    void prepend(std::vector<RequestPtr> shown);
    void siftAgain();
    void dropOldest(std::size_t count);
    void dropChosenOlder();
    void siftSlice();
    void finishSift();
    void removeFlights(const std::vector<bool> &gone);
    void leaveFlight(const std::vector<RequestEvent> &ended);
    QVariant textRole(int role, const QString &text, int column) const;

    std::size_t m_capacity;
    Requests m_all; ///< by sequence, without health checks
    Requests m_healthChecks; ///< by sequence
    Requests m_shown;
    std::vector<FlightRow> m_flights; ///< shown ones, by time
    RequestChoice m_choice; ///< of m_shown and m_flights
    RequestChoice m_nextChoice;
    Requests m_sifted; ///< what m_nextChoice takes, up to m_siftedTo
    std::uint64_t m_siftedTo = 0; ///< sequence
    QTimer m_siftTimer;
    std::vector<InFlightRequest> m_lastFlights; ///< as last set, unchosen
    std::size_t m_olderCount = 0; ///< held besides the capacity
    std::uint64_t m_wholeFrom = 0; ///< what is older was chosen before it came; sequence
};

} // namespace signalbox
