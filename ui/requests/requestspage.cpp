// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestspage.h"

#include "ui/page/answer.h"
#include "ui/page/preferences.h"
#include "ui/requests/filterbar.h"
#include "ui/requests/requestactions.h"
#include "ui/requests/requestinspector.h"
#include "ui/requests/requesttable.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"

#include <QAction>
#include <QFocusEvent>
#include <QFrame>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace signalbox {

namespace {

const QString inspectorShownKey = QStringLiteral("requests/inspector");
const QString inspectorRightKey = QStringLiteral("requests/inspectorRight");
const QString healthChecksKey = QStringLiteral("requests/healthChecks");
constexpr int valueSample = 500; ///< requests that completions are taken from
/// Around a request that is looked for by its number.
constexpr qint64 aroundSeconds = 300;
/// Below the list, while all it has to say is how to use it.
constexpr int unusedInspectorHeight = 48;

} // namespace

RequestsPage::RequestsPage(Console &console, QWidget *parent)
    : Page(console, parent), m_feed(console.engine(), console.requests()),
      m_filter(new FilterBar(console.appearance(), this)), m_splitter(new QSplitter(this))
{
    setObjectName(QStringLiteral("requestsPage"));
    m_splitter->setObjectName(QStringLiteral("requestsSplitter"));
    m_splitter->addWidget(buildList());
    m_inspector = new RequestInspector(console.engine(), console.appearance(), m_splitter);
    m_splitter->addWidget(m_inspector);
    m_splitter->setCollapsible(0, false);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    m_requestActions = new RequestActions(console, *m_table, *m_inspector, this);
    buildActions();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    layout->addWidget(m_filter);
    layout->addWidget(m_splitter, 1);
    layout->addLayout(buildFooter());
    m_filter->setKnownValues([this](const QString &key) { return knownValues(key); });
    m_table->setContextMenu(m_requestActions->contextMenu());
    connectParts();

    const QSettings settings;
    m_inspectorRightAction->setChecked(settings.value(inspectorRightKey, false).toBool());
    placeInspector(m_inspectorRightAction->isChecked());
    m_inspectorAction->setChecked(settings.value(inspectorShownKey, true).toBool());
    m_inspector->setVisible(m_inspectorAction->isChecked());
    showFooter();
}

RequestsPage::~RequestsPage() = default;

// Building

