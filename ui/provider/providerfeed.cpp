// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/providerfeed.h"

#include "ui/page/answer.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr int mostEvents = 200;
constexpr int mostFailovers = 200;
/// Older ones would be searched for in the whole history for every picture.
constexpr std::int64_t failoversWithinMs = 3'600'000;

EventQuery eventQuery(StateEvent::Kind kind, const QString &provider, const TimeSpan &span)
{
    EventQuery query;
    query.kind = kind;
    query.provider = provider;
    query.since = QDateTime::fromMSecsSinceEpoch(span.sinceMs, Qt::UTC);
    query.until = QDateTime::fromMSecsSinceEpoch(span.untilMs, Qt::UTC);
    query.limit = mostEvents;
    return query;
}

bool wentOnElsewhere(const RequestEvent &request, const QString &provider)
{
    return request.attempts.size() > 1 &&
        std::any_of(request.attempts.begin(), std::prev(request.attempts.end()),
                    [&provider](const AttemptEvent &attempt) { return attempt.provider == provider; });
}

} // namespace

ProviderFeed::ProviderFeed(Engine &engine, QObject *parent) : QObject(parent), m_engine(engine) { }

template <typename Answer, typename Take> void ProviderFeed::call(const QFuture<Answer> &future, Take take)
{
    ++m_open;
    onAnswer(future, this, [this, take, generation = m_generation](Answer answer) {
        if (generation != m_generation)
            return;
        take(std::move(answer));
        if (--m_open == 0)
            Q_EMIT arrived(m_history);
    });
}

void ProviderFeed::ask(const QString &provider, const TimeSpan &span, int maxPoints)
{
    cancel();
    m_history = {};
    m_history.provider = provider;
    m_history.span = span;

    call(m_engine.series({ provider, span.sinceMs, span.untilMs, maxPoints }),
         [this](Result<std::vector<SeriesPoint>> answer) {
             if (answer)
                 m_history.points = std::move(answer).value();
             else
                 m_history.problem = answer.error().reason;
         });
    call(m_engine.breakerTimeline(provider, span.sinceMs, span.untilMs),
         [this](Result<std::vector<BreakerSegment>> answer) {
             if (answer)
                 m_history.breaker = std::move(answer).value();
             else
                 m_history.problem = answer.error().reason;
         });
    const auto takeEvents = [this](EventPage page) {
        m_history.events.insert(m_history.events.end(), page.events.begin(), page.events.end());
    };
    call(m_engine.events(eventQuery(StateEvent::Kind::Config, {}, span)), takeEvents);
    call(m_engine.events(eventQuery(StateEvent::Kind::Command, provider, span)), takeEvents);
    if (span.lengthMs() > failoversWithinMs)
        return;
    RequestQuery failovers;
    const auto filter = Filter::parse(QStringLiteral("attempts>1"));
    if (!filter)
        return;
    failovers.filter = filter.value();
    failovers.since = QDateTime::fromMSecsSinceEpoch(span.sinceMs, Qt::UTC);
    failovers.until = QDateTime::fromMSecsSinceEpoch(span.untilMs, Qt::UTC);
    failovers.limit = mostFailovers;
    call(m_engine.requests(failovers), [this](RequestPage page) { takeFailovers(std::move(page.requests)); });
}

void ProviderFeed::takeFailovers(std::vector<RequestEvent> requests)
{
    for (RequestEvent &request : requests) {
        if (wentOnElsewhere(request, m_history.provider))
            m_history.failovers.push_back(std::move(request));
    }
}

void ProviderFeed::cancel()
{
    ++m_generation;
    m_open = 0;
}

} // namespace signalbox
