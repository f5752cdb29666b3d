// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/thresholdspage.h"

#include "ui/wall/thresholdpanel.h"

#include <QLabel>
#include <QVBoxLayout>

namespace signalbox {

BasicThresholdsPage::BasicThresholdsPage(Console &console, QWidget *parent)
    : Page(console, parent), m_panel(new ThresholdPanel(console.engine(), console.appearance(), this))
{
    auto *heading = new QLabel(tr("Thresholds of all providers"), this);
    QFont bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    layout->addWidget(heading);
    layout->addWidget(m_panel);
    layout->addStretch(1);
}

PageTarget BasicThresholdsPage::place() const
{
    PageTarget here;
    here.page = PageId::Thresholds;
    return here;
}

void BasicThresholdsPage::refresh()
{
    m_panel->showSnapshot(snapshot());
    m_panel->setStale(console().age().isStale());
}

} // namespace signalbox
