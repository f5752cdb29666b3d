// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"
#include "engine/api/stateevent.h"
#include "engine/config/config.h"
#include "engine/costbook.h"
#include "engine/history/historylock.h"
#include "engine/history/historywriter.h"
#include "engine/history/seriesbook.h"
#include "engine/recentevents.h"
#include "engine/telemetry/alarmengine.h"
#include "engine/telemetry/metricsaggregator.h"
#include "engine/telemetry/stepwatch.h"
#include "engine/telemetry/webhook.h"

#include <QObject>

#include <memory>

namespace signalbox {

/// One that others are told of.
struct FinishedRequest
{
    QByteArray packed; ///< by packEvent()
    bool healthCheck = false;
    bool smooth = false; ///< completed at its first attempt
};

/// Where everything that happened goes: counters, alarms, history, and whoever listens. Lives on the engine thread and
/// never waits.
class TelemetryHub : public QObject
{
    Q_OBJECT

public:
    /// Without a data directory nothing is recorded.
    TelemetryHub(const Clock &clock, const QString &dataDirectory, QObject *parent = nullptr);
    ~TelemetryHub() override;

    /// Prices are read from beside the configuration file.
    void applyConfig(const Config &config, const QString &configPath);
    /// Counters, figures over time and recording begin anew, in that directory. Requests that began before `now`, by
    /// the engine's clock, are not recorded any more.
    void startOver(const QString &dataDirectory, std::chrono::nanoseconds now);
    /// Where alarms are posted; an empty URL: nowhere.
    void setWebhook(const QUrl &url, const Secret &key) { m_webhook.setTarget(url, key); }
    /// Gives the event its number, counts it and hands it on. Returns the number.
    std::uint64_t record(RequestEvent event);
    /// Numbers it among the requests and hands it on; it counts as none.
    void recordHealthCheck(RequestEvent event);
    void record(StateEvent event);
    void record(CapturedBody body);
    /// False: it is missing in the history.
    bool record(BreakerInputs inputs) { return !m_history || (m_recording && m_history->record(std::move(inputs))); }
    void recordTransition(const QString &provider, BreakerState from, BreakerState to);

    /// Fills what is counted here.
    void writeInto(EngineSnapshot &snapshot) const;
    /// About once a second, with a snapshot from writeInto().
    void evaluateAlarms(const EngineSnapshot &snapshot);
    AlarmEngine &alarms() { return m_alarms; }
    /// To the webhook: an operator changed it.
    void postAlarm(const Alarm &alarm) { m_webhook.send(alarm); }
    SeriesBook &series() { return m_series; }
    const RecentEvents &recent() const { return m_recent; }
    /// What memory holds of the past, the counters excepted.
    void forget();
    /// Nullptr: nothing is recorded.
    HistoryWriter *history() const { return m_history.get(); }

Q_SIGNALS:
    void requestRecorded(const signalbox::FinishedRequest &request);
    void stateRecorded(const signalbox::StateEvent &event);

private:
    void openHistory(const QString &dataDirectory);
    void tellAlarm(const Alarm &alarm);
    std::uint64_t nextSequence(std::uint64_t &last) const;

    CostBook m_costs;
    MetricsAggregator m_metrics;
    AlarmEngine m_alarms;
    StepWatch m_steps;
    SeriesBook m_series;
    RecentEvents m_recent;
    Webhook m_webhook;
    std::unique_ptr<HistoryLock> m_lock; ///< after the first try only the writer's thread touches it
    std::unique_ptr<HistoryWriter> m_history;
    /// Of the demo: other threads may still read it.
    std::unique_ptr<HistoryLock> m_lockBefore;
    std::unique_ptr<HistoryWriter> m_historyBefore;
    QString m_notRecording; ///< why there is no writer
    bool m_recording = true; ///< wanted by the configuration
    std::chrono::nanoseconds m_startedOverAt { 0 };
    std::uint64_t m_lastRequest = 0;
    std::uint64_t m_lastState = 0;
};

} // namespace signalbox
