// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QPointer>

#include <optional>

class QAction;
class QLineEdit;
class QListView;
class QStandardItemModel;

namespace signalbox {

/// Every command there is, found by typing some of its letters.
class CommandPalette : public QDialog
{
    Q_OBJECT

public:
    explicit CommandPalette(const QList<QAction *> &actions, QWidget *parent = nullptr);

protected:
    /// Of the line: the arrows move in the list.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fill(const QString &typed);
    void runCurrent();

    struct Command
    {
        QPointer<QAction> action;
        QString text; ///< "Force open – Provider"
        QString keys;
    };

    QList<Command> m_commands;
    QLineEdit *m_line;
    QListView *m_list;
    QStandardItemModel *m_model;
};

/// How well typed fits text: its letters in that order, better at beginnings of words and side by side. nullopt: not
/// at all.
std::optional<int> fuzzyScore(const QString &typed, const QString &text);

} // namespace signalbox
