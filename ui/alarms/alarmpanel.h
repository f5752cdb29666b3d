// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/alarmmodel.h"

#include <QWidget>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace signalbox {

class AlarmActions;
class Console;
class JournalTable;
class LampWidget;

/// What needs an answer: the alarms, and of the selected one what to do.
class AlarmPanel : public QWidget
{
    Q_OBJECT

public:
    explicit AlarmPanel(Console &console, QWidget *parent = nullptr);

    void refresh();
    void select(const QString &id);
    QString selectedId() const;
    QList<QAction *> actions() const;

private:
    QWidget *buildDetail();
    QLayout *buildHead();
    QToolButton *buttonFor(QAction *action);
    void showSelection();
    void showCounts();

    Console &m_console;
    AlarmModel m_model;
    JournalTable *m_table;
    AlarmActions *m_actions;
    QStackedWidget *m_stack;
    QLabel *m_counts = nullptr;
    QWidget *m_detail = nullptr;
    LampWidget *m_lamp = nullptr;
    QLabel *m_text = nullptr;
    QLabel *m_story = nullptr;
    QLabel *m_advice = nullptr;
    QString m_pending; ///< to select once it is listed
};

} // namespace signalbox
