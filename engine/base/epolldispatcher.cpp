// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/epolldispatcher.h"

#include <QCoreApplication>
#include <QScopedValueRollback>
#include <QSocketNotifier>
#include <QThread>
#include <QTimerEvent>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t eventsPerRound = 256;
/// The first of them wait for the others, about 1.5 ms when they are many; who is woken for 64 at once costs an eighth
/// less than for 16.
constexpr std::size_t mostPostponed = 64;
constexpr std::uint32_t failures = EPOLLHUP | EPOLLERR;

std::uint64_t tag(int descriptor, std::uint32_t serial)
{
    return (std::uint64_t { serial } << 32) | static_cast<std::uint32_t>(descriptor);
}

thread_local EpollDispatcher *atWork = nullptr;

} // namespace

std::uint32_t EpollDispatcher::Socket::wanted() const
{
    return (reader ? EPOLLIN : 0U) | (writer ? EPOLLOUT : 0U) | (exceptions ? EPOLLPRI : 0U);
}

EpollDispatcher::EpollDispatcher(QObject *parent)
    : QAbstractEventDispatcher(parent), m_poll(epoll_create1(EPOLL_CLOEXEC)),
      m_wakeUp(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (m_poll < 0 || m_wakeUp < 0)
        qFatal("EpollDispatcher: no descriptors are left");
    epoll_event event {};
    event.events = EPOLLIN;
    event.data.u64 = tag(m_wakeUp, 0);
    epoll_ctl(m_poll, EPOLL_CTL_ADD, m_wakeUp, &event);
}

EpollDispatcher::~EpollDispatcher()
{
    close(m_wakeUp);
    close(m_poll);
}

void EpollDispatcher::startingUp()
{
    m_thread.store(QThread::currentThreadId(), std::memory_order_release);
}

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    const QScopedValueRollback working(atWork, this);
    m_interrupted.store(false, std::memory_order_relaxed);
    Q_EMIT awake();
    sendPosted();
    doPostponed();
    if (m_interrupted.load(std::memory_order_acquire))
        return false;
    tellKernel();
    const bool wait = flags.testFlag(QEventLoop::WaitForMoreEvents) && !m_posted;
    if (wait)
        Q_EMIT aboutToBlock();
    int handled = 0;
    if (flags.testFlag(QEventLoop::ExcludeSocketNotifiers)) {
        if (wait)
            QThread::msleep(static_cast<unsigned long>(std::clamp(waitMs(), 0, 10)));
    } else {
        handled += activateSockets(wait ? waitMs() : 0);
    }
    if (wait)
        Q_EMIT awake();
    handled += activateTimers();
    doPostponed();
    return handled > 0;
}

/// Events posted meanwhile are sent too, so that a round never blocks on them.
void EpollDispatcher::sendPosted()
{
    do {
        m_posted = false;
        QCoreApplication::sendPostedEvents();
    } while (m_posted && !m_interrupted.load(std::memory_order_relaxed));
}

// Sockets

QSocketNotifier *&EpollDispatcher::slotOf(Socket &socket, const QSocketNotifier &notifier) const
{
    switch (notifier.type()) {
    case QSocketNotifier::Write:
        return socket.writer;
    case QSocketNotifier::Exception:
        return socket.exceptions;
    case QSocketNotifier::Read:
        break;
    }
    return socket.reader;
}

void EpollDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    const auto descriptor = static_cast<std::size_t>(notifier->socket());
    if (descriptor >= m_sockets.size())
        m_sockets.resize(descriptor + 64);
    Socket &socket = m_sockets[descriptor];
    slotOf(socket, *notifier) = notifier;
    if (!socket.dirty)
        m_dirty.push_back(static_cast<int>(descriptor));
    socket.dirty = true;
}

