// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/wallpage.h"

#include "ui/page/providercommands.h"
#include "ui/wall/providerdetail.h"
#include "ui/wall/providertable.h"
#include "ui/wall/tileview.h"
#include "ui/wall/wallbar.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <set>

namespace signalbox {

namespace {

constexpr std::chrono::seconds sortEvery { 10 };
constexpr int wheelStep = 120;
constexpr qsizetype mostCompared = 5; ///< of the provider page
const QString orderKey = QStringLiteral("wall/order");
const QString densityKey = QStringLiteral("wall/density");

int storedChoice(const QString &key, int last)
{
    return std::clamp(QSettings().value(key).toInt(), 0, last);
}

} // namespace

WallPage::WallPage(Console &console, QWidget *parent)
    : Page(console, parent), m_order(console.providers()), m_menu(new QMenu(this)), m_bar(new WallBar(this)),
      m_stack(new QStackedWidget(this)), m_tiles(new TileView(m_order, console.appearance(), this)),
      m_table(new ProviderTable(m_order, console.appearance(), this)), m_noProviders(new QLabel(this)),
      m_detail(new ProviderDetail(console.appearance(), this)), m_densities(new QActionGroup(this)),
      m_denser(new QAction(tr("De&nser"), this)), m_roomier(new QAction(tr("&Roomier"), this)),
      m_compare(new QAction(tr("Com&pare"), this))
{
    console.commands().addTo(m_menu);
    buildViews();
    buildCompare();
    buildDensities();
    connectViews();
    auto *layout = new QVBoxLayout(this);
    // A card keeps half a gap round it, so the rest is set in by as much.
    layout->setContentsMargins(8, 12, 8, 12);
    layout->setSpacing(8);
    const auto setIn = [layout](QWidget *widget) {
        auto *row = new QHBoxLayout;
        row->setContentsMargins(8, 0, 8, 0);
        row->addWidget(widget);
        layout->addLayout(row);
    };
    setIn(m_bar);
    layout->addWidget(m_stack, 1);
    setIn(m_detail);
    setOrder(
        static_cast<ProviderOrder::Order>(storedChoice(orderKey, static_cast<int>(ProviderOrder::Order::Traffic))));
    setDensity(static_cast<Density>(storedChoice(densityKey, static_cast<int>(Density::Table))));
}

void WallPage::buildViews()
{
    m_noProviders->setObjectName(QStringLiteral("noProviders"));
    m_noProviders->setAlignment(Qt::AlignCenter);
    m_noProviders->setWordWrap(true);
    m_noProviders->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_stack->addWidget(m_tiles);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty = buildEmpty());
    m_tiles->setContextMenu(m_menu);
    m_table->setContextMenu(m_menu);
    m_table->setSelectionModel(m_tiles->selectionModel());
    m_tiles->viewport()->installEventFilter(this);
    m_table->viewport()->installEventFilter(this);
    m_tiles->installEventFilter(this);
    m_table->installEventFilter(this);
    m_tiles->addAction(console().commands().muteAlarms());
    m_table->addAction(console().commands().muteAlarms());
}

QWidget *WallPage::buildEmpty()
{
    auto *empty = new QWidget(this);
    empty->setBackgroundRole(QPalette::AlternateBase);
    empty->setAutoFillBackground(true);
    auto *setUp = new QPushButton(tr("Set up…"), empty);
    setUp->setObjectName(QStringLiteral("setUpFromWall"));
    connect(setUp, &QPushButton::clicked, this, [this] {
        PageTarget firstRun;
        firstRun.page = PageId::FirstRun;
        console().open(firstRun);
    });
    auto *layout = new QVBoxLayout(empty);
    layout->setSpacing(16);
    layout->addStretch(1);
    layout->addWidget(m_noProviders);
    layout->addWidget(setUp, 0, Qt::AlignHCenter);
    layout->addStretch(1);
    return empty;
}

void WallPage::buildCompare()
{
    m_compare->setObjectName(QStringLiteral("compareProviders"));
    m_compare->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_D));
    connect(m_compare, &QAction::triggered, this, &WallPage::compare);
    m_menu->addSeparator();
    m_menu->addAction(m_compare);
}

