// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/comparison.h"

#include "engine/api/engine.h"
#include "ui/charts/timechart.h"
#include "ui/page/answer.h"

#include <QGridLayout>

namespace signalbox {

Comparison::Comparison(Engine &engine, const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_engine(engine), m_appearance(appearance), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(8);
}

void Comparison::setProviders(const QStringList &names)
{
    if (names == m_names)
        return;
    m_names = names;
    m_points.clear();
    ++m_generation;
    for (TimeChart *chart : m_charts)
        delete chart;
    m_charts.clear();
    // Below each other while they are few, so that their time axes line up.
    const int columns = names.size() > 3 ? 2 : 1;
    for (qsizetype i = 0; i < names.size(); ++i) {
        auto *chart = new TimeChart(names[i], ChartUnit::Milliseconds, m_appearance, m_group, this);
        chart->setObjectName(QStringLiteral("compared%1").arg(i));
        chart->setLogarithmic(m_logarithmic);
        m_grid->addWidget(chart, static_cast<int>(i) / columns, static_cast<int>(i) % columns);
        m_charts.push_back(chart);
    }
}

void Comparison::ask(const TimeSpan &span, int maxPoints, std::int64_t nowMs)
{
    const std::uint64_t generation = ++m_generation;
    for (const QString &name : std::as_const(m_names)) {
        onAnswer(m_engine.series({ name, span.sinceMs, span.untilMs, maxPoints }), this,
                 [this, generation, name, span, nowMs](const Result<std::vector<SeriesPoint>> &answer) {
                     if (generation != m_generation || !answer)
                         return;
                     m_points[name] = answer.value();
                     m_nowMs = nowMs;
                     m_group.setSpan(span);
                     draw();
                 });
    }
}

void Comparison::draw()
{
    std::optional<double> highest;
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        m_charts[i]->setSeries(latencySeries(m_points[m_names[static_cast<qsizetype>(i)]], m_latency, m_nowMs));
        if (const auto own = m_charts[i]->highest())
            highest = std::max(highest.value_or(*own), *own);
    }
    for (TimeChart *chart : m_charts)
        chart->setTop(highest);
}

void Comparison::setLatency(Latency latency)
{
    m_latency = latency;
    draw();
}

void Comparison::setLogarithmic(bool logarithmic)
{
    m_logarithmic = logarithmic;
    for (TimeChart *chart : m_charts)
        chart->setLogarithmic(logarithmic);
}

void Comparison::setStale(bool stale)
{
    for (TimeChart *chart : m_charts)
        chart->setStale(stale);
}

} // namespace signalbox
