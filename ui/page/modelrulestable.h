// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/modelrules.h"

#include <QWidget>

class QPushButton;

namespace signalbox {

class Appearance;
class FlatTable;

/// A provider's model map in a table with its buttons.
class ModelRulesTable : public QWidget
{
    Q_OBJECT

public:
    explicit ModelRulesTable(const Appearance &appearance, QWidget *parent = nullptr);

    ModelRules &model() { return m_model; }
    const ModelRules &model() const { return m_model; }
    void setEditable(bool editable);
    /// As high as that many rows, for good.
    void setShownRows(int rows);
    void selectFirst();
    /// Takes over what is being typed into a cell.
    void finishEditing();
    /// Where a label's key leads.
    QWidget *first() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QPushButton *addButton(const QString &text, const char *objectName, const QString &accessibleName);
    void add();
    void remove();
    void moveBy(int rows);
    void showButtons();

    ModelRules m_model;
    FlatTable *m_table;
    QPushButton *m_add;
    QPushButton *m_remove;
    QPushButton *m_up;
    QPushButton *m_down;
};

} // namespace signalbox
