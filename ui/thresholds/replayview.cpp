// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/replayview.h"

#include "ui/charts/ticks.h"
#include "ui/charts/timechart.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"
#include "ui/thresholds/consequencelist.h"
#include "ui/thresholds/limitlines.h"
#include "ui/thresholds/rangebuttons.h"

#include <QAction>
#include <QActionGroup>
#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

struct Range
{
    const char *name;
    const char *description;
    std::int64_t lengthMs;
    std::int64_t refreshMs;
};

constexpr std::int64_t shortestShownMs = 120'000;

#define TEXT(text) QT_TRANSLATE_NOOP("signalbox::ReplayView", text)
constexpr std::array ranges {
    Range { TEXT("1 h"), TEXT("The last hour"), 3'600'000, 10'000 },
    Range { TEXT("24 h"), TEXT("The last 24 hours"), 86'400'000, 60'000 },
    Range { TEXT("7 d"), TEXT("The last 7 days"), 604'800'000, 300'000 },
};
#undef TEXT

/// Takes what the others leave, so that all fits into a low window.
void giveTheRest(QWidget *widget)
{
    widget->setMinimumHeight(widget->minimumSizeHint().height());
    widget->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
}

} // namespace

ReplayView::ReplayView(const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_ranges(new QActionGroup(this)), m_facts(new QLabel(this)), m_message(new QLabel(this)),
      m_sampleButton(new QPushButton(this)), m_pick(new QComboBox(this)),
      m_rate(new TimeChart(QString(), ChartUnit::Percent, appearance, m_group, this)),
      m_streak(new TimeChart(QString(), ChartUnit::Count, appearance, m_group, this)),
      m_slowRate(new TimeChart(QString(), ChartUnit::Percent, appearance, m_group, this)),
      m_calls(new TimeChart(QString(), ChartUnit::Count, appearance, m_group, this)),
      m_openTime(new TimeChart(QString(), ChartUnit::Milliseconds, appearance, m_group, this)),
      m_outcomes(new OutcomeStrip(tr("Calls that ended"), appearance, m_group, this)),
      m_actual(new BreakerTimeline(tr("Actual"), appearance, m_group, this)),
      m_draft(new BreakerTimeline(tr("Draft"), appearance, m_group, this)), m_shadowText(new QLabel(this)),
      m_shadow(new BreakerTimeline(tr("Shadow"), appearance, m_group, this)), m_heading(new QLabel(this)),
      m_list(new ConsequenceList(appearance, this))
{
    m_facts->setObjectName(QStringLiteral("replayFacts"));
    m_facts->setWordWrap(true);
    m_message->setObjectName(QStringLiteral("replayMessage"));
    m_message->setWordWrap(true);
    m_sampleButton->setObjectName(QStringLiteral("sampleButton"));
    showMessage({});
    m_heading->setObjectName(QStringLiteral("replayHeading"));
    m_heading->setWordWrap(true);
    m_heading->setForegroundRole(QPalette::PlaceholderText);
    m_shadowText->setObjectName(QStringLiteral("shadowText"));
    m_shadowText->setWordWrap(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(buildHead());
    layout->addLayout(buildMessage());
    buildCharts(layout);
    for (QWidget *widget :
         { static_cast<QWidget *>(m_outcomes), static_cast<QWidget *>(m_actual), static_cast<QWidget *>(m_draft),
           static_cast<QWidget *>(m_shadow), static_cast<QWidget *>(m_shadowText), static_cast<QWidget *>(m_heading) })
        layout->addWidget(widget);
    layout->addWidget(m_list, 2);
    giveTheRest(m_list);
    connect(m_list, &ConsequenceList::providerChosen, this, [this](const QString &provider) {
        m_provider = provider;
        Q_EMIT providerChosen(provider);
        showProvider();
    });
    connect(&m_group, &ChartGroup::selected, this, [this](const TimeSpan &span) {
        m_zoom = span;
        m_group.setSpan(span);
    });
    connect(&m_group, &ChartGroup::resetRequested, this, &ReplayView::resetZoom);
    nameCharts();
    showShadow(std::nullopt, {}, {});
    showFacts();
}

void ReplayView::buildCharts(QVBoxLayout *layout)
{
    m_pick->setObjectName(QStringLiteral("replayChartChoice"));
    m_pick->setAccessibleName(tr("What the breaker evaluated, in the chart"));
    m_pick->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    addChart(layout, tr("Failure rate"), "replayChart", m_rate, { QStringLiteral("failureRatePercent") });
    addChart(layout, tr("Failures in a row"), "replayStreak", m_streak, { QStringLiteral("threshold") });
    addChart(layout, tr("Slow rate"), "replaySlowRate", m_slowRate, { QStringLiteral("slowRatePercent") });
    addChart(layout, tr("Calls in the window"), "replayCalls", m_calls,
             { QStringLiteral("minimumCalls"), QStringLiteral("slowMinimumCalls") });
    addChart(layout, tr("Open periods"), "replayOpenTime", m_openTime,
             { QStringLiteral("timeoutMs"), QStringLiteral("maxOpenMs") });
    for (TimeChart *chart : { m_rate, m_slowRate })
        chart->setTop(100);
    m_openTime->setLogarithmic(true); // periods double
    connect(m_pick, &QComboBox::currentIndexChanged, this, &ReplayView::chooseChart);
    chooseChart();
}

void ReplayView::addChart(QVBoxLayout *layout, const QString &name, const char *objectName, TimeChart *chart,
                          const QStringList &limits)
{
    chart->setObjectName(QLatin1String(objectName));
    m_pick->addItem(name, chart->objectName());
    layout->addWidget(chart, 3);
    giveTheRest(chart);
    Evaluated evaluated { chart, {} };
    for (const QString &key : limits)
        evaluated.limits.push_back(thresholdSetting(QStringLiteral("breaker"), key));
    connect(chart, &TimeChart::thresholdMoved, this,
            [this, settings = evaluated.limits](std::size_t index, double value) {
                if (index < settings.size())
                    Q_EMIT limitMoved(*settings[index], roundValue(*settings[index], value));
            });
    m_charts.push_back(std::move(evaluated));
}

void ReplayView::chooseChart()
{
    for (const Evaluated &each : m_charts)
        each.chart->setVisible(m_pick->currentData().toString() == each.chart->objectName());
}

QLayout *ReplayView::buildHead()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(new QLabel(tr("Replay"), this));
    buildRanges(row);
    row->addStretch(1);
    auto *chosen = new QHBoxLayout;
    chosen->setSpacing(8);
    chosen->addWidget(m_pick);
    chosen->addWidget(m_facts, 1);
    auto *head = new QVBoxLayout;
    head->setSpacing(4);
    head->addLayout(row);
    head->addLayout(chosen);
    return head;
}

QLayout *ReplayView::buildMessage()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_message, 1);
    row->addWidget(m_sampleButton);
    connect(m_sampleButton, &QPushButton::clicked, this, [this] { Q_EMIT sampleChosen(!m_sample); });
    return row;
}

/// Beside it the way to the made-up recording, or back from it. Empty: there is enough of the real one.
void ReplayView::showMessage(const QString &text)
{
    m_message->setText(text);
    m_message->setVisible(!text.isEmpty());
    m_sampleButton->setText(m_sample ? tr("Back to my &traffic") : tr("Try on a &demo recording"));
    m_sampleButton->setVisible(!text.isEmpty());
}

void ReplayView::buildRanges(QHBoxLayout *row)
{
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const int number = static_cast<int>(i) + 1;
        auto *action = new QAction(tr(ranges[i].description), m_ranges);
        action->setObjectName(QStringLiteral("replayRange%1").arg(number));
        action->setData(tr(ranges[i].name));
        action->setShortcut(QKeySequence(Qt::Key_0 + number));
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setCheckable(true);
        action->setChecked(i == 0);
    }
    row->addWidget(new RangeButtons(m_ranges->actions(), QStringLiteral("replayRange"), this));
    connect(m_ranges, &QActionGroup::triggered, this, [this] {
        m_zoom.reset();
        Q_EMIT rangeChosen();
    });
}

