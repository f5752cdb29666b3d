// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/navigationdelegate.h"

#include "ui/style/appearance.h"

#include <QIcon>
#include <QPainter>
#include <QStyle>

namespace signalbox {

namespace {

constexpr int iconSize = 20;
constexpr int margin = 12;
constexpr int gap = 8;
constexpr int rowPadding = 20;
constexpr int badgePadding = 6;
constexpr int markWidth = 3;

} // namespace

NavigationDelegate::NavigationDelegate(const Appearance &appearance, QObject *parent)
    : QStyledItemDelegate(parent), m_appearance(appearance)
{
}

int NavigationDelegate::width(const QFontMetrics &metrics, int widestName) const
{
    const int icon = 2 * margin + iconSize;
    const int badge = metrics.horizontalAdvance(QStringLiteral("99+")) + 2 * badgePadding;
    return m_collapsed ? icon : icon + gap + widestName + gap + badge;
}

QSize NavigationDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return { margin + iconSize, std::max(option.fontMetrics.height(), iconSize) + rowPadding };
}

void NavigationDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = m_appearance.theme();
    const QRect &rect = option.rect;
    const auto placed = [&option](const QRect &place) {
        return QStyle::visualRect(option.direction, option.rect, place);
    };
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected) {
        painter->fillRect(rect, theme.grid);
        painter->fillRect(placed(QRect(rect.left(), rect.top(), markWidth, rect.height())), theme.accent);
    } else if (option.state.testFlag(QStyle::State_MouseOver)) {
        painter->fillRect(rect, theme.raised);
    }
    if (selected && option.widget && option.widget->hasFocus()) {
        painter->setPen(QPen(theme.accent, 2));
        painter->drawRect(rect.adjusted(1, 1, -1, -1));
    }
    const QRect icon(rect.left() + margin, rect.center().y() - iconSize / 2 + 1, iconSize, iconSize);
    index.data(Qt::DecorationRole).value<QIcon>().paint(painter, placed(icon));
    if (!m_collapsed) {
        painter->setPen(theme.text);
        painter->setFont(option.font);
        painter->drawText(placed(rect.adjusted(margin + iconSize + gap, 0, 0, 0)), Qt::AlignLeft | Qt::AlignVCenter,
                          index.data(TitleRole).toString());
    }
    if (const int count = index.data(BadgeRole).toInt(); count > 0)
        paintBadge(painter, option, count > 99 ? QStringLiteral("99+") : QString::number(count));
    painter->restore();
}

void NavigationDelegate::paintBadge(QPainter *painter, const QStyleOptionViewItem &option, const QString &text) const
{
    QFont font = option.font;
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 0.9);
    const QFontMetrics metrics(font);
    const int height = metrics.height();
    const int width = std::max(height, metrics.horizontalAdvance(text) + 2 * badgePadding);
    const QRect &rect = option.rect;
    const QRect badge = QStyle::visualRect(
        option.direction, rect,
        m_collapsed ? QRect(rect.right() - width, rect.top() + 2, width, height)
                    : QRect(rect.right() + 1 - gap - width, rect.center().y() - height / 2 + 1, width, height));
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_appearance.theme().lampCritical);
    painter->drawRoundedRect(badge, height / 2.0, height / 2.0);
    painter->setPen(m_appearance.theme().window);
    painter->setFont(font);
    painter->drawText(badge, Qt::AlignCenter, text);
}

} // namespace signalbox
