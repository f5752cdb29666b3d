// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/providertable.h"

#include "ui/models/providermodel.h"
#include "ui/models/providerorder.h"
#include "ui/style/appearance.h"
#include "ui/wall/providerdelegate.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>

namespace signalbox {

namespace {

constexpr int widestNameCharacters = 36;

} // namespace

ProviderTable::ProviderTable(ProviderOrder &model, const Appearance &appearance, QWidget *parent)
    : QTableView(parent), m_model(model), m_appearance(appearance)
{
    setObjectName(QStringLiteral("providers"));
    setAccessibleName(tr("Providers"));
    setModel(&model);
    setItemDelegate(new ProviderDelegate(appearance, this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false); // Tab leaves the table; the arrows move inside it
    setHorizontalScrollMode(ScrollPerPixel);
    setFrameShape(NoFrame);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 14);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    sizeColumns();
    connect(&model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { growNameColumn(first, last); });
    connect(&model, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &first, const QModelIndex &last) {
        if (first.column() <= ProviderModel::NameColumn && last.column() >= ProviderModel::NameColumn)
            growNameColumn(first.row(), last.row());
    });
    growNameColumn(0, model.rowCount() - 1);
    appearance.keepOnSurface(this);
}

void ProviderTable::sizeColumns()
{
    const QFontMetrics metrics(font());
    constexpr int margins = 16;
    const auto fit = [&](int column, const QString &widest, int extra = 0) {
        setColumnWidth(
            column,
            std::max(metrics.horizontalAdvance(widest) + margins + extra, horizontalHeader()->sectionSizeHint(column)));
    };
    fit(ProviderModel::StateColumn, tr("Forced closed · 15 min left"), 14);
    fit(ProviderModel::ScoreColumn, QStringLiteral("100"), 40 + 8 + 16);
    fit(ProviderModel::NameColumn, QStringLiteral("anthropic-eu"));
    for (const int column : { ProviderModel::FirstByteP50Column, ProviderModel::FirstByteP95Column,
                              ProviderModel::AnswerP50Column, ProviderModel::AnswerP95Column })
        fit(column, tr("First byte"));
    fit(ProviderModel::SuccessColumn, tr("99.9 % n=9 (few)"), 12);
    fit(ProviderModel::RateColumn, tr("Requests"));
    fit(ProviderModel::InFlightColumn, tr("flight"), 4);
    m_inFlightWidth = columnWidth(ProviderModel::InFlightColumn);
    horizontalHeader()->setMinimumSectionSize(metrics.horizontalAdvance(QStringLiteral("0000")) + margins);
    horizontalHeader()->setStretchLastSection(true);
}

/// As wide as the longest name seen, up to a limit that leaves room for the figures.
void ProviderTable::growNameColumn(int firstRow, int lastRow)
{
    const QFontMetrics metrics(font());
    int width = columnWidth(ProviderModel::NameColumn);
    for (int row = firstRow; row <= lastRow; ++row)
        width = std::max(width, ProviderDelegate::nameWidth(m_model.index(row, ProviderModel::NameColumn), metrics));
    width = std::min(width, metrics.averageCharWidth() * widestNameCharacters);
    if (width != columnWidth(ProviderModel::NameColumn)) {
        setColumnWidth(ProviderModel::NameColumn, width);
        hideReasonsIfNarrow();
    }
}

/// In a narrow window the reasons would be cut to nothing; the panel below says them in full.
void ProviderTable::hideReasonsIfNarrow()
{
    int others = 0;
    for (int column = 0; column < ProviderModel::ReasonColumn; ++column)
        others += columnWidth(column);
    const bool inFlightStretched = isColumnHidden(ProviderModel::ReasonColumn);
    if (inFlightStretched)
        others += m_inFlightWidth - columnWidth(ProviderModel::InFlightColumn);
    const int room = viewport()->width() - others;
    setColumnHidden(ProviderModel::ReasonColumn, room < fontMetrics().averageCharWidth() * 20);
    if (inFlightStretched && !isColumnHidden(ProviderModel::ReasonColumn))
        setColumnWidth(ProviderModel::InFlightColumn, m_inFlightWidth);
}

void ProviderTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    hideReasonsIfNarrow();
}

void ProviderTable::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex at = byKey ? currentIndex() : indexAt(event->pos());
    if (!m_menu || !at.isValid())
        return;
    if (!byKey && !selectionModel()->isSelected(at))
        setCurrentIndex(at);
    m_menu->popup(byKey ? viewport()->mapToGlobal(visualRect(at).bottomLeft()) : event->globalPos());
}

void ProviderTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyRequested();
        return;
    }
    if (event->modifiers() == Qt::NoModifier && (event->key() == Qt::Key_J || event->key() == Qt::Key_K)) {
        const int row = currentIndex().row() + (event->key() == Qt::Key_J ? 1 : -1);
        if (row >= 0 && row < m_model.rowCount())
            setCurrentIndex(m_model.index(row, currentIndex().column()));
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace signalbox
