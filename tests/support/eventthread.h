// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/epolldispatcher.h"

#include <QThread>

namespace signalbox::test {

/// A thread with the dispatcher, and a way to run something on it and wait for that.
class EventThread
{
public:
    EventThread()
    {
        m_thread.setEventDispatcher(new EpollDispatcher);
        m_home.moveToThread(&m_thread);
        m_thread.start();
    }
    ~EventThread()
    {
        m_thread.quit();
        m_thread.wait();
    }
    Q_DISABLE_COPY_MOVE(EventThread)

    template <typename Work> void run(const Work &work)
    {
        QMetaObject::invokeMethod(&m_home, work, Qt::BlockingQueuedConnection);
    }
    QThread *thread() { return &m_thread; }
    QObject *home() { return &m_home; }

private:
    QThread m_thread;
    QObject m_home;
};

} // namespace signalbox::test
