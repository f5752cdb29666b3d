// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/measuredview.h"

#include "ui/charts/timechart.h"
#include "ui/page/answer.h"
#include "ui/provider/chartmapping.h"
#include "ui/thresholds/rangebuttons.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int mostPoints = 600;
constexpr std::int64_t shortestShownMs = 120'000;

const ThresholdSetting *health(const char *key)
{
    return thresholdSetting(QStringLiteral("health"), QLatin1String(key));
}

const ThresholdSetting *timeout(const char *key)
{
    return thresholdSetting(QStringLiteral("timeouts"), QLatin1String(key));
}

/// From where anything was measured: a long time with nothing in it would press the rest together.
TimeSpan recordedSpan(const std::vector<SeriesPoint> &points, const TimeSpan &span)
{
    const auto first = std::find_if(points.begin(), points.end(), [](const SeriesPoint &point) {
        return point.succeeded + point.failed > 0 || point.score.has_value();
    });
    const std::int64_t firstMs = first == points.end() ? span.sinceMs : first->startMs;
    const std::int64_t shownMs = std::max(shortestShownMs, span.untilMs - firstMs);
    return { std::max(span.sinceMs, span.untilMs - shownMs - shownMs / 50), span.untilMs };
}

} // namespace

const std::vector<const ThresholdSetting *> &MeasuredView::Measured::of(ThresholdGroup group) const
{
    return group == ThresholdGroup::Timeouts ? timeouts : scores;
}

MeasuredView::MeasuredView(Engine &engine, const Appearance &appearance, const QList<QAction *> &ranges,
                           QWidget *parent)
    : QWidget(parent), m_engine(engine), m_pick(new QComboBox(this)), m_hint(new QLabel(this)),
      m_firstByte(new TimeChart(tr("First byte of streams"), ChartUnit::Milliseconds, appearance, m_group, this)),
      m_total(new TimeChart(tr("Whole answer, not streamed"), ChartUnit::Milliseconds, appearance, m_group, this)),
      m_gaps(new TimeChart(tr("Time between events of a stream"), ChartUnit::Milliseconds, appearance, m_group, this)),
      m_score(new TimeChart(tr("Health score"), ChartUnit::Score, appearance, m_group, this))
{
    m_pick->setObjectName(QStringLiteral("measuredProvider"));
    m_pick->setAccessibleName(tr("Provider in the charts"));
    m_pick->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_hint->setObjectName(QStringLiteral("measuredHint"));
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_hint->setText(
        tr("Drag a line, or move it with Up and Down; Page Up and Page Down choose which. What was measured "
           "stays: scores and timeouts cannot be tried on recorded traffic."));
    auto *measured = new QLabel(tr("&Measured"), this);
    measured->setBuddy(m_pick);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(measured);
    head->addWidget(m_pick);
    head->addWidget(new RangeButtons(ranges, QStringLiteral("measuredRange"), this));
    head->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(head);
    addChart(QStringLiteral("measuredFirstByte"), tr("No streams in this time"), m_firstByte,
             { health("firstByteGoodMs"), health("firstByteBadMs") },
             { timeout("slowStreamMs"), timeout("firstByteMs") });
    addChart(QStringLiteral("measuredTotal"), tr("No other answers than streams in this time"), m_total,
             { health("totalGoodMs"), health("totalBadMs") }, { timeout("slowTotalMs"), timeout("responseMs") });
    addChart(QStringLiteral("measuredGaps"), tr("No streams in this time"), m_gaps, {}, { timeout("idleMs") });
    addChart(QStringLiteral("measuredScore"), tr("Nothing recorded of this time"), m_score,
             { health("degradedBelow"), health("unhealthyBelow") }, {});
    layout->addWidget(m_hint);
    m_score->setTop(100);
    // Limits and what is measured are often a factor of a hundred apart.
    for (TimeChart *chart : { m_firstByte, m_total, m_gaps })
        chart->setLogarithmic(true);
    setGroup(m_settings);
    connect(m_pick, &QComboBox::textActivated, this, &MeasuredView::providerChosen);
    connect(&m_group, &ChartGroup::selected, this, [this](const TimeSpan &span) {
        m_zoom = span;
        m_group.setSpan(span);
    });
    connect(&m_group, &ChartGroup::resetRequested, this, &MeasuredView::resetZoom);
}

