// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/routing/routingpage.h"

#include "ui/page/providercommands.h"
#include "ui/page/undoable.h"
#include "ui/routing/fallbacknotice.h"
#include "ui/routing/fallbackwatch.h"
#include "ui/routing/modelruleseditor.h"
#include "ui/routing/routemodel.h"
#include "ui/routing/routetree.h"
#include "ui/routing/routewords.h"
#include "ui/routing/routingsettings.h"
#include "ui/routing/trafficshares.h"
#include "ui/routing/tryrequest.h"
#include "ui/style/card.h"

#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

RoutingPage::RoutingPage(Console &console, QWidget *parent)
    : Page(console, parent), m_routes(new RouteModel(this)), m_fallback(new FallbackWatch(console.engine(), this)),
      m_shares(new TrafficShares(console.engine(), this)), m_notice(new FallbackNotice(console.appearance(), this)),
      m_settings(new RoutingSettings(console, this)), m_tree(new RouteTree(*m_routes, console.appearance(), this)),
      m_models(new ModelRulesEditor(console, this)), m_try(new TryRequest(console, this)), m_menu(new QMenu(this)),
      m_up(new QAction(tr("Move &up in the order"), this)), m_down(new QAction(tr("Move &down in the order"), this)),
      m_tryAction(new QAction(tr("&Try a request"), this))
{
    buildActions();
    auto *upper = new QSplitter(Qt::Horizontal, this);
    upper->addWidget(buildOrder());
    upper->addWidget(buildModels());
    upper->setStretchFactor(0, 3);
    upper->setStretchFactor(1, 2);
    upper->setSizes({ 660, 420 });
    auto *whole = new QSplitter(Qt::Vertical, this);
    whole->addWidget(upper);
    whole->addWidget(buildTry());
    whole->setStretchFactor(0, 1);
    whole->setStretchFactor(1, 1);
    whole->setSizes({ 290, 270 });
    for (QSplitter *splitter : { upper, whole }) {
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(12);
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(12);
    layout->addWidget(m_notice);
    layout->addWidget(m_settings);
    layout->addWidget(whole, 1);
    connectParts();
}

void RoutingPage::buildActions()
{
    m_up->setObjectName(QStringLiteral("moveRouteUp"));
    m_up->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Up));
    m_down->setObjectName(QStringLiteral("moveRouteDown"));
    m_down->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Down));
    m_tryAction->setObjectName(QStringLiteral("tryRequest"));
    m_tryAction->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_T));
    // Only in the list: elsewhere Alt+Down opens a combo box.
    m_up->setShortcutContext(Qt::WidgetShortcut);
    m_down->setShortcutContext(Qt::WidgetShortcut);
    m_tree->addActions({ m_up, m_down });
    addAction(m_tryAction);
    connect(m_up, &QAction::triggered, this, [this] { moveBy(-1); });
    connect(m_down, &QAction::triggered, this, [this] { moveBy(1); });
    connect(m_tryAction, &QAction::triggered, m_try, &TryRequest::focusModel);
    m_menu->addActions({ m_up, m_down });
    m_menu->addSeparator();
    console().commands().addTo(m_menu);
    m_tree->setContextMenu(m_menu);
}

QWidget *RoutingPage::buildOrder()
{
    m_orderCard = new Card(QString(), console().appearance(), this);
    m_orderCard->body()->addWidget(m_tree, 1);
    return m_orderCard;
}

QWidget *RoutingPage::buildModels()
{
    m_modelsCard = new Card(QString(), console().appearance(), this);
    m_modelsCard->body()->addWidget(m_models, 1);
    return m_modelsCard;
}

QWidget *RoutingPage::buildTry()
{
    auto *card = new Card(tr("Try a request: where would it go now? Nothing is sent."), console().appearance(), this);
    card->body()->addWidget(m_try, 1);
    return card;
}

void RoutingPage::connectParts()
{
    connect(m_tree, &RouteTree::selectedProviderChanged, this, &RoutingPage::showSelection);
    connect(m_tree, &QAbstractItemView::activated, console().commands().details(), &QAction::trigger);
    connect(m_routes, &RouteModel::moveRequested, this, &RoutingPage::move);
    connect(m_shares, &TrafficShares::counted, m_routes, &RouteModel::setTraffic);
    connect(m_fallback, &FallbackWatch::warningsChanged, this,
            [this] { m_notice->setWarnings(m_fallback->warnings(), m_fallback->isCritical()); });
}

QString RoutingPage::fixedBecause() const
{
    if (snapshot().demo)
        return tr("The order and models of simulated providers are fixed.");
    return console().age().isStale() ? tr("The engine does not answer.") : QString();
}

void RoutingPage::goTo(const PageTarget &target)
{
    m_routes->setSnapshot(console().snapshot());
    if (!target.provider.isEmpty())
        m_tree->selectProvider(target.provider);
}

bool RoutingPage::stepBack()
{
    return m_models->revert();
}

PageTarget RoutingPage::place() const
{
    PageTarget here;
    here.page = PageId::Routing;
    here.provider = m_tree->selectedProvider();
    return here;
}

QList<QAction *> RoutingPage::pageActions() const
{
    return { m_up, m_down, m_tryAction };
}

void RoutingPage::refresh()
{
    const QString fixed = fixedBecause();
    m_routes->setMovable(fixed.isEmpty());
    m_routes->setSnapshot(console().snapshot());
    m_orderCard->setTitle(fixed.isEmpty() ? tr("Failover order: drag, or Alt+Up and Alt+Down") : tr("Failover order"));
    QStringList providers;
    for (const ProviderSnapshot &provider : snapshot().providers)
        providers.append(provider.name);
    m_shares->look(providers, snapshot().takenAt);
    m_fallback->look(snapshot());
    m_settings->refresh();
    m_try->refresh();
    showSelection();
}

void RoutingPage::showSelection()
{
    const QString name = m_tree->selectedProvider();
    console().selectProvider(name);
    m_modelsCard->setTitle(name.isEmpty() ? tr("Models") : tr("Models of %1").arg(name));
    m_models->showProvider(providerConfig(*snapshot().config, name), fixedBecause());
    const QModelIndex row = m_routes->indexOf(name);
    const bool movable = row.isValid() && m_routes->isMovable();
    m_up->setEnabled(movable && row.row() > 0);
    m_down->setEnabled(movable && row.row() < m_routes->rowCount(row.parent()) - 1);
}

void RoutingPage::moveBy(int rows)
{
    const QString name = m_tree->selectedProvider();
    const QModelIndex row = m_routes->indexOf(name);
    // Before the row above it, or behind the row below it.
    if (const auto place = m_routes->destination(name, row.row() + (rows < 0 ? -1 : 2)))
        move(name, *place);
}

void RoutingPage::move(const QString &provider, int place)
{
    const auto &all = snapshot().providers;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto &each) { return each.name == provider; });
    if (found == all.end())
        return;
    const auto before = static_cast<int>(found - all.begin());
    makeUndoable(console(),
                 { tr("move %1").arg(provider),
                   [provider, place](Engine &engine) { return engine.moveProvider(provider, place); },
                   [provider, before](Engine &engine) { return engine.moveProvider(provider, before); } });
}

} // namespace signalbox
