// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alarmwords.h"

#include <QCoreApplication>
#include <QHash>

namespace signalbox {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("AlarmWords", text);
}

} // namespace

QString priorityWord(AlarmPriority priority)
{
    switch (priority) {
    case AlarmPriority::High:
        return tr("High");
    case AlarmPriority::Medium:
        return tr("Medium");
    case AlarmPriority::Low:
        return tr("Low");
    }
    return {};
}

QString alarmStateWord(const Alarm &alarm, bool suppressed)
{
    if (alarm.state == AlarmState::Shelved) {
        const QDateTime until = alarm.shelvedUntil.toLocalTime();
        return until.isValid() ? tr("Shelved until %1").arg(clockText(until, alarm.changed.toLocalTime()))
                               : tr("Shelved");
    }
    if (suppressed)
        return tr("Suppressed");
    switch (alarm.state) {
    case AlarmState::Active:
        return tr("Active");
    case AlarmState::Acknowledged:
        return tr("Acknowledged");
    case AlarmState::Cleared:
        return tr("Cleared");
    case AlarmState::Shelved:
        break;
    }
    return {};
}

LampShape alarmLamp(const Alarm &alarm, bool suppressed)
{
    if (alarm.state == AlarmState::Shelved)
        return LampShape::SlashedCircle;
    if (suppressed)
        return LampShape::DashedCircle;
    switch (alarm.state) {
    case AlarmState::Active:
        return alarm.priority == AlarmPriority::Low ? LampShape::Triangle : LampShape::Square;
    case AlarmState::Acknowledged:
        return LampShape::Diamond;
    case AlarmState::Cleared:
    case AlarmState::Shelved:
        break;
    }
    return LampShape::Circle;
}

QString acknowledgerWord(const QString &by)
{
    if (by == QLatin1String("console"))
        return tr("Console");
    return by == QLatin1String("ctl") ? QStringLiteral("signalboxctl") : by;
}

QString whatToDo(const QString &rule)
{
    static const QHash<QString, const char *> words {
        { QStringLiteral("route_down"),
          QT_TRANSLATE_NOOP("AlarmWords",
                            "Look at the alarm of each provider of this dialect; mend one, or add another provider.") },
        { QStringLiteral("port_lost"),
          QT_TRANSLATE_NOOP("AlarmWords",
                            "End the program that holds the port, or choose another port in the settings.") },
        { QStringLiteral("route_without_fallback"),
          QT_TRANSLATE_NOOP("AlarmWords",
                            "Bring a second provider of this dialect back, or add one, before the last "
                            "one fails.") },
        { QStringLiteral("provider_open"),
          QT_TRANSLATE_NOOP("AlarmWords",
                            "Requests go to the other providers and it is tried again by itself. If that "
                            "lasts, look at its failed requests and at the provider's status page.") },
        { QStringLiteral("auth_failing"),
          QT_TRANSLATE_NOOP("AlarmWords",
                            "Renew its key, or settle its bill, then probe it. Where the keyring is locked or absent, "
                            "unlock it, give the key for this session only, or name an environment variable that "
                            "has it.") },
        { QStringLiteral("recording_stopped"),
          QT_TRANSLATE_NOOP("AlarmWords",
                            "Free space on the disk of the history, or allow it less space; see that its folder "
                            "can be written to. Recording then goes on by itself.") },
        { QStringLiteral("events_dropped"),
          QT_TRANSLATE_NOOP("AlarmWords", "Put the history on a faster disk; figures of this time are incomplete.") },
        { QStringLiteral("certificate_expiry"),
          QT_TRANSLATE_NOOP("AlarmWords", "Tell who runs this endpoint to renew its certificate.") },
        { QStringLiteral("flapping"),
          QT_TRANSLATE_NOOP("AlarmWords",
                            "Try a higher threshold or a longer open time on recorded traffic, or force "
                            "it open until it is stable.") },
        { QStringLiteral("throttled_long"),
          QT_TRANSLATE_NOOP("AlarmWords", "Ask the provider for a higher limit, or move it down in the order.") },
        { QStringLiteral("degraded_score"),
          QT_TRANSLATE_NOOP("AlarmWords", "See which factor costs it points on its page; nothing is blocked yet.") },
        { QStringLiteral("flood"),
          QT_TRANSLATE_NOOP("AlarmWords", "Check this machine's own network first; single alarms come after that.") },
    };
    const char *known = words.value(rule, nullptr);
    return known ? tr(known) : QString();
}

QString clockText(const QDateTime &at, const QDateTime &now)
{
    if (!at.isValid())
        return {};
    const QDateTime local = at.toLocalTime();
    return local.toString(local.date() == now.toLocalTime().date() ? QStringLiteral("HH:mm:ss")
                                                                   : QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

} // namespace signalbox
