// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/tag.h"

#include "ui/style/appearance.h"

#include <QPainter>

namespace signalbox {

Tag::Tag(const QString &text, const Appearance &appearance, QWidget *parent)
    : QLabel(text, parent), m_appearance(appearance)
{
    setContentsMargins(8, 4, 8, 4);
    connect(&appearance, &Appearance::themeChanged, this, [this] { update(); });
}

void Tag::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_appearance.theme().grid); // filled, not outlined: it is no button
    painter.drawRoundedRect(rect(), 4, 4);
    painter.end();
    QLabel::paintEvent(event);
}

} // namespace signalbox
