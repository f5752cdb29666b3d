// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/console/watchedapplication.h"

#include <QEvent>

#include <ctime>
#include <utility>

namespace signalbox::bench {

namespace {

constexpr std::chrono::milliseconds limit { 50 };

} // namespace

std::chrono::microseconds threadCpu()
{
    timespec time {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::seconds(time.tv_sec) +
                                                                 std::chrono::nanoseconds(time.tv_nsec));
}

bool WatchedApplication::notify(QObject *receiver, QEvent *event)
{
    // Events within an event are a part of it; a nested event loop does answer, but no page here runs one.
    if (m_depth > 0 || event->type() == QEvent::DeferredDelete)
        return QApplication::notify(receiver, event);
    ++m_depth;
    const QByteArray name = receiver->metaObject()->className();
    const int type = event->type();
    const auto begun = std::chrono::steady_clock::now();
    const auto cpuBegun = threadCpu();
    const bool handled = QApplication::notify(receiver, event);
    const auto cpu = threadCpu() - cpuBegun;
    const auto wall = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
    --m_depth;
    if (wall > m_blocked.longest) {
        m_blocked.longest = wall;
        m_blocked.during = QStringLiteral("%1, event %2").arg(QString::fromLatin1(name)).arg(type);
    }
    m_blocked.longestCpu = std::max(m_blocked.longestCpu, cpu);
    m_blocked.over50Ms += wall > limit ? 1 : 0;
    m_blocked.over50MsCpu += cpu > limit ? 1 : 0;
    return handled;
}

WatchedApplication::Blocked WatchedApplication::takeBlocked()
{
    return std::exchange(m_blocked, {});
}

} // namespace signalbox::bench