void WallPage::buildDensities()
{
    const std::array<std::pair<QString, const char *>, 3> names { { { tr("&Large tiles"), "densityLarge" },
                                                                    { tr("&Compact tiles"), "densityCompact" },
                                                                    { tr("&Table"), "densityTable" } } };
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto *action = new QAction(names[i].first, m_densities);
        action->setObjectName(QLatin1String(names[i].second));
        action->setCheckable(true);
        action->setData(static_cast<int>(i));
    }
    m_denser->setObjectName(QStringLiteral("denser"));
    m_denser->setShortcut(QKeySequence::ZoomOut);
    m_roomier->setObjectName(QStringLiteral("roomier"));
    m_roomier->setShortcuts({ QKeySequence(QKeySequence::ZoomIn), QKeySequence(Qt::CTRL | Qt::Key_Equal) });
    connect(m_densities, &QActionGroup::triggered, this,
            [this](const QAction *action) { setDensity(static_cast<Density>(action->data().toInt())); });
    connect(m_denser, &QAction::triggered, this,
            [this] { setDensity(m_density == Density::Large ? Density::Compact : Density::Table); });
    connect(m_roomier, &QAction::triggered, this,
            [this] { setDensity(m_density == Density::Table ? Density::Compact : Density::Large); });
}

void WallPage::connectViews()
{
    ProviderCommands &commands = console().commands();
    connect(m_bar, &WallBar::orderChosen, this, [this](ProviderOrder::Order order) {
        setOrder(order);
        QSettings().setValue(orderKey, static_cast<int>(order));
    });
    // A move of the current row is none of the current provider.
    connect(m_tiles->selectionModel(), &QItemSelectionModel::currentChanged, this, &WallPage::showSelection);
    connect(m_tiles->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        const qsizetype count = selectedNames().size();
        m_compare->setEnabled(count >= 2 && count <= mostCompared);
        m_compare->setToolTip(tr("Select 2 to %1 providers with Ctrl").arg(mostCompared));
    });
    connect(m_tiles, &TileView::copyRequested, commands.copyAsText(), &QAction::trigger);
    connect(m_table, &ProviderTable::copyRequested, commands.copyAsText(), &QAction::trigger);
    for (const QAbstractItemView *each :
         { static_cast<QAbstractItemView *>(m_tiles), static_cast<QAbstractItemView *>(m_table) })
        connect(each, &QAbstractItemView::activated, commands.details(), &QAction::trigger);
}

QAbstractItemView *WallPage::view() const
{
    return m_density == Density::Table ? static_cast<QAbstractItemView *>(m_table) : m_tiles;
}

const ProviderSnapshot *WallPage::selected() const
{
    return m_order.provider(m_tiles->currentIndex().row());
}