void ReplayView::nameCharts()
{
    const std::int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
    m_group.setSpan({ nowMs - rangeMs(), nowMs }); // until the engine says more
    setEmptyText(tr("Reading what was recorded…"));
    m_outcomes->setObjectName(QStringLiteral("replayOutcomes"));
    m_actual->setObjectName(QStringLiteral("replayActual"));
    m_draft->setObjectName(QStringLiteral("replayDraft"));
    m_shadow->setObjectName(QStringLiteral("replayShadow"));
    m_shadow->setDotted(true);
    showTitles();
}

std::int64_t ReplayView::rangeMs() const
{
    const auto index = m_ranges->actions().indexOf(m_ranges->checkedAction());
    return ranges[static_cast<std::size_t>(std::max<qsizetype>(0, index))].lengthMs;
}

std::int64_t ReplayView::refreshMs() const
{
    const auto index = m_ranges->actions().indexOf(m_ranges->checkedAction());
    // What takes long is asked for less often.
    return std::max(ranges[static_cast<std::size_t>(std::max<qsizetype>(0, index))].refreshMs,
                    static_cast<std::int64_t>(20 * m_result.computedMs));
}

QList<QAction *> ReplayView::rangeActions() const
{
    return m_ranges->actions();
}

void ReplayView::choose(const QString &provider)
{
    m_provider = provider;
    m_list->choose(provider);
    showProvider();
}