void MeasuredView::addChart(const QString &objectName, const QString &emptyText, TimeChart *chart,
                            std::vector<const ThresholdSetting *> scores,
                            std::vector<const ThresholdSetting *> timeouts)
{
    chart->setObjectName(objectName);
    chart->setEmptyText(emptyText);
    static_cast<QVBoxLayout *>(layout())->addWidget(chart, 1);
    m_charts.push_back({ chart, std::move(scores), std::move(timeouts) });
    connect(chart, &TimeChart::thresholdMoved, this, [this, at = m_charts.size() - 1](std::size_t index, double value) {
        moveLine(m_charts[at], index, value);
    });
}

bool MeasuredView::shows(ThresholdGroup group)
{
    return group == ThresholdGroup::Score || group == ThresholdGroup::Timeouts;
}

void MeasuredView::setGroup(ThresholdGroup group)
{
    m_settings = group;
    for (const Measured &each : m_charts)
        each.chart->setVisible(!each.of(group).empty());
}

void MeasuredView::setProviders(const QStringList &names, const QString &shown)
{
    const QSignalBlocker quiet(m_pick);
    QStringList listed;
    for (int i = 0; i < m_pick->count(); ++i)
        listed.append(m_pick->itemText(i));
    if (names != listed) {
        m_pick->clear();
        m_pick->addItems(names);
    }
    m_pick->setCurrentIndex(static_cast<int>(names.indexOf(shown)));
    if (m_provider == shown)
        return;
    m_provider = shown;
    m_span = {}; // what is drawn is of another one
    draw({}, 0);
}

void MeasuredView::showLimits(const ThresholdValues &active, const ThresholdValues &drafted, bool editable)
{
    for (const Measured &each : m_charts) {
        const auto &settings = each.of(m_settings);
        std::vector<ChartThreshold> lines;
        for (const ThresholdSetting *setting : settings) {
            const auto value = static_cast<double>(setting->valueIn(drafted));
            const bool changed = setting->valueIn(active) != setting->valueIn(drafted);
            lines.push_back({ value, changed ? tr("draft: %1").arg(setting->label) : setting->label, editable,
                              roundStep(*setting, value) });
        }
        for (const ThresholdSetting *setting : settings) {
            if (setting->valueIn(active) != setting->valueIn(drafted))
                lines.push_back({ static_cast<double>(setting->valueIn(active)), tr("in force: %1").arg(setting->label),
                                  false, 0 });
        }
        each.chart->setThresholds(std::move(lines));
    }
}

void MeasuredView::moveLine(const Measured &measured, std::size_t index, double value)
{
    if (const auto &settings = measured.of(m_settings); index < settings.size())
        Q_EMIT limitMoved(*settings[index], roundValue(*settings[index], value));
}

void MeasuredView::showTime(std::int64_t nowMs, std::int64_t rangeMs, std::int64_t refreshMs)
{
    if (m_span.lengthMs() != rangeMs)
        m_zoom.reset();
    else if (nowMs - m_span.untilMs < refreshMs)
        return;
    m_span = { nowMs - rangeMs, nowMs };
    onAnswer(m_engine.series({ m_provider, m_span.sinceMs, m_span.untilMs, mostPoints }), this,
             [this, nowMs, generation = ++m_generation](const Result<std::vector<SeriesPoint>> &answer) {
                 if (generation == m_generation)
                     draw(answer ? answer.value() : std::vector<SeriesPoint>(), nowMs);
             });
}

void MeasuredView::draw(const std::vector<SeriesPoint> &points, std::int64_t nowMs)
{
    if (m_span.lengthMs() > 0) {
        m_group.setDataEnd(m_span.untilMs);
        m_full = recordedSpan(points, m_span);
        m_group.setSpan(m_zoom.value_or(m_full));
    }
    m_firstByte->setSeries(latencySeries(points, Latency::FirstByte, nowMs));
    m_total->setSeries(latencySeries(points, Latency::Total, nowMs));
    m_gaps->setSeries(gapSeries(points, nowMs));
    m_score->setSeries(scoreSeries(points, std::nullopt, nowMs));
}

void MeasuredView::setStale(bool stale)
{
    for (const Measured &each : m_charts)
        each.chart->setStale(stale);
}

bool MeasuredView::resetZoom()
{
    if (!m_zoom)
        return false;
    m_zoom.reset();
    m_group.setSpan(m_full);
    return true;
}

} // namespace signalbox
