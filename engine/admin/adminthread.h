// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QThread>

#include <memory>

namespace signalbox {

class AdminServer;

/// An AdminServer on a thread of its own, so that a large answer delays neither proxy nor window.
class AdminThread
{
public:
    AdminThread();
    ~AdminThread();
    Q_DISABLE_COPY_MOVE(AdminThread)

    /// Returns when it listens and the file is written, or why not. The engine must outlive this object.
    Status start(Engine &engine, const QString &adminFile);
    void stop();

private:
    QThread m_thread;
    QObject m_home; ///< lives on the thread
    std::unique_ptr<AdminServer> m_server; ///< lives on the thread
};

} // namespace signalbox
