// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/card.h"

#include "ui/style/appearance.h"

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace signalbox {

Card::Card(const QString &title, const Appearance &appearance, QWidget *parent)
    : QFrame(parent), m_appearance(appearance), m_title(new QLabel(title, this)), m_body(new QVBoxLayout)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(6);
    layout->addWidget(m_title);
    layout->addLayout(m_body, 1);
    m_body->setSpacing(6);
    m_title->setVisible(!title.isEmpty());
    connect(&appearance, &Appearance::themeChanged, this, &Card::applyTheme);
    applyTheme();
}

void Card::setTitle(const QString &title)
{
    if (m_title->text() != title)
        m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
}

void Card::paintEvent(QPaintEvent *)
{
    const Theme &theme = m_appearance.theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.grid, 1));
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

void Card::applyTheme()
{
    QPalette colors = m_appearance.theme().palette();
    colors.setColor(QPalette::Window, m_appearance.theme().surface);
    colors.setColor(QPalette::Base, m_appearance.theme().surface);
    setPalette(colors);
}

} // namespace signalbox
