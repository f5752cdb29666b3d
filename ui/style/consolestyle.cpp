// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/consolestyle.h"

#include "ui/style/theme.h"

#include <QListView>
#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace signalbox {

namespace {

constexpr qreal cornerRadius = 4;
constexpr qreal focusWidth = 2;
constexpr int lineEditInset = 4; ///< and two pixels of Qt's own, before and after the text

QColor mixed(const QColor &a, const QColor &b, qreal share)
{
    return QColor::fromRgbF(static_cast<float>(a.redF() * (1 - share) + b.redF() * share),
                            static_cast<float>(a.greenF() * (1 - share) + b.greenF() * share),
                            static_cast<float>(a.blueF() * (1 - share) + b.blueF() * share));
}

/// The one inside a spin box has no frame, and its place is the box's.
bool hasFrame(const QStyleOption *option)
{
    const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
    return frame && frame->lineWidth > 0;
}

} // namespace

ConsoleStyle::ConsoleStyle(std::shared_ptr<const Theme> theme)
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))), m_theme(std::move(theme))
{
}

void ConsoleStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                 const QWidget *widget) const
{
    switch (element) {
    case PE_PanelButtonCommand:
        drawButton(option, painter);
        return;
    case PE_FrameFocusRect: {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(m_theme->accent, focusWidth));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(1, 1, -1, -1), cornerRadius - 1, cornerRadius - 1);
        painter->restore();
        return;
    }
    case PE_FrameLineEdit:
    case PE_IndicatorCheckBox:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        drawOutline(option, option->rect, painter);
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void ConsoleStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                      const QWidget *widget) const
{
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    if (control == CC_SpinBox)
        drawOutline(option, option->rect, painter);
}

void ConsoleStyle::drawOutline(const QStyleOption *option, const QRect &rect, QPainter *painter) const
{
    const bool enabled = option->state.testFlag(State_Enabled);
    const bool focused = option->state.testFlag(State_HasFocus);
    const qreal width = focused ? focusWidth : 1;
    const qreal inset = width / 2;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(focused ? m_theme->accent : enabled ? m_theme->border : m_theme->grid, width));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), 2, 2);
    painter->restore();
}

void ConsoleStyle::drawButton(const QStyleOption *option, QPainter *painter) const
{
    const Theme &theme = *m_theme;
    const bool enabled = option->state.testFlag(State_Enabled);
    QColor fill = option->palette.color(QPalette::Button);
    const bool on = option->state.testFlag(State_On);
    if (option->state.testFlag(State_Sunken) || on)
        fill = mixed(fill, theme.text, 0.14);
    else if (enabled && option->state.testFlag(State_MouseOver))
        fill = mixed(fill, theme.text, 0.06);
    const bool focused = option->state.testFlag(State_HasFocus) && option->state.testFlag(State_KeyboardFocusChange);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    // What is switched on is told by a thick outline, not by its fill alone.
    const qreal width = focused || on ? focusWidth : 1;
    const QColor outline = focused ? theme.accent : on ? theme.text : theme.border;
    painter->setPen(QPen(enabled ? outline : theme.grid, width));
    painter->setBrush(fill);
    const qreal inset = width / 2;
    painter->drawRoundedRect(QRectF(option->rect).adjusted(inset, inset, -inset, -inset), cornerRadius, cornerRadius);
    painter->restore();
}

void ConsoleStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                               const QWidget *widget) const
{
    if (element == CE_HeaderSection || element == CE_HeaderEmptyArea)
        drawHeader(option, painter, widget);
    else
        QProxyStyle::drawControl(element, option, painter, widget);
}

void ConsoleStyle::drawHeader(const QStyleOption *option, QPainter *painter, const QWidget *) const
{
    const Theme &theme = *m_theme;
    painter->fillRect(option->rect, theme.surface);
    painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), theme.border);
}

QRect ConsoleStyle::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    if (element == SE_LineEditContents && hasFrame(option))
        return rect.adjusted(lineEditInset, 0, -lineEditInset, 0);
    return rect;
}

QSize ConsoleStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents,
                                     const QWidget *widget) const
{
    const QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    if (type == CT_LineEdit && hasFrame(option))
        return size + QSize(2 * lineEditInset, 0);
    return size;
}

int ConsoleStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_HeaderMargin:
        return 8;
    case PM_ButtonMargin:
        return 12;
    case PM_FocusFrameHMargin: // and a pixel of Qt's own: where the text of a list begins, as in our tables
        return qobject_cast<const QListView *>(widget) ? 7 : QProxyStyle::pixelMetric(metric, option, widget);
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

} // namespace signalbox
