// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/alarm.h"
#include "engine/api/history.h"
#include "engine/api/inflightrequest.h"
#include "engine/base/breakerstate.h"
#include "engine/config/config.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox {

enum class HealthLabel { Unknown, Healthy, Degraded, Unhealthy };

/// Score = 100 * (0.40 success + 0.25 response + 0.20 availability + 0.15 trend), each factor 0..1.
struct ScoreSnapshot
{
    double value = 87.5; ///< 0..100
    double success = 1.0;
    double response = 0.5;
    double availability = 1.0;
    double trend = 1.0;
    HealthLabel label = HealthLabel::Unknown;
};

/// Quantiles in milliseconds over the last 5 min; nullopt without a sample.
struct LatencySnapshot
{
    std::optional<double> p50Ms;
    std::optional<double> p95Ms;
    std::optional<double> p99Ms;
    std::uint64_t samples = 0;
};

/// A cumulative histogram as Prometheus wants it: counts[i] = observations <= upperBounds[i].
struct HistogramSnapshot
{
    std::vector<double> upperBounds; ///< seconds, ascending, without +Inf
    std::vector<std::uint64_t> cumulativeCounts;
    double sum = 0; ///< seconds
    std::uint64_t count = 0;
};

struct OutcomeCounts
{
    std::uint64_t success = 0;
    std::uint64_t failure = 0;
    std::uint64_t throttled = 0;
    std::uint64_t ignored = 0;
};

struct BreakerSnapshot
{
    BreakerMode mode = BreakerMode::Auto;
    BreakerState state = BreakerState::Closed;
    Milliseconds retryIn { 0 }; ///< while open or throttled: until it may be asked again
    bool throttled = false;
    int calls = 0; ///< in the 60 s window
    int failures = 0; ///< in the 60 s window
    int consecutiveFailures = 0;
    int effectiveThreshold = 5;
    int probeSuccesses = 0; ///< half-open
    int probeSuccessesNeeded = 2;
    std::uint64_t opened = 0; ///< times opened since start
    QString reason; ///< why it is in this state: one sentence for people
    QDateTime since; ///< wall time of the last transition; invalid: since start
    QDateTime overrideUntil; ///< a forced state or drain with an expiry; invalid: none
};

/// A draft policy that runs beside the one in force and decides nothing.
struct ShadowSnapshot
{
    BreakerState state = BreakerState::Closed;
    BreakerMode mode = BreakerMode::Auto;
    Milliseconds retryIn { 0 }; ///< while open or throttled
    int calls = 0; ///< in its window
    int failures = 0; ///< in its window
    std::uint64_t opened = 0; ///< since it began
    std::uint64_t requests = 0; ///< calls that ended since it began
    std::uint64_t diverted = 0; ///< of them: it would have refused them
    std::uint64_t failuresAvoided = 0; ///< of the diverted
    std::uint64_t goodDiverted = 0; ///< of the diverted
    QString reason; ///< of its last transition; empty: none yet
    QDateTime since;
    QDateTime until;
};

struct PoolSnapshot
{
    int active = 0;
    int idle = 0;
    int connecting = 0;
    int waiting = 0;
};

struct ProbeSnapshot
{
    std::uint64_t ok = 0;
    std::uint64_t failed = 0;
    QString lastResult; ///< "ok", or what went wrong; empty before the first probe
    std::optional<double> lastDurationMs;
    QDateTime lastAt;
};

/// Tokens that a provider reported since start; the kinds do not overlap, but reasoning is a part of output.
struct TokenTotals
{
    std::uint64_t input = 0; ///< read afresh
    std::uint64_t cached = 0; ///< read from a cache
    std::uint64_t cacheWrite = 0;
    std::uint64_t output = 0;
    std::uint64_t reasoning = 0;
};

/// Breaker transitions since start, by the state they led to. A change of mode alone is none.
struct TransitionTotals
{
    std::uint64_t toOpen = 0;
    std::uint64_t toHalfOpen = 0;
    std::uint64_t toClosed = 0;
};

struct ReasonCount
{
    QString reason; ///< machine name: "connect", "tls", "first_byte_timeout", "status_5xx" ...
    std::uint64_t count = 0;
};
using FailoverCount = ReasonCount;

struct ModelTotals
{
    QString model; ///< as clients ask for it; "other": all past the limit, "": none named
    OutcomeCounts outcomes;
};

/// What one provider did since start, counted from the requests that ended.
struct ProviderTotals
{
    TokenTotals tokens;
    double costUsd = 0; ///< of the answers whose cost is known
    std::uint64_t costKnown = 0; ///< answers with a known cost
    std::uint64_t costUnknown = 0; ///< successes of unknown cost, so that costUsd is too low
    std::uint64_t possiblyBilled = 0; ///< attempts that failed after the request was sent
    std::vector<ModelTotals> models;
    std::vector<ReasonCount> attemptReasons;
    TransitionTotals transitions;
    std::uint64_t stepsSlower = 0; ///< sudden changes of the first byte
    std::uint64_t stepsFaster = 0;
};

