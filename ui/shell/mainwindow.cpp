// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include "ui/page/answer.h"
#include "ui/shell/banner.h"
#include "ui/shell/commanddialog.h"
#include "ui/shell/helpdialogs.h"
#include "ui/shell/providercommands.h"
#include "ui/shell/providerdetail.h"
#include "ui/shell/providertable.h"
#include "ui/shell/proxyactions.h"
#include "ui/shell/proxyheader.h"
#include "ui/shell/statusline.h"
#include "ui/shell/thresholdpanel.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"

#include <QAction>
#include <QClipboard>
#include <QCloseEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace signalbox {

namespace {

constexpr std::chrono::milliseconds ageTick { 1000 };
constexpr std::chrono::milliseconds messageTime { 5000 };
const QString geometryKey = QStringLiteral("window/geometry");

QAction *makeAction(const QString &text, const QKeySequence &shortcut, QObject *parent)
{
    auto *action = new QAction(text, parent);
    action->setShortcut(shortcut);
    return action;
}

} // namespace

MainWindow::MainWindow(Engine &engine, const Appearance &appearance, DataAge::Now now, QWidget *parent)
    : QMainWindow(parent), m_engine(engine), m_appearance(appearance), m_age(std::move(now)),
      m_snapshot(engine.snapshot()), m_proxyActions(new ProxyActions(engine, this)),
      m_commands(new ProviderCommands(engine, this)), m_header(new ProxyHeader(*m_proxyActions, appearance, this)),
      m_status(new StatusLine(this))
{
    auto *centre = new QWidget(this);
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    buildBanners(layout);
    auto *body = new QVBoxLayout;
    body->setContentsMargins(16, 12, 16, 12);
    body->setSpacing(8);
    body->addWidget(buildProviders(), 1);
    body->addSpacing(8);
    body->addWidget(buildThresholds());
    layout->addLayout(body, 1);
    setCentralWidget(centre);
    setStatusBar(m_status);
    buildMenus();
    setMinimumSize(960, 600);
    resize(1280, 720);
    restoreGeometry(QSettings().value(geometryKey).toByteArray());
    m_ageTimer.setInterval(ageTick);
    connectParts();
    showSnapshot();
    m_table->setFocus();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildBanners(QLayout *layout)
{
    m_listenBanner = new Banner(m_appearance, LampShape::Square, this);
    m_listenBanner->setObjectName(QStringLiteral("listenBanner"));
    m_listenBanner->setAction(m_proxyActions->retry());
    m_staleBanner = new Banner(m_appearance, LampShape::Triangle, this);
    m_staleBanner->setObjectName(QStringLiteral("staleBanner"));
    QAction *readAgain = makeAction(tr("&Retry"), {}, this);
    connect(readAgain, &QAction::triggered, this, &MainWindow::readAgain);
    m_staleBanner->setAction(readAgain);
    m_configBanner = new Banner(m_appearance, LampShape::Triangle, this);
    m_configBanner->setObjectName(QStringLiteral("configBanner"));
    m_failureBanner = new Banner(m_appearance, LampShape::Triangle, this);
    m_failureBanner->setObjectName(QStringLiteral("failureBanner"));
    QAction *dismiss = makeAction(tr("&Dismiss"), {}, this);
    connect(dismiss, &QAction::triggered, this, [this] { reportFailure({}); });
    m_failureBanner->setAction(dismiss);
    for (Banner *banner : { m_listenBanner, m_staleBanner, m_configBanner, m_failureBanner })
        layout->addWidget(banner);
}

QWidget *MainWindow::buildProviders()
{
    auto *part = new QWidget(this);
    m_providersHeading = heading({});
    m_table = new ProviderTable(m_model, m_appearance, part);
    m_detail = new ProviderDetail(m_appearance, part);
    m_noProviders = new QLabel(part);
    m_noProviders->setObjectName(QStringLiteral("noProviders"));
    m_noProviders->setAlignment(Qt::AlignCenter);
    m_noProviders->setWordWrap(true);
    m_noProviders->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_noProviders->setBackgroundRole(QPalette::AlternateBase);
    m_noProviders->setAutoFillBackground(true);
    m_providersStack = new QStackedWidget(part);
    m_providersStack->addWidget(m_table);
    m_providersStack->addWidget(m_noProviders);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_providersHeading);
    layout->addWidget(m_providersStack, 1);
    layout->addWidget(m_detail);
    return part;
}

