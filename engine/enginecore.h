// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "engine/health/healthprober.h"
#include "engine/proxy/listener.h"
#include "engine/proxy/proxycontext.h"
#include "engine/recentevents.h"
#include "engine/telemetryhub.h"

#include <QThreadPool>
#include <QTimer>

#include <atomic>
#include <memory>
#include <random>

namespace signalbox {

class ConfigWatcher;
class SecretResolver;
class SimulatedProviders;
class TrafficGenerator;

/// Everything that lives on the engine thread, wired together.
class EngineCore : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(Status)>;

    explicit EngineCore(EngineOptions options);
    ~EngineCore() override;

    void start(const Done &done);
    void stop(Milliseconds drain, const Done &done);
    void applySettings(const SettingsPatch &patch, const Done &done);
    void command(const ProviderCommand &command, const Done &done);
    void setSetting(const QString &key, const QString &value, const Done &done);
    RequestPage requests(const RequestQuery &query) const;
    EventPage events(const EventQuery &query) const;
    DryRun dryRun(const RouteQuery &query);
    EngineSnapshotPtr makeSnapshot();
    Status acknowledgeAlarm(const QString &id);
    /// Zero ends the silence.
    Status shelveAlarm(const QString &id, Milliseconds duration);
    void startShadow(const PolicyDraft &draft, Milliseconds duration, const Done &done);
    Status stopShadow();
    std::shared_ptr<const Config> config() const { return m_context.config; }
    QString historyPath() const { return m_telemetry.historyPath(); }

Q_SIGNALS:
    void snapshotPublished(const signalbox::EngineSnapshotPtr &snapshot);
    void stateChanged(const signalbox::StateEvent &event);
    void requestFinished(const signalbox::RequestEvent &event);
    void configApplied(const std::shared_ptr<const signalbox::Config> &config);

private:
    void applyLoaded(const LoadResult &loaded);
    void applyConfig(Config config);
    void resolveKeys();
    void updateProbes();
    void onProbe(const ProbeResult &result);
    void onTransition(const Provider &provider, const BreakerTransition &transition);
    /// "OPEN", or the mode if an operator forced one.
    static QString stateWord(const BreakerTransition &transition, BreakerState state);
    void onTick();
    EngineSnapshotPtr publish();
    Status alarmChanged(const Result<Alarm> &changed);
    void publishSoon();
    void finishStop(const Done &done);
    void startDemo();
    void keepInputs();
    Status runShadow(const std::map<QString, BreakerSettings> &settings, Milliseconds duration);
    void endShadow(Provider &provider, const QString &why);
    void report(StateEvent::Kind kind, const QString &provider, const QString &before, const QString &after,
                const QString &reason);

    EngineOptions m_options;
    SystemClock m_clock;
    std::mt19937_64 m_random;
    ProxyContext m_context;
    Listener m_listener;
    HealthProber m_prober;
    std::unique_ptr<SecretResolver> m_secrets;
    std::unique_ptr<ConfigWatcher> m_watcher;
    std::unique_ptr<SimulatedProviders> m_simulated;
    std::unique_ptr<TrafficGenerator> m_traffic;
    TelemetryHub m_telemetry;
    RecentEvents m_recent;
    QThreadPool m_saver; ///< one thread: saves of the config file come after each other
    QTimer m_tick;
    QTimer m_publish;
    int m_ticks = 0;
    ListenState m_listenState = ListenState::Stopped;
    QString m_listenError;
    QString m_configProblem;
    QStringList m_configWarnings;
    std::uint64_t m_sequence = 0;
    std::int64_t m_startedMs;
};

} // namespace signalbox
