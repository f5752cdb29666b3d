// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recentevents.h"

#include <algorithm>

namespace signalbox {

namespace {

/// What both queries have in common.
template <typename Query, typename Event> bool isInside(const Query &query, const Event &event)
{
    return (!query.beforeSequence || event.sequence < *query.beforeSequence) &&
        (!query.since || event.at >= *query.since) && (!query.until || event.at < *query.until);
}

template <typename Event> void keep(std::deque<Event> &events, const Event &event)
{
    events.push_back(event);
    if (events.size() > RecentEvents::capacity)
        events.pop_front();
}

std::size_t pageSize(int limit)
{
    return static_cast<std::size_t>(std::clamp(limit, 1, largestPage));
}

template <typename Event> std::optional<std::uint64_t> oldestOf(const std::deque<Event> &events)
{
    return events.empty() ? std::nullopt : std::optional(events.front().sequence);
}

} // namespace

void RecentEvents::add(const RequestEvent &event)
{
    keep(event.healthCheck ? m_healthChecks : m_requests, event);
}

void RecentEvents::add(const StateEvent &event)
{
    keep(m_events, event);
}

RequestPage RecentEvents::requests(const RequestQuery &query) const
{
    RequestPage page;
    for (auto event = m_requests.rbegin(); event != m_requests.rend(); ++event) {
        if (!isInside(query, *event))
            continue;
        ++page.searched;
        if (!query.filter.matches(*event))
            continue;
        if (page.requests.size() == pageSize(query.limit)) {
            page.more = true;
            break;
        }
        page.requests.push_back(*event);
    }
    return page;
}

EventPage RecentEvents::events(const EventQuery &query) const
{
    EventPage page;
    for (auto event = m_events.rbegin(); event != m_events.rend(); ++event) {
        const bool meant = isInside(query, *event) && (!query.kind || event->kind == *query.kind) &&
            (query.provider.isEmpty() || event->provider == query.provider);
        if (!meant)
            continue;
        if (page.events.size() == pageSize(query.limit)) {
            page.more = true;
            break;
        }
        page.events.push_back(*event);
    }
    return page;
}

std::optional<std::uint64_t> RecentEvents::oldestRequest() const
{
    return oldestOf(m_requests);
}

std::optional<std::uint64_t> RecentEvents::oldestEvent() const
{
    return oldestOf(m_events);
}

} // namespace signalbox