QWidget *MainWindow::buildThresholds()
{
    auto *part = new QWidget(this);
    m_thresholds = new ThresholdPanel(m_engine, m_appearance, part);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(heading(tr("Thresholds of all providers")));
    layout->addWidget(m_thresholds);
    return part;
}

QLabel *MainWindow::heading(const QString &text)
{
    auto *label = new QLabel(text, this);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    return label;
}

void MainWindow::buildMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->addAction(m_proxyActions->copyAddress());
    file->addAction(m_proxyActions->copyToken());
    file->addSeparator();
    QAction *quit = makeAction(tr("&Quit"), {}, this);
    quit->setShortcuts({ QKeySequence(Qt::CTRL | Qt::Key_Q), QKeySequence(Qt::CTRL | Qt::Key_W) });
    connect(quit, &QAction::triggered, this, &QWidget::close);
    file->addAction(quit);

    QMenu *provider = menuBar()->addMenu(tr("&Provider"));
    provider->setObjectName(QStringLiteral("providerMenu"));
    m_commands->addTo(provider);
    provider->addSeparator();
    QAction *copy = makeAction(tr("Copy as te&xt"), {}, this);
    connect(copy, &QAction::triggered, this, &MainWindow::copyRow);
    provider->addAction(copy);
    m_table->setContextMenu(provider);

    QMenu *proxy = menuBar()->addMenu(tr("Pro&xy"));
    proxy->addAction(m_proxyActions->startStop());

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    QAction *keys = makeAction(tr("&Keyboard shortcuts"), QKeySequence::HelpContents, this);
    connect(keys, &QAction::triggered, this, [this] { showShortcuts(findChildren<QAction *>(), this); });
    help->addAction(keys);
    QAction *about = makeAction(tr("&About Signalbox"), {}, this);
    connect(about, &QAction::triggered, this, [this] { showAbout(m_snapshot->configPath, this); });
    help->addAction(about);
}

void MainWindow::connectParts()
{
    connect(&m_engine, &Engine::snapshotPublished, this, &MainWindow::takeSnapshot);
    connect(&m_ageTimer, &QTimer::timeout, this, &MainWindow::checkAge);
    connect(&m_age, &DataAge::staleChanged, this, &MainWindow::showStale);
    connect(m_table, &ProviderTable::selectedProviderChanged, this, &MainWindow::showSelection);
    connect(m_table, &ProviderTable::copyRequested, this, &MainWindow::copyRow);
    const auto tell = [this](const QString &text) {
        m_status->showMessage(text, static_cast<int>(messageTime.count()));
    };
    connect(m_commands, &ProviderCommands::done, this, tell);
    connect(m_commands, &ProviderCommands::failed, this, &MainWindow::reportFailure);
    connect(m_proxyActions, &ProxyActions::done, this, tell);
    connect(m_proxyActions, &ProxyActions::failed, this, &MainWindow::reportFailure);
}

void MainWindow::takeSnapshot(const EngineSnapshotPtr &snapshot)
{
    m_snapshot = snapshot;
    m_age.noteData();
    if (isSeen())
        showSnapshot();
}

void MainWindow::showSnapshot()
{
    m_proxyActions->showSnapshot(m_snapshot);
    m_header->showSnapshot(*m_snapshot);
    m_model.setSnapshot(m_snapshot);
    if (!m_table->selectedProvider() && m_model.rowCount() > 0)
        m_table->selectRow(0);
    m_thresholds->showSnapshot(*m_snapshot);
    m_status->showSnapshot(*m_snapshot);
    showBanners();
    showSelection();
    checkAge();

    const bool empty = m_snapshot->providers.empty();
    m_providersStack->setCurrentIndex(empty ? 1 : 0);
    m_detail->setVisible(!empty);
    m_providersHeading->setText(m_snapshot->strategy == Strategy::Health ? tr("Providers: the best score is used first")
                                                                         : tr("Providers in failover order"));
    m_noProviders->setText(tr("No provider is configured.\n\nAdd one to %1; it is used as soon as the file is saved.\n"
                              "To look around first, start Signalbox with --demo.")
                               .arg(m_snapshot->configPath));
    setWindowTitle(m_snapshot->demo ? tr("Simulated providers – Signalbox") : tr("Signalbox"));
}

