// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/seriesbook.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::int64_t clockSlackMs = 2'000; ///< the wall clock may be set back by that without a new beginning

constexpr std::array<std::int64_t, 11> lengthsMs { 1'000,     10'000,     60'000,     300'000,    600'000,   1'800'000,
                                                   3'600'000, 10'800'000, 21'600'000, 43'200'000, 86'400'000 };

} // namespace

std::int64_t pointLengthMs(const SeriesQuery &query)
{
    const std::int64_t range = std::max<std::int64_t>(query.untilMs - query.sinceMs, 1);
    const std::int64_t most = std::max(query.maxPoints, 1);
    for (const std::int64_t length : lengthsMs) {
        if ((range + length - 1) / length <= most)
            return length;
    }
    const std::int64_t day = lengthsMs.back();
    return (range / most + day) / day * day;
}

void SeriesBook::setProviders(const QStringList &names)
{
    using Entry = QHash<QString, std::shared_ptr<SeriesRings>>::iterator;
    m_providers.removeIf([&names](const Entry it) { return !names.contains(it.key()); });
    for (const QString &name : names) {
        if (!m_providers.contains(name))
            m_providers.insert(name, std::make_shared<SeriesRings>());
    }
}

void SeriesBook::forget()
{
    const QStringList names = m_providers.keys();
    m_providers.clear();
    m_all = {};
    setProviders(names);
}

void SeriesBook::record(const RequestRecord &request)
{
    for (const AttemptFigures &attempt : request.attempts) {
        if (const auto rings = m_providers.constFind(attempt.provider); rings != m_providers.constEnd())
            (*rings)->add(attempt);
    }
}

void SeriesBook::advance(std::int64_t nowMs)
{
    const std::int64_t second = nowMs - nowMs % 1000;
    if (m_secondMs < 0)
        m_secondMs = second;
    if (second > m_secondMs || second < m_secondMs - clockSlackMs)
        close(second);
}

void SeriesBook::close(std::int64_t nextMs)
{
    for (auto it = m_providers.constBegin(); it != m_providers.constEnd(); ++it) {
        SeriesRings &rings = *it.value();
        if (rings.second().attempts() > 0)
            m_all.add(rings.second());
        if (const std::optional<GaugeSums> gauges = rings.closeSecond(m_secondMs, nextMs); gauges && m_gaugesOver)
            m_gaugesOver(it.key(), m_secondMs, *gauges);
    }
    m_all.closeSecond(m_secondMs, nextMs);
    m_secondMs = nextMs;
}

void SeriesBook::sample(const QString &provider, const ProviderSample &sample)
{
    if (const auto rings = m_providers.constFind(provider); rings != m_providers.constEnd())
        (*rings)->add(sample);
}

SeriesFromMemory SeriesBook::read(const SeriesQuery &query, std::int64_t nowMs) const
{
    SeriesFromMemory known;
    known.lengthMs = pointLengthMs(query);
    const auto found = m_providers.constFind(query.provider);
    if (!query.provider.isEmpty() && found == m_providers.constEnd())
        return known;
    const SeriesRings &rings = query.provider.isEmpty() ? m_all : **found;
    std::size_t resolution = SeriesRings::slotMs.size() - 1;
    while (resolution > 0 && SeriesRings::slotMs[resolution] > known.lengthMs)
        --resolution;
    const auto chosen = static_cast<Resolution>(resolution);
    known.points = rings.points(chosen, query.sinceMs - query.sinceMs % known.lengthMs, query.untilMs, nowMs);
    known.knownFromMs = rings.oldestMs(chosen);
    if (!known.knownFromMs && !known.points.empty())
        known.knownFromMs = known.points.front().startMs;
    if (SeriesRings::slotMs[resolution] != known.lengthMs) {
        known.exact = false;
        known.points = joinPoints(known.points, known.lengthMs);
    }
    return known;
}

RecentPoints SeriesBook::recent(const QString &provider) const
{
    const auto rings = m_providers.constFind(provider);
    return rings == m_providers.constEnd() ? nullptr : (*rings)->recent();
}

} // namespace signalbox
