// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/provider/provider.h"

#include "engine/base/clock.h"

#include <algorithm>

namespace signalbox {

namespace {

ScoreTargets targetsOf(const HealthSettings &settings)
{
    const auto ms = [](Milliseconds time) { return static_cast<double>(time.count()); };
    return { { ms(settings.firstByteGoodMs), ms(settings.firstByteBadMs) },
             { ms(settings.totalGoodMs), ms(settings.totalBadMs) } };
}

HealthBorders bordersOf(const HealthSettings &settings)
{
    return { static_cast<double>(settings.degradedBelow), static_cast<double>(settings.unhealthyBelow) };
}

LatencySnapshot latencySnapshot(const LatencyQuantiles &quantiles)
{
    return { quantiles.p50Ms, quantiles.p95Ms, quantiles.p99Ms, quantiles.samples };
}

HistogramSnapshot histogramSnapshot(const CumulativeHistogram &histogram)
{
    CumulativeCounts counts = histogram.counts();
    return { std::move(counts.upperBounds), std::move(counts.cumulativeCounts), counts.sum, counts.count };
}

HealthLabel labelOf(HealthBand band)
{
    switch (band) {
    case HealthBand::Unknown:
        return HealthLabel::Unknown;
    case HealthBand::Healthy:
        return HealthLabel::Healthy;
    case HealthBand::Degraded:
        return HealthLabel::Degraded;
    case HealthBand::Unhealthy:
        return HealthLabel::Unhealthy;
    }
    return HealthLabel::Unknown;
}

constexpr std::size_t rememberedProbes = 10;

} // namespace

Provider::Provider(const ProviderConfig &config, const Clock &clock, std::function<double()> uniform)
    : m_config(config), m_clock(clock), m_enabled(config.enabled),
      m_breaker(toPolicy(config.breaker), std::move(uniform), clock.nowMs()), m_watch(m_breaker),
      m_traffic(clock.nowMs()), m_availability(AvailabilityLevel::Up, clock.nowMs()),
      m_firstByteHistogram(CumulativeHistogram::answerBounds()), m_totalHistogram(CumulativeHistogram::answerBounds()),
      m_lastTickMs(clock.nowMs())
{
    m_label.setBorders(bordersOf(config.health));
    m_breaker.setObserver([this](const BreakerTransition &transition) { onTransition(transition); });
    awaitKey();
}

/// A keyring answers later; until then the key of another source or address must not be used.
void Provider::awaitKey()
{
    const KeySource::Kind kind = m_config.key.kind;
    m_key = Secret();
    m_keyPending = kind != KeySource::Kind::None && kind != KeySource::Kind::Passthrough;
    m_keyUnconfirmed = false;
    m_keyProblem = m_keyPending ? QStringLiteral("the key has not been read yet") : QString();
}

void Provider::setConfig(const ProviderConfig &config)
{
    if (config.enabled != m_config.enabled)
        m_enabled = config.enabled;
    if (config.breaker != m_config.breaker)
        m_breaker.setPolicy(toPolicy(config.breaker));
    if (config.health != m_config.health) {
        m_label.setBorders(bordersOf(config.health));
        m_scoreCache.invalidate();
    }
    if (config != m_config)
        m_refusedInARow = 0;
    if (config.baseUrl != m_config.baseUrl)
        m_certificateExpiry = {};
    const bool otherKey = config.key != m_config.key || config.baseUrl != m_config.baseUrl;
    m_config = config;
    if (otherKey)
        awaitKey();
}

bool Provider::serves(Dialect dialect) const
{
    const auto &extra = m_config.extraDialects;
    return m_config.dialect == dialect || std::find(extra.begin(), extra.end(), dialect) != extra.end();
}

void Provider::setKey(const Secret &key)
{
    if (!(m_key == key))
        m_refusedInARow = 0;
    m_key = key;
    m_keyPending = false;
    m_keyUnconfirmed = false;
    m_keyProblem.clear();
}

void Provider::setKeyProblem(const QString &problem, bool unconfirmed)
{
    m_key = Secret();
    m_keyPending = false;
    m_keyUnconfirmed = unconfirmed;
    m_keyProblem = problem;
}

void Provider::attemptStarted()
{
    ++m_attempts;
    ++m_inFlight;
}

void Provider::attemptEnded(BreakerToken &token, const AttemptResult &result)
{
    const std::int64_t nowMs = m_clock.nowMs();
    --m_inFlight;
    switch (result.outcome) {
    case Outcome::Success:
        ++m_outcomes.success;
        if (!result.latencyMs) {
            m_traffic.addSuccess(nowMs);
            break;
        }
        m_traffic.addSuccess(result.latencyClass, *result.latencyMs, nowMs);
        (result.latencyClass == LatencyClass::FirstByte ? m_firstByteHistogram : m_totalHistogram)
            .observe(*result.latencyMs / 1000.0);
        break;
    case Outcome::Failure:
        ++m_outcomes.failure;
        m_traffic.addFailure(nowMs);
        break;
    case Outcome::Throttled:
        ++m_outcomes.throttled;
        break;
    case Outcome::Ignored:
        ++m_outcomes.ignored;
        break;
    }
    if (!result.reason.isEmpty() && result.outcome != Outcome::Success)
        m_lastReason = result.reason;
    m_breaker.complete(token, result.outcome, nowMs, result.slow, result.retryAfterMs);
    updateAvailability(nowMs);
}

void Provider::proveProbe(BreakerToken &token)
{
    if (token.isPending() && token.kind() == TokenKind::Probe)
        m_breaker.complete(token, Outcome::Success, m_clock.nowMs());
}

void Provider::reportLateFailure()
{
    Admission admission = m_breaker.acquire(m_clock.nowMs());
    if (admission)
        m_breaker.complete(admission.token, Outcome::Failure, m_clock.nowMs());
}

void Provider::noteCredential(CredentialSignal signal, int status)
{
    if (signal == CredentialSignal::Refused) {
        ++m_refusedInARow;
        m_refusedBy401 = status == 401;
    } else if (signal == CredentialSignal::Good) {
        m_refusedInARow = 0;
    }
}

void Provider::noteCertificate(const QDateTime &expiry)
{
    if (expiry.isValid())
        m_certificateExpiry = expiry;
}

void Provider::probeEnded(bool reachable, bool authenticated, const QString &result, double durationMs)
{
    m_lastProbes.push_back(reachable);
    if (m_lastProbes.size() > rememberedProbes)
        m_lastProbes.pop_front();
    ++(reachable ? m_probe.ok : m_probe.failed);
    m_probe.lastResult = result;
    m_probe.lastDurationMs = durationMs;
    m_probe.lastAt = QDateTime::currentDateTimeUtc();
    if (authenticated && m_refusedBy401)
        m_refusedInARow = 0;
    const std::int64_t nowMs = m_clock.nowMs();
    m_breaker.health(reachable, nowMs);
    updateAvailability(nowMs);
}

bool Provider::tick()
{
    const std::int64_t nowMs = m_clock.nowMs();
    if (m_breaker.isThrottled(m_lastTickMs))
        m_throttledMs += std::min(nowMs, m_breaker.throttledUntilMs()) - m_lastTickMs;
    m_lastTickMs = nowMs;
    m_breaker.tick(nowMs);
    updateAvailability(nowMs);
    if (!m_overrideUntilMs || nowMs < *m_overrideUntilMs)
        return false;
    m_overrideUntilMs.reset();
    return true;
}

void Provider::onTransition(const BreakerTransition &transition)
{
    m_breakerReason = reasonSentence(transition);
    m_breakerSince = QDateTime::currentDateTimeUtc();
    m_lastReason = m_breakerReason;
    updateAvailability(m_clock.nowMs());
    if (m_observer)
        m_observer(*this, transition);
}

void Provider::updateAvailability(std::int64_t nowMs)
{
    const Gate gate = gateOf(m_breaker.mode(), m_breaker.state(), m_breaker.isThrottled(nowMs));
    const AvailabilityLevel level = gate == Gate::Closed ? AvailabilityLevel::Up
        : gate == Gate::HalfOpen                         ? AvailabilityLevel::Half
                                                         : AvailabilityLevel::Down;
    m_availability.setLevel(level, nowMs);
}

ScoreInput Provider::scoreInput()
{
    const std::int64_t nowMs = m_clock.nowMs();
    if (const std::int64_t bucket = m_traffic.bucketIndex(nowMs); bucket != m_trendBucket) {
        m_trendBucket = bucket;
        const TrafficWindow::Medians medians = m_traffic.firstByteMedians(nowMs);
        m_trend = TrendEstimator::estimate(medians);
    }
    const CallCounts counts = m_traffic.counts(nowMs);
    const LatencyQuantiles firstByte = m_traffic.quantiles(LatencyClass::FirstByte, nowMs);
    const LatencyQuantiles total = m_traffic.quantiles(LatencyClass::Total, nowMs);
    ScoreInput input;
    input.ok = counts.ok;
    input.failed = counts.failed;
    input.firstByte = { firstByte.samples, firstByte.p50Ms.value_or(0), firstByte.p95Ms.value_or(0) };
    input.total = { total.samples, total.p50Ms.value_or(0), total.p95Ms.value_or(0) };
    input.gate = gateOf(m_breaker.mode(), m_breaker.state(), m_breaker.isThrottled(nowMs));
    input.probes = m_lastProbes.size();
    input.probesOk = static_cast<std::uint64_t>(std::count(m_lastProbes.begin(), m_lastProbes.end(), true));
    input.closedShare = m_availability.share(nowMs);
    input.trend = m_trend;
    input.targets = targetsOf(m_config.health);
    return input;
}

const CachedScore &Provider::score()
{
    return score(m_clock.nowMs());
}

const CachedScore &Provider::score(std::int64_t nowMs)
{
    const ScoreKey key { m_breaker.epoch(), m_breaker.throttledUntilMs(), m_breaker.isThrottled(nowMs) };
    return m_scoreCache.read(key, nowMs, [this] { return scoreInput(); });
}

ScoreSnapshot Provider::scoreSnapshot()
{
    const ScoreResult &result = score().result;
    const bool hasData = m_attempts > 0 || !m_lastProbes.empty();
    const HealthBand band = m_label.update(result.score, hasData, m_clock.nowMs());
    return { result.score, result.success, result.response, result.availability, result.trend, labelOf(band) };
}

BreakerSnapshot Provider::breakerSnapshot()
{
    const std::int64_t nowMs = m_clock.nowMs();
    const WindowCounts counts = m_breaker.windowCounts(nowMs);
    BreakerSnapshot snapshot;
    snapshot.mode = m_breaker.mode();
    snapshot.state = m_breaker.state();
    snapshot.retryIn = Milliseconds(m_breaker.gateRemainingMs(nowMs));
    snapshot.throttled = m_breaker.isThrottled(nowMs);
    snapshot.calls = static_cast<int>(counts.calls);
    snapshot.failures = static_cast<int>(counts.failures);
    snapshot.consecutiveFailures = static_cast<int>(m_breaker.consecutiveFailures());
    snapshot.effectiveThreshold = static_cast<int>(m_breaker.effectiveThreshold(nowMs));
    snapshot.probeSuccesses = m_breaker.probeSuccesses();
    snapshot.probeSuccessesNeeded = m_breaker.probeSuccessesNeeded();
    snapshot.opened = m_breaker.openedCount();
    snapshot.reason = m_breakerReason;
    snapshot.since = m_breakerSince;
    if (m_overrideUntilMs)
        snapshot.overrideUntil = QDateTime::currentDateTimeUtc().addMSecs(*m_overrideUntilMs - nowMs);
    return snapshot;
}

ProviderSnapshot Provider::snapshot()
{
    const std::int64_t nowMs = m_clock.nowMs();
    const CallCounts counts = m_traffic.counts(nowMs);
    ProviderSnapshot snapshot;
    snapshot.name = m_config.name;
    snapshot.dialect = m_config.dialect;
    snapshot.baseUrl = m_config.baseUrl.toDisplayString();
    snapshot.simulated = m_config.simulated;
    snapshot.enabled = m_enabled;
    snapshot.draining = m_draining;
    snapshot.authBlocked = authBlocked();
    snapshot.keyMissing = keyMissing();
    snapshot.keyProblem = m_keyProblem;
    snapshot.keyUnconfirmed = m_keyUnconfirmed;
    snapshot.breaker = breakerSnapshot();
    snapshot.shadow = m_watch.shadow(nowMs);
    snapshot.score = scoreSnapshot();
    snapshot.firstByte = latencySnapshot(m_traffic.quantiles(LatencyClass::FirstByte, nowMs));
    snapshot.total = latencySnapshot(m_traffic.quantiles(LatencyClass::Total, nowMs));
    snapshot.recentCalls = counts.ok + counts.failed;
    if (snapshot.recentCalls > 0)
        snapshot.successRate = static_cast<double>(counts.ok) / static_cast<double>(snapshot.recentCalls);
    snapshot.trendSlopePerMinute = m_trend.slopePerMinute;
    snapshot.forecastFirstByteMs = m_trend.forecastMs;
    snapshot.inFlight = m_inFlight;
    snapshot.attempts = m_attempts;
    snapshot.outcomes = m_outcomes;
    snapshot.throttledMs = static_cast<std::uint64_t>(m_throttledMs);
    snapshot.probe = m_probe;
    snapshot.lastReason = m_lastReason;
    snapshot.certificateExpiry = m_certificateExpiry;
    snapshot.firstByteHistogram = histogramSnapshot(m_firstByteHistogram);
    snapshot.totalHistogram = histogramSnapshot(m_totalHistogram);
    return snapshot;
}

} // namespace signalbox
