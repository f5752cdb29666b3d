// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/health/probe.h"

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace signalbox {

/// Active checks of all providers, in a thread pool of its own. Lives on the engine thread.
class HealthProber : public QObject
{
    Q_OBJECT

public:
    /// `uniform` gives the next number in [0, 1), for the jitter of +-10 % between rounds.
    HealthProber(const Clock &clock, std::function<double()> uniform, QObject *parent = nullptr);
    /// Cancels what is running and waits for it (about 100 ms at most).
    ~HealthProber() override;

    /// Replaces all targets. The probe of a target that is gone or changed is cancelled and its result dropped; new and
    /// changed ones are probed at once if started.
    void setTargets(std::vector<ProbeTarget> targets);
    /// Between two rounds, for targets without an interval of their own.
    void setInterval(std::chrono::milliseconds interval);

    /// Probes everything now, then again every interval.
    void start();
    /// Cancels everything; no result is delivered afterwards. Waits up to 200 ms for the threads.
    void stop();
    bool isStarted() const { return m_started; }

    /// False if there is no such target. A probe already under way answers for it. Works without start() too.
    bool probeNow(const QString &name);
    int running() const;

    /// One probe beside the targets, in the same pool. stop() cancels it.
    QFuture<ProbeResult> probeOnce(const ProbeTarget &target);

Q_SIGNALS:
    void probeFinished(const signalbox::ProbeResult &result);

private:
    using Watcher = QFutureWatcher<ProbeResult>;
    struct Slot
    {
        ProbeTarget target;
        std::unique_ptr<Watcher> watcher; ///< set while a probe runs
        bool stale = false; ///< the running probe asks an older target
        bool again = false; ///< probe once more when the running one has ended
    };

    Slot *find(const QString &name);
    QFuture<ProbeResult> run(const ProbeTarget &target);
    void probe(Slot &entry);
    void finish(const QString &name);
    void cancel(Slot &entry);
    std::chrono::milliseconds intervalOf(const Slot &entry) const;
    void resizePool();
    void rebuildRounds();
    void armRound(QTimer &timer, std::chrono::milliseconds interval);
    void runRound(std::chrono::milliseconds interval);

    const Clock &m_clock;
    std::function<double()> m_uniform;
    std::chrono::milliseconds m_interval { 30000 };
    bool m_started = false;
    QThreadPool m_pool;
    std::vector<std::unique_ptr<Slot>> m_slots;
    std::vector<QFuture<ProbeResult>> m_once; ///< may have ended
    std::vector<std::unique_ptr<Slot>> m_leaving; ///< removed, but their cancelled probe has not ended yet
    std::map<std::chrono::milliseconds, std::unique_ptr<QTimer>> m_rounds; ///< one a distinct interval
};

} // namespace signalbox
