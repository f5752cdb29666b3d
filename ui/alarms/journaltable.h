// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

class QMenu;

namespace signalbox {

class Appearance;

/// A table whose rows are selected as a whole and which is left with Tab. Goes on with J and K too.
class JournalTable : public QTableView
{
    Q_OBJECT

public:
    /// The roles are those of RowDelegate.
    JournalTable(QAbstractItemModel &model, const Appearance &appearance, int lampRole, int tintRole,
                 QWidget *parent = nullptr);

    /// As wide as the widest of these texts, by column; the last column takes the rest.
    void sizeColumns(const QStringList &samples);
    /// That column takes the room that is left, instead of the last one.
    void stretchColumn(int column);
    void setContextMenu(QMenu *menu) { m_menu = menu; }
    /// -1 without a selection.
    int selectedRow() const;
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
    void applyTheme();

    const Appearance &m_appearance;
    QMenu *m_menu = nullptr;
};

} // namespace signalbox