/// The last notifier goes before its descriptor is closed, and the number may be given out again at once: so the kernel
/// hears of that at once, of everything else before the next wait.
void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    const auto descriptor = static_cast<std::size_t>(notifier->socket());
    if (descriptor >= m_sockets.size())
        return;
    Socket &socket = m_sockets[descriptor];
    QSocketNotifier *&place = slotOf(socket, *notifier);
    if (place != notifier)
        return;
    place = nullptr;
    if (socket.wanted() == 0) {
        if (socket.known != 0)
            epoll_ctl(m_poll, EPOLL_CTL_DEL, static_cast<int>(descriptor), nullptr);
        socket.known = 0;
        socket.serial = 0;
    } else {
        if (!socket.dirty)
            m_dirty.push_back(static_cast<int>(descriptor));
        socket.dirty = true;
    }
}

void EpollDispatcher::tellKernel()
{
    for (const int descriptor : m_dirty) {
        Socket &socket = m_sockets[static_cast<std::size_t>(descriptor)];
        socket.dirty = false;
        const std::uint32_t wanted = socket.wanted();
        if (wanted == socket.known)
            continue;
        const bool add = socket.known == 0;
        if (add)
            socket.serial = ++m_lastSerial;
        epoll_event event {};
        event.events = wanted;
        event.data.u64 = tag(descriptor, socket.serial);
        if (epoll_ctl(m_poll, add ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event) == 0)
            socket.known = wanted;
        else
            qWarning("EpollDispatcher: descriptor %d cannot be watched", descriptor);
    }
    m_dirty.clear();
}

int EpollDispatcher::activateSockets(int timeoutMs)
{
    std::array<epoll_event, eventsPerRound> ready;
    int count = epoll_wait(m_poll, ready.data(), static_cast<int>(ready.size()), timeoutMs);
    // A process that was stopped may have timers due now, but what came meanwhile is seen before they fire.
    if (count < 0 && errno == EINTR)
        count = epoll_wait(m_poll, ready.data(), static_cast<int>(ready.size()), 0);
    int handled = 0;
    for (int i = 0; i < count; ++i) {
        const epoll_event &event = ready[static_cast<std::size_t>(i)];
        const auto descriptor = static_cast<int>(event.data.u64 & 0xffffffffU);
        m_atLastSocket = i + 1 == count;
        if (descriptor == m_wakeUp) {
            drainWakeUps();
            m_wakeUpSent.store(false, std::memory_order_release);
            m_posted = true;
            ++handled;
        } else if (m_sockets[static_cast<std::size_t>(descriptor)].serial == event.data.u64 >> 32) {
            handled += activate(descriptor, event.events);
            if (m_postponed.size() >= mostPostponed)
                doPostponed();
        }
    }
    m_atLastSocket = false;
    return handled;
}

/// Each notifier is looked up anew: the one before may have removed it.
int EpollDispatcher::activate(int descriptor, std::uint32_t events)
{
    const std::uint32_t serial = m_sockets[static_cast<std::size_t>(descriptor)].serial;
    int handled = 0;
    const auto tell = [&](QSocketNotifier *Socket::*place, std::uint32_t wanted) {
        const Socket &socket = m_sockets[static_cast<std::size_t>(descriptor)];
        if ((events & (wanted | failures)) == 0 || socket.serial != serial || !(socket.*place))
            return;
        QEvent event(QEvent::SockAct);
        QCoreApplication::sendEvent(socket.*place, &event);
        ++handled;
    };
    tell(&Socket::exceptions, EPOLLPRI);
    tell(&Socket::reader, EPOLLIN);
    tell(&Socket::writer, EPOLLOUT);
    return handled;
}

// Timers

void EpollDispatcher::registerTimer(int timerId, qint64 intervalMs, Qt::TimerType type, QObject *object)
{
    Timer timer;
    timer.interval = std::chrono::milliseconds(intervalMs);
    timer.type = type;
    timer.object = object;
    timer.due = m_schedule.emplace(std::chrono::steady_clock::now() + timer.interval, timerId);
    m_timers.insert_or_assign(timerId, timer);
}

