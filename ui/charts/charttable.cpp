// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/charttable.h"

#include "ui/style/format.h"

#include <QAbstractTableModel>
#include <QAction>
#include <QClipboard>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

namespace {

class ChartTableModel : public QAbstractTableModel
{
public:
    ChartTableModel(ChartUnit unit, const std::vector<ChartSeries> &series, const TimeSpan &span, QObject *parent)
        : QAbstractTableModel(parent), m_unit(unit), m_rows(chartRows(series, span))
    {
        std::reverse(m_rows.begin(), m_rows.end());
        for (const ChartSeries &line : series)
            m_names.append(line.name);
    }

    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_names.size()) + 1;
    }
    QVariant data(const QModelIndex &index, int role) const override
    {
        if (role == Qt::TextAlignmentRole)
            return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
        if (role != Qt::DisplayRole)
            return {};
        const ChartRow &row = m_rows[static_cast<std::size_t>(index.row())];
        if (index.column() == 0)
            return QDateTime::fromMSecsSinceEpoch(row.timeMs).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
        const auto &value = row.values[static_cast<std::size_t>(index.column()) - 1];
        return value ? chartValueText(*value, m_unit) : noValue();
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
            return {};
        return section == 0 ? ChartTable::tr("Time") : m_names.value(section - 1);
    }

private:
    ChartUnit m_unit;
    std::vector<ChartRow> m_rows;
    QStringList m_names;
};

} // namespace

ChartTable::ChartTable(const QString &title, ChartUnit unit, const std::vector<ChartSeries> &series,
                       const TimeSpan &span, QWidget *parent)
    : QDialog(parent), m_view(new QTableView(this))
{
    setObjectName(QStringLiteral("chartTable"));
    setWindowTitle(title);
    m_view->setModel(new ChartTableModel(unit, series, span, m_view));
    m_view->setAccessibleName(title);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setShowGrid(false);
    m_view->verticalHeader()->hide();
    m_view->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    auto *copy = new QAction(tr("&Copy"), this);
    copy->setShortcut(QKeySequence::Copy);
    addAction(copy);
    connect(copy, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(text()); });
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *copyButton = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
    connect(copyButton, &QPushButton::clicked, copy, &QAction::trigger);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->setSpacing(8);
    layout->addWidget(m_view);
    layout->addWidget(buttons);
    resize(560, 480);
    m_view->setFocus();
}

QString ChartTable::text() const
{
    const QAbstractItemModel *model = m_view->model();
    const QItemSelectionModel *selection = m_view->selectionModel();
    const auto line = [model](const auto &cell) {
        QStringList cells;
        for (int column = 0; column < model->columnCount(); ++column)
            cells.append(cell(column));
        return cells.join(QLatin1Char('\t'));
    };
    QStringList lines { line(
        [model](int column) { return model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(); }) };
    for (int row = 0; row < model->rowCount(); ++row) {
        if (!selection->hasSelection() || selection->isRowSelected(row, {}))
            lines.append(line([model, row](int column) { return model->index(row, column).data().toString(); }));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace signalbox
