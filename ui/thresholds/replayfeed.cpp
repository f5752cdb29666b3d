// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/replayfeed.h"

#include "ui/page/answer.h"

#include <QDateTime>

namespace signalbox {

namespace {

constexpr std::chrono::milliseconds debounce { 80 };
constexpr std::chrono::milliseconds patience { 100 };

} // namespace

ReplayFeed::ReplayFeed(Ask ask, QObject *parent) : QObject(parent), m_ask(std::move(ask))
{
    m_debounce.setSingleShot(true);
    m_debounce.setInterval(debounce);
    connect(&m_debounce, &QTimer::timeout, this, &ReplayFeed::send);
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_patience, &QTimer::timeout, this, [this] { setWorking(true); });
}

void ReplayFeed::ask(const PolicyDraft &draft, std::int64_t rangeMs, int maxPoints, bool sample)
{
    cancel();
    m_query.draft = draft;
    m_query.maxPoints = maxPoints;
    m_query.sample = sample;
    m_rangeMs = rangeMs;
    m_debounce.start();
}

void ReplayFeed::send()
{
    m_query.untilMs = 0;
    m_query.sinceMs = QDateTime::currentMSecsSinceEpoch() - m_rangeMs;
    m_asking = true;
    m_patience.start();
    m_future = m_ask(m_query);
    onAnswer(m_future, this, [this, generation = m_generation](const Answer &answer) {
        if (generation == m_generation)
            take(answer);
    });
}

void ReplayFeed::take(const Answer &answer)
{
    m_asking = false;
    m_patience.stop();
    setWorking(false);
    if (answer)
        Q_EMIT arrived(answer.value());
    else
        Q_EMIT failed(answer.error().reason);
}

void ReplayFeed::cancel()
{
    ++m_generation;
    m_debounce.stop();
    m_patience.stop();
    m_asking = false;
    m_future.cancel();
    setWorking(false);
}

void ReplayFeed::setWorking(bool working)
{
    if (m_working == working)
        return;
    m_working = working;
    Q_EMIT progressChanged(working);
}

} // namespace signalbox
