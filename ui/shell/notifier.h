// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/alarmnotices.h"

#include <QObject>
#include <QPointer>

class QWidget;

namespace signalbox {

class Console;
class DesktopNotifications;
class Tray;

/// Tells the desktop of alarms while nobody looks at the window.
class Notifier : public QObject
{
    Q_OBJECT

public:
    /// Goes with the window. tray: for a desktop without a notification service; may be null.
    Notifier(Console &console, QWidget &window, Tray *tray, AlarmNotices::Now now);

Q_SIGNALS:
    /// The window is to come to the front; the alarm is opened.
    void showRequested();

private:
    void check();
    void open(const QString &alarmId);
    void mute(const QString &alarmId);

    Console &m_console;
    QPointer<Tray> m_tray;
    DesktopNotifications *m_desktop;
    AlarmNotices m_notices;
    QString m_inTray; ///< alarm id of the tray's last message
};

} // namespace signalbox
