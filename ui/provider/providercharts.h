// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartgroup.h"
#include "ui/provider/chartmapping.h"
#include "ui/provider/providerfeed.h"

#include <QWidget>

namespace signalbox {

class Appearance;
class BreakerTimeline;
class ChartDeck;
class TimeChart;

/// Everything about one provider over time, with one time axis.
class ProviderCharts : public QWidget
{
    Q_OBJECT

public:
    explicit ProviderCharts(const Appearance &appearance, QWidget *parent = nullptr);

    ChartGroup &group() { return m_group; }
    /// provider: as it is now, for the forecast; forecastMs: how far to draw it, 0: not at all.
    void show(const ProviderHistory &history, const ProviderSnapshot &provider, std::int64_t nowMs,
              std::int64_t forecastMs);
    void setLatency(Latency latency);
    /// What the score measures by.
    void setHealth(const HealthSettings &health);
    void setLogarithmic(bool logarithmic);
    /// That factor beside the score, and the score's chart in sight; nullopt: no longer.
    void pointAt(std::optional<Factor> factor);
    void setStale(bool stale);

private:
    enum Deck { Rates, Score, Overhead, Gaps };

    void draw();
    void drawLatency();
    void setEmptyTexts();
    void setTargets();

    ChartGroup m_group;
    TimeChart *m_latencyChart;
    BreakerTimeline *m_timeline;
    TimeChart *m_rates;
    TimeChart *m_score;
    TimeChart *m_overhead;
    TimeChart *m_gaps;
    ChartDeck *m_deck;
    Latency m_latency = Latency::FirstByte;
    HealthSettings m_health;
    std::optional<Factor> m_factor;
    ProviderHistory m_history;
    ProviderSnapshot m_provider;
    std::int64_t m_nowMs = 0;
    std::int64_t m_forecastMs = 0;
};

} // namespace signalbox
