// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/query.h"
#include "engine/history/requestrecord.h"

#include <deque>
#include <vector>

namespace signalbox {

/// The newest requests, as they are at one moment. To be searched on any thread.
class RequestRing
{
public:
    void add(const RequestRecord &request);
    RequestPage search(const RequestQuery &query) const;
    /// Everything from there on is here; nullopt: nothing is.
    std::optional<std::uint64_t> oldest() const;

private:
    struct Packed
    {
        std::uint64_t sequence;
        QByteArray bytes; ///< by packEvent()
    };
    std::deque<Packed> m_requests; ///< newest last
};

/// The newest requests, health checks and state events, in memory.
class RecentEvents
{
public:
    static constexpr std::size_t capacity = 2000; ///< of each kind

    void add(const RequestRecord &request) { m_requests.add(request); }
    void addHealthCheck(const RequestEvent &event);
    void add(const StateEvent &event);

    const RequestRing &requests() const { return m_requests; }
    EventPage events(const EventQuery &query) const;
    std::vector<RequestEvent> healthChecks() const { return { m_healthChecks.begin(), m_healthChecks.end() }; }
    /// Everything from there on is in memory; nullopt: nothing is.
    std::optional<std::uint64_t> oldestEvent() const;

private:
    RequestRing m_requests;
    std::deque<RequestEvent> m_healthChecks; ///< newest last
    std::deque<StateEvent> m_events; ///< newest last
};

} // namespace signalbox
