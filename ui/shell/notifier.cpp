// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/notifier.h"

#include "ui/page/answer.h"
#include "ui/page/console.h"
#include "ui/page/preferences.h"
#include "ui/shell/desktopnotifications.h"
#include "ui/shell/tray.h"

#include <QApplication>

namespace signalbox {

namespace {

constexpr std::chrono::hours muteTime { 1 };

} // namespace

Notifier::Notifier(Console &console, QWidget &window, Tray *tray, AlarmNotices::Now now)
    : QObject(&window), m_console(console), m_tray(tray), m_desktop(new DesktopNotifications(this)),
      m_notices(std::move(now))
{
    connect(&console.engine(), &Engine::snapshotPublished, this, &Notifier::check);
    connect(m_desktop, &DesktopNotifications::openRequested, this, &Notifier::open);
    connect(m_desktop, &DesktopNotifications::muteRequested, this, &Notifier::mute);
    if (!tray)
        return;
    connect(m_desktop, &DesktopNotifications::unavailable, this, [this](const Notice &notice) {
        m_inTray = notice.alarmId;
        m_tray->say(DesktopNotifications::titleOf(notice), DesktopNotifications::bodyOf(notice),
                    notice.priority == AlarmPriority::High);
    });
    connect(tray, &Tray::messageClicked, this, [this] { open(m_inTray); });
}

void Notifier::check()
{
    const EngineSnapshotPtr snapshot = m_console.engine().snapshot();
    // A dialog over the window has its activation; some desktops leave a minimised window active.
    const bool lookedAt = m_console.isSeen() && QApplication::activeWindow();
    const bool silent = lookedAt || !m_console.preferences().notifications();
    if (const auto notice = m_notices.next(snapshot->alarms, silent, snapshot->takenAt))
        m_desktop->show(*notice);
}

void Notifier::open(const QString &alarmId)
{
    Q_EMIT showRequested();
    PageTarget target;
    target.page = PageId::Alarms;
    target.item = alarmId;
    m_console.open(target);
}

void Notifier::mute(const QString &alarmId)
{
    onAnswer(m_console.engine().shelveAlarm(alarmId, muteTime), this, [this](const Status &status) {
        if (!status)
            m_console.reportFailure(tr("The alarm was not muted: %1").arg(status.error().reason));
    });
}

} // namespace signalbox
