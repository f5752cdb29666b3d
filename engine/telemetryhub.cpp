// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetryhub.h"

#include "engine/capturemasking.h"
#include "engine/telemetry/processusage.h"

namespace signalbox {

TelemetryHub::TelemetryHub(const Clock &clock, const QString &dataDirectory, QObject *parent)
    : QObject(parent), m_alarms(clock),
      m_series([this](const QString &provider, std::int64_t atMs, const GaugeSums &gauges) {
          if (m_history && m_recording)
              m_history->record(ProviderGauges { provider, atMs, gauges });
      })
{
    openHistory(dataDirectory);
    connect(&m_webhook, &Webhook::failed, this, [this](const QString &reason) {
        record(StateEvent { StateEvent::Kind::Alarm, 0, QDateTime::currentDateTimeUtc(), {}, {}, {}, reason });
    });
}

TelemetryHub::~TelemetryHub() = default;

/// Where another engine records, this one does not. A directory that cannot be written to may be mended while this
/// runs.
void TelemetryHub::openHistory(const QString &dataDirectory)
{
    m_notRecording.clear();
    if (dataDirectory.isEmpty()) {
        m_notRecording = QStringLiteral("No data directory is set, so nothing is recorded.");
        return;
    }
    m_lock = std::make_unique<HistoryLock>(dataDirectory);
    const Status taken = m_lock->take();
    if (m_lock->isTaken()) {
        m_notRecording = taken.error().reason;
        m_lock.reset();
        return;
    }
    HistorySettings settings { dataDirectory, {}, maskCapture };
    if (!taken) {
        settings.claim = [lock = m_lock.get()] { return lock->take(); };
        settings.unclaimedReason = taken.error().reason;
    }
    m_history = std::make_unique<HistoryWriter>(settings);
}

void TelemetryHub::startOver(const QString &dataDirectory, std::chrono::nanoseconds now)
{
    m_startedOverAt = now;
    m_metrics = {};
    m_steps = {};
    m_series.forget();
    m_lockBefore = std::move(m_lock);
    m_historyBefore = std::move(m_history);
    openHistory(dataDirectory);
}

void TelemetryHub::forget()
{
    m_recent = {};
    m_series.forget();
}

void TelemetryHub::applyConfig(const Config &config, const QString &configPath)
{
    m_recording = config.metrics.recording;
    if (m_history)
        m_history->setKeep(config.metrics);
    m_costs.setProviders(config.providers);
    QStringList names;
    for (const ProviderConfig &provider : config.providers)
        names.append(provider.name);
    m_series.setProviders(names);
    const Status prices = m_costs.loadUserPrices(configPath);
    if (prices)
        return;
    record(StateEvent { StateEvent::Kind::Config,
                        0,
                        QDateTime::currentDateTimeUtc(),
                        {},
                        {},
                        {},
                        QStringLiteral("%1: %2").arg(prices.error().place, prices.error().reason) });
}

/// Wall time in microseconds, moved up where the clock stands or goes back: so numbers grow over restarts too, and
/// a page of the history begins where the one before ended.
std::uint64_t TelemetryHub::nextSequence(std::uint64_t &last) const
{
    return last = std::max(last + 1, static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch()) * 1000);
}

std::uint64_t TelemetryHub::record(RequestEvent event)
{
    const std::uint64_t sequence = event.sequence = nextSequence(m_lastRequest);
    if (event.monotonic < m_startedOverAt)
        return sequence;
    m_costs.price(event);
    m_metrics.record(event);
    RequestRecord record(event);
    m_series.record(record);
    m_recent.add(record);
    if (const std::optional<FirstByteStep> step = m_steps.record(event)) {
        m_metrics.recordStep(step->provider, step->change.slower);
        this->record(StateEvent {
            StateEvent::Kind::Trend, 0, QDateTime::currentDateTimeUtc(), step->provider, {}, {}, step->sentence() });
    }
    const bool smooth = event.end == RequestEvent::End::Completed && event.attempts.size() == 1;
    Q_EMIT requestRecorded({ record.packed, false, smooth });
    if (m_history && m_recording)
        m_history->record(std::move(record));
    return sequence;
}

void TelemetryHub::recordHealthCheck(RequestEvent event)
{
    event.sequence = nextSequence(m_lastRequest);
    event.id = "check_" + QByteArray::number(static_cast<qulonglong>(event.sequence));
    m_recent.addHealthCheck(event);
    Q_EMIT requestRecorded({ RequestRecord(event).packed, true, false });
}

void TelemetryHub::record(StateEvent event)
{
    event.sequence = nextSequence(m_lastState);
    m_recent.add(event);
    Q_EMIT stateRecorded(event);
    if (m_history && m_recording)
        m_history->record(std::move(event));
}

void TelemetryHub::record(CapturedBody body)
{
    if (m_history && m_recording)
        m_history->record(std::move(body));
}

void TelemetryHub::recordTransition(const QString &provider, BreakerState from, BreakerState to)
{
    m_metrics.recordTransition(provider, from, to);
}

void TelemetryHub::writeInto(EngineSnapshot &snapshot) const
{
    m_metrics.writeInto(snapshot);
    for (ProviderSnapshot &provider : snapshot.providers)
        provider.recent = m_series.recent(provider.name);
    snapshot.alarms = m_alarms.alarms();
    snapshot.process = readProcessUsage();
    if (m_history && !m_recording) {
        snapshot.recording.reason = QStringLiteral("Recording is switched off (metrics.recording).");
    } else if (m_history) {
        snapshot.recording = m_history->state();
    } else {
        snapshot.recording.reason = m_notRecording;
    }
}

void TelemetryHub::evaluateAlarms(const EngineSnapshot &snapshot)
{
    for (const Alarm &alarm : m_alarms.evaluate(snapshot))
        tellAlarm(alarm);
}

void TelemetryHub::tellAlarm(const Alarm &alarm)
{
    const bool again = alarm.state == AlarmState::Active && alarm.count > 1;
    record(StateEvent { StateEvent::Kind::Alarm,
                        0,
                        QDateTime::currentDateTimeUtc(),
                        alarm.subject,
                        {},
                        QString::fromLatin1(toString(alarm.state)),
                        again ? QStringLiteral("%1 (raised %2 times)").arg(alarm.text).arg(alarm.count) : alarm.text });
    m_webhook.send(alarm);
}

} // namespace signalbox
