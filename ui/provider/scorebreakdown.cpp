// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/scorebreakdown.h"

#include "ui/style/appearance.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <span>

namespace signalbox {

namespace {

constexpr int rowHeight = 26;
constexpr int padding = 6;
constexpr int barWidth = 44;
constexpr int barHeight = 6;

/// Rows like those of the wall: a frame round the selected one; a bar where points are lost.
class BreakdownDelegate : public QStyledItemDelegate
{
public:
    BreakdownDelegate(const Appearance &appearance, QObject *parent)
        : QStyledItemDelegate(parent), m_appearance(appearance)
    {
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &theme = m_appearance.theme();
        const bool enabled = option.state.testFlag(QStyle::State_Enabled);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        if (selected || option.state.testFlag(QStyle::State_MouseOver))
            painter->fillRect(option.rect, theme.grid);
        if (selected)
            painter->fillRect(QRect(option.rect.left(), option.rect.bottom() - 1, option.rect.width(), 2),
                              theme.accent);
        else
            painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), theme.grid);
        const QRect cell = option.rect.adjusted(padding, 0, -padding, 0);
        const int alignment = index.data(Qt::TextAlignmentRole).toInt();
        const bool muted =
            index.column() == ScoreBreakdownModel::TargetColumn || index.column() == ScoreBreakdownModel::WeightColumn;
        painter->setPen(!enabled || muted ? theme.textMuted : theme.text);
        painter->setFont(option.font);
        painter->drawText(cell, alignment,
                          option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, cell.width()));
        if (index.column() == ScoreBreakdownModel::LostColumn)
            paintBar(*painter, cell, index, option.direction, theme);
    }

private:
    /// As long as its share of the forty points that the heaviest factor can lose.
    static void paintBar(QPainter &painter, const QRect &cell, const QModelIndex &index, Qt::LayoutDirection direction,
                         const Theme &theme)
    {
        constexpr double heaviest = 40;
        const double lost = index.data(ScoreBreakdownModel::LostRole).toDouble();
        const double weight = index.data(ScoreBreakdownModel::WeightRole).toDouble();
        QRectF track(cell.left(), cell.center().y() + 1 - barHeight / 2.0, barWidth * weight / heaviest, barHeight);
        QRectF part(track.topLeft(), QSizeF(barWidth * lost / heaviest, barHeight));
        if (direction == Qt::RightToLeft) {
            track.moveRight(cell.right() + 1);
            part.moveRight(cell.right() + 1);
        }
        painter.fillRect(track, theme.grid);
        const bool much = lost >= weight / 2;
        painter.fillRect(part, much ? theme.lampCritical : theme.lampNormal);
    }

    const Appearance &m_appearance;
};

} // namespace

