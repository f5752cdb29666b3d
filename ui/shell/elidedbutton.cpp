// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/elidedbutton.h"

#include <QHelpEvent>
#include <QStyleOptionToolButton>
#include <QStylePainter>
#include <QToolTip>

namespace signalbox {

namespace {

constexpr int padding = 8;

} // namespace

ElidedButton::ElidedButton(QWidget *parent) : QToolButton(parent)
{
    setAutoRaise(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
}

QString ElidedButton::elided() const
{
    return fontMetrics().elidedText(text(), Qt::ElideRight, width() - 2 * padding);
}

QSize ElidedButton::sizeHint() const
{
    return { fontMetrics().horizontalAdvance(text()) + 2 * padding, fontMetrics().height() + padding };
}

QSize ElidedButton::minimumSizeHint() const
{
    return { fontMetrics().averageCharWidth() * 12, sizeHint().height() };
}

void ElidedButton::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionToolButton option;
    initStyleOption(&option);
    option.text.clear();
    painter.drawComplexControl(QStyle::CC_ToolButton, option);
    painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::WindowText));
    painter.drawText(rect().adjusted(padding, 0, -padding, 0), Qt::AlignVCenter | Qt::AlignLeft, elided());
}

bool ElidedButton::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || !toolTip().isEmpty() || elided() == text())
        return QToolButton::event(event);
    QToolTip::showText(static_cast<const QHelpEvent *>(event)->globalPos(), text(), this);
    return true;
}

} // namespace signalbox
