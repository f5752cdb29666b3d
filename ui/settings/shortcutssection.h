// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/section.h"

class QKeySequence;
class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace signalbox {

class LampWidget;
class ShortcutModel;
class Shortcuts;

/// Every command with its keys, and new ones for the chosen command. They hold at once.
class ShortcutsSection : public Section
{
    Q_OBJECT

public:
    explicit ShortcutsSection(Console &console, QWidget *parent = nullptr);

    bool stepBack() override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *buildEditor();
    QString chosen() const;
    void showChosen();
    void take(const QKeySequence &keys);
    void showConflict(const QString &id, const QKeySequence &keys);
    void takeAway();
    void change(const QString &text, const QStringList &ids, const std::function<void(Shortcuts &)> &make);

    ShortcutModel *m_model;
    QLineEdit *m_filter;
    QTableView *m_table;
    QLabel *m_name = nullptr;
    QKeySequenceEdit *m_keys = nullptr;
    QPushButton *m_clear = nullptr;
    QPushButton *m_reset = nullptr;
    QPushButton *m_resetAll = nullptr;
    LampWidget *m_lamp = nullptr;
    QLabel *m_note = nullptr;
    QPushButton *m_takeAway = nullptr;
};

} // namespace signalbox
