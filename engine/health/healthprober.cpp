// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/healthprober.h"

#include <QtConcurrentRun>

#include <algorithm>

namespace signalbox {

namespace {
constexpr int maximumThreads = 32;
constexpr int stopWaitMs = 200;
} // namespace

HealthProber::HealthProber(const Clock &clock, std::function<double()> uniform, QObject *parent)
    : QObject(parent), m_clock(clock), m_uniform(std::move(uniform))
{
    qRegisterMetaType<ProbeResult>();
}

HealthProber::~HealthProber()
{
    stop();
    m_pool.waitForDone();
}

HealthProber::Slot *HealthProber::find(const QString &name)
{
    const auto found =
        std::find_if(m_slots.begin(), m_slots.end(), [&](const auto &entry) { return entry->target.name == name; });
    return found == m_slots.end() ? nullptr : found->get();
}

std::chrono::milliseconds HealthProber::intervalOf(const Slot &entry) const
{
    return entry.target.interval.value_or(m_interval);
}

void HealthProber::setTargets(std::vector<ProbeTarget> targets)
{
    std::vector<std::unique_ptr<Slot>> entries;
    std::vector<Slot *> changed;
    for (ProbeTarget &target : targets) {
        const auto old = std::find_if(m_slots.begin(), m_slots.end(),
                                      [&](const auto &entry) { return entry && entry->target.name == target.name; });
        std::unique_ptr<Slot> entry = old == m_slots.end() ? std::make_unique<Slot>() : std::move(*old);
        if (!(entry->target == target)) {
            entry->target = std::move(target);
            changed.push_back(entry.get());
        }
        entries.push_back(std::move(entry));
    }
    for (std::unique_ptr<Slot> &entry : m_slots) {
        if (!entry || !entry->watcher)
            continue;
        cancel(*entry);
        m_leaving.push_back(std::move(entry));
    }
    m_slots = std::move(entries);
    resizePool();
    if (!m_started)
        return;
    rebuildRounds();
    for (Slot *entry : changed) {
        if (entry->watcher) {
            cancel(*entry);
            entry->again = true;
        } else {
            probe(*entry);
        }
    }
}

void HealthProber::setInterval(std::chrono::milliseconds interval)
{
    if (interval == m_interval)
        return;
    m_interval = interval;
    if (m_started)
        rebuildRounds();
}

void HealthProber::resizePool()
{
    // One more than there are targets, so that a single probe need not wait for slow ones.
    m_pool.setMaxThreadCount(std::clamp(static_cast<int>(m_slots.size()) + 1, 2, maximumThreads));
}

void HealthProber::rebuildRounds()
{
    std::map<std::chrono::milliseconds, std::unique_ptr<QTimer>> rounds;
    for (const std::unique_ptr<Slot> &entry : m_slots) {
        const std::chrono::milliseconds interval = intervalOf(*entry);
        if (rounds.count(interval) > 0)
            continue;
        if (auto running = m_rounds.find(interval); running != m_rounds.end()) {
            rounds[interval] = std::move(running->second);
            continue;
        }
        auto timer = std::make_unique<QTimer>();
        timer->setSingleShot(true);
        connect(timer.get(), &QTimer::timeout, this, [this, interval] { runRound(interval); });
        armRound(*timer, interval);
        rounds[interval] = std::move(timer);
    }
    m_rounds = std::move(rounds);
}

/// The interval +- 10 %, so that many installations do not ask in step.
void HealthProber::armRound(QTimer &timer, std::chrono::milliseconds interval)
{
    const double factor = 0.9 + 0.2 * m_uniform();
    timer.start(std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(interval.count()) * factor)));
}

void HealthProber::runRound(std::chrono::milliseconds interval)
{
    for (const std::unique_ptr<Slot> &entry : m_slots) {
        if (intervalOf(*entry) == interval && !entry->watcher)
            probe(*entry);
    }
    armRound(*m_rounds.at(interval), interval);
}

void HealthProber::start()
{
    if (m_started)
        return;
    m_started = true;
    rebuildRounds();
    for (const std::unique_ptr<Slot> &entry : m_slots) {
        if (!entry->watcher)
            probe(*entry);
    }
}

void HealthProber::stop()
{
    m_started = false;
    m_rounds.clear();
    for (const std::unique_ptr<Slot> &entry : m_slots) {
        if (!entry->watcher)
            continue;
        entry->again = false;
        cancel(*entry);
    }
    for (QFuture<ProbeResult> &future : m_once)
        future.cancel();
    m_once.clear();
    m_pool.waitForDone(stopWaitMs);
}

QFuture<ProbeResult> HealthProber::probeOnce(const ProbeTarget &target)
{
    std::erase_if(m_once, [](const QFuture<ProbeResult> &future) { return future.isFinished(); });
    m_once.push_back(run(target));
    return m_once.back();
}

QFuture<ProbeResult> HealthProber::run(const ProbeTarget &target)
{
    return QtConcurrent::run(&m_pool, [target, clock = &m_clock](QPromise<ProbeResult> &promise) {
        promise.addResult(runProbe(target, *clock, [&promise] { return promise.isCanceled(); }));
    });
}

bool HealthProber::probeNow(const QString &name)
{
    Slot *entry = find(name);
    if (!entry)
        return false;
    if (!entry->watcher)
        probe(*entry);
    else if (entry->stale)
        entry->again = true;
    return true;
}

int HealthProber::running() const
{
    return static_cast<int>(
        std::count_if(m_slots.begin(), m_slots.end(), [](const auto &entry) { return entry->watcher != nullptr; }));
}

void HealthProber::cancel(Slot &entry)
{
    entry.stale = true;
    entry.watcher->future().cancel();
}

void HealthProber::probe(Slot &entry)
{
    entry.stale = false;
    entry.again = false;
    entry.watcher = std::make_unique<Watcher>();
    connect(entry.watcher.get(), &Watcher::finished, this, [this, slot = &entry] {
        const auto leaving =
            std::find_if(m_leaving.begin(), m_leaving.end(), [slot](const auto &gone) { return gone.get() == slot; });
        if (leaving == m_leaving.end())
            return finish(slot->target.name);
        slot->watcher.release()->deleteLater();
        m_leaving.erase(leaving);
    });
    entry.watcher->setFuture(run(entry.target));
}

void HealthProber::finish(const QString &name)
{
    Slot *entry = find(name);
    if (!entry || !entry->watcher)
        return;
    const QFuture<ProbeResult> future = entry->watcher->future();
    entry->watcher.release()->deleteLater();
    const bool valid = !entry->stale && !future.isCanceled() && future.resultCount() > 0;
    if (entry->again)
        probe(*entry);
    if (valid)
        Q_EMIT probeFinished(future.result());
}

} // namespace signalbox
