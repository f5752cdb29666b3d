// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/history/seriesrings.h"

#include <QHash>
#include <QStringList>

#include <functional>
#include <memory>

namespace signalbox {

/// What memory knows of a SeriesQuery.
struct SeriesFromMemory
{
    std::int64_t lengthMs = 0; ///< of a point, as the query asks for it
    std::vector<SeriesPoint> points; ///< ascending
    std::optional<std::int64_t> knownFromMs; ///< the points hold everything from there on; nullopt: they hold nothing
    bool exact = true; ///< false: points had to be joined, which the history can do better
};

/// The length of a point that gives at most so many: 1 s, 10 s, 1 min, 5 min ...
std::int64_t pointLengthMs(const SeriesQuery &query);

/// The rings of every provider and of all together, filled on the engine thread.
class SeriesBook
{
public:
    using GaugesOver = std::function<void(const QString &provider, std::int64_t atMs, const GaugeSums &gauges)>;

    /// `gaugesOver` is told of each provider's samples once every ten seconds.
    explicit SeriesBook(GaugesOver gaugesOver) : m_gaugesOver(std::move(gaugesOver)) { }

    /// Only those are kept.
    void setProviders(const QStringList &names);
    /// As if nothing had happened yet.
    void forget();
    void record(const RequestRecord &request);
    /// A few times a second, in wall time, before the samples of that moment.
    void advance(std::int64_t nowMs);
    void sample(const QString &provider, const ProviderSample &sample);

    SeriesFromMemory read(const SeriesQuery &query, std::int64_t nowMs) const;
    RecentPoints recent(const QString &provider) const;

private:
    void close(std::int64_t nextMs);

    GaugesOver m_gaugesOver;
    QHash<QString, std::shared_ptr<SeriesRings>> m_providers;
    SeriesRings m_all;
    std::int64_t m_secondMs = -1; ///< the one that runs
};

} // namespace signalbox
