// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/tray.h"

#include "ui/page/console.h"
#include "ui/shell/proxyactions.h"
#include "ui/shell/statusline.h"
#include "ui/style/appearance.h"

#include <QPainter>

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

constexpr std::array<int, 6> iconSizes { 16, 22, 24, 32, 48, 64 };

LampShape gravest(const EngineSnapshot &snapshot)
{
    if (snapshot.listener.state != ListenState::Listening)
        return listenLamp(snapshot.listener.state);
    LampShape lamp = LampShape::Circle;
    for (const Alarm &alarm : snapshot.alarms) {
        if (alarm.state != AlarmState::Active)
            continue;
        if (alarm.priority == AlarmPriority::High)
            return LampShape::Square;
        lamp = LampShape::Triangle;
    }
    return lamp;
}

QAction *addLine(QMenu &menu)
{
    QAction *line = menu.addAction(QString());
    line->setEnabled(false);
    return line;
}

} // namespace

Tray::Tray(Console &console, const ProxyActions &actions, QObject *parent)
    : QObject(parent), m_console(console), m_proxyLine(addLine(m_menu)), m_providersLine(addLine(m_menu)),
      m_alarmsLine(addLine(m_menu))
{
    m_menu.addSeparator();
    QAction *show = m_menu.addAction(tr("&Show Signalbox"));
    m_menu.setDefaultAction(show);
    m_menu.addAction(actions.copyAddress());
    m_menu.addAction(actions.startStop());
    m_menu.addSeparator();
    QAction *quit = m_menu.addAction(tr("&Quit"));
    connect(show, &QAction::triggered, this, &Tray::showRequested);
    connect(quit, &QAction::triggered, this, &Tray::quitRequested);
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::messageClicked);
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
            Q_EMIT showRequested();
    });
    connect(&console.engine(), &Engine::snapshotPublished, this,
            [this](const EngineSnapshotPtr &snapshot) { refresh(*snapshot); });
    connect(&console.appearance(), &Appearance::themeChanged, this, &Tray::showIcon);
    m_icon.setContextMenu(&m_menu);
    refresh(*console.snapshot());
    showIcon();
    m_icon.show();
}

void Tray::refresh(const EngineSnapshot &snapshot)
{
    const ListenerSnapshot &listener = snapshot.listener;
    m_proxyLine->setText(listener.state == ListenState::Listening
                             ? tr("Proxy %1:%2 listening").arg(listener.address).arg(listener.port)
                             : tr("Proxy: %1").arg(listenWord(listener.state).toLower()));
    const auto open = std::count_if(snapshot.providers.begin(), snapshot.providers.end(), [](const auto &provider) {
        return provider.breaker.state == BreakerState::Open && provider.breaker.mode == BreakerMode::Auto;
    });
    m_providersLine->setText(tr("Providers: %1, open: %2").arg(snapshot.providers.size()).arg(open));
    const auto active = std::count_if(snapshot.alarms.begin(), snapshot.alarms.end(),
                                      [](const Alarm &alarm) { return alarm.state == AlarmState::Active; });
    m_alarmsLine->setText(tr("Unacknowledged alarms: %1").arg(active));
    m_icon.setToolTip(QStringLiteral("Signalbox\n%1\n%2\n%3")
                          .arg(m_proxyLine->text(), m_providersLine->text(), m_alarmsLine->text()));
    if (const LampShape lamp = gravest(snapshot); lamp != m_lamp) {
        m_lamp = lamp;
        showIcon();
    }
}

void Tray::showIcon()
{
    QIcon icon;
    for (const int size : iconSizes) {
        QPixmap pixels(size, size);
        pixels.fill(Qt::transparent);
        QPainter painter(&pixels);
        paintLamp(painter, QRectF(0, 0, size, size), m_lamp, m_console.appearance().theme());
        painter.end();
        icon.addPixmap(pixels);
    }
    m_icon.setIcon(icon);
}

void Tray::say(const QString &title, const QString &text, bool grave)
{
    m_icon.showMessage(title, text, grave ? QSystemTrayIcon::Critical : QSystemTrayIcon::Information);
}

} // namespace signalbox
