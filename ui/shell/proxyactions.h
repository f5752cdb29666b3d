// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QObject>

class QAction;
class QWidget;

namespace signalbox {

/// Start and stop the listener, copy what a tool needs to use it.
class ProxyActions : public QObject
{
    Q_OBJECT

public:
    /// What requests in flight get when the proxy is stopped.
    static constexpr std::chrono::seconds drainTime { 10 };

    /// Dialogs open over window.
    ProxyActions(Engine &engine, QWidget *window);

    QAction *startStop() const { return m_startStop; }
    QAction *retry() const { return m_retry; }
    /// The port after the one that cannot be used, saved and tried.
    QAction *useNextPort() const { return m_nextPort; }
    QAction *copyAddress() const { return m_copyAddress; }
    QAction *copyToken() const { return m_copyToken; }

    void showSnapshot(const EngineSnapshotPtr &snapshot);

Q_SIGNALS:
    void done(const QString &text);
    void failed(const QString &reason);

private:
    QAction *make(const QString &text, const QString &objectName, const QKeySequence &shortcut);
    void toggle();
    void start();
    void takeNextPort();
    void askToStop();
    void stop();
    void copyUrl();
    void copySecret();

    Engine &m_engine;
    QWidget *m_window;
    EngineSnapshotPtr m_snapshot;
    QAction *m_startStop;
    QAction *m_retry;
    QAction *m_nextPort;
    QAction *m_copyAddress;
    QAction *m_copyToken;
    bool m_waiting = false;
};

} // namespace signalbox
