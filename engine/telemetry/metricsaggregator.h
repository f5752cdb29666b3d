// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "engine/api/snapshot.h"
#include "engine/stats/cumulativehistogram.h"

#include <QByteArray>
#include <QHash>
#include <QString>

#include <array>

namespace signalbox {

/// Counts what the requests that ended have in common, with a bounded number of counters: what comes past a limit is
/// counted as "other". Nothing is allocated for a combination that has been seen. Lives on the engine thread.
class MetricsAggregator
{
public:
    static constexpr qsizetype modelLimit = 50; ///< per provider
    static constexpr qsizetype reasonLimit = 32; ///< per provider
    static constexpr qsizetype endpointLimit = 50;

    MetricsAggregator();

    void record(const RequestEvent &event);
    /// From and to the same state, as in a change of mode: not counted.
    void recordTransition(const QString &provider, BreakerState from, BreakerState to);
    void recordStep(const QString &provider, bool slower);

    /// Fills `endpoints`, `requestFirstByte`, `requestTotal` and each provider's `totals`.
    void writeInto(EngineSnapshot &snapshot) const;

private:
    static constexpr std::size_t dialects = 4; ///< the last one: none
    static constexpr std::size_t ends = 6;
    static constexpr std::size_t statusClasses = 6;
    /// One endpoint of one dialect; indexed by end, then status class.
    using EndpointCounts = std::array<std::array<std::uint64_t, statusClasses>, ends>;

    struct ProviderCounts
    {
        ProviderTotals totals; ///< without the lists
        QHash<QByteArray, OutcomeCounts> models;
        QHash<QString, std::uint64_t> reasons;
    };

    void recordAttempt(const AttemptEvent &attempt, const QByteArray &model);
    EndpointCounts &endpointCounts(std::size_t dialect, const QByteArray &endpoint);

    std::array<QHash<QByteArray, EndpointCounts>, dialects> m_endpoints;
    QHash<QString, ProviderCounts> m_providers;
    CumulativeHistogram m_firstByte;
    CumulativeHistogram m_total;
};

} // namespace signalbox
