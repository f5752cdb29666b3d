// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include "engine/admin/adminthread.h"
#include "engine/base/epolldispatcher.h"
#include "engine/base/latestvalue.h"
#include "engine/enginecore.h"
#include "engine/history/eventcodec.h"
#include "engine/proxy/requesttrace.h"
#include "engine/replayhistory.h"

#include <QCoreApplication>
#include <QMetaMethod>
#include <QMutex>
#include <QPromise>
#include <QThread>
#include <QThreadPool>
#include <QtConcurrentRun>

#include <atomic>

namespace signalbox {

namespace {

/// The façade: lives on its creator's thread and speaks to EngineCore on the engine thread.
class ThreadedEngine final : public Engine
{
public:
    explicit ThreadedEngine(EngineOptions options) : m_token(options.config.config.proxy.token.value_or(Secret()))
    {
        qRegisterMetaType<EngineSnapshotPtr>();
        qRegisterMetaType<StateEvent>();
        qRegisterMetaType<RequestEvent>();
        qRegisterMetaType<FinishedRequests>();
        m_thread.setObjectName(QStringLiteral("engine"));
        m_thread.setEventDispatcher(new EpollDispatcher);
        // Three, so that neither a chart nor what memory knows waits for a long search.
        m_reading.setMaxThreadCount(3);
        m_replaying.setMaxThreadCount(1);
        m_home.moveToThread(&m_thread);
        m_thread.start();
        const QString adminFile = options.adminFile;
        QMetaObject::invokeMethod(
            &m_home, [this, &options] { createCore(std::move(options)); }, Qt::BlockingQueuedConnection);
        connect(m_core.get(), &EngineCore::snapshotPublished, this, &Engine::snapshotPublished);
        connect(m_core.get(), &EngineCore::stateChanged, this, &Engine::stateChanged);
        connect(m_core.get(), &EngineCore::requestsFinished, this, [this](const FinishedRequests &requests) {
            for (const FinishedRequest &request : *requests)
                tell(request);
        });
        if (!adminFile.isEmpty())
            startAdmin(adminFile);
    }

