// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace signalbox {

class Appearance;

/// A flat row of text: the whole row is the selection, a cell may have a lamp before its words and a row a tint.
class RowDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// The roles hold an int of LampShape, or nothing: the shape to draw, and the one whose tint lies behind.
    RowDelegate(const Appearance &appearance, int lampRole, int tintRole, QObject *parent = nullptr);

    static constexpr int padding = 8;
    static constexpr int noRole = Qt::UserRole + 1000; ///< where no row has a lamp, or a tint

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Appearance &m_appearance;
    int m_lampRole;
    int m_tintRole;
};

} // namespace signalbox
