// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWidget;

namespace signalbox {

class Console;
class Tray;

/// What closing the window means: it goes to the tray, or it is the end, before which requests in flight get time to
/// finish.
class Closing : public QObject
{
    Q_OBJECT

public:
    Closing(Console &console, QWidget &window);

    /// Null: there is none.
    void setTray(Tray *tray) { m_tray = tray; }
    /// Asked when the window is about to close. False: not now; what has to be done first is under way.
    bool mayClose();
    /// The end, whatever the tray. Asks where requests are in flight.
    void close();
    /// The end without asking; requests in flight still get their time. Asked for again, at once.
    void quit();

Q_SIGNALS:
    /// It waits for requests in flight.
    void waiting();

private:
    bool goesToTray() const;
    void hideToTray();
    void askToQuit();
    void stopAndClose();
    bool listens() const;

    Console &m_console;
    QWidget &m_window;
    Tray *m_tray = nullptr;
    bool m_stopping = false; ///< the engine was told to stop
    bool m_quitting = false; ///< closing means the end, whatever the tray
};

} // namespace signalbox
