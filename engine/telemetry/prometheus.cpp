// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/prometheus.h"

#include "engine/telemetry/exposition.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace signalbox {

namespace {

using Type = Exposition::Type;
using Labels = Exposition::Labels;

/// More distinct failover reasons than there are; past it they count as "other", so that a mistake elsewhere cannot
/// make series without end.
constexpr std::size_t maximumReasons = 32;

double seconds(Milliseconds time)
{
    return std::chrono::duration<double>(time).count();
}

/// A provider with its label, escaped once.
struct Row
{
    QByteArray label;
    const ProviderSnapshot &provider;
};
using Rows = std::vector<Row>;

/// One gauge a state with value 0 or 1, so that a graph shows which one it is in.
template <typename State, std::size_t N>
void stateSet(Exposition &out, QByteArrayView owner, QByteArrayView labelName,
              const std::array<std::pair<State, const char *>, N> &states, State current)
{
    for (const auto &[state, name] : states)
        out.sample({ owner, labelName, name }, state == current);
}

constexpr std::array listenStates { std::pair { ListenState::Stopped, "stopped" },
                                    std::pair { ListenState::Listening, "listening" },
                                    std::pair { ListenState::Failed, "failed" },
                                    std::pair { ListenState::Draining, "draining" } };
constexpr std::array breakerStates { std::pair { BreakerState::Closed, "closed" },
                                     std::pair { BreakerState::Open, "open" },
                                     std::pair { BreakerState::HalfOpen, "half_open" } };
constexpr std::array breakerModes { std::pair { BreakerMode::Auto, "auto" },
                                    std::pair { BreakerMode::ForcedOpen, "forced_open" },
                                    std::pair { BreakerMode::ForcedClosed, "forced_closed" },
                                    std::pair { BreakerMode::Disabled, "disabled" } };

void writeProcess(Exposition &out, const EngineSnapshot &snapshot)
{
    const QByteArray build =
        Exposition::label("version", SIGNALBOX_VERSION) + ',' + Exposition::label("qt_version", qVersion());
    out.family("signalbox_build_info", Type::Gauge, "Always 1; the versions are labels.");
    out.sample({ build }, 1);
    out.family("signalbox_uptime_seconds", Type::Gauge, "Time since the engine started.");
    out.sample({}, seconds(snapshot.uptime));
    out.family("signalbox_demo", Type::Gauge, "1 if it runs on simulated providers.");
    out.sample({}, snapshot.demo);
    out.family("signalbox_config_problem", Type::Gauge, "1 if the last edit of the configuration was not applied.");
    out.sample({}, !snapshot.configProblem.isEmpty());
    out.family("signalbox_config_warnings", Type::Gauge, "Warnings about the configuration in use.");
    out.sample({}, snapshot.configWarnings.size());
    out.family("signalbox_listener_state", Type::Gauge, "1 for the state that the local listener is in.");
    stateSet(out, {}, "state", listenStates, snapshot.listener.state);
    out.family("signalbox_listener_connections", Type::Gauge, "Open client connections.");
    out.sample({}, snapshot.listener.connections);
}

/// By the names that every exporter of process data uses.
void writeUsage(Exposition &out, const ProcessSnapshot &process)
{
    out.family("process_cpu_seconds_total", Type::Counter, "User and system time of all threads.");
    out.sample({}, process.cpuSeconds);
    out.family("process_resident_memory_bytes", Type::Gauge, "Resident memory.");
    out.sample({}, process.residentBytes);
    out.family("process_virtual_memory_bytes", Type::Gauge, "Virtual memory.");
    out.sample({}, process.virtualBytes);
    out.family("process_open_fds", Type::Gauge, "Open file descriptors.");
    out.sample({}, process.openFiles);
    out.family("process_max_fds", Type::Gauge, "Limit of open file descriptors.");
    out.sample({}, process.openFilesLimit);
    out.family("process_threads", Type::Gauge, "Threads.");
    out.sample({}, process.threads);
    out.family("process_start_time_seconds", Type::Gauge, "Start of the process, in Unix time.");
    out.sample({}, process.startedAtSeconds);
}

constexpr std::array recordingStates { std::pair { RecordingState::Off, "off" },
                                       std::pair { RecordingState::Recording, "recording" },
                                       std::pair { RecordingState::Stopped, "stopped" } };

void writeRecording(Exposition &out, const RecordingSnapshot &recording)
{
    out.family("signalbox_recording_state", Type::Gauge, "1 for the state that the history is in.");
    stateSet(out, {}, "state", recordingStates, recording.state);
    out.family("signalbox_events_written_total", Type::Counter, "Events written to the history.");
    out.sample({}, recording.writtenEvents);
    out.family("signalbox_events_dropped_total", Type::Counter, "Events that did not fit into the queue.");
    out.sample({}, recording.droppedEvents);
    out.family("signalbox_event_queue_length", Type::Gauge, "Events that wait to be written.");
    out.sample({}, recording.queueDepth);
    out.family("signalbox_event_queue_capacity", Type::Gauge, "Events that can wait to be written.");
    out.sample({}, recording.queueCapacity);
    out.family("signalbox_history_size_bytes", Type::Gauge, "Size of the history on disk.");
    out.sample({}, recording.fileBytes);
}

void writeAlarms(Exposition &out, const std::vector<Alarm> &alarms)
{
    constexpr std::array priorities { AlarmPriority::High, AlarmPriority::Medium, AlarmPriority::Low };
    constexpr std::array states { AlarmState::Active, AlarmState::Acknowledged, AlarmState::Cleared,
                                  AlarmState::Shelved };
    out.family("signalbox_alarms", Type::Gauge, "Alarms of the engine, by priority and state.");
    for (const AlarmPriority priority : priorities) {
        const QByteArray owner = Exposition::label("priority", toString(priority));
        for (const AlarmState state : states) {
            const auto count = std::count_if(alarms.begin(), alarms.end(), [&](const Alarm &alarm) {
                return alarm.priority == priority && alarm.state == state;
            });
            out.sample({ owner, "state", toString(state) }, count);
        }
    }
    out.family("signalbox_alarm_active", Type::Gauge, "1 for each alarm that is active or acknowledged.");
    for (const Alarm &alarm : alarms) {
        if (alarm.state != AlarmState::Active && alarm.state != AlarmState::Acknowledged)
            continue;
        const QByteArray labels =
            Exposition::label("rule", alarm.rule.toUtf8()) + ',' + Exposition::label("subject", alarm.subject.toUtf8());
        out.sample({ labels }, 1);
    }
}

/// Label values from the code, bounded in number; one sample a value even if it occurs twice.
std::map<QByteArray, std::uint64_t> failoverReasons(const std::vector<FailoverCount> &failovers)
{
    std::map<QByteArray, std::uint64_t> reasons;
    for (const FailoverCount &failover : failovers) {
        QByteArray label = Exposition::label("reason", failover.reason.toUtf8());
        if (reasons.size() >= maximumReasons && reasons.find(label) == reasons.end())
            label = Exposition::label("reason", "other");
        reasons[label] += failover.count;
    }
    return reasons;
}

void writeRequests(Exposition &out, const EngineSnapshot &snapshot)
{
    const TotalsSnapshot &totals = snapshot.totals;
    out.family("signalbox_requests_total", Type::Counter, "Client requests that ended, by result.");
    out.sample({ {}, "result", "succeeded" }, totals.succeeded);
    out.sample({ {}, "result", "failed" }, totals.failed);
    out.sample({ {}, "result", "client_gone" }, totals.clientGone);
    out.sample({ {}, "result", "cancelled" }, totals.cancelled);
    out.sample({ {}, "result", "refused" }, totals.refusedLocally);
    out.family("signalbox_requests_received_total", Type::Counter, "Client requests that began.");
    out.sample({}, totals.requests);
    out.family("signalbox_requests_in_flight", Type::Gauge, "Client requests under way.");
    out.sample({}, snapshot.inFlight);
    out.family("signalbox_truncated_streams_total", Type::Counter, "Streams that broke after the client had a part.");
    out.sample({}, totals.truncatedStreams);
    out.family("signalbox_possibly_billed_twice_total", Type::Counter, "Failovers after a request had been sent.");
    out.sample({}, totals.possiblyBilledTwice);
    out.family("signalbox_failovers_total", Type::Counter, "Moves to the next provider, by what was wrong.");
    for (const auto &[label, count] : failoverReasons(snapshot.failovers))
        out.sample({ label }, count);
    out.family("signalbox_overhead_seconds", Type::Histogram, "Own time per request, without waiting for anyone.");
    out.histogram({}, snapshot.overhead);
    out.family("signalbox_request_first_byte_seconds", Type::Histogram, "From a request's head to the first byte out.");
    out.histogram({}, snapshot.requestFirstByte);
    out.family("signalbox_request_duration_seconds", Type::Histogram, "From a request's head to its end.");
    out.histogram({}, snapshot.requestTotal);
}

void writeEndpoints(Exposition &out, const std::vector<EndpointCount> &endpoints)
{
    constexpr std::array statusClasses { "none", "1xx", "2xx", "3xx", "4xx", "5xx" };
    out.family("signalbox_endpoint_requests_total", Type::Counter,
               "Client requests that ended, by what was asked, how it ended and the status sent.");
    for (const EndpointCount &entry : endpoints) {
        const QByteArray labels = Exposition::label("dialect", entry.dialect.toUtf8()) + ',' +
            Exposition::label("endpoint", entry.endpoint.toUtf8()) + ',' + Exposition::label("end", entry.end.toUtf8());
        const auto index = static_cast<std::size_t>(std::clamp(entry.statusClass, 0, 5));
        out.sample({ labels, "status", statusClasses[index] }, entry.count);
    }
}

void writeProviderState(Exposition &out, const Rows &rows)
{
    out.family("signalbox_provider_info", Type::Gauge, "Always 1; what the provider is, as labels.");
    for (const Row &row : rows) {
        const QByteArray labels = row.label + ",dialect=\"" + toString(row.provider.dialect) + '"';
        out.sample({ labels, "simulated", row.provider.simulated ? "true" : "false" }, 1);
    }
    out.family("signalbox_provider_enabled", Type::Gauge, "1 if it takes part.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.enabled);
    out.family("signalbox_provider_draining", Type::Gauge, "1 if it gets no new requests by an operator's wish.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.draining);
    out.family("signalbox_provider_credential_refused", Type::Gauge, "1 if the provider refused its key repeatedly.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.authBlocked);
    out.family("signalbox_provider_credential_missing", Type::Gauge, "1 if the configured source gives no key.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.keyMissing);
}

void writeBreakers(Exposition &out, const Rows &rows)
{
    out.family("signalbox_provider_breaker_state", Type::Gauge, "1 for the state that the breaker is in.");
    for (const Row &row : rows)
        stateSet(out, row.label, "state", breakerStates, row.provider.breaker.state);
    out.family("signalbox_provider_breaker_mode", Type::Gauge, "1 for the mode that the breaker is in.");
    for (const Row &row : rows)
        stateSet(out, row.label, "mode", breakerModes, row.provider.breaker.mode);
    out.family("signalbox_provider_breaker_opened_total", Type::Counter, "Times the breaker opened.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.breaker.opened);
    out.family("signalbox_provider_breaker_retry_seconds", Type::Gauge, "Until it may be asked again; 0 if it may.");
    for (const Row &row : rows)
        out.sample({ row.label }, seconds(row.provider.breaker.retryIn));
    out.family("signalbox_provider_throttled", Type::Gauge, "1 while the provider asked us to wait.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.breaker.throttled);
    out.family("signalbox_provider_throttled_seconds_total", Type::Counter, "Time spent throttled.");
    for (const Row &row : rows)
        out.sample({ row.label }, static_cast<double>(row.provider.throttledMs) / 1000.0);
}

void writeScores(Exposition &out, const Rows &rows)
{
    out.family("signalbox_provider_score", Type::Gauge, "Health score, 0 to 100.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.score.value);
    out.family("signalbox_provider_score_factor", Type::Gauge, "The four factors of the score, 0 to 1.");
    for (const Row &row : rows) {
        const ScoreSnapshot &score = row.provider.score;
        out.sample({ row.label, "factor", "success" }, score.success);
        out.sample({ row.label, "factor", "response" }, score.response);
        out.sample({ row.label, "factor", "availability" }, score.availability);
        out.sample({ row.label, "factor", "trend" }, score.trend);
    }
    out.family("signalbox_provider_success_ratio", Type::Gauge, "Accepted calls that succeeded, last 5 minutes.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.successRate);
}

void writeTrends(Exposition &out, const Rows &rows)
{
    out.family("signalbox_provider_trend_per_minute", Type::Gauge,
               "Slope of the natural logarithm of the median first byte.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.trendSlopePerMinute);
    out.family("signalbox_provider_first_byte_forecast_seconds", Type::Gauge,
               "Median first byte in 5 minutes at this pace; absent while unknown.");
    for (const Row &row : rows) {
        if (row.provider.forecastFirstByteMs)
            out.sample({ row.label }, *row.provider.forecastFirstByteMs / 1000.0);
    }
    out.family("signalbox_provider_steps_total", Type::Counter, "Sudden changes of the first byte, by direction.");
    for (const Row &row : rows) {
        out.sample({ row.label, "direction", "slower" }, row.provider.totals.stepsSlower);
        out.sample({ row.label, "direction", "faster" }, row.provider.totals.stepsFaster);
    }
    out.family("signalbox_provider_certificate_expiry_timestamp_seconds", Type::Gauge,
               "Unix time at which the certificate last seen expires; absent while none was seen.");
    for (const Row &row : rows) {
        if (row.provider.certificateExpiry.isValid())
            out.sample({ row.label }, row.provider.certificateExpiry.toSecsSinceEpoch());
    }
}

void writeUsageOfModels(Exposition &out, const Rows &rows)
{
    out.family("signalbox_provider_tokens_total", Type::Counter,
               "Tokens that the provider reported, by kind; reasoning is a part of output.");
    for (const Row &row : rows) {
        const TokenTotals &tokens = row.provider.totals.tokens;
        out.sample({ row.label, "kind", "input" }, tokens.input);
        out.sample({ row.label, "kind", "cached" }, tokens.cached);
        out.sample({ row.label, "kind", "cache_write" }, tokens.cacheWrite);
        out.sample({ row.label, "kind", "output" }, tokens.output);
        out.sample({ row.label, "kind", "reasoning" }, tokens.reasoning);
    }
    out.family("signalbox_provider_cost_usd_total", Type::Counter, "Cost of the answers whose cost is known.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.totals.costUsd);
    out.family("signalbox_provider_answers_total", Type::Counter, "Answers, by whether their cost is known.");
    for (const Row &row : rows) {
        out.sample({ row.label, "cost", "known" }, row.provider.totals.costKnown);
        out.sample({ row.label, "cost", "unknown" }, row.provider.totals.costUnknown);
    }
    out.family("signalbox_provider_possibly_billed_total", Type::Counter,
               "Attempts that failed after the request had been sent.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.totals.possiblyBilled);
}

/// Absent until counted, so that a model costs one line and not four.
void writeOutcomes(Exposition &out, const QByteArray &labels, const OutcomeCounts &outcomes)
{
    const std::array counts { std::pair { "success", outcomes.success }, std::pair { "failure", outcomes.failure },
                              std::pair { "throttled", outcomes.throttled },
                              std::pair { "ignored", outcomes.ignored } };
    for (const auto &[outcome, count] : counts) {
        if (count > 0)
            out.sample({ labels, "outcome", outcome }, count);
    }
}

void writeBreakdown(Exposition &out, const Rows &rows)
{
    out.family("signalbox_provider_model_attempts_total", Type::Counter, "Attempts that ended, by model as asked.");
    for (const Row &row : rows) {
        for (const ModelTotals &model : row.provider.totals.models)
            writeOutcomes(out, row.label + ',' + Exposition::label("model", model.model.toUtf8()), model.outcomes);
    }
    out.family("signalbox_provider_attempt_reasons_total", Type::Counter, "Attempts that ended, by how exactly.");
    for (const Row &row : rows) {
        for (const ReasonCount &reason : row.provider.totals.attemptReasons) {
            const QByteArray labels = row.label + ',' + Exposition::label("reason", reason.reason.toUtf8());
            out.sample({ labels }, reason.count);
        }
    }
    out.family("signalbox_provider_breaker_transitions_total", Type::Counter, "Breaker transitions, by new state.");
    for (const Row &row : rows) {
        const TransitionTotals &transitions = row.provider.totals.transitions;
        out.sample({ row.label, "to", "open" }, transitions.toOpen);
        out.sample({ row.label, "to", "half_open" }, transitions.toHalfOpen);
        out.sample({ row.label, "to", "closed" }, transitions.toClosed);
    }
}

void writeTraffic(Exposition &out, const Rows &rows)
{
    out.family("signalbox_provider_attempts_total", Type::Counter, "Attempts that ended, by outcome.");
    for (const Row &row : rows) {
        const OutcomeCounts &outcomes = row.provider.outcomes;
        out.sample({ row.label, "outcome", "success" }, outcomes.success);
        out.sample({ row.label, "outcome", "failure" }, outcomes.failure);
        out.sample({ row.label, "outcome", "throttled" }, outcomes.throttled);
        out.sample({ row.label, "outcome", "ignored" }, outcomes.ignored);
    }
    out.family("signalbox_provider_attempts_started_total", Type::Counter, "Attempts that began.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.attempts);
    out.family("signalbox_provider_requests_in_flight", Type::Gauge, "Attempts under way.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.inFlight);
    out.family("signalbox_provider_first_byte_seconds", Type::Histogram, "Streams: time to the first byte.");
    for (const Row &row : rows)
        out.histogram(row.label, row.provider.firstByteHistogram);
    out.family("signalbox_provider_answer_seconds", Type::Histogram, "Non-streamed answers: total time.");
    for (const Row &row : rows)
        out.histogram(row.label, row.provider.totalHistogram);
}

void writeConnections(Exposition &out, const Rows &rows)
{
    out.family("signalbox_provider_connections", Type::Gauge, "Pooled connections, by state.");
    for (const Row &row : rows) {
        const PoolSnapshot &pool = row.provider.pool;
        out.sample({ row.label, "state", "active" }, pool.active);
        out.sample({ row.label, "state", "idle" }, pool.idle);
        out.sample({ row.label, "state", "connecting" }, pool.connecting);
    }
    out.family("signalbox_provider_connection_waiters", Type::Gauge, "Attempts that wait for a connection.");
    for (const Row &row : rows)
        out.sample({ row.label }, row.provider.pool.waiting);
    out.family("signalbox_provider_probes_total", Type::Counter, "Active checks that ended, by result.");
    for (const Row &row : rows) {
        out.sample({ row.label, "result", "ok" }, row.provider.probe.ok);
        out.sample({ row.label, "result", "failed" }, row.provider.probe.failed);
    }
    out.family("signalbox_provider_probe_duration_seconds", Type::Gauge, "Duration of the last active check.");
    for (const Row &row : rows) {
        if (row.provider.probe.lastDurationMs)
            out.sample({ row.label }, *row.provider.probe.lastDurationMs / 1000.0);
    }
}

qsizetype expectedBytes(const EngineSnapshot &snapshot)
{
    // Rounded up from real output: the engine's own part, then per provider its gauges and per bucket one line.
    constexpr qsizetype own = 16000, perProvider = 6500, perBucket = 90, perSeries = 150;
    qsizetype bytes = own + perBucket * static_cast<qsizetype>(snapshot.overhead.upperBounds.size());
    bytes += perSeries * static_cast<qsizetype>(snapshot.endpoints.size() + snapshot.alarms.size());
    for (const ProviderSnapshot &provider : snapshot.providers) {
        const auto buckets =
            provider.firstByteHistogram.upperBounds.size() + provider.totalHistogram.upperBounds.size();
        bytes += perProvider + (perBucket + provider.name.size()) * static_cast<qsizetype>(buckets);
        bytes +=
            perSeries * static_cast<qsizetype>(provider.totals.models.size() + provider.totals.attemptReasons.size());
    }
    return bytes;
}

} // namespace

QByteArray prometheusText(const EngineSnapshot &snapshot)
{
    Rows rows;
    rows.reserve(snapshot.providers.size());
    for (const ProviderSnapshot &provider : snapshot.providers)
        rows.push_back({ Exposition::label("provider", provider.name.toUtf8()), provider });

    Exposition out(expectedBytes(snapshot));
    writeProcess(out, snapshot);
    writeUsage(out, snapshot.process);
    writeRecording(out, snapshot.recording);
    writeAlarms(out, snapshot.alarms);
    writeRequests(out, snapshot);
    writeEndpoints(out, snapshot.endpoints);
    writeProviderState(out, rows);
    writeBreakers(out, rows);
    writeScores(out, rows);
    writeTrends(out, rows);
    writeUsageOfModels(out, rows);
    writeBreakdown(out, rows);
    writeTraffic(out, rows);
    writeConnections(out, rows);
    return out.take();
}

} // namespace signalbox
