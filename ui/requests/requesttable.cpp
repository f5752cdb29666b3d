// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requesttable.h"

#include "ui/style/appearance.h"
#include "ui/style/rowdelegate.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSettings>

#include <algorithm>

namespace signalbox {

namespace {

const QString columnsKey = QStringLiteral("requests/columns");

/// What fits beside the outcome in a window of 1280 px; the others are one menu away.
constexpr std::array hiddenAtFirst { RequestModel::NumberColumn, RequestModel::PathColumn, RequestModel::ProviderColumn,
                                     RequestModel::CostColumn };

/// The widest usual text of a column.
QString sample(int column)
{
    switch (column) {
    case RequestModel::NumberColumn:
        return QStringLiteral("0000000");
    case RequestModel::TimeColumn:
        return QStringLiteral("00:00:00.000");
    case RequestModel::ClientColumn:
        return QStringLiteral("openai-python");
    case RequestModel::ModelColumn:
        return QStringLiteral("claude-sonnet-4-5");
    case RequestModel::PathColumn:
        return QStringLiteral("/v1/chat/completions");
    case RequestModel::OutcomeColumn:
        return QStringLiteral("served by anthropic-eu on attempt 2 of");
    case RequestModel::ProviderColumn:
        return QStringLiteral("anthropic-eu");
    case RequestModel::TokensColumn:
        return QStringLiteral("00,000 / 0,000");
    case RequestModel::SizeColumn:
        return QStringLiteral("000.00 KiB");
    case RequestModel::CostColumn:
        return QStringLiteral("$0.0000");
    default:
        return QStringLiteral("00.0 ms");
    }
}

} // namespace

RequestTable::RequestTable(RequestModel &model, const Appearance &appearance, QWidget *parent)
    : QTableView(parent), m_model(model), m_appearance(appearance)
{
    setObjectName(QStringLiteral("requests"));
    setAccessibleName(tr("Requests, oldest first"));
    watchModel(); // before the view is told, so that it sees rows as they were
    setModel(&model);
    setItemDelegate(new RowDelegate(appearance, RequestModel::LampRole, RequestModel::TintRole, this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false); // Tab leaves the table; the arrows move inside it
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerItem);
    setFrameShape(NoFrame);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(1);
    verticalHeader()->setDefaultSectionSize(std::max(22, fontMetrics().height() + 6));
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setUpColumns();
    connect(&model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { onInserted(first, last); });
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &RequestTable::restorePlace);
    connect(&model, &RequestModel::sifted, this, &RequestTable::onSifted);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &RequestTable::onScrolled);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &RequestTable::onSelection);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RequestTable::onSelection);
    appearance.keepOnSurface(this);
}

// Columns

void RequestTable::setUpColumns()
{
    QHeaderView *header = horizontalHeader();
    header->setSectionsMovable(true);
    header->setHighlightSections(false);
    header->setSectionsClickable(false);
    header->setTextElideMode(Qt::ElideRight);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setMinimumSectionSize(fontMetrics().horizontalAdvance(QStringLiteral("0000")) + 8);
    resetColumns();
    header->restoreState(QSettings().value(columnsKey).toByteArray());
    connect(header, &QHeaderView::sectionMoved, this, &RequestTable::saveColumns);
    connect(header, &QHeaderView::sectionResized, this, &RequestTable::saveColumns);
    connect(header, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        addColumnActions(menu);
        menu->popup(horizontalHeader()->mapToGlobal(at));
    });
}

void RequestTable::resetColumns()
{
    QHeaderView *header = horizontalHeader();
    for (int column = 0; column < RequestModel::ColumnCount; ++column) {
        header->moveSection(header->visualIndex(column), column);
        setColumnWidth(column, naturalWidth(column));
        const bool hidden = std::find(hiddenAtFirst.begin(), hiddenAtFirst.end(), column) != hiddenAtFirst.end();
        setColumnHidden(column, hidden);
    }
    fillWidth();
}

int RequestTable::naturalWidth(int column) const
{
    const int text = fontMetrics().horizontalAdvance(sample(column)) + 16;
    return std::max(text, horizontalHeader()->sectionSizeHint(column));
}

/// The outcome is the longest text by far: it has what the others leave.
void RequestTable::fillWidth()
{
    constexpr int outcome = RequestModel::OutcomeColumn;
    const int others = horizontalHeader()->length() - columnWidth(outcome);
    if (!isColumnHidden(outcome))
        setColumnWidth(outcome, std::max(naturalWidth(outcome), viewport()->width() - others));
}

void RequestTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fillWidth();
}

void RequestTable::addColumnActions(QMenu *menu)
{
    const int shown = static_cast<int>(shownColumns().size());
    for (int column = 0; column < RequestModel::ColumnCount; ++column) {
        QAction *action = menu->addAction(RequestModel::columnName(column));
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(isColumnHidden(column) || shown > 1);
        connect(action, &QAction::toggled, this, [this, column](bool on) {
            setColumnHidden(column, !on);
            fillWidth();
            saveColumns();
        });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("&Reset columns")), &QAction::triggered, this, [this] {
        resetColumns();
        saveColumns();
    });
}

