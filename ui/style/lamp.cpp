// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/lamp.h"

#include "ui/style/appearance.h"

#include <QPainter>
#include <QPainterPath>

namespace signalbox {

namespace {

/// Shapes are drawn on a grid of 14 x 14 and scaled.
constexpr qreal grid = lampSize;

QPen outline(const QColor &color, qreal width)
{
    return QPen(color, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
}

void paintCircle(QPainter &painter, const QPen &pen)
{
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(QPointF(7, 7), 5, 5);
}

void paintTriangle(QPainter &painter, const QColor &color, const QColor &mark)
{
    QPainterPath path(QPointF(7, 1.6));
    path.lineTo(13, 12.2);
    path.lineTo(1, 12.2);
    path.closeSubpath();
    painter.setPen(outline(color, 1.2));
    painter.setBrush(color);
    painter.drawPath(path);
    painter.setPen(outline(mark, 1.6));
    painter.drawLine(QPointF(7, 5.4), QPointF(7, 8.4));
    painter.drawPoint(QPointF(7, 10.7));
}

void paintDiamond(QPainter &painter, const QColor &color, qreal width)
{
    QPainterPath path(QPointF(7, 1));
    path.lineTo(13, 7);
    path.lineTo(7, 13);
    path.lineTo(1, 7);
    path.closeSubpath();
    QPainterPath half(QPointF(7, 1));
    half.lineTo(7, 13);
    half.lineTo(1, 7);
    half.closeSubpath();
    painter.fillPath(half, color);
    painter.strokePath(path, outline(color, width));
}

/// A padlock in the lower right corner, cut free from the shape below by a rim of the background.
void paintPadlock(QPainter &painter, const QColor &color, const QColor &background)
{
    QPainterPath lock;
    lock.addRoundedRect(QRectF(6.6, 8.6, 7, 5), 0.8, 0.8);
    QPainterPath shackle;
    shackle.moveTo(8.2, 8.6);
    shackle.lineTo(8.2, 7.6);
    shackle.arcTo(QRectF(8.2, 5.7, 3.8, 3.8), 180, -180);
    shackle.lineTo(12, 8.6);
    painter.setBrush(background);
    painter.strokePath(lock, outline(background, 2.6));
    painter.strokePath(shackle, outline(background, 3.6));
    painter.fillPath(lock, color);
    painter.setBrush(Qt::NoBrush);
    painter.strokePath(shackle, outline(color, 1.3));
}

void paintHatch(QPainter &painter, const QColor &background)
{
    painter.setPen(QPen(background, 1.3, Qt::SolidLine, Qt::FlatCap));
    for (int line = 0; line < 7; ++line) {
        const qreal offset = 3.5 * line - 10;
        painter.drawLine(QPointF(offset, 14), QPointF(offset + 14, 0));
    }
}

void paintShape(QPainter &painter, LampShape shape, const Theme &theme)
{
    const QColor color = lampColor(shape, theme);
    const QColor background = theme.surface;
    const qreal width = theme.highContrast ? 2.0 : 1.6;
    switch (shape) {
    case LampShape::Circle:
        paintCircle(painter, outline(color, width));
        break;
    case LampShape::DashedCircle: {
        QPen pen(color, width, Qt::CustomDashLine, Qt::FlatCap);
        pen.setDashPattern({ 2.45 / width, 1.48 / width }); // eight dashes round the circle
        paintCircle(painter, pen);
        break;
    }
    case LampShape::SlashedCircle:
        paintCircle(painter, outline(color, width));
        painter.drawLine(QPointF(3.5, 10.5), QPointF(10.5, 3.5));
        break;
    case LampShape::Triangle:
        paintTriangle(painter, color, background);
        break;
    case LampShape::Square:
        painter.fillRect(QRectF(2, 2, 10, 10), color);
        break;
    case LampShape::Diamond:
        paintDiamond(painter, color, width);
        break;
    case LampShape::LockedSquare:
        painter.fillRect(QRectF(1, 1, 10, 10), color);
        paintPadlock(painter, color, background);
        break;
    case LampShape::LockedCircle:
        painter.setPen(outline(color, width));
        painter.drawEllipse(QPointF(5.8, 5.8), 4.6, 4.6);
        paintPadlock(painter, color, background);
        break;
    }
}

} // namespace

QColor lampColor(LampShape shape, const Theme &theme)
{
    switch (shape) {
    case LampShape::Circle:
    case LampShape::DashedCircle:
    case LampShape::SlashedCircle:
        return theme.lampNormal;
    case LampShape::Triangle:
        return theme.lampWarning;
    case LampShape::Square:
        return theme.lampCritical;
    case LampShape::Diamond:
        return theme.lampProbing;
    case LampShape::LockedSquare:
    case LampShape::LockedCircle:
        return theme.lampManual;
    }
    return theme.lampNormal;
}

QColor lampTint(LampShape shape, const Theme &theme)
{
    switch (shape) {
    case LampShape::Triangle:
        return theme.tintWarning;
    case LampShape::Square:
        return theme.tintCritical;
    case LampShape::Diamond:
        return theme.tintProbing;
    case LampShape::Circle:
    case LampShape::DashedCircle:
    case LampShape::SlashedCircle:
    case LampShape::LockedSquare:
    case LampShape::LockedCircle:
        break;
    }
    return {};
}

void paintLamp(QPainter &painter, const QRectF &rect, LampShape shape, const Theme &theme, bool stale)
{
    const qreal side = std::min(rect.width(), rect.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.translate(rect.center() - QPointF(side, side) / 2);
    painter.scale(side / grid, side / grid);
    painter.setClipRect(QRectF(0, 0, grid, grid));
    paintShape(painter, shape, theme);
    if (stale)
        paintHatch(painter, theme.surface);
    painter.restore();
}

LampWidget::LampWidget(const Appearance &appearance, QWidget *parent) : QWidget(parent), m_appearance(appearance)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&appearance, &Appearance::themeChanged, this, [this] { update(); });
}

void LampWidget::setShape(LampShape shape, bool stale)
{
    if (m_shape == shape && m_stale == stale)
        return;
    m_shape = shape;
    m_stale = stale;
    update();
}

void LampWidget::setDimmed(bool dimmed)
{
    if (m_dimmed == dimmed)
        return;
    m_dimmed = dimmed;
    update();
}

QSize LampWidget::sizeHint() const
{
    return { lampSize + 2, lampSize + 2 };
}

void LampWidget::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (m_dimmed)
        painter.setOpacity(0.35);
    paintLamp(painter, QRectF(rect()).adjusted(1, 1, -1, -1), m_shape, m_appearance.theme(), m_stale);
}

} // namespace signalbox