bool EpollDispatcher::unregisterTimer(int timerId)
{
    const auto found = m_timers.find(timerId);
    if (found == m_timers.end())
        return false;
    m_schedule.erase(found->second.due);
    m_timers.erase(found);
    return true;
}

bool EpollDispatcher::unregisterTimers(QObject *object)
{
    const QList<TimerInfo> timers = registeredTimers(object);
    for (const TimerInfo &timer : timers)
        unregisterTimer(timer.timerId);
    return !timers.isEmpty();
}

QList<QAbstractEventDispatcher::TimerInfo> EpollDispatcher::registeredTimers(QObject *object) const
{
    QList<TimerInfo> result;
    for (const auto &[id, timer] : m_timers) {
        if (timer.object == object)
            result.append({ id, static_cast<int>(timer.interval.count()), timer.type });
    }
    return result;
}

int EpollDispatcher::remainingTime(int timerId)
{
    const auto found = m_timers.find(timerId);
    if (found == m_timers.end())
        return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(found->second.due->first - std::chrono::steady_clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

/// -1: until something happens.
int EpollDispatcher::waitMs() const
{
    const auto next = std::find_if(m_schedule.begin(), m_schedule.end(),
                                   [this](const auto &entry) { return !m_timers.at(entry.second).firing; });
    if (next == m_schedule.end())
        return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next->first - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

/// Each timer that is due at the beginning fires once, whatever the others do to it. One that fires in a nested event
/// loop of its own does not fire there again.
int EpollDispatcher::activateTimers()
{
    if (m_schedule.empty())
        return 0;
    const TimePoint now = std::chrono::steady_clock::now();
    std::vector<int> due;
    for (auto it = m_schedule.begin(); it != m_schedule.end() && it->first <= now; ++it)
        due.push_back(it->second);
    int handled = 0;
    for (const int id : due) {
        const auto found = m_timers.find(id);
        if (found == m_timers.end() || found->second.firing || found->second.due->first > now)
            continue;
        Timer &timer = found->second;
        const TimePoint next = timer.due->first + timer.interval;
        m_schedule.erase(timer.due);
        timer.due = m_schedule.emplace(next < now ? now + timer.interval : next, id);
        timer.firing = true;
        QTimerEvent event(id);
        QCoreApplication::sendEvent(timer.object, &event);
        ++handled;
        if (const auto still = m_timers.find(id); still != m_timers.end())
            still->second.firing = false;
    }
    return handled;
}

// Work for the end of a round

bool EpollDispatcher::postpone(RoundWork &work)
{
    if (!atWork || (atWork->m_atLastSocket && atWork->m_postponed.empty()))
        return false;
    atWork->m_postponed.push_back(&work);
    return true;
}

void EpollDispatcher::forget(RoundWork &work)
{
    if (atWork)
        std::replace(atWork->m_postponed.begin(), atWork->m_postponed.end(), &work, static_cast<RoundWork *>(nullptr));
}

/// Some of it may postpone more.
void EpollDispatcher::doPostponed()
{
    for (std::size_t i = 0; i < m_postponed.size(); ++i) {
        if (RoundWork *work = std::exchange(m_postponed[i], nullptr))
            work->atRoundEnd();
    }
    m_postponed.clear();
}

// Waking up

void EpollDispatcher::wakeUp()
{
    if (QThread::currentThreadId() == m_thread.load(std::memory_order_acquire)) {
        m_posted = true;
        return;
    }
    if (m_wakeUpSent.exchange(true, std::memory_order_acq_rel))
        return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(m_wakeUp, &one, sizeof one);
}

void EpollDispatcher::drainWakeUps() const
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t size = read(m_wakeUp, &count, sizeof count);
}

void EpollDispatcher::interrupt()
{
    m_interrupted.store(true, std::memory_order_release);
    wakeUp();
}

} // namespace signalbox
