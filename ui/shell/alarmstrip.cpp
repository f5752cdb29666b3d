// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/alarmstrip.h"

#include "ui/page/answer.h"
#include "ui/page/console.h"
#include "ui/page/preferences.h"
#include "ui/shell/elidedbutton.h"
#include "ui/style/appearance.h"
#include "ui/style/lamp.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace signalbox {

namespace {

constexpr std::chrono::milliseconds halfFlash { 500 }; // 1 Hz

LampShape lampOf(const Alarm &alarm)
{
    return alarm.priority == AlarmPriority::High ? LampShape::Square : LampShape::Triangle;
}

QString priorityWord(AlarmPriority priority)
{
    switch (priority) {
    case AlarmPriority::High:
        return AlarmStrip::tr("High");
    case AlarmPriority::Medium:
        return AlarmStrip::tr("Medium");
    case AlarmPriority::Low:
        break;
    }
    return AlarmStrip::tr("Low");
}

bool isGraver(const Alarm &a, const Alarm &b)
{
    return a.priority != b.priority ? a.priority < b.priority : a.since > b.since;
}

} // namespace

AlarmStrip::AlarmStrip(Console &console, QWidget *parent)
    : QFrame(parent), m_console(console), m_lamp(new LampWidget(console.appearance(), this)),
      m_text(new ElidedButton(this)), m_acknowledge(new QPushButton(tr("Ac&knowledge"), this))
{
    setObjectName(QStringLiteral("alarmStrip"));
    m_text->setObjectName(QStringLiteral("alarmText"));
    m_acknowledge->setObjectName(QStringLiteral("acknowledgeShown"));
    m_acknowledge->setToolTip(tr("Say that this alarm was seen"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 12, 4);
    layout->setSpacing(8);
    layout->addWidget(m_lamp);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_acknowledge);
    setFixedHeight(std::max(m_acknowledge->sizeHint().height(), m_text->sizeHint().height()) + 8);
    setAutoFillBackground(true);
    m_flash.setInterval(halfFlash);
    connect(&m_flash, &QTimer::timeout, this, [this] { m_lamp->setDimmed(!m_lamp->isDimmed()); });
    connect(m_text, &QAbstractButton::clicked, this, &AlarmStrip::openAlarms);
    connect(m_acknowledge, &QAbstractButton::clicked, this, &AlarmStrip::acknowledge);
    connect(&console.appearance(), &Appearance::themeChanged, this, &AlarmStrip::applyTheme);
    connect(&console.preferences(), &Preferences::changed, this, &AlarmStrip::followFlash);
    connect(&console, &Console::seenChanged, this, &AlarmStrip::followFlash);
    showAlarm(nullptr);
}

void AlarmStrip::refresh()
{
    const Alarm *gravest = nullptr;
    m_unacknowledged = 0;
    for (const Alarm &alarm : m_console.snapshot()->alarms) {
        if (alarm.state != AlarmState::Active)
            continue;
        ++m_unacknowledged;
        if (!gravest || isGraver(alarm, *gravest))
            gravest = &alarm;
    }
    showAlarm(gravest);
}

void AlarmStrip::showAlarm(const Alarm *alarm)
{
    m_alarm = alarm ? std::optional(*alarm) : std::nullopt;
    if (alarm) {
        const QString since = alarm->since.toLocalTime().toString(QStringLiteral("HH:mm:ss"));
        m_lamp->setShape(lampOf(*alarm));
        m_text->setText(tr("%n unacknowledged", nullptr, m_unacknowledged) +
                        tr("  ·  %1  ·  %2  ·  %3").arg(priorityWord(alarm->priority), since, alarm->text));
        m_text->setAccessibleName(tr("Alarm: %1").arg(m_text->text()));
    } else {
        m_lamp->setShape(LampShape::Circle);
        m_text->setText(tr("No active alarms"));
        m_text->setAccessibleName(m_text->text());
    }
    // Only while hidden it leaves the way of Tab.
    m_acknowledge->setVisible(alarm);
    followFlash();
    applyTheme();
}

void AlarmStrip::openAlarms()
{
    PageTarget target;
    target.page = PageId::Alarms;
    if (m_alarm)
        target.item = m_alarm->id;
    m_console.open(target);
}

void AlarmStrip::acknowledge()
{
    if (!m_alarm)
        return;
    onAnswer(m_console.acknowledgeAlarm(m_alarm->id), this, [this](const Status &status) {
        if (status)
            m_console.tell(tr("Alarm acknowledged."));
        else
            m_console.reportFailure(tr("The alarm was not acknowledged: %1").arg(status.error().reason));
    });
}

void AlarmStrip::followFlash()
{
    const bool flashes = m_alarm && m_console.isSeen() && !m_console.preferences().reduceMotion();
    if (flashes == m_flash.isActive())
        return;
    if (flashes)
        m_flash.start();
    else
        m_flash.stop();
    m_lamp->setDimmed(false);
}

void AlarmStrip::applyTheme()
{
    const Theme &theme = m_console.appearance().theme();
    const QColor tint = m_alarm ? lampTint(lampOf(*m_alarm), theme) : theme.surface;
    if (palette().color(QPalette::Window) == tint && palette().color(QPalette::WindowText) == theme.text)
        return;
    QPalette colors = theme.palette();
    colors.setColor(QPalette::Window, tint);
    setPalette(colors);
}

} // namespace signalbox
