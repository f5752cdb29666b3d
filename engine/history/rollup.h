// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/history.h"
#include "engine/history/requestrecord.h"
#include "engine/stats/loghistogram.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace signalbox {

/// How a provider stood at one moment.
struct ProviderSample
{
    double score = 0; ///< 0..100
    double success = 0; ///< factors, 0..1
    double response = 0;
    double availability = 0;
    double trend = 0;
    BreakerState state = BreakerState::Closed;
    BreakerMode mode = BreakerMode::Auto;
    int inFlight = 0;
};

/// Sums of samples.
struct GaugeSums
{
    enum State { Closed, HalfOpen, Open, ForcedOpen, ForcedClosed };
    std::uint64_t samples = 0;
    double score = 0;
    double lowest = 100;
    std::array<double, 4> factors {}; ///< success, response, availability, trend
    std::array<std::uint64_t, 5> states {}; ///< samples, by State; no breaker counts as forced closed
    std::uint64_t mostInFlight = 0;

    void add(const ProviderSample &sample);
    void merge(const GaugeSums &other);
    std::optional<ScoreSeries> scoreSeries() const;
    std::optional<BreakerShare> breakerShare() const;
};

/// What happened at one provider in one stretch of time. Attempts are counted, so a failover shows at both providers;
/// what belongs to the whole request (overhead, gaps) counts at its last one.
struct Rollup
{
    std::array<std::uint64_t, 4> outcomes {}; ///< attempts, by Outcome
    LogHistogram firstByte; ///< of streams that succeeded
    LogHistogram total; ///< of other answers that succeeded
    LogHistogram overhead;
    LogHistogram gapMedians; ///< of streams with at least two events: the median time between two events of each
    LogHistogram gapTails; ///< the same with the 99th percentiles
    TokenUsage usage; ///< sums; known if any was
    double costUsd = 0; ///< of the attempts whose cost is known
    std::uint64_t unpriced = 0; ///< attempts with usage and without a known cost
    GaugeSums gauges;

    std::uint64_t attempts() const { return outcomes[0] + outcomes[1] + outcomes[2] + outcomes[3]; }
    void add(const AttemptFigures &attempt);
    void merge(const Rollup &other);
    SeriesPoint point(std::int64_t startMs, std::int64_t lengthMs) const;
};

QByteArray packRollup(const Rollup &rollup);
/// Also of the first version, which had no overhead, gaps and gauges.
std::optional<Rollup> unpackRollup(QByteArrayView bytes);

/// The lengths of the stretches that are kept, each a multiple of the one before.
enum class RollupSpan { Second, Minute, Hour };
inline constexpr std::array rollupSpans { RollupSpan::Second, RollupSpan::Minute, RollupSpan::Hour };
std::int64_t lengthMs(RollupSpan span);

struct RollupKey
{
    RollupSpan span = RollupSpan::Second;
    std::int64_t startMs = 0; ///< wall time, a multiple of the span's length
    QString provider;
    /// By hand: QString has no three-way comparison in Qt 6.4.
    bool operator<(const RollupKey &other) const
    {
        return std::tie(span, startMs, provider) < std::tie(other.span, other.startMs, other.provider);
    }
    bool operator==(const RollupKey &) const = default;
};

/// Rolls events up and hands out what changed.
class RollupTable
{
public:
    void add(const RequestRecord &request);
    /// Into minutes and hours only: a row a second for every idle provider would be too much.
    void add(const QString &provider, std::int64_t atMs, const GaugeSums &gauges);
    /// Everything that changed since the last call. What is over for good is forgotten.
    std::vector<std::pair<RollupKey, QByteArray>> takeChanges();
    /// After a restart: what the file holds of a stretch that may still go on.
    void restore(const RollupKey &key, const Rollup &rollup);

private:
    struct Current
    {
        std::int64_t startMs = -1;
        Rollup rollup;
        bool changed = false;
    };
    using Spans = std::array<Current, rollupSpans.size()>;

    Rollup &current(Spans &spans, RollupSpan span, std::int64_t atMs, const QString &provider);

    std::map<QString, Spans> m_current;
    std::vector<std::pair<RollupKey, QByteArray>> m_closed;
};

} // namespace signalbox
