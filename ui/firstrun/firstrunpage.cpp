// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/firstrun/firstrunpage.h"

#include "ui/firstrun/listenstep.h"
#include "ui/firstrun/providerstep.h"
#include "ui/firstrun/toolstep.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace signalbox {

namespace {

constexpr int shortestTool = 300;
constexpr int tallestTool = 460;

} // namespace

FirstRunPage::FirstRunPage(Console &console, QWidget *parent)
    : Page(console, parent), m_intro(new QLabel(this)), m_demo(new QPushButton(this)), m_wall(new QPushButton(this)),
      m_provider(new ProviderStep(1, console, this)), m_listen(new ListenStep(2, console, this)),
      m_tool(new ToolStep(3, console, this))
{
    m_provider->setObjectName(QStringLiteral("providerStep"));
    m_listen->setObjectName(QStringLiteral("listenStep"));
    m_tool->setObjectName(QStringLiteral("toolStep"));
    auto *rest = new QHBoxLayout;
    rest->setSpacing(12);
    rest->addWidget(m_listen, 2);
    rest->addWidget(m_tool, 3);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(12);
    layout->addLayout(buildHead());
    layout->addWidget(m_provider);
    layout->addLayout(rest);
    layout->addStretch(1);
    m_tool->setMinimumHeight(shortestTool);
    m_tool->setMaximumHeight(tallestTool);
    m_listen->setMaximumHeight(tallestTool);
    connect(m_demo, &QPushButton::clicked, this, [this] { this->console().switchDemo(!snapshot().demo); });
    connect(m_wall, &QPushButton::clicked, this, &FirstRunPage::openWall);
}

QLayout *FirstRunPage::buildHead()
{
    m_intro->setObjectName(QStringLiteral("firstRunIntro"));
    m_intro->setWordWrap(true);
    m_demo->setObjectName(QStringLiteral("lookAround"));
    m_wall->setObjectName(QStringLiteral("skipFirstRun"));
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_intro, 1);
    row->addWidget(m_demo);
    row->addWidget(m_wall);
    return row;
}

void FirstRunPage::refresh()
{
    const bool demo = snapshot().demo;
    m_intro->setText(demo ? tr("Simulated data is shown. To set up Signalbox with providers of your own, leave the "
                               "simulation.")
                          : tr("Three steps, in any order. Nothing is sent anywhere before you say so."));
    m_demo->setText(demo ? tr("&Leave the simulation") : tr("&Look around with simulated providers"));
    QString fixed;
    if (demo)
        fixed = tr("Leave the simulation first.");
    else if (console().age().isStale())
        fixed = tr("The engine does not answer.");
    m_provider->refresh(fixed);
    m_listen->refresh(fixed);
    m_tool->refresh();
    const bool ready = m_provider->isDone() && m_listen->isDone() && m_tool->isDone();
    m_wall->setText(ready ? tr("&Go to the wall") : tr("S&kip to the wall"));
}

void FirstRunPage::openWall()
{
    PageTarget wall;
    wall.item = QStringLiteral("providers");
    console().open(wall);
}

PageTarget FirstRunPage::place() const
{
    PageTarget here;
    here.page = PageId::FirstRun;
    return here;
}

} // namespace signalbox