const ProviderReplay *ReplayView::replay() const
{
    const auto &all = m_result.providers;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [this](const ProviderReplay &each) { return each.provider == m_provider; });
    return found == all.end() ? nullptr : &*found;
}

TimeSpan ReplayView::fullSpan() const
{
    return { m_result.sinceMs, m_result.untilMs };
}

/// From where anything is recorded: a long time with nothing in it would press the rest together.
TimeSpan ReplayView::recordedSpan() const
{
    std::int64_t firstMs = m_result.untilMs;
    for (const ProviderReplay &each : m_result.providers) {
        if (each.recordedFromMs > 0)
            firstMs = std::min(firstMs, each.recordedFromMs);
    }
    firstMs = std::min(firstMs, m_result.untilMs - shortestShownMs);
    const std::int64_t marginMs = (m_result.untilMs - firstMs) / 50;
    return { std::max(m_result.sinceMs, firstMs - marginMs), m_result.untilMs };
}

void ReplayView::showResult(const ReplayResult &result, bool hasDraft, bool sample)
{
    m_result = result;
    m_hasResult = true;
    m_hasDraft = hasDraft;
    m_sample = sample;
    m_group.setDataEnd(result.untilMs);
    m_group.setSpan(m_zoom.value_or(recordedSpan()));
    setEmptyText(tr("No calls of this provider in this time"));
    m_list->setResult(result, hasDraft);
    m_provider = m_list->provider();
    QString message;
    if (sample)
        message = tr("A made-up hour of two providers, not your traffic.");
    else if (result.requests < usefulReplayRequests)
        message = tr("Needs recorded traffic. %1 of about %2 requests so far; the preview gets useful at about %2.")
                      .arg(formatCount(result.requests), formatCount(usefulReplayRequests));
    showMessage(message);
    showFacts();
    showProvider();
}

void ReplayView::showFailure(const QString &reason)
{
    m_result = {};
    m_hasResult = false;
    m_list->setResult(m_result, false);
    showMessage(reason);
    setEmptyText(tr("Nothing to replay"));
    showFacts();
    showProvider();
}

void ReplayView::setWorking(bool working)
{
    m_working = working;
    showFacts();
}

void ReplayView::setUntried(bool untried)
{
    m_untried = untried;
    showFacts();
}

void ReplayView::showFacts()
{
    QStringList parts;
    if (m_hasResult) {
        const auto recorded = std::count_if(m_result.providers.begin(), m_result.providers.end(),
                                            [](const ProviderReplay &each) { return each.recordedFromMs > 0; });
        parts.append((m_sample ? tr("Demo recording: %1 requests") : tr("Recorded: %1 requests"))
                         .arg(formatCount(m_result.requests)));
        parts.append(tr("%n provider(s)", nullptr, static_cast<int>(recorded)));
        parts.append(m_working ? tr("computing…") : tr("computed in %1").arg(formatLatency(m_result.computedMs)));
    } else if (m_working) {
        parts.append(tr("Computing…"));
    }
    m_facts->setText(parts.join(QStringLiteral(", ")));
    QString heading = m_sample && m_hasDraft ? tr("With the draft, on the demo recording")
        : m_sample                           ? tr("As it was, on the demo recording")
        : m_hasDraft ? tr("With the draft, on recorded traffic (where retries would have gone is not in it)")
                     : tr("As it was, on recorded traffic");
    if (m_untried)
        heading += QStringLiteral(". ") + tr("Checks, scores and timeouts cannot be tried on it.");
    m_heading->setText(heading);
}

void ReplayView::setEmptyText(const QString &text)
{
    for (const Evaluated &each : m_charts)
        each.chart->setEmptyText(each.chart == m_openTime && m_hasResult ? tr("It did not open in this time") : text);
}

