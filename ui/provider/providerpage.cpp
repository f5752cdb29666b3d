// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/providerpage.h"

#include "ui/page/providercommands.h"
#include "ui/provider/comparison.h"
#include "ui/provider/providercharts.h"
#include "ui/provider/providerheader.h"
#include "ui/provider/recentrequests.h"
#include "ui/provider/scorebreakdown.h"
#include "ui/provider/viewbar.h"

#include <QAction>
#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int widestSide = 520;
constexpr int narrowestSide = 320;
constexpr qsizetype mostPeers = 4;

} // namespace

ProviderPage::ProviderPage(Console &console, QWidget *parent) : Page(console, parent), m_feed(console.engine())
{
    setObjectName(QStringLiteral("providerPage"));
    build();
    buildActions();
    connectParts();
}

void ProviderPage::build()
{
    const Appearance &appearance = console().appearance();
    m_stack = new QStackedWidget(this);
    m_none = new QLabel(tr("No provider is configured yet."), m_stack);
    m_none->setAlignment(Qt::AlignCenter);
    m_content = new QWidget(m_stack);
    m_stack->addWidget(m_none);
    m_stack->addWidget(m_content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);

    m_header = new ProviderHeader(console().commands(), appearance, m_content);
    m_bar = new ViewBar(m_content);
    m_breakdown = new ScoreBreakdown(appearance, m_content);
    m_requests = new RecentRequests(console().engine(), appearance, m_content);
    m_views = new QStackedWidget(m_content);
    m_charts = new ProviderCharts(appearance, m_views);
    m_comparison = new Comparison(console().engine(), appearance, m_views);
    m_views->addWidget(m_charts);
    m_views->addWidget(m_comparison);

    auto *side = new QVBoxLayout;
    side->setSpacing(8);
    side->addWidget(m_breakdown);
    side->addWidget(m_requests, 1);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(8);
    columns->addLayout(side);
    auto *main = new QVBoxLayout;
    main->setSpacing(8);
    main->addWidget(m_bar->pausedBar());
    main->addWidget(m_views, 1);
    columns->addLayout(main, 1);
    auto *layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(8);
    layout->addWidget(m_header);
    layout->addWidget(m_bar);
    layout->addLayout(columns, 1);
}

void ProviderPage::buildActions()
{
    const auto add = [this](const QString &text, const QString &objectName, const QKeySequence &key, int by) {
        auto *action = new QAction(text, this);
        action->setObjectName(objectName);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, [this, by] { stepProvider(by); });
        m_actions.append(action);
    };
    add(tr("&Previous provider"), QStringLiteral("previousProvider"), Qt::ALT | Qt::Key_PageUp, -1);
    add(tr("&Next provider"), QStringLiteral("nextProvider"), Qt::ALT | Qt::Key_PageDown, 1);
    m_actions += m_bar->viewActions();
    addActions(m_actions);
}

void ProviderPage::connectParts()
{
    connect(m_header, &ProviderHeader::picked, this, &ProviderPage::showProvider);
    connect(m_bar, &ViewBar::rangeChosen, this, &ProviderPage::setRange);
    connect(m_bar, &ViewBar::latencyChosen, this, [this] {
        m_charts->setLatency(m_bar->latency());
        m_comparison->setLatency(m_bar->latency());
    });
    connect(m_bar, &ViewBar::axisChosen, this, [this] {
        m_charts->setLogarithmic(m_bar->isLogarithmic());
        m_comparison->setLogarithmic(m_bar->isLogarithmic());
    });
    connect(m_bar, &ViewBar::backToLive, this, &ProviderPage::goLive);
    connect(m_bar, &ViewBar::showRequests, this, [this] { openRequests(std::nullopt); });
    connect(m_bar, &ViewBar::peersChosen, this, &ProviderPage::compareWith);
    connect(m_breakdown, &ScoreBreakdown::factorPointed, m_charts, &ProviderCharts::pointAt);
    connect(m_requests, &RecentRequests::openRequested, this, &ProviderPage::openRequests);
    connect(&m_feed, &ProviderFeed::arrived, this, &ProviderPage::takeHistory);
    for (const ChartGroup *group : { &m_charts->group(), &m_comparison->group() }) {
        connect(group, &ChartGroup::selected, this, &ProviderPage::pause);
        connect(group, &ChartGroup::resetRequested, this, &ProviderPage::goLive);
    }
}

std::int64_t ProviderPage::nowMs() const
{
    return snapshot().takenAt.toMSecsSinceEpoch();
}

const ProviderSnapshot *ProviderPage::provider() const
{
    const auto &all = snapshot().providers;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [this](const ProviderSnapshot &provider) { return provider.name == m_name; });
    return found == all.end() ? nullptr : &*found;
}

void ProviderPage::goTo(const PageTarget &target)
{
    const QString wanted = !target.provider.isEmpty() ? target.provider
        : provider()                                  ? m_name
                                                      : console().selectedProvider();
    m_name = wanted;
    m_peers = target.item.split(QLatin1Char(','), Qt::SkipEmptyParts);
    if (target.since && target.until)
        m_window.pause({ target.since->toMSecsSinceEpoch(), target.until->toMSecsSinceEpoch() }, nowMs());
    else
        m_window.goLive();
    askAgain();
}

