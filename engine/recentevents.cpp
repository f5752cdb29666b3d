// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recentevents.h"

#include "engine/history/eventcodec.h"

#include <algorithm>
#include <limits>

namespace signalbox {

namespace {

bool isMeant(const EventQuery &query, const StateEvent &event)
{
    return (!query.beforeSequence || event.sequence < *query.beforeSequence) &&
        (!query.since || event.at >= *query.since) && (!query.until || event.at < *query.until) &&
        (!query.kind || event.kind == *query.kind) && (query.provider.isEmpty() || event.provider == query.provider);
}

template <typename Event> void keep(std::deque<Event> &events, Event event)
{
    events.push_back(std::move(event));
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

void RequestRing::add(const RequestRecord &request)
{
    keep(m_requests, Packed { request.sequence, request.packed });
}

RequestPage RequestRing::search(const RequestQuery &query) const
{
    const std::int64_t sinceMs =
        query.since ? query.since->toMSecsSinceEpoch() : std::numeric_limits<std::int64_t>::min();
    const std::int64_t untilMs =
        query.until ? query.until->toMSecsSinceEpoch() : std::numeric_limits<std::int64_t>::max();
    RequestPage page;
    for (auto request = m_requests.rbegin(); request != m_requests.rend(); ++request) {
        if (query.beforeSequence && request->sequence >= *query.beforeSequence)
            continue;
        const std::optional<std::int64_t> atMs = eventTimeMs(request->bytes);
        if (!atMs || *atMs < sinceMs || *atMs >= untilMs)
            continue;
        ++page.searched;
        std::optional<RequestEvent> event = unpackEvent(request->bytes);
        if (!event || !query.filter.matches(*event))
            continue;
        if (page.requests.size() == pageSize(query.limit)) {
            page.more = true;
            break;
        }
        page.requests.push_back(*std::move(event));
    }
    return page;
}

std::optional<std::uint64_t> RequestRing::oldest() const
{
    return oldestOf(m_requests);
}

void RecentEvents::addHealthCheck(const RequestEvent &event)
{
    keep(m_healthChecks, event);
}

void RecentEvents::add(const StateEvent &event)
{
    keep(m_events, event);
}

EventPage RecentEvents::events(const EventQuery &query) const
{
    EventPage page;
    for (auto event = m_events.rbegin(); event != m_events.rend(); ++event) {
        if (!isMeant(query, *event))
            continue;
        if (page.events.size() == pageSize(query.limit)) {
            page.more = true;
            break;
        }
        page.events.push_back(*event);
    }
    return page;
}

std::optional<std::uint64_t> RecentEvents::oldestEvent() const
{
    return oldestOf(m_events);
}

} // namespace signalbox
