// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/alarmnotices.h"

#include <QHash>
#include <QObject>

namespace signalbox {

/// The desktop's notification service, org.freedesktop.Notifications, on the session bus. Nothing here waits for it.
class DesktopNotifications : public QObject
{
    Q_OBJECT

public:
    explicit DesktopNotifications(QObject *parent = nullptr);

    /// Without a service, unavailable() is emitted with it.
    void show(const Notice &notice);
    static QString titleOf(const Notice &notice);
    static QString bodyOf(const Notice &notice);

Q_SIGNALS:
    void openRequested(const QString &alarmId);
    void muteRequested(const QString &alarmId);
    void unavailable(const signalbox::Notice &notice);

private Q_SLOTS:
    void onActionInvoked(uint id, const QString &action);
    void onClosed(uint id, uint reason);

private:
    QHash<uint, QString> m_shown; ///< the service's number: alarm id
};

} // namespace signalbox
