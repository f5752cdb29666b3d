// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/trafficshares.h"

#include "ui/page/answer.h"

#include <numeric>

namespace signalbox {

namespace {

constexpr std::int64_t hourMs = 3'600'000;
constexpr int points = 60;

} // namespace

TrafficShares::TrafficShares(Engine &engine, QObject *parent) : QObject(parent), m_engine(engine) { }

void TrafficShares::look(const QStringList &providers, const QDateTime &now)
{
    if (providers == m_providers && m_sinceLook.isValid() && m_sinceLook.elapsed() < pause.count())
        return;
    m_providers = providers;
    m_attempts.clear();
    m_unanswered = providers.size();
    m_sinceLook.start();
    const quint64 round = ++m_round;
    const std::int64_t nowMs = now.toMSecsSinceEpoch();
    for (const QString &provider : providers) {
        onAnswer(m_engine.series({ provider, nowMs - hourMs, nowMs, points }), this,
                 [this, round, provider](const Result<std::vector<SeriesPoint>> &answer) {
                     if (round != m_round)
                         return;
                     const std::vector<SeriesPoint> none;
                     const std::vector<SeriesPoint> &all = answer ? answer.value() : none;
                     m_attempts[provider] =
                         std::accumulate(all.begin(), all.end(), std::uint64_t { 0 },
                                         [](std::uint64_t sum, const SeriesPoint &p) { return sum + p.attempts(); });
                     if (--m_unanswered == 0)
                         Q_EMIT counted(m_attempts);
                 });
    }
}

} // namespace signalbox
