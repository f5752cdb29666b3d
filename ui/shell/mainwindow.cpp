// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include "ui/page/page.h"
#include "ui/page/providercommands.h"
#include "ui/page/shortcuts.h"
#include "ui/shell/alarmstrip.h"
#include "ui/shell/banners.h"
#include "ui/shell/closing.h"
#include "ui/shell/commandpalette.h"
#include "ui/shell/helpdialogs.h"
#include "ui/shell/navigation.h"
#include "ui/shell/notifier.h"
#include "ui/shell/pages.h"
#include "ui/shell/pagestack.h"
#include "ui/shell/proxyactions.h"
#include "ui/shell/statusline.h"
#include "ui/shell/tray.h"
#include "ui/style/icons.h"
#include "ui/style/tag.h"
#include "ui/wall/wallpage.h"

#include <QActionGroup>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QUndoStack>

namespace signalbox {

namespace {

constexpr std::chrono::milliseconds ageTick { 1000 };
constexpr std::chrono::milliseconds messageTime { 5000 };
const QString geometryKey = QStringLiteral("window/geometry");
const QString collapsedKey = QStringLiteral("window/navigationCollapsed");

} // namespace

MainWindow::MainWindow(Engine &engine, const Appearance &appearance, const DataAge::Now &now, QWidget *parent)
    : QMainWindow(parent), m_console(engine, appearance, now, this), m_proxyActions(new ProxyActions(engine, this)),
      m_strip(new AlarmStrip(m_console, this)), m_banners(new Banners(m_console, *m_proxyActions, this)),
      m_navigation(new Navigation(appearance, this)), m_pages(new PageStack(m_console, this)),
      m_closing(new Closing(m_console, *this)), m_status(new StatusLine(m_console, *m_proxyActions, this))
{
    m_console.commands().setWindow(this);
    auto *centre = new QWidget(this);
    centre->setLayout(buildCentre());
    setCentralWidget(centre);
    setStatusBar(m_status);
    buildMenus();
    buildCorner();
    setMinimumSize(960, 600);
    resize(1280, 720);
    restoreSaved();
    buildTray(now);
    m_ageTimer.setInterval(ageTick);
    connectParts();
    open({});
    showSnapshot();
    m_navigation->setFocus(); // on the wall, focus would hold the order of the providers
}

MainWindow::~MainWindow()
{
    // The pages use the console, which goes before the children of the window would.
    delete takeCentralWidget();
}

QLayout *MainWindow::buildCentre()
{
    auto *layout = new QVBoxLayout;
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_strip);
    layout->addWidget(m_banners);
    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(m_navigation);
    body->addWidget(m_pages, 1);
    layout->addLayout(body, 1);
    return layout;
}

QAction *MainWindow::addAction(QMenu *menu, const QString &text, const char *objectName, const QKeySequence &shortcut)
{
    QAction *action = menu->addAction(text);
    action->setObjectName(QLatin1String(objectName));
    action->setShortcut(shortcut);
    return action;
}

void MainWindow::buildMenus()
{
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    QMenu *provider = menuBar()->addMenu(tr("&Provider"));
    provider->setObjectName(QStringLiteral("providerMenu"));
    m_console.commands().addTo(provider);
    QMenu *proxy = menuBar()->addMenu(tr("Pro&xy"));
    proxy->addAction(m_proxyActions->startStop());
    proxy->addAction(m_proxyActions->retry());
    proxy->addAction(m_proxyActions->useNextPort());
    buildHelpMenu();
    m_console.shortcuts().adopt(findChildren<QAction *>());
    connect(&m_console.shortcuts(), &Shortcuts::changed, this, &MainWindow::addKeys);
    connect(&m_console.shortcuts(), &Shortcuts::allWanted, this, &MainWindow::adoptAllCommands);
    addKeys();
}

/// With a hidden menu bar the keys of its menus would be dead.
void MainWindow::addKeys()
{
    for (const Shortcuts::Entry &entry : m_console.shortcuts().entries()) {
        const bool everywhere = entry.scope.isEmpty() && entry.action;
        if (everywhere && !entry.action->shortcut().isEmpty() && !actions().contains(entry.action))
            QWidget::addAction(entry.action);
    }
}

