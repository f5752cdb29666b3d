// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/chip.h"

#include "ui/style/appearance.h"

#include <QPainter>

namespace signalbox {

namespace {

constexpr int padding = 8;
constexpr int markSize = 8;
constexpr int markSpace = 4;
constexpr int chipHeight = 28;
constexpr qreal cornerRadius = 4;

} // namespace

Chip::Chip(const QString &text, Kind kind, const Appearance &appearance, QWidget *parent)
    : QAbstractButton(parent), m_appearance(appearance), m_kind(kind)
{
    setText(text);
    setCheckable(kind == Kind::Checkable);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&appearance, &Appearance::themeChanged, this, [this] { update(); });
}

QSize Chip::sizeHint() const
{
    // Room for the mark in any case, so that nothing moves when it is switched.
    return { fontMetrics().horizontalAdvance(text()) + 2 * padding + markSize + markSpace,
             std::max(chipHeight, fontMetrics().height() + 8) };
}

void Chip::paintMark(QPainter &painter, const QRectF &place, const QColor &color) const
{
    painter.setPen(QPen(color, 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    if (m_kind == Kind::Removable) {
        painter.drawLine(place.topLeft(), place.bottomRight());
        painter.drawLine(place.topRight(), place.bottomLeft());
    } else {
        painter.drawPolyline(QPolygonF { place.topLeft() + QPointF(0, 4), place.topLeft() + QPointF(3, 7),
                                         place.topLeft() + QPointF(8, 1) });
    }
}

void Chip::paintEvent(QPaintEvent *)
{
    const Theme &theme = m_appearance.theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool on = isChecked();
    const QColor text = !isEnabled() ? theme.textFaint : on ? theme.selectionText : theme.text;
    QColor fill = on ? theme.selection : theme.raised;
    if (!on && (isDown() || underMouse()))
        fill = theme.grid;
    const qreal width = hasFocus() ? 2 : 1;
    const qreal inset = width / 2;
    painter.setPen(QPen(hasFocus() ? (on ? theme.text : theme.accent) : on ? theme.selection : theme.border, width));
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), cornerRadius, cornerRadius);

    const int textWidth = fontMetrics().horizontalAdvance(this->text());
    const int used = textWidth + (hasMark() ? markSize + markSpace : 0);
    const int left = (this->width() - used) / 2;
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const bool markFirst = (m_kind == Kind::Checkable) != mirrored;
    const int textLeft = hasMark() && markFirst ? left + markSize + markSpace : left;
    if (hasMark()) {
        const int markLeft = markFirst ? left : left + textWidth + markSpace;
        paintMark(painter, QRectF(markLeft, (this->height() - markSize) / 2.0, markSize, markSize), text);
    }
    painter.setPen(text);
    painter.drawText(QRect(textLeft, 0, textWidth + 1, this->height()), Qt::AlignVCenter | Qt::AlignLeft, this->text());
}

} // namespace signalbox