void WallPage::selectRow(int row)
{
    m_tiles->selectionModel()->setCurrentIndex(m_order.index(row, 0),
                                               QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void WallPage::setBare(bool bare)
{
    m_bar->setVisible(!bare);
    m_detail->setVisible(!bare && !snapshot().providers.empty());
}

void WallPage::setDensity(Density density)
{
    const bool focused = view()->hasFocus();
    m_density = density;
    m_stack->setContentsMargins(density == Density::Table ? 8 : 0, 0, density == Density::Table ? 8 : 0, 0);
    m_tiles->setCompact(density == Density::Compact);
    if (m_stack->currentWidget() != m_empty)
        m_stack->setCurrentWidget(view());
    if (focused)
        view()->setFocus();
    m_densities->actions().at(static_cast<int>(density))->setChecked(true);
    m_denser->setEnabled(density != Density::Table);
    m_roomier->setEnabled(density != Density::Large);
    QSettings().setValue(densityKey, static_cast<int>(density));
}

void WallPage::setOrder(ProviderOrder::Order order)
{
    m_bar->setOrder(order);
    m_order.setOrder(order);
    m_bar->showHeld(false);
}

void WallPage::goTo(const PageTarget &target)
{
    const int row = m_order.rowOf(target.provider);
    if (row >= 0)
        selectRow(row);
}

bool WallPage::stepBack()
{
    if (selectedNames().size() < 2)
        return false;
    selectRow(m_tiles->currentIndex().row());
    return true;
}

/// In the order of the wall. A tile selects one cell of its row, the table all of them.
QStringList WallPage::selectedNames() const
{
    std::set<int> rows;
    const QModelIndexList selected = m_tiles->selectionModel()->selectedIndexes();
    for (const QModelIndex &index : selected)
        rows.insert(index.row());
    QStringList names;
    for (const int row : rows) {
        if (const ProviderSnapshot *provider = m_order.provider(row))
            names.append(provider->name);
    }
    return names;
}

void WallPage::compare()
{
    const QStringList names = selectedNames();
    PageTarget target;
    target.page = PageId::Provider;
    target.provider = names.value(0);
    target.item = names.join(QLatin1Char(','));
    console().open(target);
}

PageTarget WallPage::place() const
{
    PageTarget here;
    here.page = PageId::Wall;
    if (const ProviderSnapshot *provider = selected())
        here.provider = provider->name;
    return here;
}

QList<QAction *> WallPage::pageActions() const
{
    return m_densities->actions() + QList<QAction *> { m_denser, m_roomier, m_compare };
}

/// The M of a name that is being typed mutes nothing.
bool WallPage::isTypingAhead(const QEvent &event)
{
    const auto &key = static_cast<const QKeyEvent &>(event);
    const bool letter = key.modifiers() == Qt::NoModifier && !key.text().isEmpty() && key.text().at(0).isPrint();
    if (event.type() == QEvent::KeyPress) {
        if (letter && key.key() != Qt::Key_J && key.key() != Qt::Key_K)
            m_typed.start();
        return false;
    }
    return letter && m_typed.isValid() && m_typed.elapsed() < QApplication::keyboardInputInterval();
}

bool WallPage::eventFilter(QObject *watched, QEvent *event)
{
    if ((event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress) && isTypingAhead(*event)) {
        event->accept();
        return true;
    }
    if (event->type() != QEvent::Wheel)
        return Page::eventFilter(watched, event);
    const auto *wheel = static_cast<QWheelEvent *>(event);
    if (!wheel->modifiers().testFlag(Qt::ControlModifier))
        return Page::eventFilter(watched, event);
    m_wheel += wheel->angleDelta().y();
    if (std::abs(m_wheel) >= wheelStep) {
        (m_wheel > 0 ? m_roomier : m_denser)->trigger();
        m_wheel = 0;
    }
    return true;
}

void WallPage::refresh()
{
    const bool empty = snapshot().providers.empty();
    m_bar->showSnapshot(snapshot());
    sortIfNobodyLooks();
    if (!selected() && !empty)
        selectRow(0);
    showSelection();
    m_stack->setCurrentWidget(empty ? m_empty : view());
    if (empty)
        m_detail->hide();
    else if (m_bar->isVisibleTo(this))
        m_detail->show();
    m_noProviders->setText(
        tr("No provider is configured.\n\nAdd one here, or to %1; it is used as soon as the file is saved.")
            .arg(snapshot().configPath));
}

void WallPage::sortIfNobodyLooks()
{
    const auto now = snapshot().uptime;
    if (m_sortedAt && now - *m_sortedAt < sortEvery && now >= *m_sortedAt)
        return;
    const bool sorted = m_order.isSorted();
    const bool somebodyLooks = m_sortedAt && (view()->hasFocus() || view()->underMouse() || m_menu->isVisible());
    m_bar->showHeld(somebodyLooks && !sorted);
    if (somebodyLooks)
        return;
    if (!sorted)
        m_order.sortNow();
    m_sortedAt = now;
}

void WallPage::showSelection()
{
    const ProviderSnapshot *provider = selected();
    console().selectProvider(provider ? provider->name : QString());
    m_detail->showProvider(provider, console().providers().takenAt(), console().age().isStale());
}

} // namespace signalbox