void MainWindow::adoptAllCommands()
{
    for (const PageKind &kind : pageKinds())
        m_console.shortcuts().adopt(m_pages->pageFor(kind.id)->pageActions(), pageTitle(kind));
}

/// What must be seen on every page, at the end of the menu bar.
void MainWindow::buildCorner()
{
    auto *corner = new QWidget(this);
    m_simulated = new Tag(tr("Simulated data: no real provider is called"), m_console.appearance(), corner);
    m_simulated->setObjectName(QStringLiteral("simulated"));
    m_leaveDemo = new QPushButton(tr("Set up…"), corner);
    m_leaveDemo->setObjectName(QStringLiteral("setUpButton"));
    m_leaveDemo->setToolTip(tr("Leave the simulation and add a provider of your own"));
    connect(m_leaveDemo, &QAbstractButton::clicked, this, &MainWindow::setUp);
    auto *find = new QPushButton(tr("Find a command (Ctrl+K)"), corner);
    find->setObjectName(QStringLiteral("findCommandButton"));
    find->setFlat(true);
    connect(find, &QAbstractButton::clicked, this, &MainWindow::openPalette);
    auto *layout = new QHBoxLayout(corner);
    layout->setContentsMargins(0, 2, 8, 2);
    layout->setSpacing(8);
    layout->addWidget(m_simulated);
    layout->addWidget(m_leaveDemo);
    layout->addWidget(find);
    menuBar()->setCornerWidget(corner);
}

void MainWindow::buildTray(const DataAge::Now &now)
{
    if (Tray::isAvailable()) {
        m_tray = new Tray(m_console, *m_proxyActions, this);
        connect(m_tray, &Tray::showRequested, this, &MainWindow::comeForward);
        connect(m_tray, &Tray::quitRequested, m_closing, &Closing::close);
        m_closing->setTray(m_tray);
    }
    const auto *notifier = new Notifier(m_console, *this, m_tray, now);
    connect(notifier, &Notifier::showRequested, this, &MainWindow::comeForward);
}

void MainWindow::openPalette()
{
    QList<QAction *> reachable = findChildren<QAction *>();
    // Those of other pages would change what nobody sees.
    reachable.removeIf([this](const QAction *action) {
        const QObject *owner = action;
        while (owner && !qobject_cast<const Page *>(owner))
            owner = owner->parent();
        return owner && owner != m_pages->currentPage();
    });
    auto *palette = new CommandPalette(reachable, this);
    palette->open();
}

void MainWindow::buildFileMenu()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->addAction(m_proxyActions->copyAddress());
    file->addAction(m_proxyActions->copyToken());
    file->addSeparator();
    QAction *close = addAction(file, tr("&Close window"), "closeWindow", QKeySequence(Qt::CTRL | Qt::Key_W));
    connect(close, &QAction::triggered, this, &QWidget::close);
    QAction *quit = addAction(file, tr("&Quit"), "quit", QKeySequence(Qt::CTRL | Qt::Key_Q));
    connect(quit, &QAction::triggered, m_closing, &Closing::close);
}

void MainWindow::buildEditMenu()
{
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    QAction *undo = m_console.undoStack().createUndoAction(this);
    undo->setObjectName(QStringLiteral("undo"));
    undo->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Z));
    QAction *redo = m_console.undoStack().createRedoAction(this);
    redo->setObjectName(QStringLiteral("redo"));
    redo->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    edit->addActions({ undo, redo });
}

void MainWindow::buildViewMenu()
{
    m_viewMenu = menuBar()->addMenu(tr("&View"));
    m_viewMenu->setObjectName(QStringLiteral("viewMenu"));
    addPages(m_viewMenu);
    m_viewMenu->addSeparator();
    m_back = addAction(m_viewMenu, tr("&Back"), "back", QKeySequence(Qt::ALT | Qt::Key_Left));
    m_forward = addAction(m_viewMenu, tr("&Forward"), "forward", QKeySequence(Qt::ALT | Qt::Key_Right));
    connect(m_back, &QAction::triggered, m_pages, &PageStack::goBack);
    connect(m_forward, &QAction::triggered, m_pages, &PageStack::goForward);
    m_viewMenu->addSeparator();
    QAction *palette = addAction(m_viewMenu, tr("F&ind a command…"), "findCommand", QKeySequence(Qt::CTRL | Qt::Key_K));
    connect(palette, &QAction::triggered, this, &MainWindow::openPalette);
    m_wallModeAction = addAction(m_viewMenu, tr("&Wall mode"), "wallMode", QKeySequence(Qt::Key_F11));
    m_wallModeAction->setCheckable(true);
    connect(m_wallModeAction, &QAction::triggered, this, &MainWindow::setWallMode);
    m_collapse = addAction(m_viewMenu, tr("&Narrow navigation"), "narrowNavigation");
    m_collapse->setCheckable(true);
    connect(m_collapse, &QAction::toggled, m_navigation, &Navigation::setCollapsed);
    m_viewMenu->addSeparator();
}

