// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"
#include "engine/breaker/circuitbreaker.h"
#include "engine/health/healthband.h"
#include "engine/health/scorecache.h"
#include "engine/provider/breakersettings.h"
#include "engine/provider/breakerwatch.h"
#include "engine/stats/availabilitywindow.h"
#include "engine/stats/cumulativehistogram.h"
#include "engine/stats/trafficwindow.h"

#include <deque>
#include <functional>

namespace signalbox {

class Clock;

/// How one attempt ended, for the statistics.
struct AttemptResult
{
    Outcome outcome = Outcome::Ignored;
    LatencyClass latencyClass = LatencyClass::Total;
    std::optional<double> latencyMs; ///< of a success: first byte of a stream, else the whole answer
    bool slow = false;
    std::optional<std::int64_t> retryAfterMs;
    QString reason; ///< of anything but a success: one sentence
};

/// What an answer says about our own key.
enum class CredentialSignal { None, Good, Refused };

/// One upstream: its configuration, key, breaker, statistics and cached score. Lives on the engine thread.
class Provider
{
public:
    using Observer = std::function<void(const Provider &, const BreakerTransition &)>;

    Provider(const ProviderConfig &config, const Clock &clock, std::function<double()> uniform);

    const ProviderConfig &config() const { return m_config; }
    void setConfig(const ProviderConfig &config);
    bool serves(Dialect dialect) const;

    const Secret &key() const { return m_key; }
    void setKey(const Secret &key);
    /// unconfirmed: there is a key, but nobody has said that it is meant for the base URL of now.
    void setKeyProblem(const QString &problem, bool unconfirmed);
    /// No request may go out: it would go without a key, or with another address's.
    bool keyMissing() const { return !m_keyProblem.isEmpty(); }
    /// Missing only until the keyring has answered.
    bool keyPending() const { return m_keyPending; }
    const QString &keyProblem() const { return m_keyProblem; }

    bool acceptsRequests() const { return m_enabled && !m_draining; }
    bool isEnabled() const { return m_enabled; }
    bool isDraining() const { return m_draining; }
    void setEnabled(bool enabled) { m_enabled = enabled; }
    void setDraining(bool draining) { m_draining = draining; }
    void setOverrideUntil(std::optional<std::int64_t> atMs) { m_overrideUntilMs = atMs; }
    std::optional<std::int64_t> overrideUntilMs() const { return m_overrideUntilMs; }

    CircuitBreaker &breaker() { return m_breaker; }
    BreakerWatch &watch() { return m_watch; }
    void setObserver(Observer observer) { m_observer = std::move(observer); }

    int inFlight() const { return m_inFlight; }
    void attemptStarted();
    /// Exactly once per attemptStarted(). Completes the token.
    void attemptEnded(BreakerToken &token, const AttemptResult &result);
    /// A probe call that has shown its first content proves the provider before its stream ends.
    void proveProbe(BreakerToken &token);
    /// A stream that broke after it had proven a probe.
    void reportLateFailure();
    /// status: of the refusal; a good check clears only a 401.
    void noteCredential(CredentialSignal signal, int status = 0);
    bool authBlocked() const { return m_refusedInARow >= 2; }

    /// Of the server's certificate; nothing happens if it is invalid.
    void noteCertificate(const QDateTime &expiry);
    void probeEnded(bool reachable, bool authenticated, const QString &result, double durationMs);

    /// Time passes: open periods end, throttles end, expiries are due. True if an override has expired.
    bool tick();
    const CachedScore &score();
    const CachedScore &score(std::int64_t nowMs);
    ProviderSnapshot snapshot();

private:
    void awaitKey();
    void onTransition(const BreakerTransition &transition);
    void updateAvailability(std::int64_t nowMs);
    ScoreInput scoreInput();
    ScoreSnapshot scoreSnapshot();
    BreakerSnapshot breakerSnapshot();

    ProviderConfig m_config;
    const Clock &m_clock;
    Secret m_key;
    QString m_keyProblem;
    bool m_keyUnconfirmed = false;
    bool m_keyPending = false;
    bool m_enabled;
    bool m_draining = false;
    std::optional<std::int64_t> m_overrideUntilMs;
    CircuitBreaker m_breaker;
    BreakerWatch m_watch;
    Observer m_observer;
    TrafficWindow m_traffic;
    AvailabilityWindow m_availability;
    ScoreCache m_scoreCache;
    HealthLabelTracker m_label;
    CumulativeHistogram m_firstByteHistogram;
    CumulativeHistogram m_totalHistogram;
    std::int64_t m_trendBucket = -1;
    TrendEstimate m_trend;
    std::deque<bool> m_lastProbes; ///< at most 10, newest last
    ProbeSnapshot m_probe;
    OutcomeCounts m_outcomes;
    std::uint64_t m_attempts = 0;
    int m_inFlight = 0;
    int m_refusedInARow = 0;
    bool m_refusedBy401 = false;
    std::int64_t m_throttledMs = 0;
    std::int64_t m_lastTickMs;
    QString m_breakerReason;
    QDateTime m_breakerSince;
    QString m_lastReason;
    QDateTime m_certificateExpiry;
};

} // namespace signalbox
