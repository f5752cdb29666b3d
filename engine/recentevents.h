// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/query.h"

#include <deque>

namespace signalbox {

/// The newest requests and state events in memory: what can be asked for when no history is recorded.
class RecentEvents
{
public:
    static constexpr std::size_t capacity = 2000; ///< of each kind

    void add(const RequestEvent &event);
    void add(const StateEvent &event);

    RequestPage requests(const RequestQuery &query) const;
    EventPage events(const EventQuery &query) const;

private:
    std::deque<RequestEvent> m_requests; ///< newest last
    std::deque<StateEvent> m_events; ///< newest last
};

} // namespace signalbox
