// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/page.h"

#include "ui/style/appearance.h"

namespace signalbox {

Page::Page(Console &console, QWidget *parent) : QWidget(parent), m_console(console)
{
    connect(&console, &Console::snapshotChanged, this, &Page::refreshIfSeen);
    connect(&console, &Console::staleChanged, this, &Page::refreshIfSeen);
    connect(&console.appearance(), &Appearance::themeChanged, this, &Page::refreshIfSeen);
}

void Page::goTo(const PageTarget &) { }

bool Page::stepBack()
{
    return false;
}

QList<QAction *> Page::pageActions() const
{
    return {};
}

void Page::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void Page::refreshIfSeen()
{
    if (isVisible())
        refresh();
}

} // namespace signalbox
