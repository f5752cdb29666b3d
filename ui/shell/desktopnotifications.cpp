// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/desktopnotifications.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

namespace signalbox {

namespace {

const QString service = QStringLiteral("org.freedesktop.Notifications");
const QString path = QStringLiteral("/org/freedesktop/Notifications");
const QString openAction = QStringLiteral("default"); // a click on the notification itself
const QString muteAction = QStringLiteral("mute");
constexpr int serverDecides = -1;
constexpr uchar urgencyNormal = 1;
constexpr uchar urgencyCritical = 2;

} // namespace

DesktopNotifications::DesktopNotifications(QObject *parent) : QObject(parent)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    // A signature is compared in its normalized form.
    // clang-format off
    bus.connect(service, path, service, QStringLiteral("ActionInvoked"), this, SLOT(onActionInvoked(uint,QString)));
    bus.connect(service, path, service, QStringLiteral("NotificationClosed"), this, SLOT(onClosed(uint,uint)));
    // clang-format on
}

QString DesktopNotifications::titleOf(const Notice &notice)
{
    return notice.priority == AlarmPriority::High ? tr("Signalbox: high alarm") : tr("Signalbox: alarm");
}

QString DesktopNotifications::bodyOf(const Notice &notice)
{
    return notice.others > 0 ? tr("%1\nand %2 more").arg(notice.text).arg(notice.others) : notice.text;
}

void DesktopNotifications::show(const Notice &notice)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        Q_EMIT unavailable(notice);
        return;
    }
    QDBusMessage call = QDBusMessage::createMethodCall(service, path, service, QStringLiteral("Notify"));
    const QVariantMap hints {
        { QStringLiteral("urgency"),
          QVariant::fromValue(notice.priority == AlarmPriority::High ? urgencyCritical : urgencyNormal) },
        { QStringLiteral("desktop-entry"), QStringLiteral("io.github.signalbox.Signalbox") },
    };
    // A text may hold what looks like markup, which a server may interpret.
    call.setArguments({ QStringLiteral("Signalbox"), 0U, QStringLiteral("io.github.signalbox.Signalbox"),
                        titleOf(notice), bodyOf(notice).toHtmlEscaped(),
                        QStringList { openAction, tr("Open"), muteAction, tr("Mute 1 h") }, hints, serverDecides });
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, notice](QDBusPendingCallWatcher *answered) {
        const QDBusPendingReply<uint> reply = *answered;
        if (reply.isError())
            Q_EMIT unavailable(notice);
        else
            m_shown.insert(reply.value(), notice.alarmId);
        answered->deleteLater();
    });
}

void DesktopNotifications::onActionInvoked(uint id, const QString &action)
{
    const QString alarm = m_shown.value(id);
    if (alarm.isEmpty())
        return; // another program's
    if (action == muteAction)
        Q_EMIT muteRequested(alarm);
    else
        Q_EMIT openRequested(alarm);
}

void DesktopNotifications::onClosed(uint id, uint)
{
    m_shown.remove(id);
}

} // namespace signalbox