QList<int> RequestTable::shownColumns() const
{
    QList<int> columns;
    for (int place = 0; place < RequestModel::ColumnCount; ++place) {
        const int column = horizontalHeader()->logicalIndex(place);
        if (!isColumnHidden(column))
            columns.append(column);
    }
    return columns;
}

void RequestTable::saveColumns() const
{
    QSettings().setValue(columnsKey, horizontalHeader()->saveState());
}

// Following and yielding

void RequestTable::watchModel()
{
    connect(&m_model, &QAbstractItemModel::rowsAboutToBeInserted, this, &RequestTable::keepPlace);
    connect(&m_model, &QAbstractItemModel::rowsAboutToBeRemoved, this, &RequestTable::keepPlace);
    connect(&m_model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_ownSelection = true; });
    connect(&m_model, &QAbstractItemModel::modelReset, this, [this] {
        m_ownSelection = false;
        m_newCount = 0;
    });
}

void RequestTable::keepPlace()
{
    m_ownSelection = true; // rows that go take the selection with them; that is not the user's doing
    m_top = m_following ? QModelIndex() : indexAt({ 1, 1 });
}

void RequestTable::restorePlace()
{
    m_ownSelection = true;
    if (!m_selectedId.isEmpty() && !selectionModel()->hasSelection()) {
        const int row = m_model.rowOf(m_selectedId);
        if (row >= 0)
            selectionModel()->setCurrentIndex(m_model.index(row, 0),
                                              QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
    m_ownSelection = false;
    const QScopedValueRollback own(m_ownScroll, true);
    executeDelayedItemsLayout();
    if (m_following)
        scrollToEnd();
    else if (m_top.isValid())
        verticalScrollBar()->setValue(m_top.row());
    m_top = QModelIndex();
    Q_EMIT selectedRequestChanged();
}

void RequestTable::onInserted(int first, int last)
{
    restorePlace();
    const bool older = first == 0 && last + 1 < m_model.finishedCount();
    if (m_following || older || !m_model.request(first))
        return;
    m_newCount += last - first + 1;
    Q_EMIT followingChanged();
}

void RequestTable::onSifted()
{
    restorePlace();
    if (selectedRow() < 0) {
        setFollowing(true);
        return;
    }
    const QScopedValueRollback own(m_ownScroll, true);
    scrollTo(currentIndex(), PositionAtCenter);
}

void RequestTable::scrollToEnd()
{
    const QScopedValueRollback own(m_ownScroll, true);
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void RequestTable::setFollowing(bool following)
{
    m_newCount = 0;
    m_following = following;
    if (following)
        scrollToEnd();
    Q_EMIT followingChanged();
}

void RequestTable::onScrolled(int value)
{
    if (m_ownScroll)
        return;
    if (value == verticalScrollBar()->minimum() && value != verticalScrollBar()->maximum())
        Q_EMIT topReached();
    const bool atEnd = value == verticalScrollBar()->maximum();
    if (m_following && !atEnd)
        setFollowing(false);
    else if (!m_following && atEnd && selectedRow() < 0)
        setFollowing(true);
}

void RequestTable::onSelection()
{
    if (m_ownSelection)
        return;
    m_selectedId = selectedId();
    if (m_following && !m_selectedId.isEmpty())
        setFollowing(false);
    Q_EMIT selectedRequestChanged();
}

int RequestTable::selectedRow() const
{
    const QModelIndex current = currentIndex();
    if (current.isValid() && selectionModel()->isRowSelected(current.row()))
        return current.row();
    const QList<int> rows = selectedRows();
    return rows.isEmpty() ? -1 : rows.first();
}

QList<int> RequestTable::selectedRows() const
{
    QList<int> rows;
    const QModelIndexList selected = selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

QByteArray RequestTable::selectedId() const
{
    const int row = selectedRow();
    return row < 0 ? QByteArray() : m_model.index(row, 0).data(RequestModel::IdRole).toByteArray();
}

void RequestTable::selectRequest(int row)
{
    if (row < 0 || row >= m_model.rowCount())
        return;
    const int column = currentIndex().isValid() ? currentIndex().column() : shownColumns().value(0);
    setCurrentIndex(m_model.index(row, column));
}

void RequestTable::showSelected()
{
    const QScopedValueRollback own(m_ownScroll, true);
    scrollTo(currentIndex());
}

// Input

void RequestTable::step(int by)
{
    const int row = selectedRow();
    selectRequest(row < 0 ? m_model.rowCount() - 1 : std::clamp(row + by, 0, m_model.rowCount() - 1));
}

void RequestTable::keyPressEvent(QKeyEvent *event)
{
    const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (!plain) {
        QTableView::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_J:
        step(1);
        return;
    case Qt::Key_K:
        step(-1);
        return;
    case Qt::Key_Home:
        setFollowing(false);
        scrollToTop();
        Q_EMIT topReached();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT detailsRequested();
        return;
    default:
        QTableView::keyPressEvent(event);
    }
}

void RequestTable::mouseDoubleClickEvent(QMouseEvent *event)
{
    QTableView::mouseDoubleClickEvent(event);
    if (selectedRow() >= 0)
        Q_EMIT detailsRequested();
}

void RequestTable::contextMenuEvent(QContextMenuEvent *event)
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
    m_menu->popup(at);
}

} // namespace signalbox