void MainWindow::showBanners()
{
    const ListenerSnapshot &listener = m_snapshot->listener;
    m_listenBanner->setText(listener.state == ListenState::Failed ? listener.error : QString());
    QString config;
    if (!m_snapshot->configProblem.isEmpty())
        config = tr("The changed configuration is not in use: %1").arg(m_snapshot->configProblem);
    else if (!m_snapshot->configWarnings.isEmpty())
        config = m_snapshot->configWarnings.join(QLatin1Char('\n'));
    m_configBanner->setText(config);
}

void MainWindow::showSelection()
{
    const ProviderSnapshot *provider = m_table->selectedProvider();
    m_commands->setProvider(provider);
    m_detail->showProvider(provider, m_model.takenAt(), m_age.isStale());
}

void MainWindow::checkAge()
{
    m_age.check();
    m_status->showAge(m_age.age(), m_age.isStale());
    if (!m_age.isStale()) {
        m_staleBanner->setText({});
        return;
    }
    m_staleBanner->setText(
        tr("The engine does not answer. These are the figures of %1, %2 ago.")
            .arg(m_snapshot->takenAt.toLocalTime().toString(QStringLiteral("HH:mm:ss")), formatSpan(m_age.age())));
}

void MainWindow::showStale(bool stale)
{
    m_model.setStale(stale);
    m_header->setStale(stale);
    m_thresholds->setStale(stale);
    showSelection();
}

void MainWindow::reportFailure(const QString &reason)
{
    m_failureBanner->setText(reason);
}

void MainWindow::copyRow()
{
    if (const ProviderSnapshot *provider = m_table->selectedProvider())
        QGuiApplication::clipboard()->setText(spokenSummary(*provider, m_model.takenAt()));
}

void MainWindow::readAgain()
{
    const EngineSnapshotPtr snapshot = m_engine.snapshot();
    if (snapshot->sequence != m_snapshot->sequence)
        takeSnapshot(snapshot);
    checkAge();
}

bool MainWindow::isSeen() const
{
    return isVisible() && !isMinimized();
}

void MainWindow::followVisibility()
{
    if (!isSeen()) {
        m_ageTimer.stop();
        return;
    }
    if (!m_ageTimer.isActive())
        m_ageTimer.start();
    showSnapshot();
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

void MainWindow::closeEvent(QCloseEvent *event)
{
    QSettings().setValue(geometryKey, saveGeometry());
    // Closing again while it stops means now. An engine that does not answer cannot be waited for.
    if (m_closing || m_age.isStale() || !listens()) {
        event->accept();
        return;
    }
    event->ignore();
    if (m_snapshot->inFlight > 0)
        askToQuit();
    else
        stopAndClose();
}

void MainWindow::quit()
{
    if (m_closing || !listens())
        close();
    else
        stopAndClose();
}

bool MainWindow::listens() const
{
    return m_snapshot->listener.state == ListenState::Listening;
}

void MainWindow::askToQuit()
{
    CommandQuestion question;
    question.title = tr("Quit Signalbox?");
    question.consequence = tr("%n request(s) in flight get up to %1 s to finish, then they are cut. Tools that use the "
                              "proxy cannot reach any provider until Signalbox runs again.",
                              nullptr, m_snapshot->inFlight)
                               .arg(ProxyActions::drainTime.count());
    question.verb = tr("Quit");
    auto *dialog = new CommandDialog(question, this);
    connect(dialog, &QDialog::accepted, this, &MainWindow::stopAndClose);
    dialog->open();
}

void MainWindow::stopAndClose()
{
    m_closing = true;
    m_status->showMessage(tr("Waiting for requests in flight. Close again to cut them."));
    onAnswer(m_engine.stop(ProxyActions::drainTime), this, [this](const Status &) { close(); });
}

} // namespace signalbox