struct ProviderSnapshot
{
    QString name;
    Dialect dialect = Dialect::OpenAi;
    QString baseUrl;
    bool simulated = false;
    bool enabled = true;
    bool draining = false;
    bool authBlocked = false; ///< credential refused twice in a row
    bool keyMissing = false; ///< configured key source gives no key
    QString keyProblem; ///< why, if keyMissing
    bool keyUnconfirmed = false; ///< keyMissing since its base URL changed: Engine::confirmKey() gives it back
    BreakerSnapshot breaker;
    std::optional<ShadowSnapshot> shadow; ///< while a shadow run goes on
    ScoreSnapshot score;
    LatencySnapshot firstByte; ///< streams
    LatencySnapshot total; ///< non-streamed answers
    double successRate = 1.0; ///< ok / (ok + failed) of the last 5 min, 1 without calls
    std::uint64_t recentCalls = 0; ///< ok + failed of the last 5 min
    double trendSlopePerMinute = 0.0; ///< of ln(median first byte)
    std::optional<double> forecastFirstByteMs; ///< p50 in 5 min at this pace
    int inFlight = 0;
    std::uint64_t attempts = 0;
    OutcomeCounts outcomes;
    std::uint64_t throttledMs = 0; ///< total time spent throttled
    PoolSnapshot pool;
    ProbeSnapshot probe;
    QString lastReason; ///< last failure or state change, one sentence
    HistogramSnapshot firstByteHistogram;
    HistogramSnapshot totalHistogram;
    ProviderTotals totals;
    QDateTime certificateExpiry; ///< of the certificate last seen; invalid: none seen
    RecentPoints recent; ///< may be null before the first 5 s are over
};

enum class ListenState { Stopped, Listening, Failed, Draining };

struct ListenerSnapshot
{
    ListenState state = ListenState::Stopped;
    QString address;
    std::uint16_t port = 0;
    QString url; ///< "http://127.0.0.1:8787", for people to copy
    QString error; ///< why it does not listen
    bool tokenRequired = false;
    int connections = 0;
};

struct TotalsSnapshot
{
    std::uint64_t requests = 0; ///< client requests, without the locally served pages
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t clientGone = 0;
    std::uint64_t cancelled = 0; ///< ended by an operator
    std::uint64_t refusedLocally = 0; ///< local safety, limits, bad requests
    std::uint64_t truncatedStreams = 0;
    std::uint64_t possiblyBilledTwice = 0; ///< failovers after a request was sent
};

/// Requests that ended, by what was asked and how it went.
struct EndpointCount
{
    QString dialect; ///< machine name; empty: none recognised
    QString endpoint; ///< "other": all past the limit
    QString end; ///< machine name of RequestEvent::End
    int statusClass = 0; ///< 2 for 200 to 299 ...; 0: nothing was sent
    std::uint64_t count = 0;
};

/// Off: not wanted. Stopped: wanted, but it cannot write.
enum class RecordingState { Off, Recording, Stopped };

/// The history on disk.
struct RecordingSnapshot
{
    RecordingState state = RecordingState::Off;
    QString reason; ///< why it is off or stopped: one sentence
    std::uint64_t droppedEvents = 0; ///< did not fit into the queue
    std::uint64_t writtenEvents = 0;
    std::uint64_t queueDepth = 0;
    std::uint64_t queueCapacity = 0;
    std::uint64_t fileBytes = 0;
};

/// The engine's own process. Zero where the system does not say.
struct ProcessSnapshot
{
    double cpuSeconds = 0; ///< user and system, all threads
    std::uint64_t residentBytes = 0;
    std::uint64_t virtualBytes = 0;
    std::uint64_t openFiles = 0;
    std::uint64_t openFilesLimit = 0;
    std::uint64_t threads = 0;
    double startedAtSeconds = 0; ///< Unix time
};

/// The state of the whole engine at one instant. Immutable; shared between threads.
struct EngineSnapshot
{
    std::uint64_t sequence = 0;
    QDateTime takenAt; ///< wall time, UTC
    Milliseconds uptime { 0 };
    bool demo = false;
    ListenerSnapshot listener;
    std::vector<ProviderSnapshot> providers; ///< in failover order
    TotalsSnapshot totals;
    std::vector<FailoverCount> failovers;
    int inFlight = 0;
    std::vector<InFlightRequest> inFlightRequests; ///< newest first, at most 256 of them
    HistogramSnapshot overhead; ///< our own time per request, without waiting for anyone
    HistogramSnapshot requestFirstByte; ///< head in to first body byte out
    HistogramSnapshot requestTotal; ///< head in to the end
    std::vector<EndpointCount> endpoints;
    std::vector<Alarm> alarms; ///< newest change first; without those that are over and acknowledged
    RecordingSnapshot recording;
    ProcessSnapshot process;
    /// What runs, read back from the engine: global settings and each provider's own. Without the access token,
    /// whatever its member says (listener.tokenRequired), but with addresses that may be secrets, so never to be logged
    /// whole. In a demo its providers are the simulated ones. Never null in what the engine publishes.
    std::shared_ptr<const Config> config;
    BreakerSettings breaker; ///< effective global settings, as in `config`
    HealthSettings health;
    MetricsConfig metrics;
    Strategy strategy = Strategy::Priority;
    SettingOrigins origins;
    QString configPath;
    QString configProblem; ///< why the last edit of the file was not applied; empty: none
    QStringList configWarnings;
};

using EngineSnapshotPtr = std::shared_ptr<const EngineSnapshot>;

/// Machine names, for metrics and /status.
const char *toString(HealthLabel label) noexcept;
const char *toString(ListenState state) noexcept;
const char *toString(RecordingState state) noexcept;

} // namespace signalbox