ScoreBreakdown::ScoreBreakdown(const Appearance &appearance, QWidget *parent)
    : Card(tr("Why the score is what it is"), appearance, parent), m_table(new QTableView(this)),
      m_footer(new QLabel(this))
{
    m_table->setObjectName(QStringLiteral("scoreBreakdown"));
    m_table->setAccessibleName(tr("Score by factor"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new BreakdownDelegate(appearance, m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->setMouseTracking(true);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setMinimumSectionSize(rowHeight);
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    QHeaderView *header = m_table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(ScoreBreakdownModel::MeasuredColumn, QHeaderView::Stretch);
    header->setHighlightSections(false);
    header->setMinimumSectionSize(20);
    header->setTextElideMode(Qt::ElideRight);
    m_table->setFixedHeight(header->sizeHint().height() + ScoreBreakdownModel::factorCount * rowHeight + 2);
    m_table->viewport()->installEventFilter(this);

    m_footer->setObjectName(QStringLiteral("scoreFooter"));
    m_footer->setAlignment(Qt::AlignRight);
    m_footer->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_footer->setContentsMargins(0, 0, padding, 0);
    QFont bold = m_footer->font();
    bold.setBold(true);
    m_footer->setFont(bold);
    body()->addWidget(m_table);
    body()->addWidget(m_footer);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] { tellPointed(-1); });
}

void ScoreBreakdown::showProvider(const ProviderSnapshot &provider, const HealthSettings &health, bool stale)
{
    m_model.setProvider(provider, health);
    m_table->setEnabled(!stale);
    m_footer->setEnabled(!stale);
    if (m_footer->text() != m_model.footer())
        m_footer->setText(m_model.footer());
    m_table->setAccessibleDescription(m_model.footer());
}

bool ScoreBreakdown::clearChoice()
{
    if (!m_table->selectionModel()->currentIndex().isValid())
        return false;
    m_table->selectionModel()->clear();
    tellPointed(-1);
    return true;
}

void ScoreBreakdown::tellPointed(int hoveredRow)
{
    const QModelIndex current = m_table->selectionModel()->currentIndex();
    const int row = hoveredRow >= 0 ? hoveredRow : current.isValid() ? current.row() : -1;
    const std::optional<Factor> pointed = row < 0 ? std::nullopt : std::optional(ScoreBreakdownModel::factorOf(row));
    if (pointed == m_told)
        return;
    m_told = pointed;
    Q_EMIT factorPointed(pointed);
}

/// Where it is narrow, what can be worked out from the rest makes room.
void ScoreBreakdown::resizeEvent(QResizeEvent *event)
{
    Card::resizeEvent(event);
    constexpr int roomForAll = 400;
    for (const int column : { ScoreBreakdownModel::TargetColumn, ScoreBreakdownModel::WeightColumn })
        m_table->setColumnHidden(column, width() < roomForAll);
}

/// Where words are long, the columns of words give of what they can do without first, then the titles of the numbers;
/// tool tips have the whole.
void ScoreBreakdown::fitColumns()
{
    using Model = ScoreBreakdownModel;
    struct Column
    {
        int wanted = 0;
        int least = 0; ///< the numbers, or enough of a word to tell it
        int width = 0;
    };
    const QFontMetrics metrics = m_table->fontMetrics();
    const auto wordWidth = [&](const QString &text) { return metrics.horizontalAdvance(text) + 2 * padding + 6; };
    const int bar = barWidth + metrics.horizontalAdvance(QStringLiteral("40.0")) + 3 * padding;
    std::array<Column, Model::ColumnCount> columns {};
    columns[Model::FactorColumn] = { wordWidth(factorName(Factor::Availability)), 80 };
    columns[Model::MeasuredColumn] = { wordWidth(QStringLiteral("99.9 % of 999")), 70 };
    columns[Model::TargetColumn] = { wordWidth(tr("not slower")), 60 };
    columns[Model::SubScoreColumn] = { 0, wordWidth(QStringLiteral("100")) };
    columns[Model::WeightColumn] = { 0, wordWidth(QStringLiteral("40")) };
    columns[Model::LostColumn] = { bar, bar };
    int over = -m_table->viewport()->width();
    for (int i = 0; i < Model::ColumnCount; ++i) {
        Column &column = columns[static_cast<std::size_t>(i)];
        const QString title = m_model.headerData(i, Qt::Horizontal).toString();
        column.width = std::max({ column.wanted, column.least, wordWidth(title) });
        over += column.width;
    }
    constexpr std::size_t firstNumber = Model::SubScoreColumn;
    const auto give = [&over](std::span<Column> some) {
        for (Column &column : some) {
            const int given = std::clamp(over, 0, column.width - column.least);
            column.width -= given;
            over -= given;
        }
    };
    give(std::span(columns).subspan(Model::MeasuredColumn, 2));
    give(std::span(columns).first(1));
    give(std::span(columns).subspan(firstNumber));
    for (int i = 0; i < Model::ColumnCount; ++i) {
        if (i != Model::MeasuredColumn) // it takes the rest
            m_table->setColumnWidth(i, columns[static_cast<std::size_t>(i)].width);
    }
}

bool ScoreBreakdown::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        fitColumns();
    if (event->type() == QEvent::MouseMove)
        tellPointed(m_table->rowAt(static_cast<QMouseEvent *>(event)->position().toPoint().y()));
    else if (event->type() == QEvent::Leave)
        tellPointed(-1);
    return Card::eventFilter(watched, event);
}

} // namespace signalbox
