// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/thresholdspage.h"

#include "ui/page/answer.h"
#include "ui/page/commanddialog.h"
#include "ui/page/undoable.h"
#include "ui/thresholds/draftbar.h"
#include "ui/thresholds/historydialog.h"
#include "ui/thresholds/measuredview.h"
#include "ui/thresholds/replayview.h"
#include "ui/thresholds/thresholdform.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <memory>

namespace signalbox {

namespace {

constexpr Milliseconds shadowTime { 3'600'000 };
constexpr int narrowestForm = 424;
constexpr int widestForm = 560;
constexpr int mostPoints = 600;

const ProviderSnapshot *providerNamed(const EngineSnapshot &snapshot, const QString &name)
{
    const auto found = std::find_if(snapshot.providers.begin(), snapshot.providers.end(),
                                    [&name](const ProviderSnapshot &provider) { return provider.name == name; });
    return found == snapshot.providers.end() ? nullptr : &*found;
}

/// Until when a shadow run goes on; invalid: none does.
QDateTime shadowUntil(const EngineSnapshot &snapshot)
{
    for (const ProviderSnapshot &provider : snapshot.providers) {
        if (provider.shadow)
            return provider.shadow->until;
    }
    return {};
}

} // namespace

ThresholdsPage::ThresholdsPage(Console &console, QWidget *parent)
    : Page(console, parent),
      m_feed([&engine = console.engine()](const ReplayQuery &query) { return engine.replay(query); }, this),
      m_bar(new DraftBar(console.appearance(), this)), m_policyText(new QLabel(this)),
      m_form(new ThresholdForm(console.appearance(), this)), m_view(new ReplayView(console.appearance(), this)),
      m_measured(new MeasuredView(console.engine(), console.appearance(), m_view->rangeActions(), this)),
      m_views(new QStackedWidget(this))
{
    setObjectName(QStringLiteral("thresholdsPage"));
    build();
    connectParts();
    addActions(pageActions());
}

void ThresholdsPage::build()
{
    m_policyText->setObjectName(QStringLiteral("policyText"));
    m_policyText->setWordWrap(true);
    m_policyText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(16);
    columns->addWidget(m_form);
    m_views->addWidget(scrolled(m_view));
    m_views->addWidget(scrolled(m_measured));
    columns->addWidget(m_views, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(8);
    layout->addWidget(m_bar);
    layout->addWidget(m_policyText);
    layout->addLayout(columns, 1);
}

/// Where the window is too low for the charts.
QScrollArea *ThresholdsPage::scrolled(QWidget *charts)
{
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(charts);
    return scroll;
}

void ThresholdsPage::connectParts()
{
    connect(m_bar, &DraftBar::providerChosen, this, &ThresholdsPage::setProvider);
    connect(m_bar->applyAction(), &QAction::triggered, this, &ThresholdsPage::apply);
    connect(m_bar->shadowAction(), &QAction::triggered, this, &ThresholdsPage::startShadow);
    connect(m_bar->stopShadowAction(), &QAction::triggered, this, &ThresholdsPage::stopShadow);
    connect(m_bar->revertAction(), &QAction::triggered, this, &ThresholdsPage::revert);
    connect(m_bar->historyAction(), &QAction::triggered, this, &ThresholdsPage::openHistory);
    connect(m_form, &ThresholdForm::edited, this,
            [this](const ThresholdSetting &setting, std::int64_t value) { edit(m_provider, setting, value); });
    connect(m_form, &ThresholdForm::dropped, this, [this](const ThresholdSetting &setting) {
        m_draft.drop(m_provider, setting);
        draftChanged();
    });
    connect(m_form, &ThresholdForm::groupChanged, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(m_view, &ReplayView::limitMoved, this, &ThresholdsPage::moveLimit);
    connect(m_measured, &MeasuredView::limitMoved, this, &ThresholdsPage::moveLimit);
    connect(m_measured, &MeasuredView::providerChosen, this, &ThresholdsPage::choose);
    connect(m_view, &ReplayView::rangeChosen, this, [this] {
        setSample(false);
        showMeasured();
    });
    connect(m_view, &ReplayView::sampleChosen, this, &ThresholdsPage::setSample);
    connect(m_view, &ReplayView::providerChosen, this, [this](const QString &provider) {
        this->console().selectProvider(provider);
        showPolicy();
        showShadow();
    });
    connect(&m_feed, &ReplayFeed::arrived, this, [this](const ReplayResult &result) {
        m_view->showResult(result, !m_asked.isEmpty(), m_sample);
        showPolicy();
        showShadow();
    });
    connect(&m_feed, &ReplayFeed::failed, m_view, &ReplayView::showFailure);
    connect(&m_feed, &ReplayFeed::progressChanged, m_view, &ReplayView::setWorking);
    connect(&console().engine(), &Engine::stateChanged, this, [this](const StateEvent &event) {
        if (event.kind == StateEvent::Kind::Shadow && event.provider == m_shadowOf)
            m_shadowEvents.push_back(event);
    });
    connect(&console(), &Console::seenChanged, this, [this](bool seen) {
        if (!seen)
            m_feed.cancel();
        m_askedMs = 0;
    });
}

void ThresholdsPage::goTo(const PageTarget &target)
{
    constexpr std::array groups { std::pair { "breaker", ThresholdGroup::Breaker },
                                  std::pair { "health", ThresholdGroup::Health },
                                  std::pair { "score", ThresholdGroup::Score },
                                  std::pair { "timeouts", ThresholdGroup::Timeouts } };
    for (const auto &[name, group] : groups) {
        if (target.item == QLatin1String(name))
            m_form->setGroup(group);
    }
    if (!target.provider.isEmpty())
        setProvider(target.provider);
}

bool ThresholdsPage::stepBack()
{
    return showsMeasured() ? m_measured->resetZoom() : m_view->resetZoom();
}

PageTarget ThresholdsPage::place() const
{
    PageTarget here;
    here.page = PageId::Thresholds;
    here.provider = m_provider;
    return here;
}

QList<QAction *> ThresholdsPage::pageActions() const
{
    return m_bar->draftActions() + m_view->rangeActions();
}

bool ThresholdsPage::isEditable() const
{
    return !console().age().isStale();
}

void ThresholdsPage::refresh()
{
    fitForm(); // its words are only measured right once it is shown
    if (m_base != snapshot().config) {
        m_base = snapshot().config;
        m_draft.setBase(snapshot());
        judgeDraft();
        if (!m_draft.providers().contains(m_provider))
            m_provider.clear();
        if (m_history)
            loadVersions();
    }
    m_bar->setProviders(m_draft.providers(), m_provider);
    m_view->setStale(!isEditable());
    m_measured->setStale(!isEditable());
    m_views->setCurrentIndex(showsMeasured() ? 1 : 0);
    if (m_view->provider().isEmpty() && !m_draft.providers().isEmpty())
        m_view->choose(m_provider.isEmpty() ? m_draft.providers().front() : m_provider);
    console().selectProvider(m_view->provider());
    showDraft();
    showShadow();
    if (showsMeasured())
        showMeasured();
    else
        askIfDue();
}

bool ThresholdsPage::showsMeasured() const
{
    return MeasuredView::shows(m_form->group());
}

QString ThresholdsPage::shownProvider() const
{
    const QStringList &all = m_draft.providers();
    if (all.contains(m_view->provider()))
        return m_view->provider();
    return m_provider.isEmpty() && !all.isEmpty() ? all.front() : m_provider;
}

void ThresholdsPage::showMeasured()
{
    if (!isVisible() || !showsMeasured() || shownProvider().isEmpty())
        return;
    m_measured->setProviders(m_draft.providers(), shownProvider());
    m_measured->showTime(snapshot().takenAt.toMSecsSinceEpoch(), m_view->rangeMs(), m_view->refreshMs());
}

/// In the charts.
void ThresholdsPage::choose(const QString &provider)
{
    m_view->choose(provider);
    refresh();
}

void ThresholdsPage::setProvider(const QString &provider)
{
    m_provider = provider;
    if (!provider.isEmpty()) {
        if (m_sample)
            setSample(false); // it knows nothing of this one
        m_view->choose(provider);
    }
    if (isVisible())
        refresh();
}

void ThresholdsPage::edit(const QString &provider, const ThresholdSetting &setting, std::int64_t value)
{
    m_draft.set(provider, setting, value);
    draftChanged();
}

/// The line in the chart is that of the provider shown there: its own value, or what it goes by.
void ThresholdsPage::moveLimit(const ThresholdSetting &setting, std::int64_t value)
{
    const QString shown = shownProvider();
    const bool own = m_provider == shown || m_draft.isOwn(shown, setting);
    const QString place = own ? shown : QString();
    if (place != m_provider)
        setProvider(place);
    edit(place, setting, value);
}

void ThresholdsPage::judgeDraft()
{
    m_error = firstError();
    m_policy = m_draft.policy();
}

void ThresholdsPage::draftChanged()
{
    judgeDraft();
    showDraft();
    if (wantedPolicy() != m_asked)
        askReplay();
}

void ThresholdsPage::showDraft()
{
    const ThresholdValues drafted = m_draft.drafted(m_provider);
    m_form->showDraft(m_draft, m_provider, problemsOf(drafted), isEditable());
    m_policyText->setText(policyText(m_form->group(), drafted));
    showBar();
    showPolicy();
}

void ThresholdsPage::showBar()
{
    DraftBar::State state;
    state.changes = m_draft.count();
    state.problem = m_error;
    if (m_error.isEmpty() && m_draft.changesSimulated())
        state.problem = tr("A simulated provider has no place in the file: try it as a shadow instead.");
    state.canShadow = m_error.isEmpty() && !m_policy.isEmpty();
    state.shadowRuns = shadowUntil(snapshot()).isValid();
    state.editable = isEditable();
    state.waiting = m_waiting;
    m_bar->showState(state);
}

void ThresholdsPage::showPolicy()
{
    const QString shown = shownProvider();
    m_view->setUntried(m_draft.changesMoreThanBreakers());
    const ThresholdValues active = m_draft.active(shown);
    const ThresholdValues drafted = m_draft.drafted(shown);
    m_view->showLimits(active, drafted, isEditable());
    m_measured->setGroup(m_form->group());
    m_measured->showLimits(active, drafted, isEditable());
}

QString ThresholdsPage::firstError() const
{
    if (m_draft.isEmpty())
        return {}; // what is in force was checked
    for (const QString &provider : QStringList { QString() } + m_draft.providers()) {
        for (const ThresholdProblem &problem : problemsOf(m_draft.drafted(provider))) {
            if (!problem.isError)
                continue;
            const QString text = QStringLiteral("%1: %2").arg(problem.setting->label, problem.text);
            return provider.isEmpty() ? text : QStringLiteral("%1, %2").arg(provider, text);
        }
    }
    return {};
}

/// What the draft would protect less than what is in force, each once.
QStringList ThresholdsPage::newWarnings() const
{
    QStringList texts;
    for (const QString &provider : QStringList { QString() } + m_draft.providers()) {
        const std::vector<ThresholdProblem> before = problemsOf(m_draft.active(provider));
        for (const ThresholdProblem &problem : problemsOf(m_draft.drafted(provider))) {
            const bool known = std::find(before.begin(), before.end(), problem) != before.end();
            const QString text = QStringLiteral("%1: %2").arg(problem.setting->label, problem.text);
            if (!problem.isError && !known && !texts.contains(text))
                texts.append(text);
        }
    }
    return texts;
}

PolicyDraft ThresholdsPage::wantedPolicy() const
{
    if (!m_error.isEmpty())
        return {};
    if (!m_sample)
        return m_policy;
    PolicyDraft draft;
    if (const BreakerSettings wanted = m_draft.drafted({}).breaker; wanted != m_draft.active({}).breaker)
        draft.all = wanted;
    return draft;
}

void ThresholdsPage::askReplay()
{
    m_asked = wantedPolicy();
    m_askedMs = QDateTime::currentMSecsSinceEpoch();
    m_feed.ask(m_asked, m_view->rangeMs(), mostPoints, m_sample);
}

void ThresholdsPage::setSample(bool sample)
{
    m_sample = sample;
    askReplay();
}

void ThresholdsPage::askIfDue()
{
    const bool due = m_askedMs == 0 || QDateTime::currentMSecsSinceEpoch() - m_askedMs >= m_view->refreshMs();
    if ((due && !m_feed.isBusy()) || wantedPolicy() != m_asked)
        askReplay();
}

void ThresholdsPage::showShadow()
{
    const QDateTime until = shadowUntil(snapshot());
    const ProviderSnapshot *shown = providerNamed(snapshot(), m_view->provider());
    const bool runs = shown && shown->shadow;
    if (!runs) {
        m_shadowOf.clear();
        m_shadowEvents.clear();
    } else if (m_shadowOf != shown->name) {
        m_shadowOf = shown->name;
        askShadowEvents(shown->shadow->since);
    }
    m_view->showShadow(runs ? shown->shadow : std::nullopt, m_shadowEvents, until);
}

void ThresholdsPage::askShadowEvents(const QDateTime &since)
{
    m_shadowEvents.clear();
    EventQuery query;
    query.kind = StateEvent::Kind::Shadow;
    query.provider = m_shadowOf;
    query.since = since.addSecs(-1);
    query.limit = largestPage;
    onAnswer(console().engine().events(query), this, [this, generation = ++m_shadowGeneration](const EventPage &page) {
        if (generation != m_shadowGeneration)
            return;
        m_shadowEvents.assign(page.events.rbegin(), page.events.rend());
        showShadow();
    });
}

void ThresholdsPage::apply()
{
    m_form->finishTyping();
    const QStringList warnings = newWarnings();
    if (warnings.isEmpty()) {
        applyNow();
        return;
    }
    CommandQuestion question;
    question.title = tr("Apply limits that hardly protect?");
    question.consequence = warnings.join(QLatin1Char('\n'));
    question.verb = tr("Apply anyway");
    auto *dialog = new CommandDialog(question, this);
    connect(dialog, &QDialog::accepted, this, &ThresholdsPage::applyNow);
    dialog->open();
}

void ThresholdsPage::applyNow()
{
    const QStringList texts = m_draft.texts();
    const QString what =
        texts.size() == 1 ? texts.front() : tr("%n thresholds", nullptr, static_cast<int>(texts.size()));
    UndoableChange change;
    change.text = what;
    change.make = [edits = m_draft.edits()](Engine &engine) { return engine.applyEdits(edits); };
    change.takeBack = [edits = m_draft.inverseEdits()](Engine &engine) { return engine.applyEdits(edits); };
    m_waiting = true;
    showDraft();
    makeUndoable(console(), change, [page = QPointer(this), &console = console(), what](const Status &status) {
        if (status)
            console.tell(tr("Applied: %1").arg(what));
        else
            console.reportFailure(tr("“%1” was not applied: %2").arg(what, status.error().reason));
        console.refresh(); // what was applied is in force, and no change any more
        if (!page)
            return;
        page->m_waiting = false;
        page->refresh();
    });
}

void ThresholdsPage::startShadow()
{
    onAnswer(console().engine().startShadow(m_policy, shadowTime), this, [this](const Status &status) {
        if (status)
            console().tell(tr("The draft runs as a shadow for 1 h: it decides nothing."));
        else
            console().reportFailure(tr("The shadow run did not start: %1").arg(status.error().reason));
        m_shadowOf.clear(); // of a run before
        console().refresh();
        refresh();
    });
}

void ThresholdsPage::stopShadow()
{
    onAnswer(console().engine().stopShadow(), this, [this](const Status &status) {
        if (!status)
            console().reportFailure(tr("The shadow run did not stop: %1").arg(status.error().reason));
        console().refresh();
        refresh();
    });
}

void ThresholdsPage::revert()
{
    m_draft.revert();
    draftChanged();
}

void ThresholdsPage::openHistory()
{
    m_history = new HistoryDialog(console().appearance(), this);
    connect(m_history, &QObject::destroyed, this, [this] { m_history = nullptr; });
    connect(m_history, &HistoryDialog::restoreRequested, this, &ThresholdsPage::restore);
    loadVersions();
    m_history->open();
}

void ThresholdsPage::loadVersions()
{
    onAnswer(console().engine().configVersions(), m_history,
             [dialog = m_history](std::vector<ConfigVersion> versions) { dialog->showVersions(std::move(versions)); });
}

void ThresholdsPage::restore(quint64 version)
{
    // What was there before the restoring is a version too. Until that is known, no other change can be newer.
    auto before = std::make_shared<std::uint64_t>(0);
    const UndoableChange change {
        tr("restore the configuration"), [version](Engine &engine) { return engine.restoreConfig(version); },
        [before](Engine &engine) { return *before == 0 ? engine.undoConfig() : engine.restoreConfig(*before); }
    };
    makeUndoable(console(), change, [page = QPointer(this), &console = console(), before](const Status &status) {
        if (status)
            console.tell(tr("The configuration was restored."));
        else
            console.reportFailure(tr("The configuration was not restored: %1").arg(status.error().reason));
        onAnswer(console.engine().configVersions(), &console, [before](const std::vector<ConfigVersion> &versions) {
            *before = versions.empty() ? 0 : versions.front().id;
        });
        console.refresh();
        if (!page)
            return;
        if (page->m_history)
            page->loadVersions();
        page->refresh();
    });
}

void ThresholdsPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    m_feed.cancel();
    m_askedMs = 0;
}

void ThresholdsPage::fitForm()
{
    m_form->setFixedWidth(std::max(m_form->leastWidth(), std::clamp(width() * 2 / 5, narrowestForm, widestForm)));
}

void ThresholdsPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    fitForm();
}

} // namespace signalbox
