// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/console.h"

#include <QWidget>

class QAction;

namespace signalbox {

/// One page of the console. Costs nothing while it is hidden: refresh() is called only when it is seen.
class Page : public QWidget
{
    Q_OBJECT

public:
    explicit Page(Console &console, QWidget *parent = nullptr);

    /// Shows what the target names; called before the page becomes visible.
    virtual void goTo(const PageTarget &target);
    /// Esc: leaves the innermost state (a selection, a zoom, a filter). False if there was none.
    virtual bool stepBack();
    /// Where it is, so that Back returns here.
    virtual PageTarget place() const = 0;
    /// What belongs into the menu and the command palette while this page is shown.
    virtual QList<QAction *> pageActions() const;

protected:
    /// The newest snapshot, stale state or theme is to be shown.
    virtual void refresh() = 0;

    Console &console() const { return m_console; }
    const EngineSnapshot &snapshot() const { return *m_console.snapshot(); }
    void showEvent(QShowEvent *event) override;

private:
    void refreshIfSeen();

    Console &m_console;
};

} // namespace signalbox
