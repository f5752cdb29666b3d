// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/draftmodelsview.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace signalbox {

namespace {

constexpr int rowHeight = 26;
constexpr int rowsShown = 3;

} // namespace

DraftModelsView::DraftModelsView(QWidget *parent)
    : QWidget(parent), m_table(new QTableView(this)), m_add(addButton(tr("&Add model"), "addModel")),
      m_remove(addButton(tr("Remove"), "removeModel")), m_up(addButton(tr("&Up"), "modelUp")),
      m_down(addButton(tr("Dow&n"), "modelDown"))
{
    m_table->setObjectName(QStringLiteral("models"));
    m_table->setAccessibleName(tr("Models"));
    m_table->setModel(&m_model);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setFixedHeight((rowsShown + 1) * rowHeight + 8);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (QPushButton *button : { m_add, m_remove, m_up, m_down })
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_table);
    layout->addLayout(buttons);

    connect(m_add, &QPushButton::clicked, this, [this] {
        select(m_model.append({ QStringLiteral("*"), QStringLiteral("*") }));
        m_table->setFocus();
        m_table->edit(m_table->currentIndex());
    });
    connect(m_remove, &QPushButton::clicked, this, [this] { m_model.remove(currentRow()); });
    connect(m_up, &QPushButton::clicked, this, [this] { m_model.move(currentRow(), -1); });
    connect(m_down, &QPushButton::clicked, this, [this] { m_model.move(currentRow(), 1); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &DraftModelsView::showButtons);
    connect(&m_model, &DraftModelsModel::edited, this, &DraftModelsView::showButtons);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &DraftModelsView::showButtons);
    showButtons();
}

QPushButton *DraftModelsView::addButton(const QString &text, const char *objectName)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(QLatin1String(objectName));
    return button;
}

int DraftModelsView::currentRow() const
{
    return m_table->currentIndex().row();
}

void DraftModelsView::select(int row)
{
    m_table->setCurrentIndex(m_model.index(row, 0));
}

void DraftModelsView::showButtons()
{
    const int row = currentRow();
    m_remove->setEnabled(row >= 0);
    m_up->setEnabled(row > 0);
    m_down->setEnabled(row >= 0 && row + 1 < m_model.rowCount());
}

QWidget *DraftModelsView::first() const
{
    return m_table;
}

void DraftModelsView::finishEditing()
{
    // The editor hands over its text when it loses the focus.
    if (QWidget *editor = m_table->viewport()->focusWidget(); editor && editor->hasFocus())
        m_table->setFocus();
}

} // namespace signalbox
