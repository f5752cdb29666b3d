// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/alarm.h"
#include "ui/style/lamp.h"

#include <QString>

namespace signalbox {

QString priorityWord(AlarmPriority priority);
/// "Active", "Shelved until 14:00" ... Suppressed: its provider is disabled, so it is not to be answered now.
QString alarmStateWord(const Alarm &alarm, bool suppressed);
LampShape alarmLamp(const Alarm &alarm, bool suppressed);
/// Who acknowledged, from Alarm::acknowledgedBy.
QString acknowledgerWord(const QString &by);
/// The next step for an operator, by rule; empty if there is none to tell.
QString whatToDo(const QString &rule);
/// "12:41:07", with the date if that is not today's.
QString clockText(const QDateTime &at, const QDateTime &now);

} // namespace signalbox
