// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractEventDispatcher>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory_resource>
#include <unordered_map>
#include <vector>

namespace signalbox {

/// Work that costs less for several together than one by one, as writing to sockets does: who waits for the bytes is
/// woken once and finds the next ones without going to sleep in between.
class RoundWork
{
public:
    virtual void atRoundEnd() = 0;

protected:
    ~RoundWork() = default;
};

/// An event dispatcher for a thread with many sockets. Qt's own ones hand every descriptor to poll() in every round;
/// here a round costs what happens in it. Linux only. Install it with QThread::setEventDispatcher().
class EpollDispatcher final : public QAbstractEventDispatcher
{
    Q_OBJECT

public:
    explicit EpollDispatcher(QObject *parent = nullptr);
    ~EpollDispatcher() override;

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;

    void registerSocketNotifier(QSocketNotifier *notifier) override;
    void unregisterSocketNotifier(QSocketNotifier *notifier) override;

    void registerTimer(int timerId, qint64 intervalMs, Qt::TimerType type, QObject *object) override;
    bool unregisterTimer(int timerId) override;
    bool unregisterTimers(QObject *object) override;
    QList<TimerInfo> registeredTimers(QObject *object) const override;
    int remainingTime(int timerId) override;

    /// Any thread. From the own one it costs no system call.
    void wakeUp() override;
    void interrupt() override;
    void startingUp() override;

    /// Does it soon, before the thread waits again. False: there is nothing to wait for, as the last socket of the
    /// round is being served and nothing else was postponed, or no such dispatcher is at work in this thread.
    static bool postpone(RoundWork &work);
    /// Called for what was postponed and not done yet: it will not be done.
    static void forget(RoundWork &work);

private:
    using TimePoint = std::chrono::steady_clock::time_point;
    using Schedule = std::pmr::multimap<TimePoint, int>;

    struct Socket
    {
        QSocketNotifier *reader = nullptr;
        QSocketNotifier *writer = nullptr;
        QSocketNotifier *exceptions = nullptr;
        std::uint32_t known = 0; ///< events the kernel was told to watch
        std::uint32_t serial = 0; ///< of the registration: an event of an earlier one is not for this one
        bool dirty = false;

        std::uint32_t wanted() const;
    };
    struct Timer
    {
        std::chrono::milliseconds interval { 0 };
        Qt::TimerType type = Qt::CoarseTimer;
        QObject *object = nullptr;
        Schedule::iterator due;
        bool firing = false;
    };

    QSocketNotifier *&slotOf(Socket &socket, const QSocketNotifier &notifier) const;
    void sendPosted();
    void tellKernel();
    int waitMs() const;
    int activateSockets(int timeoutMs);
    int activate(int descriptor, std::uint32_t events);
    int activateTimers();
    void drainWakeUps() const;
    void doPostponed();

    int m_poll;
    int m_wakeUp;
    std::vector<Socket> m_sockets; ///< by descriptor
    std::vector<int> m_dirty; ///< descriptors whose wanted events may have changed since the last round
    std::uint32_t m_lastSerial = 0;
    std::pmr::unsynchronized_pool_resource m_memory; ///< of the next two, as every request starts and stops timers
    Schedule m_schedule { &m_memory };
    std::pmr::unordered_map<int, Timer> m_timers { &m_memory };
    std::atomic<Qt::HANDLE> m_thread { nullptr };
    std::atomic<bool> m_interrupted { false };
    std::atomic<bool> m_wakeUpSent { false };
    std::vector<RoundWork *> m_postponed; ///< nullptr: done or forgotten
    bool m_atLastSocket = false; ///< of this round
    bool m_posted = false; ///< the own thread has posted an event
};

} // namespace signalbox
