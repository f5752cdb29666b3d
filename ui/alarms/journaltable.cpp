// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alarms/journaltable.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>

namespace signalbox {

JournalTable::JournalTable(QAbstractItemModel &model, const Appearance &appearance, int lampRole, int tintRole,
                           QWidget *parent)
    : FlatTable(model, appearance, lampRole, tintRole, parent)
{
    setSelectionMode(ExtendedSelection);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &JournalTable::selectedRowsChanged);
}

void JournalTable::stretchColumn(int column)
{
    horizontalHeader()->setStretchLastSection(false);
    horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
}

int JournalTable::selectedRow() const
{
    const QList<int> rows = selectedRows();
    return rows.contains(currentIndex().row()) ? currentIndex().row() : rows.value(0, -1);
}

QList<int> JournalTable::selectedRows() const
{
    QList<int> rows;
    const QModelIndexList selected = selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

void JournalTable::keyPressEvent(QKeyEvent *event)
{
    const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (plain && (event->key() == Qt::Key_J || event->key() == Qt::Key_K)) {
        const int row = currentIndex().row() + (event->key() == Qt::Key_J ? 1 : -1);
        if (row >= 0 && row < model()->rowCount())
            setCurrentIndex(model()->index(row, std::max(0, currentIndex().column())));
        return;
    }
    if (plain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        Q_EMIT opened();
        return;
    }
    FlatTable::keyPressEvent(event);
}

void JournalTable::mouseDoubleClickEvent(QMouseEvent *event)
{
    FlatTable::mouseDoubleClickEvent(event);
    if (selectedRow() >= 0)
        Q_EMIT opened();
}

void JournalTable::contextMenuEvent(QContextMenuEvent *event)
{
    if (!m_menu)
        return;
    QPoint at = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        at = viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft());
    } else {
        const QModelIndex under = indexAt(event->pos());
        if (under.isValid() && !selectionModel()->isRowSelected(under.row()))
            setCurrentIndex(under);
    }
    if (selectedRow() >= 0)
        m_menu->popup(at);
}

} // namespace signalbox