QWidget *RequestsPage::buildList()
{
    auto *part = new QWidget(m_splitter);
    m_table = new RequestTable(model(), console().appearance(), part);
    auto *empty = new QWidget(part);
    empty->setBackgroundRole(QPalette::AlternateBase);
    empty->setAutoFillBackground(true);
    m_empty = new QLabel(empty);
    m_empty->setObjectName(QStringLiteral("requestsEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_clear = new QPushButton(tr("Clear filter"), empty);
    m_clear->setObjectName(QStringLiteral("clearFilter"));
    auto *emptyLayout = new QVBoxLayout(empty);
    emptyLayout->addStretch(1);
    emptyLayout->addWidget(m_empty);
    emptyLayout->addWidget(m_clear, 0, Qt::AlignCenter);
    emptyLayout->addStretch(1);
    m_stack = new QStackedWidget(part);
    m_stack->addWidget(m_table);
    m_stack->addWidget(empty);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildFrozenBar());
    layout->addWidget(m_stack, 1);
    return part;
}

QWidget *RequestsPage::buildFrozenBar()
{
    m_frozenBar = new QFrame(this);
    m_frozenBar->setObjectName(QStringLiteral("frozenBar"));
    m_frozenBar->setAutoFillBackground(true);
    m_frozenText = new QLabel(m_frozenBar);
    m_frozenText->setObjectName(QStringLiteral("frozenText"));
    auto *go = new QPushButton(tr("Continue"), m_frozenBar);
    go->setObjectName(QStringLiteral("continueList"));
    connect(go, &QPushButton::clicked, this, [this] { setFrozen(false); });
    auto *layout = new QHBoxLayout(m_frozenBar);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(8);
    layout->addWidget(m_frozenText, 1);
    layout->addWidget(go);
    m_frozenBar->hide();
    return m_frozenBar;
}

QToolButton *RequestsPage::footerButton(const QString &objectName)
{
    auto *button = new QToolButton(this);
    button->setObjectName(objectName);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setMinimumHeight(24);
    return button;
}

QLayout *RequestsPage::buildFooter()
{
    m_count = new QLabel(this);
    m_count->setObjectName(QStringLiteral("requestCount"));
    m_older = footerButton(QStringLiteral("loadOlder"));
    connect(m_older, &QToolButton::clicked, &m_feed, &RequestFeed::loadOlder);
    m_newest = footerButton(QStringLiteral("showNewest"));
    connect(m_newest, &QToolButton::clicked, m_followAction, &QAction::trigger);
    QToolButton *freeze = footerButton(QStringLiteral("freezeList"));
    freeze->setDefaultAction(m_freezeAction);
    QToolButton *healthChecks = footerButton(QStringLiteral("toggleHealthChecks"));
    healthChecks->setDefaultAction(m_healthChecksAction);
    QToolButton *columns = footerButton(QStringLiteral("columns"));
    columns->setText(tr("Columns"));
    columns->setAccessibleName(tr("Columns of the list"));
    columns->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(columns);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        m_table->addColumnActions(menu);
    });
    columns->setMenu(menu);
    QToolButton *inspector = footerButton(QStringLiteral("toggleInspector"));
    inspector->setDefaultAction(m_inspectorAction);
    auto *layout = new QHBoxLayout;
    layout->setSpacing(8);
    layout->addWidget(m_count);
    layout->addWidget(m_older);
    layout->addStretch(1);
    layout->addWidget(m_newest);
    layout->addWidget(freeze);
    layout->addWidget(healthChecks);
    layout->addWidget(columns);
    layout->addWidget(inspector);
    return layout;
}

QAction *RequestsPage::makeAction(const QString &text, const QString &objectName, const QKeySequence &shortcut)
{
    auto *action = new QAction(text, this);
    action->setObjectName(objectName);
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(action);
    return action;
}

void RequestsPage::buildActions()
{
    m_filterAction = makeAction(tr("&Filter requests"), QStringLiteral("focusFilter"), QKeySequence::Find);
    m_filterAction->setShortcuts({ QKeySequence(QKeySequence::Find), QKeySequence(Qt::Key_Slash) });
    connect(m_filterAction, &QAction::triggered, m_filter, &FilterBar::focusFilter);
    m_inspectorAction = makeAction(tr("&Inspector"), QStringLiteral("showInspector"), QKeySequence(Qt::Key_F9));
    m_inspectorAction->setCheckable(true);
    m_inspectorRightAction = makeAction(tr("Inspector at the &right"), QStringLiteral("inspectorRight"), {});
    m_inspectorRightAction->setCheckable(true);
    m_healthChecksAction = makeAction(tr("Show &probes"), QStringLiteral("showHealthChecks"), {});
    m_healthChecksAction->setCheckable(true);
    m_healthChecksAction->setChecked(QSettings().value(healthChecksKey, false).toBool());
    m_healthChecksAction->setToolTip(tr("The engine's own health checks of providers, among the requests"));
    // Keys that mean something else in a text are only for the table.
    m_freezeAction = makeAction(tr("Free&ze list (requests still pass)"), QStringLiteral("freezeRequests"),
                                QKeySequence(Qt::Key_Space));
    m_freezeAction->setCheckable(true);
    m_followAction = makeAction(tr("Follow the &newest"), QStringLiteral("followNewest"), QKeySequence(Qt::Key_End));
    for (QAction *action : { m_freezeAction, m_followAction }) {
        action->setShortcutContext(Qt::WidgetShortcut);
        m_table->addAction(action);
    }
}

