// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/enginecore.h"

#include "engine/config/configwatcher.h"
#include "engine/config/keychain.h"
#include "engine/config/keyorigins.h"
#include "engine/config/secretresolver.h"
#include "engine/configkeeper.h"
#include "engine/demo/simulatedproviders.h"
#include "engine/demo/trafficgenerator.h"
#include "engine/healthcheckevent.h"
#include "engine/probetarget.h"
#include "engine/proxy/exchange.h"
#include "engine/telemetry/trendwords.h"

#include <cmath>
#include <map>
#include <utility>

namespace signalbox {

namespace {

constexpr std::chrono::milliseconds tickTime { 250 };
constexpr int ticksPerSecond = 4;
constexpr int ticksPerScore = 5 * ticksPerSecond;
constexpr std::chrono::milliseconds publishDelay { 50 };
constexpr std::size_t mostInFlightShown = 256;
constexpr std::chrono::milliseconds tellDelay { 20 };

/// What an operator decided about a provider: "AUTO", "FORCED_OPEN, draining".
QString operatorState(Provider &provider)
{
    QString text = QString::fromLatin1(toString(provider.breaker().mode()));
    if (provider.isDraining())
        text += QStringLiteral(", draining");
    if (!provider.isEnabled())
        text += QStringLiteral(", disabled");
    return text;
}

QString commandSentence(const ProviderCommand &command)
{
    using Kind = ProviderCommand::Kind;
    static const std::map<Kind, QString> sentences {
        { Kind::ForceOpen, QStringLiteral("An operator forced its breaker open") },
        { Kind::ForceClosed, QStringLiteral("An operator forced its breaker closed") },
        { Kind::NoBreaker, QStringLiteral("An operator took its breaker out of use") },
        { Kind::Auto, QStringLiteral("An operator returned its breaker to automatic") },
        { Kind::Reset, QStringLiteral("An operator reset its breaker") },
        { Kind::TripFor, QStringLiteral("An operator tripped its breaker") },
        { Kind::ProbeNow, QStringLiteral("An operator asked for a health check") },
        { Kind::Drain, QStringLiteral("An operator let it drain") },
        { Kind::Enable, QStringLiteral("An operator enabled it") },
        { Kind::Disable, QStringLiteral("An operator disabled it") },
    };
    const QString &sentence = sentences.at(command.kind);
    if (!command.duration)
        return sentence + QLatin1Char('.');
    return QStringLiteral("%1 for %2 s.").arg(sentence).arg(command.duration->count() / 1000);
}

} // namespace

QString EngineCore::stateWord(const BreakerTransition &transition, BreakerState state)
{
    return QString::fromLatin1(transition.mode == BreakerMode::Auto ? toString(state) : toString(transition.mode));
}

EngineCore::EngineCore(EngineOptions options)
    : m_options(std::move(options)), m_random(std::random_device {}()),
      m_context(m_clock, [this] { return std::uniform_real_distribution<double>(0.0, 1.0)(m_random); }),
      m_listener(m_context),
      m_prober(m_clock, [this] { return std::uniform_real_distribution<double>(0.0, 1.0)(m_random); }),
      m_telemetry(m_clock, m_options.dataDirectory), m_startedMs(m_clock.nowMs())
{
    m_configWarnings = m_options.config.warningTexts();
    m_context.freshSnapshot = [this] { return makeSnapshot(); };
    m_context.requestFinished = [this](RequestEvent &&event, QByteArrayView trace) {
        const std::uint64_t sequence = m_telemetry.record(std::move(event));
        m_traces.add(sequence, trace);
        return sequence;
    };
    m_context.captured = [this](CapturedTraffic &&traffic) { keepCapture(std::move(traffic)); };
    connect(&m_telemetry, &TelemetryHub::requestRecorded, this, [this](const FinishedRequest &request) {
        m_finished.push_back(request);
        if (!m_tell.isActive())
            m_tell.start(tellDelay);
    });
    connect(&m_telemetry, &TelemetryHub::stateRecorded, this, &EngineCore::stateChanged);
    m_context.registry.setObserver(
        [this](const Provider &provider, const BreakerTransition &transition) { onTransition(provider, transition); });
    const std::shared_ptr<KeyOrigins> origins =
        m_options.configPath.isEmpty() ? nullptr : std::make_shared<KeyOrigins>(m_options.configPath);
    m_secrets = std::make_unique<SecretResolver>(
        m_options.overlay.environment, m_options.keychain ? m_options.keychain : makeSystemKeychain(), origins);
    connect(&m_prober, &HealthProber::probeFinished, this, &EngineCore::onProbe);
    connect(&m_tick, &QTimer::timeout, this, &EngineCore::onTick);
    m_publish.setSingleShot(true);
    connect(&m_publish, &QTimer::timeout, this, &EngineCore::publish);
    m_tell.setSingleShot(true);
    connect(&m_tell, &QTimer::timeout, this, &EngineCore::tellFinished);
    if (!m_options.configPath.isEmpty()) {
        if (m_options.config.config.proxy.token)
            m_options.overlay.fallbackToken = m_options.config.config.proxy.token;
        m_watcher = std::make_unique<ConfigWatcher>(m_options.configPath, m_options.overlay);
        connect(m_watcher.get(), &ConfigWatcher::configChanged, this, &EngineCore::onFileChanged);
        connect(m_watcher.get(), &ConfigWatcher::keyOriginsChanged, this, &EngineCore::resolveKeys);
        makeKeeper();
    }
    applyConfig(m_options.config.config);
    m_tick.start(tickTime); // whether it listens or not: whoever looks must know that the engine is there
    // So that breakers' times can be told from times in which nothing ran.
    report(StateEvent::Kind::Listener, {}, {}, QStringLiteral("started"), QStringLiteral("The engine started."));
}

EngineCore::~EngineCore()
{
    report(StateEvent::Kind::Listener, {}, QStringLiteral("started"), QStringLiteral("stopped"),
           QStringLiteral("The engine stopped."));
    m_traffic.reset();
    m_prober.stop();
    m_listener.abortAll();
    keepInputs();
}

void EngineCore::applyConfig(Config config)
{
    if (m_options.demo) {
        if (!m_simulated) {
            m_simulated = std::make_unique<SimulatedProviders>(m_clock, m_options.seed);
            if (const Status status = m_simulated->start(); !status)
                m_configProblem = status.error().reason;
        }
        config.providers = m_simulated->configs();
        for (ProviderConfig &provider : config.providers) {
            provider.breaker = config.breaker;
            provider.health = config.health;
            provider.timeouts = config.timeouts;
            provider.capture = config.capture;
        }
    }
    m_telemetry.applyConfig(config, m_options.configPath);
    keepInputs(); // of providers that are dropped now
    Config shown = config;
    shown.proxy.token.reset();
    m_shownConfig = std::make_shared<const Config>(std::move(shown));
    m_context.applyConfig(std::make_shared<const Config>(std::move(config)));
    if (m_telemetry.history()) {
        for (const std::shared_ptr<Provider> &provider : m_context.registry.providers())
            provider->watch().startLog();
    }
    Q_EMIT configApplied(m_context.config);
    m_prober.setInterval(m_context.config->health.intervalMs);
    resolveKeys();
}

void EngineCore::updateProbes()
{
    std::vector<ProbeTarget> targets;
    for (const std::shared_ptr<Provider> &provider : m_context.registry.providers()) {
        const ProviderConfig &config = provider->config();
        if (config.enabled && config.health.enabled && !m_context.pointsAtUs(config.baseUrl))
            targets.push_back(probeTarget(config, m_context.upstreamContext(*provider)));
    }
    m_prober.setTargets(std::move(targets));
}

void EngineCore::start(const Done &done)
{
    const ProxyConfig &proxy = m_context.config->proxy;
    const Status status = m_listener.listen(proxy.address, proxy.port);
    m_listenState = status ? ListenState::Listening : ListenState::Failed;
    m_listenError = status ? QString() : status.error().reason;
    if (status) {
        updateProbes();
        m_prober.start();
        if (m_options.demo)
            startDemo();
    }
    publish();
    done(status);
}

void EngineCore::startDemo()
{
    QUrl url(QStringLiteral("http://127.0.0.1"));
    url.setPort(m_listener.port());
    m_traffic = std::make_unique<TrafficGenerator>(url, m_context.config->proxy.token, m_options.seed);
    m_traffic->start();
}

void EngineCore::stop(Milliseconds drain, const Done &done)
{
    m_traffic.reset();
    m_listener.stopAccepting();
    m_listenState = ListenState::Draining;
    publish();
    m_listener.drain();
    if (m_listener.connections() == 0)
        return finishStop(done);
    auto *limit = new QTimer(this);
    limit->setSingleShot(true);
    const auto finished = [this, limit, done] {
        limit->deleteLater();
        m_listener.disconnect(limit);
        finishStop(done);
    };
    connect(&m_listener, &Listener::emptied, limit, finished);
    connect(limit, &QTimer::timeout, limit, finished);
    limit->start(drain);
}

void EngineCore::finishStop(const Done &done)
{
    m_listener.abortAll();
    m_prober.stop();
    keepInputs();
    m_listenState = ListenState::Stopped;
    tellFinished();
    publish();
    done(ok());
}

void EngineCore::command(const ProviderCommand &command, const Done &done)
{
    using Kind = ProviderCommand::Kind;
    const std::shared_ptr<Provider> provider = m_context.registry.find(command.provider);
    if (!provider)
        return done(Error { QStringLiteral("There is no provider named '%1'.").arg(command.provider), {} });
    const std::int64_t nowMs = m_clock.nowMs();
    CircuitBreaker &breaker = provider->breaker();
    const auto until = command.duration ? std::optional(nowMs + command.duration->count()) : std::nullopt;
    const QString before = operatorState(*provider);
    switch (command.kind) {
    case Kind::ForceOpen:
        breaker.force(BreakerMode::ForcedOpen, nowMs);
        provider->setOverrideUntil(until);
        break;
    case Kind::ForceClosed:
        breaker.force(BreakerMode::ForcedClosed, nowMs);
        provider->setOverrideUntil(until);
        break;
    case Kind::NoBreaker:
        breaker.force(BreakerMode::Disabled, nowMs);
        provider->setOverrideUntil(until);
        break;
    case Kind::Auto:
        breaker.force(BreakerMode::Auto, nowMs);
        provider->setOverrideUntil(std::nullopt);
        break;
    case Kind::Reset:
        breaker.reset(nowMs);
        break;
    case Kind::TripFor:
        breaker.tripFor(command.duration.value_or(Milliseconds(60000)).count(), nowMs);
        break;
    case Kind::ProbeNow:
        if (m_prober.probeNow(command.provider))
            m_askedProbes.insert(command.provider);
        break;
    case Kind::Drain:
        provider->setDraining(true);
        provider->setOverrideUntil(until);
        break;
    case Kind::Enable:
        provider->setEnabled(true);
        provider->setDraining(false);
        break;
    case Kind::Disable:
        provider->setEnabled(false);
        break;
    }
    report(StateEvent::Kind::Command, command.provider, before, operatorState(*provider), commandSentence(command));
    publish();
    done(ok());
}

void EngineCore::onProbe(const ProbeResult &result)
{
    const std::shared_ptr<Provider> provider = m_context.registry.find(result.provider);
    if (!provider)
        return;
    provider->noteCertificate(result.certificateExpiry);
    const double durationMs = std::chrono::duration<double, std::milli>(result.timings.total).count();
    const QString outcome = result.reachable ? QStringLiteral("ok") : result.error;
    provider->probeEnded(result.reachable, result.authenticated2xx, outcome, durationMs);
    m_telemetry.recordHealthCheck(healthCheckEvent(result, provider->config().dialect));
    reportProbe(result, outcome, durationMs);
}

/// What an operator asked for, and what changed: the others say the same every interval.
void EngineCore::reportProbe(const ProbeResult &result, const QString &outcome, double durationMs)
{
    const QString before = std::exchange(m_probeResults[result.provider], outcome);
    const bool asked = m_askedProbes.erase(result.provider) > 0;
    const bool wasGood = before.isEmpty() || before == QLatin1String("ok");
    if (!asked && (before == outcome || (wasGood && result.reachable)))
        return;
    const QString reason = !result.reachable ? QStringLiteral("The health check failed: %1.").arg(outcome)
        : wasGood ? QStringLiteral("The health check succeeded in %1 ms.").arg(std::lround(durationMs))
                  : QStringLiteral("The health check succeeds again, in %1 ms.").arg(std::lround(durationMs));
    report(StateEvent::Kind::Probe, result.provider, before, outcome, reason);
}

void EngineCore::onTransition(const Provider &provider, const BreakerTransition &transition)
{
    report(StateEvent::Kind::Breaker, provider.config().name, stateWord(transition, transition.from),
           stateWord(transition, transition.to), reasonSentence(transition));
    m_telemetry.recordTransition(provider.config().name, transition.from, transition.to);
    publishSoon();
}

void EngineCore::report(StateEvent::Kind kind, const QString &provider, const QString &before, const QString &after,
                        const QString &reason)
{
    m_telemetry.record(StateEvent { kind, 0, QDateTime::currentDateTimeUtc(), provider, before, after, reason });
}

Status EngineCore::acknowledgeAlarm(const QString &id, const QString &by)
{
    return alarmChanged(m_telemetry.alarms().acknowledge(id, by),
                        QStringLiteral("An operator acknowledged the alarm %1 (%2).").arg(id, by));
}

Status EngineCore::shelveAlarm(const QString &id, Milliseconds duration)
{
    AlarmEngine &alarms = m_telemetry.alarms();
    if (duration.count() <= 0)
        return alarmChanged(alarms.unshelve(id),
                            QStringLiteral("An operator ended the silence of the alarm %1.").arg(id));
    return alarmChanged(alarms.shelve(id, duration),
                        QStringLiteral("An operator shelved the alarm %1 for %2.")
                            .arg(id, durationText(static_cast<double>(duration.count()))));
}

Status EngineCore::alarmChanged(const Result<Alarm> &changed, const QString &sentence)
{
    if (!changed)
        return changed.error();
    report(StateEvent::Kind::Command, changed.value().subject, {}, QString::fromLatin1(toString(changed.value().state)),
           sentence);
    m_telemetry.postAlarm(changed.value());
    publish();
    return ok();
}

void EngineCore::sampleProviders()
{
    SeriesBook &series = m_telemetry.series();
    series.advance(QDateTime::currentMSecsSinceEpoch());
    for (const std::shared_ptr<Provider> &provider : m_context.registry.providers()) {
        const ScoreResult &score = provider->score().result;
        series.sample(provider->config().name,
                      { score.score, score.success, score.response, score.availability, score.trend,
                        provider->breaker().state(), provider->breaker().mode(), provider->inFlight() });
    }
}

void EngineCore::onTick()
{
    if (m_context.standstill.beat())
        m_context.lane.clearIdle(); // what is idle may be dead without a sign
    m_listener.tick();
    sampleProviders();
    ++m_ticks;
    if (m_ticks % ticksPerSecond != 0)
        return;
    for (const std::shared_ptr<Provider> &provider : m_context.registry.providers()) {
        if (provider->watch().tickShadow(m_clock.nowMs()))
            endShadow(*provider, QStringLiteral("Its time is over."));
        if (!provider->tick())
            continue;
        provider->setDraining(false);
        if (provider->breaker().mode() != BreakerMode::Auto)
            provider->breaker().force(BreakerMode::Auto, m_clock.nowMs());
    }
    keepInputs();
    if (m_ticks % ticksPerScore == 0)
        m_context.registry.evaluateLeader();
    m_telemetry.evaluateAlarms(*publish());
}

namespace {

PoolStats poolOf(const std::vector<PoolStats> &pools, const ProviderConfig &config)
{
    const OriginSettings origin = OriginSettings::fromUrl(config.baseUrl, config.proxy, config.caFile);
    const auto found =
        std::find_if(pools.begin(), pools.end(), [&](const PoolStats &stats) { return stats.origin == origin; });
    return found == pools.end() ? PoolStats() : *found;
}

} // namespace

EngineSnapshotPtr EngineCore::makeSnapshot()
{
    auto snapshot = std::make_shared<EngineSnapshot>();
    const Config &config = *m_context.config;
    snapshot->sequence = ++m_sequence;
    snapshot->takenAt = QDateTime::currentDateTimeUtc();
    snapshot->uptime = Milliseconds(m_clock.nowMs() - m_startedMs);
    snapshot->demo = m_options.demo;
    ListenerSnapshot &listener = snapshot->listener;
    listener.state = m_listenState;
    listener.address = m_listener.isListening() ? m_listener.address() : config.proxy.address;
    listener.port = m_listener.isListening() ? m_listener.port() : config.proxy.port;
    QUrl url;
    url.setScheme(QStringLiteral("http"));
    url.setHost(listener.address);
    url.setPort(listener.port);
    listener.url = url.toString();
    listener.error = m_listenError;
    listener.tokenRequired = config.proxy.token.has_value();
    listener.connections = m_listener.connections();
    const std::vector<PoolStats> pools = m_context.lane.poolStats();
    for (const std::shared_ptr<Provider> &provider : m_context.registry.providers()) {
        const PoolStats pool = poolOf(pools, provider->config());
        provider->noteCertificate(pool.certificateExpiry);
        snapshot->providers.push_back(provider->snapshot());
        snapshot->providers.back().pool = { pool.active, pool.idle, pool.connecting, pool.waiting };
    }
    snapshot->totals = m_context.totals;
    for (const auto &[reason, count] : m_context.failovers)
        snapshot->failovers.push_back({ reason, count });
    snapshot->inFlight = m_context.inFlight;
    snapshot->inFlightRequests = inFlightRequests(m_context, mostInFlightShown);
    CumulativeCounts counts = m_context.overhead.counts();
    snapshot->overhead = { std::move(counts.upperBounds), std::move(counts.cumulativeCounts), counts.sum,
                           counts.count };
    snapshot->config = m_shownConfig;
    snapshot->breaker = config.breaker;
    snapshot->health = config.health;
    snapshot->metrics = config.metrics;
    snapshot->strategy = config.proxy.strategy;
    snapshot->origins = config.origins;
    snapshot->configPath = m_options.configPath;
    snapshot->configProblem = m_configProblem;
    snapshot->configWarnings = m_configWarnings;
    m_telemetry.writeInto(*snapshot);
    return snapshot;
}

void EngineCore::tellFinished()
{
    m_tell.stop();
    if (!m_finished.empty())
        Q_EMIT requestsFinished(std::make_shared<const std::vector<FinishedRequest>>(std::exchange(m_finished, {})));
}

void EngineCore::publishSoon()
{
    if (!m_publish.isActive())
        m_publish.start(publishDelay);
}

EngineSnapshotPtr EngineCore::publish()
{
    m_publish.stop();
    EngineSnapshotPtr snapshot = makeSnapshot();
    Q_EMIT snapshotPublished(snapshot);
    return snapshot;
}

} // namespace signalbox
