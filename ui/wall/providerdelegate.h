// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace signalbox {

class Appearance;
struct Theme;

/// Paints the cells of the provider table. Grey as long as all is well; the row takes a tint when its lamp has one.
class ProviderDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit ProviderDelegate(const Appearance &appearance, QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// What the cell of the name needs, with its mark.
    static int nameWidth(const QModelIndex &index, const QFontMetrics &metrics);

private:
    struct Cell;
    static void paintState(QPainter *painter, const Cell &cell);
    static void paintName(QPainter *painter, const Cell &cell);
    static void paintScore(QPainter *painter, const Cell &cell);
    static void paintSuccess(QPainter *painter, const Cell &cell);
    static void paintText(QPainter *painter, const Cell &cell);

    const Appearance &m_appearance;
};

} // namespace signalbox
