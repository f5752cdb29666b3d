// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/statusline.h"

#include "ui/page/console.h"
#include "ui/shell/proxyactions.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

#include <QAction>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace signalbox {

namespace {

/// The engine publishes about once a second; up to here the figures are as fresh as they get.
constexpr Milliseconds fresh { 2500 };

} // namespace

QString listenWord(ListenState state)
{
    switch (state) {
    case ListenState::Listening:
        return StatusLine::tr("Listening");
    case ListenState::Failed:
        return StatusLine::tr("Not listening");
    case ListenState::Draining:
        return StatusLine::tr("Stopping");
    case ListenState::Stopped:
        break;
    }
    return StatusLine::tr("Stopped");
}

LampShape listenLamp(ListenState state)
{
    switch (state) {
    case ListenState::Listening:
        return LampShape::Circle;
    case ListenState::Failed:
        return LampShape::Square;
    case ListenState::Stopped:
    case ListenState::Draining:
        break;
    }
    return LampShape::SlashedCircle;
}

StatusLine::StatusLine(Console &console, const ProxyActions &actions, QWidget *parent)
    : QStatusBar(parent), m_console(console),
      m_listening(addPart("statusListening", tr("Copy the address that a tool takes as its base URL"))),
      m_inFlight(addPart("statusInFlight", tr("Show the requests in flight"))),
      m_rate(addPart("statusRate", tr("Requests a second, last minute; shows the requests"))),
      m_latency(addPart("statusLatency", tr("Until the first byte of an answer, 95th percentile of the last minute"))),
      m_muted(addPart("statusMuted", tr("Alarms that are silent for a time; shows the alarms"))),
      m_age(addPart("statusAge", tr("How old the figures are; reads them again")))
{
    setSizeGripEnabled(false);
    setContentsMargins(8, 0, 8, 0);
    m_listening->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_listening->setIconSize({ lampSize, lampSize });
    connect(m_listening, &QAbstractButton::clicked, actions.copyAddress(), &QAction::trigger);
    const auto open = [this](PageId page, const QString &filter = {}) {
        PageTarget target;
        target.page = page;
        target.filter = filter;
        m_console.open(target);
    };
    connect(m_inFlight, &QAbstractButton::clicked, this, [open] { open(PageId::Requests); });
    connect(m_rate, &QAbstractButton::clicked, this, [open] { open(PageId::Requests); });
    connect(m_latency, &QAbstractButton::clicked, this, [open] { open(PageId::Wall); });
    connect(m_muted, &QAbstractButton::clicked, this, [open] { open(PageId::Alarms); });
    connect(m_age, &QAbstractButton::clicked, this, [this] { m_console.refresh(); });
    connect(&console.appearance(), &Appearance::themeChanged, this, &StatusLine::showLamp);
}

QToolButton *StatusLine::addPart(const char *objectName, const QString &toolTip)
{
    auto *button = new QToolButton(this);
    button->setObjectName(QLatin1String(objectName));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setToolTip(toolTip);
    button->setMinimumHeight(24);
    addPermanentWidget(button);
    return button;
}

void StatusLine::setPart(QToolButton *button, const QString &text)
{
    if (button->text() == text)
        return;
    button->setText(text);
    button->setAccessibleName(text);
}

void StatusLine::showLamp()
{
    const ListenState state = m_console.snapshot()->listener.state;
    QPixmap pixels(QSize(lampSize, lampSize) * devicePixelRatioF());
    pixels.setDevicePixelRatio(devicePixelRatioF());
    pixels.fill(Qt::transparent);
    QPainter painter(&pixels);
    paintLamp(painter, QRectF(0, 0, lampSize, lampSize), listenLamp(state), m_console.appearance().theme());
    painter.end();
    m_listening->setIcon(pixels);
    m_lamp = state;
}

void StatusLine::refresh()
{
    const EngineSnapshot &snapshot = *m_console.snapshot();
    const ListenerSnapshot &listener = snapshot.listener;
    m_traffic.add(m_console.snapshot());
    const QString where = QStringLiteral("%1:%2").arg(listener.address).arg(listener.port);
    setPart(m_listening,
            listener.state == ListenState::Listening ? tr("Proxy %1 listening").arg(where)
                                                     : tr("Proxy: %1").arg(listenWord(listener.state).toLower()));
    if (m_lamp != listener.state)
        showLamp();
    setPart(m_inFlight, tr("%1 in flight").arg(snapshot.inFlight));
    const auto rate = m_traffic.requestsPerSecond();
    setPart(m_rate, tr("%1 requests").arg(rate ? formatRate(*rate) : noValue()));
    setPart(m_latency, tr("p95 %1").arg(formatLatency(m_traffic.firstByteP95Ms())));
    const auto muted = std::count_if(snapshot.alarms.begin(), snapshot.alarms.end(),
                                     [](const Alarm &alarm) { return alarm.state == AlarmState::Shelved; });
    setPart(m_muted, tr("%1 muted").arg(muted));
}

void StatusLine::showAge()
{
    const DataAge &age = m_console.age();
    const QString span = formatSpan(age.age());
    setPart(m_age,
            age.isStale()           ? tr("Stale %1").arg(span)
                : age.age() < fresh ? tr("Data is live")
                                    : tr("Data %1 old").arg(span));
}

} // namespace signalbox
