// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include "engine/base/latestvalue.h"
#include "engine/enginecore.h"

#include <QCoreApplication>
#include <QPromise>
#include <QThread>

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
        m_thread.setObjectName(QStringLiteral("engine"));
        m_home.moveToThread(&m_thread);
        m_thread.start();
        QMetaObject::invokeMethod(
            &m_home, [this, &options] { createCore(std::move(options)); }, Qt::BlockingQueuedConnection);
        connect(m_core.get(), &EngineCore::snapshotPublished, this, &Engine::snapshotPublished);
        connect(m_core.get(), &EngineCore::stateChanged, this, &Engine::stateChanged);
        connect(m_core.get(), &EngineCore::requestFinished, this, &Engine::requestFinished);
    }

    ~ThreadedEngine() override
    {
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
    Secret accessToken() const override { return m_token; }

private:
    void destroyCore()
    {
        m_core.reset();
        // Sockets die by deleteLater(), and the thread's event loop may not come round again.
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }

    void createCore(EngineOptions options)
    {
        m_core = std::make_unique<EngineCore>(std::move(options));
        m_snapshot.publish(m_core->makeSnapshot());
        // Direct: the newest state is there to read before anyone is told.
        connect(m_core.get(), &EngineCore::snapshotPublished, m_core.get(),
                [this](const EngineSnapshotPtr &snapshot) { m_snapshot.publish(snapshot); });
    }

    template <typename Call> QFuture<Status> ask(Call call)
    {
        auto promise = std::make_shared<QPromise<Status>>();
        promise->start();
        QFuture<Status> future = promise->future();
        QMetaObject::invokeMethod(m_core.get(), [call = std::move(call), promise] {
            call([promise](const Status &status) {
                promise->addResult(status);
                promise->finish();
            });
        });
        return future;
    }

    QThread m_thread;
    QObject m_home; ///< lives on the engine thread
    std::unique_ptr<EngineCore> m_core; ///< lives on the engine thread
    const Secret m_token;
    LatestValue<EngineSnapshot> m_snapshot;
};

} // namespace

std::unique_ptr<Engine> createEngine(EngineOptions options)
{
    return std::make_unique<ThreadedEngine>(std::move(options));
}

} // namespace signalbox
