// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/statusjson.h"

#include "engine/telemetry/trendwords.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

#include <cmath>

namespace signalbox {

namespace {

QLatin1String latin(const char *text)
{
    return QLatin1String(text);
}

/// Exact up to 2^53, which no counter here reaches.
QJsonValue number(std::uint64_t value)
{
    return static_cast<qint64>(value);
}

QJsonValue number(Milliseconds value)
{
    return static_cast<qint64>(value.count());
}

/// JSON has no NaN.
QJsonValue number(double value)
{
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue(QJsonValue::Null);
}

QJsonValue number(const std::optional<double> &value)
{
    return value ? number(*value) : QJsonValue(QJsonValue::Null);
}

QJsonValue time(const QDateTime &value)
{
    return value.isValid() ? QJsonValue(value.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue(QJsonValue::Null);
}

/// A password or key may have been typed into a URL.
QString withoutSecrets(const QString &url)
{
    return QUrl(url).toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

QJsonValue toJson(const std::optional<ShadowSnapshot> &shadow)
{
    if (!shadow)
        return QJsonValue::Null;
    return QJsonObject { { QStringLiteral("mode"), latin(toString(shadow->mode)) },
                         { QStringLiteral("state"), latin(toString(shadow->state)) },
                         { QStringLiteral("opened"), number(shadow->opened) },
                         { QStringLiteral("requests"), number(shadow->requests) },
                         { QStringLiteral("diverted"), number(shadow->diverted) },
                         { QStringLiteral("failuresAvoided"), number(shadow->failuresAvoided) },
                         { QStringLiteral("goodDiverted"), number(shadow->goodDiverted) },
                         { QStringLiteral("reason"), shadow->reason },
                         { QStringLiteral("since"), time(shadow->since) },
                         { QStringLiteral("until"), time(shadow->until) } };
}

QJsonObject toJson(const LatencySnapshot &latency)
{
    return { { QStringLiteral("p50Ms"), number(latency.p50Ms) },
             { QStringLiteral("p95Ms"), number(latency.p95Ms) },
             { QStringLiteral("p99Ms"), number(latency.p99Ms) },
             { QStringLiteral("samples"), number(latency.samples) } };
}

QJsonObject toJson(const HistogramSnapshot &histogram)
{
    QJsonArray bounds;
    for (const double bound : histogram.upperBounds)
        bounds.append(number(bound));
    QJsonArray counts;
    for (const std::uint64_t count : histogram.cumulativeCounts)
        counts.append(number(count));
    return { { QStringLiteral("upperBoundsSeconds"), bounds },
             { QStringLiteral("cumulativeCounts"), counts },
             { QStringLiteral("sumSeconds"), number(histogram.sum) },
             { QStringLiteral("count"), number(histogram.count) } };
}

QJsonObject toJson(const BreakerSnapshot &breaker)
{
    return { { QStringLiteral("mode"), latin(toString(breaker.mode)) },
             { QStringLiteral("state"), latin(toString(breaker.state)) },
             { QStringLiteral("retryInMs"), number(breaker.retryIn) },
             { QStringLiteral("throttled"), breaker.throttled },
             { QStringLiteral("windowCalls"), breaker.calls },
             { QStringLiteral("windowFailures"), breaker.failures },
             { QStringLiteral("consecutiveFailures"), breaker.consecutiveFailures },
             { QStringLiteral("effectiveThreshold"), breaker.effectiveThreshold },
             { QStringLiteral("probeSuccesses"), breaker.probeSuccesses },
             { QStringLiteral("probeSuccessesNeeded"), breaker.probeSuccessesNeeded },
             { QStringLiteral("opened"), number(breaker.opened) },
             { QStringLiteral("reason"), breaker.reason },
             { QStringLiteral("since"), time(breaker.since) },
             { QStringLiteral("overrideUntil"), time(breaker.overrideUntil) } };
}

QJsonObject toJson(const ScoreSnapshot &score)
{
    return { { QStringLiteral("value"), number(score.value) },
             { QStringLiteral("success"), number(score.success) },
             { QStringLiteral("response"), number(score.response) },
             { QStringLiteral("availability"), number(score.availability) },
             { QStringLiteral("trend"), number(score.trend) },
             { QStringLiteral("label"), latin(toString(score.label)) } };
}

QJsonObject toJson(const OutcomeCounts &outcomes)
{
    return { { QStringLiteral("success"), number(outcomes.success) },
             { QStringLiteral("failure"), number(outcomes.failure) },
             { QStringLiteral("throttled"), number(outcomes.throttled) },
             { QStringLiteral("ignored"), number(outcomes.ignored) } };
}

QJsonObject toJson(const PoolSnapshot &pool)
{
    return { { QStringLiteral("active"), pool.active },
             { QStringLiteral("idle"), pool.idle },
             { QStringLiteral("connecting"), pool.connecting },
             { QStringLiteral("waiting"), pool.waiting } };
}

QJsonObject toJson(const ProbeSnapshot &probe)
{
    return { { QStringLiteral("ok"), number(probe.ok) },
             { QStringLiteral("failed"), number(probe.failed) },
             { QStringLiteral("lastResult"), probe.lastResult },
             { QStringLiteral("lastDurationMs"), number(probe.lastDurationMs) },
             { QStringLiteral("lastAt"), time(probe.lastAt) } };
}

QJsonArray toJson(const std::vector<ReasonCount> &reasons)
{
    QJsonArray array;
    for (const ReasonCount &entry : reasons)
        array.append(QJsonObject { { QStringLiteral("reason"), entry.reason },
                                   { QStringLiteral("count"), number(entry.count) } });
    return array;
}

QJsonObject toJson(const TokenTotals &tokens)
{
    return { { QStringLiteral("input"), number(tokens.input) },
             { QStringLiteral("cached"), number(tokens.cached) },
             { QStringLiteral("cacheWrite"), number(tokens.cacheWrite) },
             { QStringLiteral("output"), number(tokens.output) },
             { QStringLiteral("reasoning"), number(tokens.reasoning) } };
}

QJsonObject toJson(const ProviderTotals &totals)
{
    QJsonArray models;
    for (const ModelTotals &model : totals.models)
        models.append(QJsonObject { { QStringLiteral("model"), model.model },
                                    { QStringLiteral("outcomes"), toJson(model.outcomes) } });
    const QJsonObject transitions { { QStringLiteral("open"), number(totals.transitions.toOpen) },
                                    { QStringLiteral("halfOpen"), number(totals.transitions.toHalfOpen) },
                                    { QStringLiteral("closed"), number(totals.transitions.toClosed) } };
    return { { QStringLiteral("tokens"), toJson(totals.tokens) },
             { QStringLiteral("costUsd"), number(totals.costUsd) },
             { QStringLiteral("costKnown"), number(totals.costKnown) },
             { QStringLiteral("costUnknown"), number(totals.costUnknown) },
             { QStringLiteral("possiblyBilled"), number(totals.possiblyBilled) },
             { QStringLiteral("models"), models },
             { QStringLiteral("attemptReasons"), toJson(totals.attemptReasons) },
             { QStringLiteral("transitions"), transitions },
             { QStringLiteral("stepsSlower"), number(totals.stepsSlower) },
             { QStringLiteral("stepsFaster"), number(totals.stepsFaster) } };
}

QJsonObject toJson(const Alarm &alarm)
{
    return { { QStringLiteral("id"), alarm.id },
             { QStringLiteral("rule"), alarm.rule },
             { QStringLiteral("subject"), alarm.subject },
             { QStringLiteral("priority"), latin(toString(alarm.priority)) },
             { QStringLiteral("state"), latin(toString(alarm.state)) },
             { QStringLiteral("text"), alarm.text },
             { QStringLiteral("since"), time(alarm.since) },
             { QStringLiteral("changed"), time(alarm.changed) },
             { QStringLiteral("shelvedUntil"), time(alarm.shelvedUntil) },
             { QStringLiteral("acknowledgedAt"), time(alarm.acknowledgedAt) },
             { QStringLiteral("acknowledgedBy"), alarm.acknowledgedBy },
             { QStringLiteral("count"), alarm.count },
             { QStringLiteral("firstRaised"), time(alarm.firstRaised) },
             { QStringLiteral("grouped"), alarm.grouped } };
}

QJsonObject toJson(const RecordingSnapshot &recording)
{
    return { { QStringLiteral("state"), latin(toString(recording.state)) },
             { QStringLiteral("reason"), recording.reason },
             { QStringLiteral("droppedEvents"), number(recording.droppedEvents) },
             { QStringLiteral("writtenEvents"), number(recording.writtenEvents) },
             { QStringLiteral("queueDepth"), number(recording.queueDepth) },
             { QStringLiteral("queueCapacity"), number(recording.queueCapacity) },
             { QStringLiteral("fileBytes"), number(recording.fileBytes) } };
}

QJsonObject toJson(const ProcessSnapshot &process)
{
    return { { QStringLiteral("cpuSeconds"), number(process.cpuSeconds) },
             { QStringLiteral("residentBytes"), number(process.residentBytes) },
             { QStringLiteral("virtualBytes"), number(process.virtualBytes) },
             { QStringLiteral("openFiles"), number(process.openFiles) },
             { QStringLiteral("openFilesLimit"), number(process.openFilesLimit) },
             { QStringLiteral("threads"), number(process.threads) },
             { QStringLiteral("startedAtSeconds"), number(process.startedAtSeconds) } };
}

QJsonArray toJson(const std::vector<EndpointCount> &endpoints)
{
    QJsonArray array;
    for (const EndpointCount &entry : endpoints)
        array.append(QJsonObject { { QStringLiteral("dialect"), entry.dialect },
                                   { QStringLiteral("endpoint"), entry.endpoint },
                                   { QStringLiteral("end"), entry.end },
                                   { QStringLiteral("statusClass"), entry.statusClass },
                                   { QStringLiteral("count"), number(entry.count) } });
    return array;
}

QJsonObject toJson(const ProviderSnapshot &provider)
{
    return { { QStringLiteral("name"), provider.name },
             { QStringLiteral("dialect"), latin(toString(provider.dialect)) },
             { QStringLiteral("baseUrl"), withoutSecrets(provider.baseUrl) },
             { QStringLiteral("simulated"), provider.simulated },
             { QStringLiteral("enabled"), provider.enabled },
             { QStringLiteral("draining"), provider.draining },
             { QStringLiteral("authBlocked"), provider.authBlocked },
             { QStringLiteral("keyMissing"), provider.keyMissing },
             { QStringLiteral("keyProblem"), provider.keyProblem },
             { QStringLiteral("keyUnconfirmed"), provider.keyUnconfirmed },
             { QStringLiteral("breaker"), toJson(provider.breaker) },
             { QStringLiteral("shadow"), toJson(provider.shadow) },
             { QStringLiteral("score"), toJson(provider.score) },
             { QStringLiteral("firstByte"), toJson(provider.firstByte) },
             { QStringLiteral("total"), toJson(provider.total) },
             { QStringLiteral("successRate"), number(provider.successRate) },
             { QStringLiteral("recentCalls"), number(provider.recentCalls) },
             { QStringLiteral("trendSlopePerMinute"), number(provider.trendSlopePerMinute) },
             { QStringLiteral("forecastFirstByteMs"), number(provider.forecastFirstByteMs) },
             { QStringLiteral("forecast"), forecastSentence(provider) },
             { QStringLiteral("totals"), toJson(provider.totals) },
             { QStringLiteral("certificateExpiry"), time(provider.certificateExpiry) },
             { QStringLiteral("inFlight"), provider.inFlight },
             { QStringLiteral("attempts"), number(provider.attempts) },
             { QStringLiteral("outcomes"), toJson(provider.outcomes) },
             { QStringLiteral("throttledMs"), number(provider.throttledMs) },
             { QStringLiteral("pool"), toJson(provider.pool) },
             { QStringLiteral("probe"), toJson(provider.probe) },
             { QStringLiteral("lastReason"), provider.lastReason },
             { QStringLiteral("firstByteHistogram"), toJson(provider.firstByteHistogram) },
             { QStringLiteral("totalHistogram"), toJson(provider.totalHistogram) } };
}

QJsonObject toJson(const ListenerSnapshot &listener)
{
    return { { QStringLiteral("state"), latin(toString(listener.state)) },
             { QStringLiteral("address"), listener.address },
             { QStringLiteral("port"), listener.port },
             { QStringLiteral("url"), withoutSecrets(listener.url) },
             { QStringLiteral("error"), listener.error },
             { QStringLiteral("tokenRequired"), listener.tokenRequired },
             { QStringLiteral("connections"), listener.connections } };
}

QJsonObject toJson(const TotalsSnapshot &totals)
{
    return { { QStringLiteral("requests"), number(totals.requests) },
             { QStringLiteral("succeeded"), number(totals.succeeded) },
             { QStringLiteral("failed"), number(totals.failed) },
             { QStringLiteral("clientGone"), number(totals.clientGone) },
             { QStringLiteral("cancelled"), number(totals.cancelled) },
             { QStringLiteral("refusedLocally"), number(totals.refusedLocally) },
             { QStringLiteral("truncatedStreams"), number(totals.truncatedStreams) },
             { QStringLiteral("possiblyBilledTwice"), number(totals.possiblyBilledTwice) } };
}

QJsonObject toJson(const SettingOrigins &origins)
{
    return { { QStringLiteral("breakerThreshold"), latin(toString(origins.breakerThreshold)) },
             { QStringLiteral("breakerTimeoutMs"), latin(toString(origins.breakerTimeout)) },
             { QStringLiteral("healthIntervalMs"), latin(toString(origins.healthInterval)) },
             { QStringLiteral("metricsRetentionMs"), latin(toString(origins.metricsRetention)) },
             { QStringLiteral("port"), latin(toString(origins.port)) } };
}

QJsonObject settings(const EngineSnapshot &snapshot)
{
    return { { QStringLiteral("breakerThreshold"), snapshot.breaker.threshold },
             { QStringLiteral("breakerTimeoutMs"), number(snapshot.breaker.timeoutMs) },
             { QStringLiteral("healthEnabled"), snapshot.health.enabled },
             { QStringLiteral("healthIntervalMs"), number(snapshot.health.intervalMs) },
             { QStringLiteral("metricsRetentionMs"), number(snapshot.metrics.retentionMs) },
             { QStringLiteral("strategy"), latin(toString(snapshot.strategy)) },
             { QStringLiteral("origins"), toJson(snapshot.origins) } };
}

QJsonObject configuration(const EngineSnapshot &snapshot)
{
    return { { QStringLiteral("path"), snapshot.configPath },
             { QStringLiteral("problem"), snapshot.configProblem },
             { QStringLiteral("warnings"), QJsonArray::fromStringList(snapshot.configWarnings) } };
}

} // namespace

QByteArray statusJson(const EngineSnapshot &snapshot)
{
    QJsonArray providers;
    for (const ProviderSnapshot &provider : snapshot.providers)
        providers.append(toJson(provider));
    QJsonArray alarms;
    for (const Alarm &alarm : snapshot.alarms)
        alarms.append(toJson(alarm));
    const QJsonObject root { { QStringLiteral("version"), latin(SIGNALBOX_VERSION) },
                             { QStringLiteral("sequence"), number(snapshot.sequence) },
                             { QStringLiteral("takenAt"), time(snapshot.takenAt) },
                             { QStringLiteral("uptimeMs"), number(snapshot.uptime) },
                             { QStringLiteral("demo"), snapshot.demo },
                             { QStringLiteral("listener"), toJson(snapshot.listener) },
                             { QStringLiteral("providers"), providers },
                             { QStringLiteral("totals"), toJson(snapshot.totals) },
                             { QStringLiteral("failovers"), toJson(snapshot.failovers) },
                             { QStringLiteral("inFlight"), snapshot.inFlight },
                             { QStringLiteral("overhead"), toJson(snapshot.overhead) },
                             { QStringLiteral("requestFirstByte"), toJson(snapshot.requestFirstByte) },
                             { QStringLiteral("requestTotal"), toJson(snapshot.requestTotal) },
                             { QStringLiteral("endpoints"), toJson(snapshot.endpoints) },
                             { QStringLiteral("alarms"), alarms },
                             { QStringLiteral("recording"), toJson(snapshot.recording) },
                             { QStringLiteral("process"), toJson(snapshot.process) },
                             { QStringLiteral("settings"), settings(snapshot) },
                             { QStringLiteral("config"), configuration(snapshot) } };
    return QJsonDocument(root).toJson(QJsonDocument::Compact);
}

} // namespace signalbox
