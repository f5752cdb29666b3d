// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/alarmnotices.h"
#include "ui/style/lamp.h"

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

namespace signalbox {

class Console;
class ProxyActions;
struct EngineSnapshot;

/// The lamp in the desktop's tray, where there is one: the gravest thing there is to say, and a menu with the state in
/// words.
class Tray : public QObject
{
    Q_OBJECT

public:
    Tray(Console &console, const ProxyActions &actions, QObject *parent = nullptr);

    static bool isAvailable() { return QSystemTrayIcon::isSystemTrayAvailable(); }
    void say(const QString &title, const QString &text, bool grave);

    LampShape lamp() const { return m_lamp; }
    QMenu &menu() { return m_menu; }

Q_SIGNALS:
    void showRequested();
    void quitRequested();
    void messageClicked();

private:
    void refresh(const EngineSnapshot &snapshot);
    void showIcon();

    Console &m_console;
    QMenu m_menu;
    QSystemTrayIcon m_icon;
    QAction *m_proxyLine;
    QAction *m_providersLine;
    QAction *m_alarmsLine;
    LampShape m_lamp = LampShape::DashedCircle;
};

} // namespace signalbox
