// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/query.h"

#include <deque>

namespace signalbox {

/// The newest requests and state events, in memory.
class RecentEvents
{
public:
    static constexpr std::size_t capacity = 2000; ///< of each kind

    /// A request, or a health check.
    void add(const RequestEvent &event);
    void add(const StateEvent &event);

    RequestPage requests(const RequestQuery &query) const;
    EventPage events(const EventQuery &query) const;
    std::vector<RequestEvent> healthChecks() const { return { m_healthChecks.begin(), m_healthChecks.end() }; }
    /// Everything from there on is in memory; nullopt: nothing is.
    std::optional<std::uint64_t> oldestRequest() const;
    std::optional<std::uint64_t> oldestEvent() const;

private:
    std::deque<RequestEvent> m_requests; ///< newest last
    std::deque<RequestEvent> m_healthChecks; ///< newest last
    std::deque<StateEvent> m_events; ///< newest last
};

} // namespace signalbox
