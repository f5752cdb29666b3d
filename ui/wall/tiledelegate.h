// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/providertile.h"

#include <QStyledItemDelegate>

namespace signalbox {

class Appearance;

/// Paints a provider as a card. Grey as long as all is well.
class TileDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    static constexpr int gap = 16; ///< between cards
    static constexpr int smallestWidth = 248;

    explicit TileDelegate(const Appearance &appearance, QObject *parent = nullptr);

    void setCompact(bool compact) { m_compact = compact; }
    bool isCompact() const { return m_compact; }
    /// The place of one card, with half the gap on each side.
    void setWidth(int width) { m_width = width; }
    QSize placeSize(const QFont &font) const;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    struct Card;
    void paintCard(QPainter *painter, const Card &card) const;
    static void paintHead(QPainter *painter, const Card &card, QRect &rest);
    static void paintGauge(QPainter *painter, const Card &card, const QRect &rect);
    static void paintFigures(QPainter *painter, const Card &card, const QRect &rect);
    static void paintLarge(QPainter *painter, const Card &card, QRect rest);
    static void paintCompact(QPainter *painter, const Card &card, const QRect &rest);

    const Appearance &m_appearance;
    int m_width = smallestWidth + gap;
    bool m_compact = false;
};

} // namespace signalbox
