// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin/adminthread.h"

#include "engine/admin/adminserver.h"

#include <QCoreApplication>

namespace signalbox {

AdminThread::AdminThread()
{
    m_thread.setObjectName(QStringLiteral("admin"));
    m_home.moveToThread(&m_thread);
}

AdminThread::~AdminThread()
{
    stop();
}

Status AdminThread::start(Engine &engine, const QString &adminFile)
{
    m_thread.start();
    Status status = ok();
    QMetaObject::invokeMethod(
        &m_home,
        [&] {
            m_server = std::make_unique<AdminServer>(engine);
            status = m_server->start(adminFile);
            if (!status)
                m_server.reset();
        },
        Qt::BlockingQueuedConnection);
    return status;
}

void AdminThread::stop()
{
    if (!m_thread.isRunning())
        return;
    QMetaObject::invokeMethod(
        &m_home,
        [this] {
            m_server.reset();
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        },
        Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

} // namespace signalbox
