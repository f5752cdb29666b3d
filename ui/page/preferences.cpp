// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/preferences.h"

#include <QSettings>

#include <algorithm>

namespace signalbox {

namespace {

const QString schemeKey = QStringLiteral("console/theme"); // "system", "light", "dark"
const QString reduceMotionKey = QStringLiteral("console/reduceMotion");
const QString closeToTrayKey = QStringLiteral("console/closeToTray");
const QString startMinimizedKey = QStringLiteral("console/startMinimized");
const QString notificationsKey = QStringLiteral("console/notifications");
const QString ownTrafficKey = QStringLiteral("requests/showOwnTraffic");
const QString listSizeKey = QStringLiteral("requests/listSize");

QVariant stored(bool value)
{
    return value;
}

QVariant stored(int value)
{
    return value;
}

QVariant stored(Appearance::Scheme scheme)
{
    switch (scheme) {
    case Appearance::Scheme::Light:
        return QStringLiteral("light");
    case Appearance::Scheme::Dark:
        return QStringLiteral("dark");
    case Appearance::Scheme::FollowSystem:
        break;
    }
    return QStringLiteral("system");
}

Appearance::Scheme schemeFrom(const QString &name)
{
    if (name == QLatin1String("light"))
        return Appearance::Scheme::Light;
    return name == QLatin1String("dark") ? Appearance::Scheme::Dark : Appearance::Scheme::FollowSystem;
}

} // namespace

Preferences::Preferences(QObject *parent) : QObject(parent)
{
    const QSettings settings;
    m_scheme = schemeFrom(settings.value(schemeKey).toString());
    m_reduceMotion = settings.value(reduceMotionKey, m_reduceMotion).toBool();
    m_closeToTray = settings.value(closeToTrayKey, m_closeToTray).toBool();
    m_startMinimized = settings.value(startMinimizedKey, m_startMinimized).toBool();
    m_notifications = settings.value(notificationsKey, m_notifications).toBool();
    m_showOwnTraffic = settings.value(ownTrafficKey, m_showOwnTraffic).toBool();
    m_requestListSize =
        std::clamp(settings.value(listSizeKey, m_requestListSize).toInt(), smallestRequestList, largestRequestList);
}

template <typename Value> void Preferences::set(Value &value, Value to, const QString &key)
{
    if (value == to)
        return;
    value = to;
    QSettings().setValue(key, stored(to));
    Q_EMIT changed();
}

void Preferences::setScheme(Appearance::Scheme scheme)
{
    set(m_scheme, scheme, schemeKey);
}

void Preferences::setReduceMotion(bool on)
{
    set(m_reduceMotion, on, reduceMotionKey);
}

void Preferences::setCloseToTray(bool on)
{
    set(m_closeToTray, on, closeToTrayKey);
}

void Preferences::setStartMinimized(bool on)
{
    set(m_startMinimized, on, startMinimizedKey);
}

void Preferences::setNotifications(bool on)
{
    set(m_notifications, on, notificationsKey);
}

void Preferences::setRequestListSize(int requests)
{
    set(m_requestListSize, std::clamp(requests, smallestRequestList, largestRequestList), listSizeKey);
}

void Preferences::setShowOwnTraffic(bool on)
{
    set(m_showOwnTraffic, on, ownTrafficKey);
}

void followScheme(Appearance &appearance, const Preferences &preferences)
{
    const auto follow = [&appearance, &preferences] { appearance.setScheme(preferences.scheme()); };
    QObject::connect(&preferences, &Preferences::changed, &appearance, follow);
    follow();
}

} // namespace signalbox
