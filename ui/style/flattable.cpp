// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/flattable.h"

#include "ui/style/appearance.h"
#include "ui/style/rowdelegate.h"

#include <QHeaderView>
#include <QPainter>

namespace signalbox {

FlatTable::FlatTable(QAbstractItemModel &model, const Appearance &appearance, int lampRole, int tintRole,
                     QWidget *parent)
    : QTableView(parent), m_appearance(appearance)
{
    setModel(&model);
    setItemDelegate(new RowDelegate(appearance, lampRole, tintRole, this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false); // Tab leaves the table; the arrows move inside it
    setHorizontalScrollMode(ScrollPerPixel);
    setFrameShape(NoFrame);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(0); // the style's is larger than a row
    verticalHeader()->setDefaultSectionSize(std::max(26, fontMetrics().height() + 10));
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setStretchLastSection(true);
    appearance.keepOnSurface(this);
}

void FlatTable::sizeColumns(const QStringList &samples)
{
    for (int column = 0; column < samples.size(); ++column) {
        const int text = fontMetrics().horizontalAdvance(samples[column]) + 2 * RowDelegate::padding;
        setColumnWidth(column, std::max(text, horizontalHeader()->sectionSizeHint(column)));
    }
}

int FlatTable::selectedRow() const
{
    return currentIndex().isValid() && selectionModel()->isRowSelected(currentIndex().row()) ? currentIndex().row()
                                                                                             : -1;
}

void FlatTable::setEmptyText(const QString &text)
{
    if (m_emptyText == text)
        return;
    m_emptyText = text;
    viewport()->update();
}

void FlatTable::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    if (model()->rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(m_appearance.theme().textMuted);
    painter.drawText(viewport()->rect().adjusted(8, 0, -8, 0), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

} // namespace signalbox