    ~ThreadedEngine() override
    {
        m_closing = true;
        m_admin.stop();
        QMetaObject::invokeMethod(
            &m_home, [this] { destroyCore(); }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }

    EngineSnapshotPtr snapshot() const override { return m_snapshot.read(); }

    QFuture<Status> start() override
    {
        return ask([this](const EngineCore::Done &done) { m_core->start(done); });
    }
    QFuture<Status> stop(Milliseconds drain) override
    {
        return ask([this, drain](const EngineCore::Done &done) { m_core->stop(drain, done); });
    }
    QFuture<Status> applySettings(const SettingsPatch &patch) override
    {
        return ask([this, patch](const EngineCore::Done &done) { m_core->applySettings(patch, done); });
    }
    QFuture<Status> command(const ProviderCommand &command) override
    {
        return ask([this, command](const EngineCore::Done &done) { m_core->command(command, done); });
    }
    QFuture<Status> setSetting(const QString &key, const QString &value) override
    {
        return ask([this, key, value](const EngineCore::Done &done) { m_core->setSetting(key, value, done); });
    }
    QFuture<Status> applyEdits(const QList<SettingEdit> &edits) override
    {
        return ask([this, edits](const EngineCore::Done &done) { m_core->applyEdits(edits, done); });
    }
    QFuture<Status> addProvider(const ProviderDraft &draft) override
    {
        return ask([this, draft](const EngineCore::Done &done) { m_core->addProvider(draft, done); });
    }
    QFuture<Status> updateProvider(const QString &name, const ProviderDraft &draft) override
    {
        return ask([this, name, draft](const EngineCore::Done &done) { m_core->updateProvider(name, draft, done); });
    }
    QFuture<Status> removeProvider(const QString &name) override
    {
        return ask([this, name](const EngineCore::Done &done) { m_core->removeProvider(name, done); });
    }
    QFuture<Status> moveProvider(const QString &name, int newIndex) override
    {
        return ask(
            [this, name, newIndex](const EngineCore::Done &done) { m_core->moveProvider(name, newIndex, done); });
    }
    QFuture<Status> setModels(const QString &provider, const std::vector<ModelMapping> &models) override
    {
        return ask(
            [this, provider, models](const EngineCore::Done &done) { m_core->setModels(provider, models, done); });
    }
    QFuture<Status> setStrategy(Strategy strategy) override
    {
        return applyEdits({ { QStringLiteral("/proxy/strategy"), QLatin1String(toString(strategy)) } });
    }
    QFuture<Status> rebind(const QString &address, std::uint16_t port) override
    {
        return ask([this, address, port](const EngineCore::Done &done) { m_core->rebind(address, port, done); });
    }
    QFuture<PlaceReport> checkPlace(const QString &address, std::uint16_t port) override
    {
        return read<PlaceReport>([address, port](EngineCore &core) { return core.listensAt(address, port); },
                                 [address, port](bool own, const HistoryQueries &, const Cancelled &) {
                                     return own ? PlaceReport { true, {}, 0 } : tryPlace(address, port);
                                 });
    }
    QFuture<Status> regenerateToken() override
    {
        return ask([this](const EngineCore::Done &done) { m_core->regenerateToken(done); });
    }
    QFuture<std::vector<ConfigVersion>> configVersions() override
    {
        return askFor<std::vector<ConfigVersion>>([this](const auto &done) { m_core->configVersions(done); });
    }
    QFuture<Status> undoConfig() override
    {
        return ask([this](const EngineCore::Done &done) { m_core->undoConfig(done); });
    }
    QFuture<Status> restoreConfig(std::uint64_t version) override
    {
        return ask([this, version](const EngineCore::Done &done) { m_core->restoreConfig(version, done); });
    }
    QFuture<ProbeReport> testProvider(const ProviderDraft &draft, const std::optional<Secret> &typedKey) override
    {
        return askFor<ProbeReport>(
            [this, draft, typedKey](const auto &done) { m_core->testProvider(draft, typedKey, done); });
    }
    QFuture<Status> storeKey(const QString &entry, const Secret &key) override
    {
        return ask([this, entry, key](const EngineCore::Done &done) { m_core->storeKey(entry, key, done); });
    }
    QFuture<Status> deleteKey(const QString &entry) override
    {
        return ask([this, entry](const EngineCore::Done &done) { m_core->deleteKey(entry, done); });
    }
    QFuture<Status> setSessionKey(const QString &provider, const Secret &key) override
    {
        return ask([this, provider, key](const EngineCore::Done &done) { done(m_core->setSessionKey(provider, key)); });
    }
    QFuture<Status> confirmKey(const QString &provider) override
    {
        return ask([this, provider](const EngineCore::Done &done) { m_core->confirmKey(provider, done); });
    }
    QFuture<Status> cancelRequest(const QByteArray &id) override
    {
        return ask([this, id](const EngineCore::Done &done) { done(m_core->cancelRequest(id)); });
    }
    QFuture<RequestPage> requests(const RequestQuery &query) override
    {
        const auto search = [query](const RequestRing &recent, const HistoryQueries &history,
                                    const Cancelled &cancelled) {
            return history.complete({ recent.search(query), recent.oldest() }, query, cancelled);
        };
        return read<RequestPage>([](const EngineCore &core) { return core.requestRing(); }, search);
    }
    QFuture<EventPage> events(const EventQuery &query) override
    {
        return read<EventPage>(
            [query](const EngineCore &core) { return core.events(query); },
            [query](FromMemory<EventPage> known, const HistoryQueries &history, const Cancelled &cancelled) {
                return history.complete(std::move(known), query, cancelled);
            });
    }
    QFuture<std::vector<RequestEvent>> healthChecks() override
    {
        return answer<std::vector<RequestEvent>>([](EngineCore &core) { return core.healthChecks(); });
    }
    QFuture<Result<RequestDetails>> requestDetails(std::uint64_t sequence) override
    {
        return read<Result<RequestDetails>>([sequence](EngineCore &core) { return core.trace(sequence); },
                                            [sequence](const std::optional<PackedTrace> &trace, const HistoryQueries &,
                                                       const Cancelled &) { return detailsOf(trace, sequence); });
    }
    QFuture<std::vector<RequestDetails>> requestDetailsOf(const std::vector<std::uint64_t> &sequences) override
    {
        return read<std::vector<RequestDetails>>(
            [sequences](EngineCore &core) {
                std::vector<std::optional<PackedTrace>> traces;
                traces.reserve(sequences.size());
                for (const std::uint64_t sequence : sequences)
                    traces.push_back(core.trace(sequence));
                return traces;
            },
            [sequences](const std::vector<std::optional<PackedTrace>> &traces, const HistoryQueries &,
                        const Cancelled &cancelled) {
                std::vector<RequestDetails> all;
                for (std::size_t i = 0; i < traces.size() && !cancelled(); ++i) {
                    if (Result<RequestDetails> details = detailsOf(traces[i], sequences[i]))
                        all.push_back(std::move(details).value());
                }
                return all;
            });
    }
    QFuture<Result<std::vector<CapturedContent>>> capturedBody(std::uint64_t sequence) override
    {
        return read<Result<std::vector<CapturedContent>>>(
            [](EngineCore &) { return 0; },
            [sequence](int, const HistoryQueries &history, const Cancelled &cancelled) {
                return history.captures(sequence, cancelled);
            });
    }
    QFuture<Result<std::vector<BreakerSegment>>> breakerTimeline(const QString &provider, std::int64_t sinceMs,
                                                                 std::int64_t untilMs) override
    {
        const std::vector<EventQuery> queries = timelineQueries(provider, sinceMs, untilMs);
        return read<Result<std::vector<BreakerSegment>>>(
            [queries](EngineCore &core) {
                std::vector<FromMemory<EventPage>> known;
                known.reserve(queries.size());
                for (const EventQuery &query : queries)
                    known.push_back(core.events(query));
                return known;
            },
            [queries, sinceMs, untilMs](std::vector<FromMemory<EventPage>> known, const HistoryQueries &history,
                                        const Cancelled &cancelled) {
                return timelineOf(std::move(known), queries, history, cancelled, sinceMs, untilMs);
            });
    }
    QFuture<Status> deleteHistory() override
    {
        return read<Status>(
            [](EngineCore &core) {
                core.forgetHistory();
                return 0;
            },
            [this](int, const HistoryQueries &history, const Cancelled &) {
                Status status = history.deleteAll();
                QMetaObject::invokeMethod(m_core.get(), [this, status] { m_core->historyForgotten(status); });
                return status;
            });
    }
    QFuture<DryRun> dryRun(const RouteQuery &query) override
    {
        return answer<DryRun>([query](EngineCore &core) { return core.dryRun(query); });
    }
    QFuture<Status> acknowledgeAlarm(const QString &id, const QString &by) override
    {
        return ask([this, id, by](const EngineCore::Done &done) { done(m_core->acknowledgeAlarm(id, by)); });
    }
    QFuture<Status> shelveAlarm(const QString &id, Milliseconds duration) override
    {
        return ask([this, id, duration](const EngineCore::Done &done) { done(m_core->shelveAlarm(id, duration)); });
    }
    QFuture<Result<std::vector<SeriesPoint>>> series(const SeriesQuery &query) override
    {
        return read<Result<std::vector<SeriesPoint>>>(
            [query](EngineCore &core) { return core.series(query); },
            [query](SeriesFromMemory known, const HistoryQueries &history, const Cancelled &cancelled) {
                return history.complete(std::move(known), query, cancelled);
            });
    }
    QFuture<Result<ReplayResult>> replay(const ReplayQuery &query) override
    {
        const ReplaySources sources { *m_historyPath.read(), m_configPath, m_config.read() };
        return QtConcurrent::run(&m_replaying, [this, sources, query](QPromise<Result<ReplayResult>> &promise) {
            const auto cancelled = [this, &promise] { return m_closing || promise.isCanceled(); };
            promise.addResult(replayHistory(query, sources, cancelled));
        });
    }
    QFuture<Status> startShadow(const PolicyDraft &draft, Milliseconds duration) override
    {
        return ask(
            [this, draft, duration](const EngineCore::Done &done) { m_core->startShadow(draft, duration, done); });
    }
    QFuture<Status> stopShadow() override
    {
        return ask([this](const EngineCore::Done &done) { done(m_core->stopShadow()); });
    }
    Secret accessToken() const override
    {
        const QMutexLocker lock(&m_tokenMutex);
        return m_token;
    }

private:
    using Cancelled = HistoryQueries::Cancelled;

    static Result<RequestDetails> detailsOf(const std::optional<PackedTrace> &trace, std::uint64_t sequence)
    {
        std::optional<RequestDetails> details;
        if (trace)
            details = unpackTrace(trace->bytes, trace->secrets);
        if (!details)
            return Error { QStringLiteral("Headers and stream events are kept of the newest requests only."), {} };
        details->sequence = sequence;
        return std::move(*details);
    }

    static Result<std::vector<BreakerSegment>> timelineOf(std::vector<FromMemory<EventPage>> known,
                                                          const std::vector<EventQuery> &queries,
                                                          const HistoryQueries &history, const Cancelled &cancelled,
                                                          std::int64_t sinceMs, std::int64_t untilMs)
    {
        std::vector<StateEvent> events;
        for (std::size_t i = 0; i < queries.size(); ++i) {
            EventPage page = history.complete(std::move(known[i]), queries[i], cancelled);
            if (!page.problem.isEmpty())
                return Error { page.problem, {} };
            events.insert(events.end(), page.events.begin(), page.events.end());
        }
        return breakerSegments(std::move(events), sinceMs, untilMs);
    }

    /// The proxy goes on without it; whoever listens is told once they can.
    void startAdmin(const QString &adminFile)
    {
        const Status status = m_admin.start(*this, adminFile);
        if (status)
            return;
        const QString reason = QStringLiteral("signalboxctl cannot reach this engine: %1 %2")
                                   .arg(status.error().place, status.error().reason);
        QMetaObject::invokeMethod(
            this,
            [this, reason] {
                Q_EMIT stateChanged(
                    { StateEvent::Kind::Listener, 0, QDateTime::currentDateTimeUtc(), {}, {}, {}, reason });
            },
            Qt::QueuedConnection);
    }

    /// Unpacks for whoever listens; a server listens for trouble only.
    void tell(const FinishedRequest &request)
    {
        static const QMetaMethod asAny = QMetaMethod::fromSignal(&Engine::requestFinished);
        static const QMetaMethod asTrouble = QMetaMethod::fromSignal(&Engine::requestHadTrouble);
        static const QMetaMethod asHealthCheck = QMetaMethod::fromSignal(&Engine::healthCheckFinished);
        const bool wanted = request.healthCheck
            ? isSignalConnected(asHealthCheck)
            : isSignalConnected(asAny) || (!request.smooth && isSignalConnected(asTrouble));
        std::optional<RequestEvent> event = wanted ? unpackEvent(request.packed) : std::nullopt;
        if (!event)
            return;
        event->healthCheck = request.healthCheck;
        if (request.healthCheck) {
            Q_EMIT healthCheckFinished(*event);
            return;
        }
        Q_EMIT requestFinished(*event);
        if (!request.smooth)
            Q_EMIT requestHadTrouble(*event);
    }

    void destroyCore()
    {
        // Whoever still reads uses the core's history; nobody begins to read any more, since that begins here.
        m_reading.waitForDone();
        m_core.reset();
        // Sockets die by deleteLater(), and the thread's event loop may not come round again.
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }

    void createCore(EngineOptions options)
    {
        m_configPath = options.configPath;
        m_core = std::make_unique<EngineCore>(std::move(options));
        m_snapshot.publish(m_core->makeSnapshot());
        m_historyPath.publish(std::make_shared<const QString>(m_core->historyPath()));
        m_config.publish(m_core->config());
        connect(m_core.get(), &EngineCore::configApplied, m_core.get(), [this](const std::shared_ptr<const Config> &c) {
            m_historyPath.publish(std::make_shared<const QString>(m_core->historyPath()));
            m_config.publish(c);
        });
        // Direct: the newest state is there to read before anyone is told.
        connect(m_core.get(), &EngineCore::snapshotPublished, m_core.get(), [this](const EngineSnapshotPtr &snapshot) {
            m_snapshot.publish(snapshot);
            const QMutexLocker lock(&m_tokenMutex);
            m_token = m_core->accessToken();
        });
    }

    template <typename Call> QFuture<Status> ask(Call call) { return askFor<Status>(std::move(call)); }

    /// `call` runs on the engine thread and answers through the function that it gets.
    template <typename Value, typename Call> QFuture<Value> askFor(Call call)
    {
        auto promise = std::make_shared<QPromise<Value>>();
        promise->start();
        QFuture<Value> future = promise->future();
        QMetaObject::invokeMethod(m_core.get(), [call = std::move(call), promise] {
            call(std::function<void(const Value &)>([promise](const Value &value) {
                promise->addResult(value);
                promise->finish();
            }));
        });
        return future;
    }

    /// `fromCore` runs on the engine thread; what it gives goes to `finish` on a reading thread, which may wait for the
    /// disk. Cancelling the future, or stopping the engine, ends a search.
    template <typename Value, typename FromCore, typename Finish> QFuture<Value> read(FromCore fromCore, Finish finish)
    {
        auto promise = std::make_shared<QPromise<Value>>();
        promise->start();
        QFuture<Value> future = promise->future();
        QMetaObject::invokeMethod(m_core.get(),
                                  [this, fromCore = std::move(fromCore), finish = std::move(finish), promise] {
                                      readOn(promise, finish, fromCore(*m_core));
                                  });
        return future;
    }

    template <typename Value, typename Finish, typename Known>
    void readOn(const std::shared_ptr<QPromise<Value>> &promise, Finish finish, Known known)
    {
        m_reading.start([this, promise, finish = std::move(finish), known = std::move(known),
                         history = m_core->history()]() mutable {
            const auto cancelled = [this, &promise] { return m_closing || promise->isCanceled(); };
            promise->addResult(finish(std::move(known), history, cancelled));
            promise->finish();
        });
    }

    template <typename Value, typename Call> QFuture<Value> answer(Call call)
    {
        auto promise = std::make_shared<QPromise<Value>>();
        promise->start();
        QFuture<Value> future = promise->future();
        QMetaObject::invokeMethod(m_core.get(), [this, call = std::move(call), promise] {
            promise->addResult(call(*m_core));
            promise->finish();
        });
        return future;
    }

    QThread m_thread;
    QObject m_home; ///< lives on the engine thread
    std::unique_ptr<EngineCore> m_core; ///< lives on the engine thread
    mutable QMutex m_tokenMutex;
    Secret m_token;
    LatestValue<EngineSnapshot> m_snapshot;
    LatestValue<Config> m_config;
    LatestValue<QString> m_historyPath;
    QString m_configPath; ///< set once, before anyone can ask
    std::atomic<bool> m_closing { false };
    QThreadPool m_reading;
    QThreadPool m_replaying; ///< apart, so that a long replay holds up no page
    AdminThread m_admin;
};

} // namespace

std::unique_ptr<Engine> createEngine(EngineOptions options)
{
    return std::make_unique<ThreadedEngine>(std::move(options));
}

} // namespace signalbox