void ReplayView::showTitles()
{
    const QString window = formatSpan(m_policy.windowMs);
    const auto count = [](int calls) { return formatCount(static_cast<std::uint64_t>(calls)); };
    const bool any = !m_provider.isEmpty();
    m_rate->setTitle(any ? tr("Failure rate of %1 as evaluated (over %2, counts from %3 calls)")
                               .arg(m_provider, window, count(m_policy.minimumCalls))
                         : tr("Failure rate as evaluated"));
    m_streak->setTitle(any ? tr("Failures of %1 in a row, as counted").arg(m_provider) : tr("Failures in a row"));
    m_slowRate->setTitle(any ? tr("Slow calls of %1 as evaluated (over %2, count from %3 calls)")
                                   .arg(m_provider, window, count(m_policy.slowMinimumCalls))
                             : tr("Slow calls as evaluated"));
    m_calls->setTitle(any ? tr("Calls of %1 in its window of %2").arg(m_provider, window) : tr("Calls in the window"));
    m_openTime->setTitle(any ? tr("Open periods of %1, each as high as it is long").arg(m_provider)
                             : tr("Open periods"));
}

void ReplayView::showLimits(const ThresholdValues &active, const ThresholdValues &drafted, bool editable)
{
    m_policy = active.breaker;
    showTitles();
    for (const Evaluated &each : m_charts)
        each.chart->setThresholds(limitLines(each.limits, active, drafted, editable));
}

void ReplayView::showCharts(const ProviderReplay &shown)
{
    m_rate->setSeries(rateSeries(shown, m_hasDraft, m_policy.windowMs));
    m_streak->setSeries(streakSeries(shown, m_policy.windowMs));
    m_slowRate->setSeries(slowRateSeries(shown, m_policy.windowMs));
    m_calls->setSeries(callsSeries(shown, m_policy.windowMs));
    m_openTime->setSeries(openTimeSeries(shown, m_hasDraft));
    for (const Evaluated &each : m_charts)
        each.chart->setBands(unknownBands(shown, fullSpan()));
}

void ReplayView::showProvider()
{
    showTitles();
    const ProviderReplay *shown = replay();
    if (!shown) {
        for (const Evaluated &each : m_charts) {
            each.chart->setSeries({});
            each.chart->setBands({});
        }
        m_outcomes->setTicks({});
        m_actual->setSegments({});
        m_draft->setSegments({});
        return;
    }
    showCharts(*shown);
    m_outcomes->setTicks(outcomeTicks(*shown));
    m_actual->setSegments(actualSegments(*shown, fullSpan()));
    m_draft->setSegments(draftSegments(*shown, fullSpan()));
}

void ReplayView::showShadow(const std::optional<ShadowSnapshot> &shadow, const std::vector<StateEvent> &events,
                            const QDateTime &until)
{
    m_shadow->setVisible(shadow.has_value());
    m_shadowText->setVisible(until.isValid());
    if (!until.isValid())
        return;
    const QString end = timeText(until.toMSecsSinceEpoch(), 3'600'000);
    if (!shadow) {
        m_shadowText->setText(tr("Shadow run until %1: its draft does not change %2.").arg(end, m_provider));
        return;
    }
    const std::int64_t nowMs = std::max<std::int64_t>(m_result.untilMs, shadow->since.toMSecsSinceEpoch() + 1);
    m_shadow->setSegments(shadowSegments(events, timelineKind(shadow->state, shadow->mode),
                                         { shadow->since.toMSecsSinceEpoch(), nowMs }));
    m_shadowText->setText(
        tr("Shadow run until %1: %2 would have opened %3×; of %4 requests so far it would have diverted %5, "
           "%6 failed and %7 good ones among them.")
            .arg(end, m_provider, formatCount(shadow->opened), formatCount(shadow->requests),
                 formatCount(shadow->diverted), formatCount(shadow->failuresAvoided),
                 formatCount(shadow->goodDiverted)));
}

void ReplayView::setStale(bool stale)
{
    for (const Evaluated &each : m_charts)
        each.chart->setStale(stale);
    m_outcomes->setStale(stale);
    for (BreakerTimeline *timeline : { m_actual, m_draft, m_shadow })
        timeline->setStale(stale);
}

bool ReplayView::resetZoom()
{
    if (!m_zoom)
        return false;
    m_zoom.reset();
    m_group.setSpan(recordedSpan());
    return true;
}

} // namespace signalbox
