// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/banner.h"

#include "ui/style/appearance.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace signalbox {

Banner::Banner(const Appearance &appearance, LampShape shape, QWidget *parent)
    : QFrame(parent), m_appearance(appearance), m_lamp(new LampWidget(appearance, this)), m_text(new QLabel(this))
{
    m_lamp->setShape(shape);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 6);
    layout->setSpacing(8);
    layout->addWidget(m_lamp);
    layout->addWidget(m_text, 1);
    setAutoFillBackground(true);
    connect(&appearance, &Appearance::themeChanged, this, &Banner::applyTheme);
    applyTheme();
    hide();
}

void Banner::addButton(QAction *action)
{
    auto *button = new QPushButton(this);
    button->setObjectName(action->objectName() + QStringLiteral("Button"));
    const auto follow = [button, action] {
        button->setText(action->text());
        button->setAccessibleName(action->iconText());
        button->setEnabled(action->isEnabled());
    };
    connect(action, &QAction::changed, button, follow);
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    follow();
    layout()->addWidget(button);
}

void Banner::setText(const QString &text)
{
    if (text == m_text->text())
        return;
    m_text->setText(text);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
}

QString Banner::text() const
{
    return m_text->text();
}

void Banner::applyTheme()
{
    QPalette colors = m_appearance.theme().palette();
    colors.setColor(QPalette::Window, lampTint(m_lamp->shape(), m_appearance.theme()));
    setPalette(colors);
}

} // namespace signalbox
