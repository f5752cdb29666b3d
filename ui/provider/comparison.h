// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartgroup.h"
#include "ui/provider/chartmapping.h"

#include <QWidget>

#include <map>

class QGridLayout;

namespace signalbox {

class Appearance;
class Engine;
class TimeChart;

/// Up to five providers as small charts of one size, one time axis and one scale, so that heights can be compared.
class Comparison : public QWidget
{
    Q_OBJECT

public:
    Comparison(Engine &engine, const Appearance &appearance, QWidget *parent = nullptr);

    ChartGroup &group() { return m_group; }
    /// Replaces the charts if they are others.
    void setProviders(const QStringList &names);
    const QStringList &providers() const { return m_names; }
    /// Asks the engine; answers to an earlier question are dropped.
    void ask(const TimeSpan &span, int maxPoints, std::int64_t nowMs);
    void setLatency(Latency latency);
    void setLogarithmic(bool logarithmic);
    void setStale(bool stale);

private:
    void draw();

    Engine &m_engine;
    const Appearance &m_appearance;
    ChartGroup m_group;
    QGridLayout *m_grid;
    QStringList m_names;
    std::vector<TimeChart *> m_charts;
    std::map<QString, std::vector<SeriesPoint>> m_points;
    Latency m_latency = Latency::FirstByte;
    bool m_logarithmic = false;
    std::uint64_t m_generation = 0;
    std::int64_t m_nowMs = 0;
};

} // namespace signalbox