void RequestsPage::connectParts()
{
    connect(m_filter, &FilterBar::choiceChanged, this, &RequestsPage::applyChoice);
    connect(&console().preferences(), &Preferences::changed, this, &RequestsPage::applyChoice);
    connect(m_healthChecksAction, &QAction::toggled, this, [this](bool shown) {
        QSettings().setValue(healthChecksKey, shown);
        applyChoice();
    });
    sift();
    connect(m_clear, &QPushButton::clicked, this, [this] {
        m_filter->clear();
        m_table->setFocus(Qt::OtherFocusReason);
    });
    connect(m_freezeAction, &QAction::triggered, this, &RequestsPage::setFrozen);
    connect(m_followAction, &QAction::triggered, this, [this] {
        setFrozen(false);
        m_table->setFollowing(true);
    });
    connect(m_inspectorAction, &QAction::toggled, this, [this](bool shown) {
        m_inspector->setVisible(shown);
        QSettings().setValue(inspectorShownKey, shown);
        showSelection();
    });
    connect(m_inspectorRightAction, &QAction::toggled, this, [this](bool right) {
        placeInspector(right);
        QSettings().setValue(inspectorRightKey, right);
    });
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        if (m_inspectorUsed)
            QSettings().setValue(sizesKey(), QVariant::fromValue(m_splitter->sizes()));
    });
    connect(m_table, &RequestTable::selectedRequestChanged, this, &RequestsPage::showSelection);
    connect(m_table, &RequestTable::clicked, this, &RequestsPage::makeRoomForInspector);
    connect(m_table, &RequestTable::detailsRequested, this, &RequestsPage::openInspector);
    connect(m_table, &RequestTable::followingChanged, this, &RequestsPage::showFooter);
    connect(m_table, &RequestTable::topReached, &m_feed, &RequestFeed::loadOlder);
    connect(m_inspector, &RequestInspector::cancelRequested, m_requestActions, &RequestActions::cancel);
    connect(&m_feed, &RequestFeed::stateChanged, this, &RequestsPage::showFooter);
    connect(&m_feed, &RequestFeed::heldChanged, this, &RequestsPage::showFrozen);
    connect(&model(), &QAbstractItemModel::rowsInserted, this, &RequestsPage::showFooter);
    connect(&model(), &QAbstractItemModel::rowsRemoved, this, &RequestsPage::showFooter);
    connect(&model(), &RequestModel::sifted, this, &RequestsPage::showFooter);
    connect(&model(), &RequestModel::sifted, this, &RequestsPage::selectPending);
    connect(&model(), &QAbstractItemModel::rowsInserted, this, &RequestsPage::selectPending);
    connect(&console(), &Console::seenChanged, this, [this](bool seen) { m_feed.setActive(seen && isVisible()); });
}

// Showing

void RequestsPage::refresh()
{
    m_feed.setActive(true);
    makeRoomForInspector();
    if (!m_feed.isFrozen())
        model().setInFlight(snapshot().inFlightRequests);
    if (const InFlightRequest *flight = model().inFlight(m_table->selectedRow()); flight && m_inspector->isVisible())
        m_inspector->setInFlight(*flight);
    QPalette bar = console().appearance().theme().palette();
    bar.setColor(QPalette::Window, console().appearance().theme().tintProbing);
    m_frozenBar->setPalette(bar);
    showFooter();
}

void RequestsPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    m_feed.setActive(false);
}

/// Not by a focus proxy: Tab would come to the list past the filter, and not go on while the list is hidden.
void RequestsPage::focusInEvent(QFocusEvent *event)
{
    if (m_table->isVisible())
        m_table->setFocus(event->reason());
}

void RequestsPage::sift()
{
    RequestChoice choice = m_filter->choice();
    choice.ownTraffic = console().preferences().showOwnTraffic();
    choice.healthChecks = m_healthChecksAction->isChecked();
    model().setChoice(choice);
}

void RequestsPage::applyChoice()
{
    sift();
    showFooter();
}

