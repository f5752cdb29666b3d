// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/proxyheader.h"

#include "ui/shell/proxyactions.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"
#include "ui/style/tag.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace signalbox {

namespace {

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

} // namespace

QString listenWord(ListenState state)
{
    switch (state) {
    case ListenState::Listening:
        return ProxyHeader::tr("Listening");
    case ListenState::Failed:
        return ProxyHeader::tr("Not listening");
    case ListenState::Draining:
        return ProxyHeader::tr("Stopping");
    case ListenState::Stopped:
        break;
    }
    return ProxyHeader::tr("Stopped");
}

ProxyHeader::ProxyHeader(const ProxyActions &actions, const Appearance &appearance, QWidget *parent)
    : QFrame(parent), m_appearance(appearance), m_lamp(new LampWidget(appearance, this)), m_state(new QLabel(this)),
      m_address(new QLabel(this)),
      m_simulated(new Tag(tr("Simulated providers: no real provider is called"), appearance, this))
{
    m_state->setObjectName(QStringLiteral("listenState"));
    m_address->setObjectName(QStringLiteral("address"));
    m_address->setAccessibleName(tr("Listening address"));
    m_address->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_simulated->setObjectName(QStringLiteral("simulated"));
    m_simulated->hide();
    QFont large = m_address->font();
    large.setPointSizeF(large.pointSizeF() * 1.25);
    m_address->setFont(large);
    buildLayout(actions);
    setAutoFillBackground(true);
    connect(&appearance, &Appearance::themeChanged, this, &ProxyHeader::applyTheme);
    applyTheme();
}

void ProxyHeader::buildLayout(const ProxyActions &actions)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(8);
    layout->addWidget(m_lamp);
    layout->addWidget(m_state);
    layout->addSpacing(8);
    layout->addWidget(m_address);
    layout->addWidget(button(actions.copyAddress()));
    layout->addWidget(button(actions.copyToken()));
    layout->addStretch(1);
    layout->addWidget(m_simulated);
    layout->addSpacing(8);
    layout->addWidget(button(actions.startStop()));
}

QPushButton *ProxyHeader::button(QAction *action)
{
    auto *made = new QPushButton(this);
    made->setObjectName(action->objectName() + QStringLiteral("Button"));
    const auto follow = [made, action] {
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        made->setText(action->iconText());
        made->setAccessibleName(action->iconText());
        made->setToolTip(QStringLiteral("%1 (%2)").arg(action->toolTip(), keys));
        made->setEnabled(action->isEnabled());
    };
    connect(action, &QAction::changed, made, follow);
    connect(made, &QPushButton::clicked, action, &QAction::trigger);
    follow();
    return made;
}

void ProxyHeader::showSnapshot(const EngineSnapshot &snapshot)
{
    const ListenerSnapshot &listener = snapshot.listener;
    m_lamp->setShape(listenLamp(listener.state), m_stale);
    m_state->setText(listenWord(listener.state));
    const bool listens = listener.state == ListenState::Listening && !listener.url.isEmpty();
    m_address->setText(listens ? listener.url : noValue());
    m_simulated->setVisible(snapshot.demo);
}

void ProxyHeader::setStale(bool stale)
{
    m_stale = stale;
    m_lamp->setShape(m_lamp->shape(), stale);
    m_address->setEnabled(!stale);
    m_state->setEnabled(!stale);
}

void ProxyHeader::applyTheme()
{
    QPalette colors = m_appearance.theme().palette();
    colors.setColor(QPalette::Window, m_appearance.theme().surface);
    setPalette(colors);
}

} // namespace signalbox
