// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/banner.h"

#include "ui/style/appearance.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace signalbox {

Banner::Banner(const Appearance &appearance, LampShape shape, QWidget *parent)
    : QFrame(parent), m_appearance(appearance), m_lamp(new LampWidget(appearance, this)), m_text(new QLabel(this)),
      m_button(new QPushButton(this))
{
    m_lamp->setShape(shape);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_button->hide();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 6);
    layout->setSpacing(8);
    layout->addWidget(m_lamp);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    setAutoFillBackground(true);
    connect(&appearance, &Appearance::themeChanged, this, &Banner::applyTheme);
    applyTheme();
    hide();
}

void Banner::setAction(QAction *action)
{
    m_button->setText(action->text());
    m_button->setAccessibleName(action->iconText());
    connect(m_button, &QPushButton::clicked, action, &QAction::trigger);
    m_button->show();
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