void RequestsPage::showFooter()
{
    const int checks = model().healthCheckCount();
    const QString shown = formatCount(static_cast<std::uint64_t>(model().finishedCount() - checks));
    QString text = m_filter->isClear() ? tr("%1 requests").arg(formatCount(model().total()))
                                       : tr("%1 of %2").arg(shown, formatCount(model().total()));
    const int flights = model().rowCount() - model().finishedCount();
    if (flights > 0)
        text += tr(" · %n in flight", nullptr, flights);
    if (checks > 0)
        text += tr(" · %n health check(s)", nullptr, checks);
    if (model().isSifting())
        text += tr(" · filtering…");
    if (!m_feed.problem().isEmpty())
        text += QStringLiteral(" · ") + m_feed.problem();
    m_count->setText(text);
    m_older->setText(m_feed.isLoading() ? tr("Loading older…") : tr("Load older"));
    m_older->setEnabled(!m_feed.isLoading());
    m_older->setVisible(m_feed.mayHaveOlder());
    const int fresh = m_table->newCount();
    m_newest->setVisible(!m_table->isFollowing());
    m_newest->setText(fresh > 0 ? tr("▼ %1 new").arg(formatCount(static_cast<std::uint64_t>(fresh))) : tr("▼ Newest"));
    m_newest->setAccessibleName(tr("Follow the newest requests, %n new", nullptr, fresh));
    m_newest->setToolTip(tr("Follow the newest requests (End)"));
    m_requestActions->update();
    showEmptyState();
}

void RequestsPage::showEmptyState()
{
    const bool empty = model().rowCount() == 0 && !m_feed.isStarting() && !model().isSifting();
    m_stack->setCurrentIndex(empty ? 1 : 0);
    if (!empty && hasFocus()) // it came while there was no list to give it to
        m_table->setFocus(Qt::OtherFocusReason);
    if (!empty)
        return;
    const bool clear = m_filter->isClear();
    m_clear->setVisible(!clear);
    if (!clear) {
        m_empty->setText(tr("No requests match. %1 hidden.").arg(formatCount(model().total())));
        return;
    }
    const ListenerSnapshot &listener = snapshot().listener;
    m_empty->setText(listener.state == ListenState::Listening
                         ? tr("No requests yet. They appear here as soon as a tool uses %1.").arg(listener.url)
                         : tr("No requests yet. The proxy is not listening."));
}

void RequestsPage::showFrozen()
{
    m_freezeAction->setChecked(m_feed.isFrozen());
    m_frozenBar->setVisible(m_feed.isFrozen());
    m_frozenText->setText(tr("The list is frozen; requests still pass. %1 ended since %2.")
                              .arg(formatCount(m_feed.held()), m_frozenAt.toString(QStringLiteral("HH:mm:ss"))));
}

void RequestsPage::setFrozen(bool frozen)
{
    if (frozen && !m_feed.isFrozen())
        m_frozenAt = console().snapshot()->takenAt.toLocalTime();
    m_feed.setFrozen(frozen);
    showFrozen();
    if (!frozen)
        model().setInFlight(snapshot().inFlightRequests);
}

void RequestsPage::showSelection()
{
    m_requestActions->update();
    if (!m_inspectorAction->isChecked())
        return;
    const int row = m_table->selectedRow();
    makeRoomForInspector();
    if (const RequestModel::RequestPtr request = model().request(row))
        m_inspector->setRequest(request);
    else if (const InFlightRequest *flight = model().inFlight(row))
        m_inspector->setInFlight(*flight);
    else
        m_inspector->clear();
}

void RequestsPage::openInspector()
{
    m_inspectorAction->setChecked(true);
    m_inspector->takeFocus();
}

void RequestsPage::placeInspector(bool atTheRight)
{
    m_splitter->setOrientation(atTheRight ? Qt::Horizontal : Qt::Vertical);
    const bool small = !atTheRight && !m_inspectorUsed;
    m_inspector->setMaximumHeight(small ? unusedInspectorHeight : QWIDGETSIZE_MAX);
    const int all = atTheRight ? m_splitter->width() : m_splitter->height();
    const auto chosen = QSettings().value(sizesKey()).value<QList<int>>();
    if (small)
        m_splitter->setSizes({ all - unusedInspectorHeight, unusedInspectorHeight });
    else if (chosen.size() == m_splitter->count())
        m_splitter->setSizes(chosen);
    else
        m_splitter->setSizes({ all / 2, all - all / 2 });
}

