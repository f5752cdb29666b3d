// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/configdiff.h"
#include "engine/engine.h"
#include "engine/health/healthprober.h"
#include "engine/historyqueries.h"
#include "engine/proxy/listener.h"
#include "engine/proxy/proxycontext.h"
#include "engine/requesttraces.h"
#include "engine/telemetryhub.h"

#include <QThreadPool>
#include <QTimer>

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <set>

namespace signalbox {

/// Shared between threads.
using FinishedRequests = std::shared_ptr<const std::vector<FinishedRequest>>;

class ConfigKeeper;
class ConfigWatcher;
class Keychain;
class SecretResolver;
class SimulatedProviders;
class TrafficGenerator;

struct PackedTrace
{
    QByteArray bytes;
    std::vector<Secret> secrets;
};

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
    void applyEdits(const QList<SettingEdit> &edits, const Done &done);
    void addProvider(const ProviderDraft &draft, const Done &done);
    void updateProvider(const QString &name, const ProviderDraft &draft, const Done &done);
    void removeProvider(const QString &name, const Done &done);
    void moveProvider(const QString &name, int newIndex, const Done &done);
    void setModels(const QString &name, const std::vector<ModelMapping> &models, const Done &done);
    void rebind(const QString &address, std::uint16_t port, const Done &done);
    bool listensAt(const QString &address, std::uint16_t port) const { return m_listener.isAt(address, port); }
    void regenerateToken(const Done &done);
    void configVersions(const std::function<void(const std::vector<ConfigVersion> &)> &done);
    void undoConfig(const Done &done);
    void restoreConfig(std::uint64_t version, const Done &done);
    void testProvider(const ProviderDraft &draft, const std::optional<Secret> &typedKey,
                      const std::function<void(const ProbeReport &)> &done);
    void storeKey(const QString &entry, const Secret &key, const Done &done);
    void deleteKey(const QString &entry, const Done &done);
    Status setSessionKey(const QString &provider, const Secret &key);
    void confirmKey(const QString &provider, const Done &done);
    Secret accessToken() const { return m_context.config->proxy.token.value_or(Secret()); }
    RequestRing requestRing() const { return m_telemetry.recent().requests(); }
    std::vector<RequestEvent> healthChecks() const { return m_telemetry.recent().healthChecks(); }
    FromMemory<EventPage> events(const EventQuery &query) const;
    DryRun dryRun(const RouteQuery &query);
    Status cancelRequest(const QByteArray &id);
    /// What is kept of one of the newest requests, and the secrets that must not be in what is shown of it.
    std::optional<PackedTrace> trace(std::uint64_t sequence) const;
    EngineSnapshotPtr makeSnapshot();
    Status acknowledgeAlarm(const QString &id, const QString &by);
    /// Zero ends the silence.
    Status shelveAlarm(const QString &id, Milliseconds duration);
    void startShadow(const PolicyDraft &draft, Milliseconds duration, const Done &done);
    Status stopShadow();
    std::shared_ptr<const Config> config() const { return m_context.config; }
    /// Empty: nothing is recorded.
    QString historyPath() const { return m_telemetry.history() ? m_telemetry.history()->path() : QString(); }
    SeriesFromMemory series(const SeriesQuery &query);
    /// What memory holds of it; the file is for HistoryQueries::deleteAll().
    void forgetHistory();
    /// Tells of it, so that the new history begins with it.
    void historyForgotten(const Status &status);
    /// For another thread; the core must outlive what is asked.
    HistoryQueries history() { return HistoryQueries(m_telemetry.history()); }

Q_SIGNALS:
    void snapshotPublished(const signalbox::EngineSnapshotPtr &snapshot);
    void stateChanged(const signalbox::StateEvent &event);
    /// Those of the last moments together: telling another thread of each one costs more than the request itself.
    void requestsFinished(const signalbox::FinishedRequests &requests);
    void configApplied(const std::shared_ptr<const signalbox::Config> &config);

private:
    /// A key that lasts for this run, and only for the origin it was given for.
    struct SessionKey
    {
        QString origin;
        Secret key;
    };

    void makeKeeper();
    void onFileChanged(const LoadResult &loaded);
    void applyLoaded(const LoadResult &loaded, const QString &by);
    void tellChanges(const std::vector<ConfigChange> &changes, const QString &by);
    void applyConfig(Config config);
    Status mayApply(const Config &config);
    Status applyListenPlace();
    bool saves(const Done &done) const;
    const ProviderConfig *configured(const QString &name) const;
    void resolveKeys();
    void resolveWebhook();
    bool useSessionKey(Provider &provider);
    void probeDraft(const ProviderConfig &provider, const Secret &key,
                    const std::function<void(const ProbeReport &)> &done);
    void endDemo();
    void updateProbes();
    void onProbe(const ProbeResult &result);
    void reportProbe(const ProbeResult &result, const QString &outcome, double durationMs);
    void onTransition(const Provider &provider, const BreakerTransition &transition);
    /// "OPEN", or the mode if an operator forced one.
    static QString stateWord(const BreakerTransition &transition, BreakerState state);
    void onTick();
    void sampleProviders();
    void keepCapture(CapturedTraffic &&traffic);
    std::vector<Secret> secrets() const;
    EngineSnapshotPtr publish();
    Status alarmChanged(const Result<Alarm> &changed, const QString &sentence);
    void publishSoon();
    void tellFinished();
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
    std::map<QString, QString> m_probeResults; ///< the last by provider: "ok", or what went wrong
    std::set<QString> m_askedProbes; ///< an operator waits for these providers' results
    std::unique_ptr<SecretResolver> m_secrets;
    std::unique_ptr<ConfigWatcher> m_watcher;
    std::unique_ptr<SimulatedProviders> m_simulated;
    std::unique_ptr<TrafficGenerator> m_traffic;
    TelemetryHub m_telemetry;
    QThreadPool m_drafting; ///< reads what a draft policy names
    std::unique_ptr<ConfigKeeper> m_keeper; ///< null without a config file
    std::shared_ptr<const Config> m_shownConfig; ///< what snapshots share
    std::map<QString, SessionKey> m_sessionKeys; ///< by provider
    RequestTraces m_traces;
    QTimer m_tick;
    QTimer m_publish;
    std::vector<FinishedRequest> m_finished; ///< not told yet
    QTimer m_tell;
    int m_ticks = 0;
    ListenState m_listenState = ListenState::Stopped;
    QString m_listenError;
    QString m_webhookProblem; ///< why alarms are not sent there
    QString m_configProblem;
    QStringList m_configWarnings;
    std::uint64_t m_sequence = 0;
    std::int64_t m_startedMs;
};

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::FinishedRequests)
