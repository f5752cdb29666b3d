// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alarms/alarmspage.h"

#include "ui/alarms/alarmpanel.h"
#include "ui/alarms/eventpanel.h"

#include <QAction>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace signalbox {

namespace {

const QString eventsItem = QStringLiteral("events");

} // namespace

AlarmsPage::AlarmsPage(Console &console, QWidget *parent)
    : Page(console, parent), m_tabs(new QTabWidget(this)), m_alarms(new AlarmPanel(console, m_tabs)),
      m_events(new EventPanel(console, m_tabs)), m_filter(new QAction(tr("&Filter events"), this))
{
    setObjectName(QStringLiteral("alarmsPage"));
    m_tabs->setObjectName(QStringLiteral("alarmTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_alarms, tr("&Alarms"));
    m_tabs->addTab(m_events, tr("&Events"));
    m_tabs->tabBar()->setAccessibleName(tr("Alarms or events"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->addWidget(m_tabs);
    m_filter->setObjectName(QStringLiteral("filterEvents"));
    m_filter->setShortcut(QKeySequence::Find);
    m_filter->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_filter);
    connect(m_filter, &QAction::triggered, this, [this] {
        m_tabs->setCurrentWidget(m_events);
        m_events->focusFilter();
    });
    connect(m_tabs, &QTabWidget::currentChanged, this, &AlarmsPage::followVisibility);
    connect(&console, &Console::seenChanged, this, &AlarmsPage::followVisibility);
}

void AlarmsPage::followVisibility()
{
    const bool events = m_tabs->currentWidget() == m_events;
    m_events->setActive(events && isVisible() && console().isSeen());
}

void AlarmsPage::refresh()
{
    m_alarms->refresh();
    m_events->refresh();
    followVisibility();
}

void AlarmsPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    followVisibility();
}

void AlarmsPage::goTo(const PageTarget &target)
{
    if (target.item == eventsItem) {
        m_tabs->setCurrentWidget(m_events);
    } else if (!target.item.isEmpty()) {
        m_tabs->setCurrentWidget(m_alarms);
        m_alarms->refresh();
        m_alarms->select(target.item);
    }
}

bool AlarmsPage::stepBack()
{
    if (m_tabs->currentWidget() != m_events || !m_events->isFiltered())
        return false;
    m_events->clearFilter();
    return true;
}

PageTarget AlarmsPage::place() const
{
    PageTarget target;
    target.page = PageId::Alarms;
    target.item = m_tabs->currentWidget() == m_events ? eventsItem : m_alarms->selectedId();
    return target;
}

QList<QAction *> AlarmsPage::pageActions() const
{
    return m_alarms->actions() + m_events->actions() + QList<QAction *> { m_filter };
}

} // namespace signalbox
