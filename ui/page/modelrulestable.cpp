// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/modelrulestable.h"

#include "ui/style/flattable.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

ModelRulesTable::ModelRulesTable(const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_table(new FlatTable(m_model, appearance, ModelRules::LampRole, ModelRules::TintRole, this)),
      m_add(addButton(tr("&Add"), "addModel", tr("Add a model"))),
      m_remove(addButton(tr("Remove"), "removeModel", tr("Remove the model"))),
      m_up(addButton(tr("Up"), "moveModelUp", tr("Move the model up"))),
      m_down(addButton(tr("Down"), "moveModelDown", tr("Move the model down")))
{
    m_table->setObjectName(QStringLiteral("models"));
    m_table->setAccessibleName(tr("Models of the provider"));
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                             QAbstractItemView::AnyKeyPressed);
    m_table->setEmptyText(tr("It serves no model. Add one, or * for all."));
    m_table->sizeColumns({ QStringLiteral("claude-sonnet-4*"), QStringLiteral("claude-sonnet-4-5"), QString() });
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (QPushButton *button : { m_add, m_remove, m_up, m_down })
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    connect(m_add, &QPushButton::clicked, this, &ModelRulesTable::add);
    connect(m_remove, &QPushButton::clicked, this, &ModelRulesTable::remove);
    connect(m_up, &QPushButton::clicked, this, [this] { moveBy(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { moveBy(1); });
    connect(&m_model, &ModelRules::edited, this, &ModelRulesTable::showButtons);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &ModelRulesTable::showButtons);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ModelRulesTable::showButtons);
    showButtons();
}

QPushButton *ModelRulesTable::addButton(const QString &text, const char *objectName, const QString &accessibleName)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(QLatin1String(objectName));
    button->setAccessibleName(accessibleName);
    return button;
}

void ModelRulesTable::setEditable(bool editable)
{
    m_model.setEditable(editable);
    showButtons();
}

void ModelRulesTable::setShownRows(int rows)
{
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            rows * m_table->verticalHeader()->defaultSectionSize() + 2 * m_table->frameWidth());
}

void ModelRulesTable::selectFirst()
{
    m_table->setCurrentIndex(m_model.index(0, 0));
}

void ModelRulesTable::finishEditing()
{
    // The editor hands over its text when it loses the focus.
    if (const QWidget *editor = m_table->viewport()->focusWidget(); editor && editor->hasFocus())
        m_table->setFocus();
}

QWidget *ModelRulesTable::first() const
{
    return m_table;
}

void ModelRulesTable::showButtons()
{
    const bool editable = m_model.isEditable();
    const int row = m_table->selectedRow();
    m_add->setEnabled(editable);
    m_remove->setEnabled(editable && row >= 0);
    m_up->setEnabled(editable && row > 0);
    m_down->setEnabled(editable && row >= 0 && row < m_model.rowCount() - 1);
}

void ModelRulesTable::add()
{
    const QModelIndex cell = m_model.index(m_model.add(), ModelRules::PatternColumn);
    m_table->setCurrentIndex(cell);
    m_table->setFocus();
    m_table->edit(cell);
}

void ModelRulesTable::remove()
{
    const int row = m_table->selectedRow();
    m_model.remove(row);
    m_table->setCurrentIndex(m_model.index(std::min(row, m_model.rowCount() - 1), 0));
}

void ModelRulesTable::moveBy(int rows)
{
    const int row = m_table->selectedRow();
    m_model.move(row, row + rows);
}

void ModelRulesTable::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Delete && m_table->hasFocus() && m_remove->isEnabled())
        remove();
    else
        QWidget::keyPressEvent(event);
}

} // namespace signalbox
