// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/connect/tools.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QTabWidget;

namespace signalbox {

/// One tool: what to set, as texts to copy.
class ToolView : public QWidget
{
    Q_OBJECT

public:
    explicit ToolView(QWidget *parent = nullptr);

    /// shown: with dots for the token unless it may be seen; real: what is copied.
    void showTool(const ConnectTool &shown, const ConnectTool &real);
    bool mayShowToken() const;
    /// False: there is no token to hide.
    void setHasToken(bool hasToken);
    void setCanUndo(bool canUndo);

Q_SIGNALS:
    void copied(const QString &title);
    void showTokenChanged();
    void writeRequested();
    void undoRequested();

private:
    void copyCurrent();
    void fillTabs(const QList<Snippet> &snippets);

    ConnectTool m_real;
    QLabel *m_name;
    QLabel *m_advice;
    QTabWidget *m_tabs;
    QPushButton *m_copy;
    QCheckBox *m_showToken;
    QPushButton *m_write;
    QPushButton *m_undo;
};

} // namespace signalbox