void MainWindow::addPages(QMenu *menu)
{
    m_pageGroup = new QActionGroup(this);
    for (const PageKind &kind : pageKinds()) {
        if (!kind.icon)
            continue;
        const QIcon pageIcon = icon(QLatin1String(kind.icon));
        m_navigation->addPage(kind.id, pageTitle(kind), pageIcon, pageKey(kind));
        auto *action = new QAction(pageIcon, pageTitle(kind), m_pageGroup);
        action->setObjectName(QStringLiteral("page") + QLatin1Char(kind.key));
        action->setCheckable(true);
        action->setData(static_cast<int>(kind.id));
        QList<QKeySequence> keys { pageKey(kind) };
        if (kind.id == PageId::Settings)
            keys += { QKeySequence(Qt::CTRL | Qt::Key_Comma), QKeySequence(Qt::ALT | Qt::Key_O) };
        action->setShortcuts(keys);
        menu->addAction(action);
    }
    connect(m_pageGroup, &QActionGroup::triggered, this, [this](const QAction *action) {
        PageTarget target;
        target.page = static_cast<PageId>(action->data().toInt());
        open(target);
    });
}

void MainWindow::buildHelpMenu()
{
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    QAction *setUp = addAction(help, tr("&Set up…"), "setUp");
    connect(setUp, &QAction::triggered, this, &MainWindow::setUp);
    QAction *keys = addAction(help, tr("&Keyboard shortcuts"), "shortcuts");
    keys->setShortcuts({ QKeySequence(QKeySequence::HelpContents), QKeySequence(Qt::Key_Question) });
    connect(keys, &QAction::triggered, this, [this] {
        adoptAllCommands();
        showShortcuts(findChildren<QAction *>(), this);
    });
    QAction *about = addAction(help, tr("&About Signalbox"), "about");
    connect(about, &QAction::triggered, this, [this] { showAbout(m_console.snapshot()->configPath, this); });
}

void MainWindow::connectParts()
{
    connect(&m_ageTimer, &QTimer::timeout, this, &MainWindow::checkAge);
    connect(&m_console, &Console::snapshotChanged, this, &MainWindow::showSnapshot);
    connect(&m_console, &Console::openRequested, this, &MainWindow::open);
    connect(m_pages, &PageStack::placeChanged, this, &MainWindow::showPlace);
    connect(m_navigation, &Navigation::pageChosen, this, [this](PageId id) {
        PageTarget target;
        target.page = id;
        if (m_pages->currentPage()->place().page != id)
            open(target);
    });
    const auto tell = [this](const QString &text) {
        m_status->showMessage(text, static_cast<int>(messageTime.count()));
    };
    connect(m_closing, &Closing::waiting, this,
            [this] { m_status->showMessage(tr("Waiting for requests in flight. Close again to cut them.")); });
    connect(&m_console, &Console::told, this, tell);
    connect(&m_console, &Console::failed, m_banners, &Banners::showFailure);
    connect(m_proxyActions, &ProxyActions::done, this, tell);
    connect(m_proxyActions, &ProxyActions::failed, m_banners, &Banners::showFailure);
}

void MainWindow::open(const PageTarget &target)
{
    m_pages->goTo(target);
}

/// What is simulated has no place for real providers.
void MainWindow::setUp()
{
    PageTarget firstRun;
    firstRun.page = PageId::FirstRun;
    if (m_console.snapshot()->demo)
        m_console.switchDemo(false);
    else
        open(firstRun);
}