QString RequestsPage::sizesKey() const
{
    return m_splitter->orientation() == Qt::Vertical ? QStringLiteral("requests/sizesBelow")
                                                     : QStringLiteral("requests/sizesBeside");
}

/// The list has the page to itself until the first request is chosen. Rows do not move below a pressed mouse button.
void RequestsPage::makeRoomForInspector()
{
    if (m_inspectorUsed || m_table->selectedRow() < 0 || QGuiApplication::mouseButtons() != Qt::NoButton)
        return;
    m_inspectorUsed = true;
    placeInspector(m_inspectorRightAction->isChecked());
    m_table->showSelected();
}

// Going somewhere

void RequestsPage::goTo(const PageTarget &target)
{
    if (target.since || target.until)
        m_filter->setRange(target.since, target.until);
    if (!target.filter.isEmpty())
        m_filter->setText(target.filter);
    if (target.request)
        findRequest(*target.request);
}

void RequestsPage::findRequest(std::uint64_t sequence)
{
    m_pending = sequence;
    selectPending();
    if (!m_pending)
        return;
    RequestQuery query;
    query.beforeSequence = sequence + 1;
    query.limit = 1;
    onAnswer(console().engine().requests(query), this, [this, sequence](const RequestPage &page) {
        if (m_pending != sequence)
            return;
        if (page.requests.empty() || page.requests.front().sequence != sequence) {
            m_pending.reset();
            console().tell(tr("Request %1 is not recorded any more.").arg(sequence));
            return;
        }
        const QDateTime at = page.requests.front().at;
        m_filter->clear();
        if (m_pending && at < console().snapshot()->takenAt.addSecs(-aroundSeconds))
            m_filter->setRange(at.addSecs(-aroundSeconds), at.addSecs(aroundSeconds));
    });
}

void RequestsPage::selectPending()
{
    if (!m_pending)
        return;
    const int row = model().rowOf(*m_pending);
    if (row < 0)
        return;
    m_pending.reset();
    m_table->selectRequest(row);
}

bool RequestsPage::stepBack()
{
    if (!m_filter->isClear()) {
        m_filter->clear();
        return true;
    }
    if (m_feed.isFrozen() || !m_table->isFollowing()) {
        m_followAction->trigger();
        return true;
    }
    return false;
}

PageTarget RequestsPage::place() const
{
    PageTarget target;
    target.page = PageId::Requests;
    target.filter = m_filter->text();
    target.since = m_filter->choice().since;
    target.until = m_filter->choice().until;
    if (const RequestModel::RequestPtr request = model().request(m_table->selectedRow());
        request && !request->healthCheck)
        target.request = request->sequence;
    return target;
}

QList<QAction *> RequestsPage::pageActions() const
{
    return QList<QAction *> { m_filterAction,       m_freezeAction,    m_followAction,
                              m_healthChecksAction, m_inspectorAction, m_inspectorRightAction } +
        m_requestActions->all();
}

QStringList RequestsPage::knownValues(const QString &key) const
{
    QStringList values;
    const auto take = [&values](const QString &value) {
        if (!value.isEmpty() && !values.contains(value))
            values.append(value);
    };
    if (key == QLatin1String("provider")) {
        for (const ProviderSnapshot &provider : snapshot().providers)
            take(provider.name);
        return values;
    }
    for (int row = model().finishedCount() - 1, left = valueSample; row >= 0 && left > 0; --row, --left) {
        const RequestEvent &event = *model().request(row);
        if (key == QLatin1String("model"))
            take(QString::fromUtf8(event.model));
        else if (key == QLatin1String("client"))
            take(QString::fromUtf8(event.userAgent));
        else if (key == QLatin1String("endpoint"))
            take(QString::fromLatin1(event.endpoint));
        else if (key == QLatin1String("path"))
            take(QString::fromUtf8(event.path));
        else if (key == QLatin1String("reason") && !event.attempts.empty())
            take(event.attempts.back().reason);
        else if (key == QLatin1String("session"))
            take(QString::fromLatin1(event.session));
    }
    return values;
}

} // namespace signalbox
