// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/providercharts.h"

#include "ui/charts/breakertimeline.h"
#include "ui/charts/timechart.h"
#include "ui/provider/chartdeck.h"

#include <QVBoxLayout>

namespace signalbox {

ProviderCharts::ProviderCharts(const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_latencyChart(new TimeChart({}, ChartUnit::Milliseconds, appearance, m_group, this)),
      m_timeline(new BreakerTimeline(tr("Breaker"), appearance, m_group, this)),
      m_rates(new TimeChart(tr("Requests and failures per second"), ChartUnit::PerSecond, appearance, m_group)),
      m_score(new TimeChart(tr("Health score"), ChartUnit::Score, appearance, m_group)),
      m_overhead(new TimeChart(tr("Latency added by the proxy"), ChartUnit::Milliseconds, appearance, m_group)),
      m_gaps(new TimeChart(tr("Time between events of a stream"), ChartUnit::Milliseconds, appearance, m_group)),
      m_deck(new ChartDeck(this))
{
    m_latencyChart->setObjectName(QStringLiteral("latencyChart"));
    m_timeline->setObjectName(QStringLiteral("breakerTimeline"));
    m_rates->setObjectName(QStringLiteral("rateChart"));
    m_score->setObjectName(QStringLiteral("scoreChart"));
    m_overhead->setObjectName(QStringLiteral("overheadChart"));
    m_gaps->setObjectName(QStringLiteral("gapChart"));
    m_score->setTop(100);
    m_deck->add(m_rates, tr("Rate and errors"));
    m_deck->add(m_score, tr("Health score"));
    m_deck->add(m_overhead, tr("Added by the proxy"));
    m_deck->add(m_gaps, tr("Stream event gaps"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_latencyChart, 6);
    layout->addWidget(m_timeline);
    layout->addWidget(m_deck, 7);
    setLatency(Latency::FirstByte);
}

void ProviderCharts::show(const ProviderHistory &history, const ProviderSnapshot &provider, std::int64_t nowMs,
                          std::int64_t forecastMs)
{
    m_history = history;
    m_provider = provider;
    m_nowMs = nowMs;
    m_forecastMs = forecastMs;
    draw();
}

void ProviderCharts::draw()
{
    const bool forecast = m_forecastMs > 0 && m_provider.forecastFirstByteMs;
    m_group.setDataEnd(m_history.span.untilMs);
    m_group.setSpan({ m_history.span.sinceMs, m_history.span.untilMs + (forecast ? m_forecastMs : 0) });
    drawLatency();
    m_rates->setSeries(rateSeries(m_history.points, m_nowMs));
    m_score->setSeries(scoreSeries(m_history.points, m_factor, m_nowMs));
    m_overhead->setSeries(overheadSeries(m_history.points, m_nowMs));
    m_gaps->setSeries(gapSeries(m_history.points, m_nowMs));

    m_timeline->setSegments(timelineSegments(m_history.breaker));
    const std::vector<ChartBand> bands = bandsOf(m_history.breaker);
    const std::int64_t stepMs = m_history.points.empty() ? 1000 : m_history.points.front().lengthMs;
    const std::vector<ChartMarker> markers = markersOf(m_history.events, m_history.failovers, stepMs);
    for (TimeChart *chart : { m_latencyChart, m_rates, m_score, m_overhead, m_gaps }) {
        chart->setBands(bands);
        chart->setMarkers(markers);
    }
}

/// Nothing there is not the same as nothing readable.
void ProviderCharts::setEmptyTexts()
{
    const QString &problem = m_history.problem;
    const auto set = [&problem](TimeChart *chart, const QString &text) {
        chart->setEmptyText(problem.isEmpty() ? text : problem);
    };
    set(m_latencyChart,
        m_latency == Latency::FirstByte ? tr("No streams in this time")
                                        : tr("No other answers than streams in this time"));
    set(m_rates, tr("No requests in this time"));
    set(m_overhead, tr("No requests in this time"));
    set(m_gaps, tr("No streams in this time"));
    set(m_score, tr("Nothing recorded of this time"));
}

void ProviderCharts::drawLatency()
{
    setEmptyTexts();
    std::vector<ChartSeries> lines = latencySeries(m_history.points, m_latency, m_nowMs);
    if (m_latency == Latency::FirstByte && m_forecastMs > 0)
        lines.front().forecast =
            forecastFrom(lines.front(), m_provider, m_history.span.untilMs, m_history.span.untilMs + m_forecastMs);
    m_latencyChart->setSeries(std::move(lines));
}

void ProviderCharts::setLatency(Latency latency)
{
    m_latency = latency;
    const bool first = latency == Latency::FirstByte;
    m_latencyChart->setTitle(first ? tr("First byte of streams") : tr("Whole answer, not streamed"));
    setTargets();
    drawLatency();
}

void ProviderCharts::setHealth(const HealthSettings &health)
{
    if (health == m_health)
        return;
    m_health = health;
    setTargets();
}

void ProviderCharts::setTargets()
{
    m_latencyChart->setThresholds(latencyTargets(m_latency, m_health));
    m_score->setThresholds(scoreLimits(m_health));
}

void ProviderCharts::setLogarithmic(bool logarithmic)
{
    m_latencyChart->setLogarithmic(logarithmic);
}

void ProviderCharts::pointAt(std::optional<Factor> factor)
{
    m_factor = factor;
    m_score->setSeries(scoreSeries(m_history.points, m_factor, m_nowMs));
    m_deck->peek(factor ? static_cast<int>(Score) : -1);
}

void ProviderCharts::setStale(bool stale)
{
    for (TimeChart *chart : { m_latencyChart, m_rates, m_score, m_overhead, m_gaps })
        chart->setStale(stale);
    m_timeline->setStale(stale);
}

} // namespace signalbox