void MainWindow::showSnapshot()
{
    const EngineSnapshotPtr &snapshot = m_console.snapshot();
    m_proxyActions->showSnapshot(snapshot);
    m_strip->refresh();
    m_banners->refresh();
    m_status->refresh();
    m_simulated->setVisible(snapshot->demo);
    m_leaveDemo->setVisible(snapshot->demo);
    const int alarms = m_strip->unacknowledged();
    m_navigation->setBadge(PageId::Alarms, alarms, tr("%n unacknowledged", nullptr, alarms));
    checkAge();
    showPlace();
}

void MainWindow::showPlace()
{
    const Page *page = m_pages->currentPage();
    const PageTarget place = page->place();
    const bool underWall = place.page == PageId::Provider || place.page == PageId::FirstRun;
    m_navigation->setCurrentPage(underWall ? PageId::Wall : place.page);
    for (QAction *action : m_pageGroup->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(place.page));
    m_back->setEnabled(m_pages->canGoBack());
    m_forward->setEnabled(m_pages->canGoForward());
    const QString where = breadcrumb(place);
    setWindowTitle(m_console.snapshot()->demo ? tr("%1 – simulated data – Signalbox").arg(where)
                                              : tr("%1 – Signalbox").arg(where));
    const QList<QAction *> actions = page->pageActions();
    if (actions == m_pageActions)
        return;
    for (QAction *action : std::as_const(m_pageActions)) {
        m_viewMenu->removeAction(action);
        removeAction(action);
    }
    m_pageActions = actions;
    m_viewMenu->addActions(m_pageActions);
    addActions(m_pageActions);
    m_console.shortcuts().adopt(m_pageActions, pageTitle(place.page));
}

void MainWindow::checkAge()
{
    DataAge &age = m_console.age();
    age.check();
    m_status->showAge();
    m_banners->showAge();
}

void MainWindow::save() const
{
    QSettings settings;
    settings.setValue(geometryKey, saveGeometry());
    settings.setValue(collapsedKey, m_navigation->isCollapsed());
}

void MainWindow::restoreSaved()
{
    const QSettings settings;
    restoreGeometry(settings.value(geometryKey).toByteArray());
    m_collapse->setChecked(settings.value(collapsedKey).toBool());
}

void MainWindow::followVisibility()
{
    const bool seen = isVisible() && !isMinimized();
    if (!seen)
        m_ageTimer.stop();
    else if (!m_ageTimer.isActive())
        m_ageTimer.start();
    m_console.setSeen(seen);
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    followVisibility();
}

void MainWindow::hideEvent(QHideEvent *event)
{
    QMainWindow::hideEvent(event);
    followVisibility();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange)
        followVisibility();
}

/// Esc comes here when no control had a use for it.
void MainWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && event->modifiers() == Qt::NoModifier) {
        if (m_pages->currentPage()->stepBack())
            showPlace();
        else if (m_wallMode)
            setWallMode(false);
        return;
    }
    QMainWindow::keyPressEvent(event);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_wallMode)
        save();
    event->setAccepted(m_closing->mayClose());
}

void MainWindow::quit()
{
    m_closing->quit();
}

void MainWindow::comeForward()
{
    if (isMinimized())
        setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::tellOfCrash(const QDateTime &at, const QString &folder)
{
    m_banners->showCrash(at, folder);
}

void MainWindow::openPage(const QString &name)
{
    for (const PageKind &kind : pageKinds()) {
        const QLatin1String own(kind.icon ? kind.icon : kind.id == PageId::FirstRun ? "set-up" : "");
        if (!name.isEmpty() && name == own) {
            PageTarget target;
            target.page = kind.id;
            open(target);
        }
    }
}

void MainWindow::setWallMode(bool on)
{
    m_wallModeAction->setChecked(on);
    if (m_wallMode == on)
        return;
    if (on) {
        save();
        m_wasMaximized = isMaximized();
        open({});
    }
    m_wallMode = on;
    menuBar()->setVisible(!on);
    m_navigation->setVisible(!on);
    m_status->setVisible(!on);
    if (auto *wall = qobject_cast<WallPage *>(m_pages->currentPage()))
        wall->setBare(on);
    if (on)
        showFullScreen();
    else if (m_wasMaximized)
        showMaximized();
    else
        showNormal();
}

} // namespace signalbox
