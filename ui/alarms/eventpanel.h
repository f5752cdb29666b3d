// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alarms/eventfeed.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace signalbox {

class Console;
class JournalTable;

/// What happened: breaker transitions, commands, changes of the configuration ..., newest first.
class EventPanel : public QWidget
{
    Q_OBJECT

public:
    explicit EventPanel(Console &console, QWidget *parent = nullptr);

    void refresh();
    void setActive(bool active) { m_feed.setActive(active); }
    bool isFiltered() const;
    void clearFilter();
    void focusFilter();
    QList<QAction *> actions() const { return { m_export }; }

private:
    QLayout *buildFilter();
    QLayout *buildFooter();
    QWidget *buildDetail();
    void applyFilter();
    void showFooter();
    void showSelection();
    void askWhereTo();
    void exportTo(const QString &path);

    Console &m_console;
    EventModel m_model;
    EventFeed m_feed;
    JournalTable *m_table;
    QStackedWidget *m_stack;
    QComboBox *m_kind = nullptr;
    QComboBox *m_provider = nullptr;
    QLineEdit *m_text = nullptr;
    QLabel *m_empty = nullptr;
    QPushButton *m_clear = nullptr;
    QLabel *m_count = nullptr;
    QToolButton *m_older = nullptr;
    QWidget *m_detail = nullptr;
    QLabel *m_reason = nullptr;
    QLabel *m_change = nullptr;
    QAction *m_export;
};

} // namespace signalbox
