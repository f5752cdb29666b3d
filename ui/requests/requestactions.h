// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestdetails.h"
#include "ui/models/requestmodel.h"

#include <QObject>

class QAction;
class QMenu;
class QWidget;

namespace signalbox {

class Console;
class RequestInspector;
class RequestTable;

/// What can be done with the requests of the list: copy, export, cancel. Asks where it matters.
class RequestActions : public QObject
{
    Q_OBJECT

public:
    RequestActions(Console &console, RequestTable &table, RequestInspector &inspector, QWidget *page);

    QList<QAction *> all() const { return { m_copy, m_copyCurl, m_copyMarkdown, m_export, m_cancel }; }
    QMenu *contextMenu() const { return m_menu; }
    /// Which of them make sense now.
    void update();
    void cancel(const QByteArray &id);

private:
    QAction *make(const QString &text, const QString &objectName, const QKeySequence &shortcut);
    std::vector<RequestModel::RequestPtr> selectedRequests() const;
    void copyText();
    void copyCurl();
    void copyMarkdown();
    void askWhereTo();
    void exportTo(const QString &path);
    void write(const QString &path, const std::vector<RequestModel::RequestPtr> &requests,
               const std::vector<RequestDetails> &details);
    void cancelSelected();
    void sendCancel(const QByteArray &id);

    Console &m_console;
    RequestTable &m_table;
    RequestInspector &m_inspector;
    QWidget *m_page;
    QMenu *m_menu;
    QAction *m_copy;
    QAction *m_copyCurl;
    QAction *m_copyMarkdown;
    QAction *m_export;
    QAction *m_cancel;
};

} // namespace signalbox
