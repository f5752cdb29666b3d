// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace signalbox {

class Appearance;

/// One page in the navigation: icon, name, and a badge with a number.
class NavigationDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    enum Role {
        PageRole = Qt::UserRole, ///< int of PageId
        BadgeRole, ///< int, 0: none
        TitleRole, ///< QString, also while only the icon is shown
    };

    explicit NavigationDelegate(const Appearance &appearance, QObject *parent = nullptr);

    void setCollapsed(bool collapsed) { m_collapsed = collapsed; }
    /// What the widest of those names needs.
    int width(const QFontMetrics &metrics, int widestName) const;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintBadge(QPainter *painter, const QStyleOptionViewItem &option, const QString &text) const;

    const Appearance &m_appearance;
    bool m_collapsed = false;
};

} // namespace signalbox
