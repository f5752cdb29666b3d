// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>

#include <chrono>

namespace signalbox::bench {

/// Times every event that the GUI thread handles: while it handles one, it answers nobody.
class WatchedApplication : public QApplication
{
    Q_OBJECT

public:
    using QApplication::QApplication;

    bool notify(QObject *receiver, QEvent *event) override;

    struct Blocked
    {
        std::chrono::microseconds longest { 0 }; ///< by the clock on the wall
        std::chrono::microseconds longestCpu { 0 }; ///< spent by the thread itself: without waiting for a core
        QString during; ///< class of the receiver and number of the event, of the longest by the wall
        int over50Ms = 0; ///< events, by the wall
        int over50MsCpu = 0;
    };
    /// Since the last call.
    Blocked takeBlocked();

private:
    int m_depth = 0;
    Blocked m_blocked;
};

/// What the calling thread has used of a core.
std::chrono::microseconds threadCpu();

} // namespace signalbox::bench
