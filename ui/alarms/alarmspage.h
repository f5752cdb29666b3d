// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/page.h"

class QTabWidget;

namespace signalbox {

class AlarmPanel;
class EventPanel;

/// What needs an answer, and what happened.
class AlarmsPage : public Page
{
    Q_OBJECT

public:
    explicit AlarmsPage(Console &console, QWidget *parent = nullptr);

    /// item: the id of an alarm, or "events".
    void goTo(const PageTarget &target) override;
    bool stepBack() override;
    PageTarget place() const override;
    QList<QAction *> pageActions() const override;

protected:
    void refresh() override;
    void hideEvent(QHideEvent *event) override;

private:
    void followVisibility();

    QTabWidget *m_tabs;
    AlarmPanel *m_alarms;
    EventPanel *m_events;
    QAction *m_filter;
};

} // namespace signalbox