PageTarget ProviderPage::place() const
{
    PageTarget target;
    target.page = PageId::Provider;
    target.provider = m_name;
    target.item = m_peers.join(QLatin1Char(','));
    if (!m_window.isLive()) {
        const TimeSpan span = m_window.spanAt(0);
        target.since = QDateTime::fromMSecsSinceEpoch(span.sinceMs, Qt::UTC);
        target.until = QDateTime::fromMSecsSinceEpoch(span.untilMs, Qt::UTC);
    }
    return target;
}

bool ProviderPage::stepBack()
{
    if (!m_window.isLive()) {
        goLive();
        return true;
    }
    if (!m_peers.isEmpty()) {
        compareWith({});
        return true;
    }
    return m_breakdown->clearChoice();
}

QList<QAction *> ProviderPage::pageActions() const
{
    return m_actions;
}

void ProviderPage::showProvider(const QString &name)
{
    m_name = name;
    m_peers.removeAll(name);
    askAgain();
}

void ProviderPage::stepProvider(int by)
{
    const auto &all = snapshot().providers;
    const auto count = static_cast<int>(all.size());
    if (count == 0)
        return;
    const int at = static_cast<int>(
        std::find_if(all.begin(), all.end(), [this](const ProviderSnapshot &p) { return p.name == m_name; }) -
        all.begin());
    showProvider(all[static_cast<std::size_t>((at % count + by + count) % count)].name);
}

void ProviderPage::setRange(std::size_t index)
{
    m_window.setRange(index);
    askAgain();
}

void ProviderPage::pause(const TimeSpan &span)
{
    m_window.pause(span, nowMs());
    askAgain();
}

void ProviderPage::goLive()
{
    m_window.goLive();
    askAgain();
}

void ProviderPage::compareWith(const QStringList &peers)
{
    m_peers = peers.first(std::min(peers.size(), mostPeers));
    askAgain();
}

void ProviderPage::openRequests(std::optional<std::uint64_t> sequence)
{
    PageTarget target;
    target.page = PageId::Requests;
    target.filter = filterFor(m_name);
    target.request = sequence;
    if (!m_window.isLive()) {
        target.since = place().since;
        target.until = place().until;
    }
    console().open(target);
}

void ProviderPage::askAgain()
{
    m_feed.cancel();
    m_askedMs.reset();
    if (isVisible())
        refresh();
}

void ProviderPage::refresh()
{
    const auto &all = snapshot().providers;
    m_stack->setCurrentWidget(all.empty() ? m_none : m_content);
    if (all.empty())
        return;
    if (!provider())
        m_name = all.front().name; // it is gone, or none was named
    const ProviderSnapshot &shown = *provider();
    const bool stale = console().age().isStale();
    console().selectProvider(m_name);
    m_header->setProviders(all, m_name);
    m_header->showProvider(shown, snapshot().takenAt, stale);
    const HealthSettings &health = healthOf(snapshot(), m_name);
    m_breakdown->showProvider(shown, health, stale);
    m_charts->setHealth(health);
    m_requests->show(shown, m_window.isLive() ? std::nullopt : std::optional(m_window.spanAt(0)));
    QStringList others;
    for (const ProviderSnapshot &other : all) {
        if (other.name != m_name)
            others.append(other.name);
    }
    m_bar->setPeers(others, m_peers);
    m_bar->showWindow(m_window);
    m_views->setCurrentWidget(m_peers.isEmpty() ? static_cast<QWidget *>(m_charts) : m_comparison);
    m_charts->setStale(stale);
    m_comparison->setStale(stale);
    refreshCharts(shown);
}

void ProviderPage::refreshCharts(const ProviderSnapshot &shown)
{
    const bool due = !m_askedMs || (m_window.isLive() && nowMs() - *m_askedMs >= m_window.refreshMs());
    if (!due || m_feed.isAsking())
        return;
    m_askedMs = nowMs();
    const TimeSpan span = m_window.spanAt(nowMs());
    if (m_peers.isEmpty()) {
        m_feed.ask(shown.name, span, m_window.maxPoints());
        return;
    }
    m_comparison->setProviders(QStringList { shown.name } + m_peers);
    m_comparison->ask(span, m_window.maxPoints(), nowMs());
}

void ProviderPage::takeHistory(const ProviderHistory &history)
{
    if (const ProviderSnapshot *shown = provider(); shown && history.provider == m_name)
        m_charts->show(history, *shown, nowMs(), m_window.forecastMs());
}

void ProviderPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    const int side = std::clamp(width() * 9 / 20, narrowestSide, widestSide);
    m_breakdown->setFixedWidth(side);
    m_requests->setFixedWidth(side);
}

/// Its keys hold only while the focus is somewhere on it.
void ProviderPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    if (!isAncestorOf(QApplication::focusWidget()))
        m_header->setFocus();
}

void ProviderPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    m_feed.cancel();
    m_askedMs.reset();
}

} // namespace signalbox
