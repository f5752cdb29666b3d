// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QMetaType>
#include <QString>

#include <vector>

namespace signalbox {

enum class AlarmPriority { High, Medium, Low };
/// Acknowledged: seen, still true; it clears with its condition. Shelved: silent until a time, then active again if
/// still true.
enum class AlarmState { Active, Acknowledged, Cleared, Shelved };

/// A condition that an operator should know of.
struct Alarm
{
    QString id; ///< "RULE" or "RULE/SUBJECT"; the same condition has the same id
    QString rule; ///< machine name: "provider_open", "flapping", "recording_stopped" ...
    QString subject; ///< provider or route; empty: the engine as a whole
    AlarmPriority priority = AlarmPriority::Medium;
    AlarmState state = AlarmState::Active;
    QString text; ///< one sentence: what, since when, what to do
    QDateTime since; ///< UTC
    QDateTime changed; ///< of the state, UTC
    QDateTime shelvedUntil;
    QDateTime acknowledgedAt; ///< UTC; invalid: nobody did since it was raised last
    QString acknowledgedBy; ///< "console", "ctl", or what a client of the admin API calls itself
    int count = 1; ///< how often it was raised since firstRaised; forgotten after 7 days without
    QDateTime firstRaised; ///< UTC
    bool grouped = false; ///< one of a flood that has a summary of its own: worth a line, not a notification
};

const char *toString(AlarmPriority priority) noexcept;
const char *toString(AlarmState state) noexcept;

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::Alarm)
