// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/tileview.h"

#include "ui/models/providermodel.h"
#include "ui/models/providerorder.h"
#include "ui/style/appearance.h"
#include "ui/wall/tiledelegate.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>

namespace signalbox {

TileView::TileView(ProviderOrder &model, const Appearance &appearance, QWidget *parent)
    : QListView(parent), m_order(model), m_appearance(appearance), m_delegate(new TileDelegate(appearance, this))
{
    setObjectName(QStringLiteral("tiles"));
    setAccessibleName(tr("Providers"));
    setModel(&model);
    setModelColumn(ProviderModel::StateColumn);
    setItemDelegate(m_delegate);
    setViewMode(IconMode);
    setFlow(LeftToRight);
    setWrapping(true);
    setMovement(Static);
    setResizeMode(Adjust);
    setUniformItemSizes(true);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setFrameShape(NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setMouseTracking(true);
    connect(&model, &QAbstractItemModel::rowsInserted, this, &TileView::fitGrid);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &TileView::fitGrid);
    connect(&appearance, &Appearance::themeChanged, this, &TileView::applyTheme);
    applyTheme();
    fitGrid();
}

void TileView::setCompact(bool compact)
{
    m_delegate->setCompact(compact);
    fitGrid();
}

void TileView::fitGrid()
{
    // Decided here, not by the layout: else the cards and the bar would chase each other.
    const auto columnsIn = [](int room) {
        return std::max(1, room / (TileDelegate::smallestWidth + TileDelegate::gap));
    };
    int room = width() - 2;
    const int rows = (model()->rowCount() + columnsIn(room) - 1) / columnsIn(room);
    if (rows * m_delegate->placeSize(font()).height() > height())
        room -= style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this);
    const int columns = columnsIn(room);
    m_delegate->setWidth(room / columns);
    const QSize place = m_delegate->placeSize(font());
    if (place != gridSize()) {
        setGridSize(place);
        scheduleDelayedItemsLayout();
    }
    verticalScrollBar()->setSingleStep(gridSize().height() / 4);
}

/// One card for one row, whichever of its cells changed.
void TileView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &)
{
    for (int row = topLeft.row(); row <= bottomRight.row(); ++row)
        update(model()->index(row, modelColumn()));
}

void TileView::keyboardSearch(const QString &search)
{
    if (!m_lastSearch.isValid() || m_lastSearch.elapsed() > QApplication::keyboardInputInterval())
        m_search.clear();
    m_lastSearch.start();
    m_search += search;
    const int rows = model()->rowCount();
    // From the current card on, so that the same letter again goes to the next one.
    const int from = std::max(0, currentIndex().row()) + (m_search.size() == 1 ? 1 : 0);
    for (int i = 0; i < rows; ++i) {
        const int row = (from + i) % rows;
        if (model()
                ->index(row, ProviderModel::NameColumn)
                .data()
                .toString()
                .startsWith(m_search, Qt::CaseInsensitive)) {
            setCurrentIndex(model()->index(row, modelColumn()));
            return;
        }
    }
}

void TileView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyRequested();
        return;
    }
    const bool searching = m_lastSearch.isValid() && m_lastSearch.elapsed() <= QApplication::keyboardInputInterval();
    if (event->modifiers() == Qt::NoModifier && !searching &&
        (event->key() == Qt::Key_J || event->key() == Qt::Key_K)) {
        const int row = currentIndex().row() + (event->key() == Qt::Key_J ? 1 : -1);
        if (row >= 0 && row < model()->rowCount())
            setCurrentIndex(model()->index(row, modelColumn()));
        return;
    }
    QListView::keyPressEvent(event);
}

void TileView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex at = byKey ? currentIndex() : indexAt(event->pos());
    if (!m_menu || !at.isValid())
        return;
    if (!byKey && !selectionModel()->isSelected(at))
        setCurrentIndex(at);
    m_menu->popup(byKey ? viewport()->mapToGlobal(visualRect(at).center()) : event->globalPos());
}

void TileView::resizeEvent(QResizeEvent *event)
{
    fitGrid();
    QListView::resizeEvent(event);
}

void TileView::changeEvent(QEvent *event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitGrid();
}

void TileView::applyTheme()
{
    QPalette colors = m_appearance.theme().palette();
    colors.setColor(QPalette::Base, m_appearance.theme().window);
    setPalette(colors);
    viewport()->update();
}

} // namespace signalbox
