// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alarms/eventfeed.h"

#include "ui/page/answer.h"

namespace signalbox {

EventFeed::EventFeed(Engine &engine, EventModel &model, QObject *parent)
    : QObject(parent), m_engine(engine), m_model(model)
{
}

void EventFeed::setActive(bool active)
{
    if (m_active == active)
        return;
    m_active = active;
    if (!active) {
        disconnect(&m_engine, nullptr, this, nullptr);
        ++m_generation; // an answer under way is asked for again by the next activation
        m_loading = false;
        return;
    }
    connect(&m_engine, &Engine::stateChanged, this, &EventFeed::take);
    ask(std::nullopt);
}

void EventFeed::setChoice(const EventChoice &choice)
{
    const EventChoice &old = m_model.choice();
    const bool other = old.kind != choice.kind || old.provider != choice.provider;
    m_model.setChoice(choice);
    if (other)
        restart();
}

void EventFeed::restart()
{
    ++m_generation;
    m_loading = false;
    m_model.clear();
    if (m_active)
        ask(std::nullopt);
}

void EventFeed::loadOlder()
{
    if (!m_loading && mayHaveOlder())
        ask(m_model.oldestSequence());
}

void EventFeed::ask(std::optional<std::uint64_t> before)
{
    EventQuery query;
    query.kind = m_model.choice().kind;
    query.provider = m_model.choice().provider;
    query.beforeSequence = before;
    query.limit = pageSize;
    m_loading = true;
    const quint64 generation = m_generation;
    const bool newest = !before;
    onAnswer(m_engine.events(query), this, [this, generation, newest](EventPage page) {
        if (generation != m_generation)
            return;
        m_loading = false;
        m_problem = page.problem;
        const bool overlaps = newest && m_model.total() > 0 && !page.events.empty() &&
            page.events.back().sequence <= m_model.newestSequence().value_or(0);
        if (newest && page.more && !overlaps)
            m_model.clear(); // what lies between is not here
        if (!overlaps)
            m_more = page.more;
        m_model.add(std::move(page.events));
        Q_EMIT stateChanged();
    });
    Q_EMIT stateChanged();
}

void EventFeed::take(const StateEvent &event)
{
    EventChoice asked = m_model.choice();
    asked.text.clear();
    if (asked.matches(event))
        m_model.add({ event });
}

} // namespace signalbox
