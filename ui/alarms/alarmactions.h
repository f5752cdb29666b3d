// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/alarm.h"
#include "ui/models/alarmmodel.h"

#include <QObject>

#include <chrono>

class QAction;
class QMenu;
class QWidget;

namespace signalbox {

class Console;
class JournalTable;

/// What can be done with alarms: acknowledge, shelve, look at what they are about.
class AlarmActions : public QObject
{
    Q_OBJECT

public:
    AlarmActions(Console &console, AlarmModel &model, JournalTable &table, QWidget *panel);

    QAction *acknowledge() const { return m_acknowledge; }
    QAction *acknowledgeAll() const { return m_acknowledgeAll; }
    QAction *unshelve() const { return m_unshelve; }
    QAction *openRelated() const { return m_open; }
    QAction *copy() const { return m_copy; }
    QMenu *shelveMenu() const { return m_shelveMenu; }
    QMenu *contextMenu() const { return m_menu; }
    QList<QAction *> all() const;
    /// Which of them make sense now.
    void update();

private:
    QAction *make(const QString &text, const QString &objectName, const QKeySequence &shortcut);
    void addShelve(const QString &text, const QString &objectName, std::chrono::milliseconds duration);
    QStringList selectedIds(AlarmState state) const;
    QStringList selectedIds() const;
    QStringList unacknowledgedIds() const;
    void acknowledgeIds(const QStringList &ids);
    void askToAcknowledgeAll();
    void askUntilWhen();
    void shelveSelected(std::chrono::milliseconds duration);
    void popUpShelveMenu();
    void showRelated();
    void copyText();

    Console &m_console;
    AlarmModel &m_model;
    JournalTable &m_table;
    QWidget *m_panel;
    QMenu *m_menu;
    QMenu *m_shelveMenu;
    QAction *m_acknowledge;
    QAction *m_acknowledgeAll;
    QAction *m_mute;
    QAction *m_unshelve;
    QAction *m_open;
    QAction *m_copy;
};

} // namespace signalbox
