// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/rowdelegate.h"

#include "ui/style/appearance.h"
#include "ui/style/lamp.h"

#include <QPainter>

namespace signalbox {

namespace {

constexpr int lampSpace = 4;

/// On the selection's colour lamps are drawn in that of its text.
Theme onSelection(const Theme &theme)
{
    Theme shown = theme;
    for (QColor *color : { &shown.lampNormal, &shown.lampWarning, &shown.lampCritical, &shown.lampProbing })
        *color = theme.selectionText;
    shown.surface = theme.selection;
    return shown;
}

} // namespace

RowDelegate::RowDelegate(const Appearance &appearance, int lampRole, int tintRole, QObject *parent)
    : QStyledItemDelegate(parent), m_appearance(appearance), m_lampRole(lampRole), m_tintRole(tintRole)
{
}

void RowDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = m_appearance.theme();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool mirrored = option.direction == Qt::RightToLeft;
    painter->save();
    const QVariant tint = index.data(m_tintRole);
    if (selected)
        painter->fillRect(option.rect, theme.selection);
    else if (tint.isValid())
        painter->fillRect(option.rect, lampTint(static_cast<LampShape>(tint.toInt()), theme));
    QRect content = option.rect.adjusted(padding, 0, -padding, 0);
    const QVariant lamp = index.data(m_lampRole);
    if (lamp.isValid()) {
        QRect place(mirrored ? content.right() - lampSize : content.left(), 0, lampSize, lampSize);
        place.moveTop(content.center().y() - lampSize / 2);
        paintLamp(*painter, place, static_cast<LampShape>(lamp.toInt()), selected ? onSelection(theme) : theme);
        content.adjust(mirrored ? 0 : lampSize + lampSpace, 0, mirrored ? -lampSize - lampSpace : 0, 0);
    }
    painter->setPen(selected ? theme.selectionText : theme.text);
    painter->setFont(option.font);
    const QString text = option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, content.width());
    const auto alignment =
        QStyle::visualAlignment(option.direction, index.data(Qt::TextAlignmentRole).value<Qt::Alignment>());
    painter->drawText(content, static_cast<int>(alignment | Qt::AlignVCenter) | Qt::TextSingleLine, text);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(selected ? theme.selectionText : theme.accent, 2));
        painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
    }
    painter->restore();
}

} // namespace signalbox
