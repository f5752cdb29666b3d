// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/breakerstate.h"
#include "engine/config/config.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace signalbox {

/// A breaker policy that is not in force. Empty: what is in force.
struct PolicyDraft
{
    std::optional<BreakerSettings> all; ///< for every provider
    std::map<QString, BreakerSettings> providers; ///< for these instead
    /// Single settings, as Engine::setSetting() takes them, laid over the rest: { "breaker.threshold", "3" },
    /// { "providers.NAME.breaker.timeoutMs", "30s" }.
    std::vector<std::pair<QString, QString>> settings;

    bool isEmpty() const { return !all && providers.empty() && settings.empty(); }
    bool operator==(const PolicyDraft &) const = default;
};

/// What would another policy have done with the traffic of that time? Times are milliseconds since 1970, UTC.
struct ReplayQuery
{
    QStringList providers; ///< empty: all
    std::int64_t sinceMs = 0;
    std::int64_t untilMs = 0; ///< 0: now
    PolicyDraft draft; ///< empty: replays what happened
    int maxPoints = 600; ///< a provider
    /// A made-up hour of two providers that ends now, instead of what is recorded: to try before there is traffic. Of
    /// the draft only `all` counts, and neither providers nor times do.
    bool sample = false;
};

struct ReplayTransition
{
    std::int64_t atMs = 0;
    BreakerState from = BreakerState::Closed;
    BreakerState to = BreakerState::Closed;
    BreakerMode mode = BreakerMode::Auto; ///< after it
    QString reason; ///< machine name: "consecutive", "rate", "timeout" ...
    QString sentence; ///< for people, as in the journal
};

struct ReplayStretch
{
    std::int64_t fromMs = 0;
    std::int64_t toMs = 0;
};

/// A stretch in which a breaker was not simply closed.
struct ReplayBand
{
    std::int64_t fromMs = 0;
    std::int64_t toMs = 0;
    BreakerState state = BreakerState::Open;
    BreakerMode mode = BreakerMode::Auto;
};

/// What one policy did, or would have done.
struct ReplayRun
{
    std::uint64_t opened = 0;
    std::uint64_t transitionCount = 0;
    std::vector<ReplayTransition> transitions; ///< the first 5,000
    std::vector<ReplayBand> bands; ///< ascending, without overlap; at most as many
    double failureRateLimit = 0.5; ///< at the end
    std::int64_t minimumCalls = 20; ///< from which the rate counts
};

/// Lowest and highest of a stretch, so that no spike is lost.
struct ReplayRate
{
    double lowest = 0; ///< 0..1
    double highest = 0;
};

/// One stretch of the chart.
struct ReplayPoint
{
    std::int64_t startMs = 0;
    std::int64_t lengthMs = 0;
    std::optional<ReplayRate> actualRate; ///< failures / calls of the window, as the breaker evaluated it
    std::optional<ReplayRate> draftRate;
    std::optional<ReplayRate> actualSlowRate; ///< slow ones / calls of the window; calls that still run count when slow
    std::uint32_t mostInARow = 0; ///< failures, as the breaker counted them
    std::uint32_t mostCalls = 0; ///< in the window
    std::uint32_t succeeded = 0; ///< calls that ended in it
    std::uint32_t failed = 0;
    std::uint32_t throttled = 0;
    std::uint32_t ignored = 0;
    std::uint32_t slow = 0; ///< of all of these
    std::uint32_t diverted = 0; ///< of all of these
};

struct ProviderReplay
{
    QString provider;
    std::uint64_t requests = 0; ///< recorded calls that ended in the time
    std::uint64_t records = 0; ///< of the input log that were replayed
    std::uint64_t unusable = 0; ///< records that no checkpoint comes before
    std::int64_t recordedFromMs = 0; ///< 0: nothing is recorded
    ReplayRun actual;
    ReplayRun draft;
    std::uint64_t diverted = 0; ///< calls that the draft would have refused
    std::uint64_t failuresAvoided = 0; ///< of them
    std::uint64_t goodDiverted = 0; ///< of them
    std::vector<ReplayStretch> unknown; ///< the real breaker was shut, the draft would not have been: no data
    std::vector<ReplayStretch> notRecorded; ///< the engine did not run, or records were lost
    std::vector<ReplayPoint> points; ///< ascending, without gaps
    QString sentence; ///< what the draft would have changed
};

/// A preview from fewer requests than this says little.
inline constexpr std::uint64_t usefulReplayRequests = 500;

struct ReplayResult
{
    std::int64_t sinceMs = 0;
    std::int64_t untilMs = 0;
    std::vector<ProviderReplay> providers; ///< in failover order; those that are not configured any more come last
    std::uint64_t requests = 0;
    double computedMs = 0;
    QString sentence; ///< what is missing, if anything is
};

} // namespace signalbox
