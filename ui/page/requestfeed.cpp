// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/requestfeed.h"

#include "ui/page/answer.h"

namespace signalbox {

RequestFeed::RequestFeed(Engine &engine, RequestModel &model, QObject *parent)
    : QObject(parent), m_engine(engine), m_model(model)
{
    m_batch.setSingleShot(true);
    m_batch.setInterval(batchTime);
    connect(&m_batch, &QTimer::timeout, this, &RequestFeed::flush);
    connect(&model, &RequestModel::sifted, this, &RequestFeed::onSifted);
    connect(&model, &RequestModel::forgotten, this, &RequestFeed::onForgotten);
}

void RequestFeed::setActive(bool active)
{
    m_active = active;
    if (!active) {
        m_batch.stop();
        return;
    }
    if (!m_begun) {
        m_begun = true;
        connect(&m_engine, &Engine::requestFinished, this, &RequestFeed::take);
        connect(&m_engine, &Engine::healthCheckFinished, this, &RequestFeed::queue);
        askNewest(firstPage);
    } else {
        flush();
    }
}

void RequestFeed::setFrozen(bool frozen)
{
    if (m_frozen == frozen)
        return;
    m_frozen = frozen;
    m_heldCount = 0;
    Q_EMIT heldChanged();
    flush();
}

void RequestFeed::take(const RequestEvent &event)
{
    if (m_frozen) {
        ++m_heldCount;
        if (m_active)
            Q_EMIT heldChanged();
    }
    queue(event);
}

void RequestFeed::queue(const RequestEvent &event)
{
    if (m_queue.size() == mostQueued) {
        m_queue.clear();
        m_gap = true;
    }
    m_queue.push_back(event);
    if (!rests() && !m_starting && !m_batch.isActive())
        m_batch.start();
}

void RequestFeed::flush()
{
    if (rests())
        return;
    if (m_newest)
        return show(*std::exchange(m_newest, std::nullopt));
    if (m_starting)
        return;
    if (m_gap)
        askNewest(largestPage);
    else if (!m_queue.empty())
        m_model.add(std::exchange(m_queue, {}));
}

void RequestFeed::askNewest(int limit)
{
    m_starting = true;
    m_gap = false;
    RequestQuery query;
    query.limit = limit;
    const quint64 question = ++m_question;
    onAnswer(m_engine.requests(query), this, [this, question](RequestPage page) {
        if (question == m_question)
            takeNewest(std::move(page));
    });
    Q_EMIT stateChanged();
}

void RequestFeed::takeNewest(RequestPage page)
{
    if (rests())
        m_newest = std::move(page);
    else
        show(std::move(page));
}

void RequestFeed::show(RequestPage page)
{
    m_starting = false;
    const bool overlaps =
        page.requests.empty() || page.requests.back().sequence <= m_model.newestSequence().value_or(0);
    if (!overlaps) { // what lies between is not here, and a hole would pass for quiet
        if (m_model.total() > 0 && page.more)
            m_model.clear();
        m_more = page.more;
    }
    m_model.add(std::move(page.requests));
    flush();
    askHealthChecks();
    if (m_model.choice().since)
        loadOlder();
    Q_EMIT stateChanged();
}

void RequestFeed::askHealthChecks()
{
    onAnswer(m_engine.healthChecks(), this, [this](const std::vector<RequestEvent> &checks) {
        for (const RequestEvent &check : checks)
            queue(check);
    });
}

bool RequestFeed::mayHaveOlder() const
{
    return m_more && m_model.hasRoomForOlder() && !m_model.choice().onlyInFlight;
}

void RequestFeed::loadOlder()
{
    if (m_loading || m_starting || m_model.isSifting() || !mayHaveOlder())
        return;
    const RequestChoice &choice = m_model.choice();
    RequestQuery query;
    query.filter = choice.filter;
    query.since = choice.since;
    query.until = choice.until;
    query.beforeSequence = m_model.oldestSequence();
    query.limit = olderPage;
    m_loading = true;
    const quint64 generation = m_generation;
    const bool chosen = !choice.isEverything();
    onAnswer(m_engine.requests(query), this, [this, generation, chosen](RequestPage page) {
        if (generation != m_generation)
            return;
        m_loading = false;
        m_more = page.more;
        m_problem = page.problem;
        m_model.addOlder(std::move(page.requests), chosen);
        if (m_model.choice().since)
            loadOlder();
        Q_EMIT stateChanged();
    });
    Q_EMIT stateChanged();
}

/// What is on its way is of before, so it is asked for anew.
void RequestFeed::onForgotten()
{
    m_queue.clear();
    m_newest.reset();
    ++m_generation;
    m_loading = false;
    m_more = false;
    if (m_begun)
        askNewest(firstPage);
}

void RequestFeed::onSifted()
{
    ++m_generation; // an answer for the choice before would be wrong here
    m_loading = false;
    m_more = m_begun;
    // A stretch of time is meant whole, not from where this happened to begin.
    if (m_model.choice().since)
        loadOlder();
    Q_EMIT stateChanged();
}

} // namespace signalbox
