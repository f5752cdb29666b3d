// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/draftmodelsmodel.h"

#include <QWidget>

class QPushButton;
class QTableView;

namespace signalbox {

/// The table of models with its buttons.
class DraftModelsView : public QWidget
{
    Q_OBJECT

public:
    explicit DraftModelsView(QWidget *parent = nullptr);

    DraftModelsModel &model() { return m_model; }
    const DraftModelsModel &model() const { return m_model; }
    /// Takes over what is being typed into a cell.
    void finishEditing();
    /// Where a label's key leads.
    QWidget *first() const;

private:
    QPushButton *addButton(const QString &text, const char *objectName);
    void showButtons();
    int currentRow() const;
    void select(int row);

    DraftModelsModel m_model;
    QTableView *m_table;
    QPushButton *m_add;
    QPushButton *m_remove;
    QPushButton *m_up;
    QPushButton *m_down;
};

} // namespace signalbox
