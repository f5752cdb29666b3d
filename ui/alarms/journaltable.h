// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/flattable.h"

class QMenu;

namespace signalbox {

/// A flat table of which several rows may be selected, with a menu. Goes on with J and K too.
class JournalTable : public FlatTable
{
    Q_OBJECT

public:
    /// The roles are those of RowDelegate.
    JournalTable(QAbstractItemModel &model, const Appearance &appearance, int lampRole, int tintRole,
                 QWidget *parent = nullptr);

    /// That column takes the room that is left, instead of the last one.
    void stretchColumn(int column);
    void setContextMenu(QMenu *menu) { m_menu = menu; }
    int selectedRow() const override;
    QList<int> selectedRows() const;

Q_SIGNALS:
    void selectedRowsChanged();
    /// Enter or double click.
    void opened();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    QMenu *m_menu = nullptr;
};

} // namespace signalbox
