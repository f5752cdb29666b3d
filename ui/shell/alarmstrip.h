// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/alarm.h"

#include <QFrame>
#include <QTimer>

#include <optional>

class QPushButton;
class QToolButton;

namespace signalbox {

class Console;
class ElidedButton;
class LampWidget;

/// One line on every page: the gravest alarm that nobody acknowledged, the newest of equals.
class AlarmStrip : public QFrame
{
    Q_OBJECT

public:
    explicit AlarmStrip(Console &console, QWidget *parent = nullptr);

    /// The newest snapshot.
    void refresh();
    /// How many alarms nobody acknowledged.
    int unacknowledged() const { return m_unacknowledged; }

private:
    void showAlarm(const Alarm *alarm);
    void openAlarms();
    void acknowledge();
    void followFlash();
    void applyTheme();

    Console &m_console;
    LampWidget *m_lamp;
    ElidedButton *m_text;
    QPushButton *m_acknowledge;
    QTimer m_flash;
    std::optional<Alarm> m_alarm; ///< shown; nullopt: none
    int m_unacknowledged = 0;
};

} // namespace signalbox
