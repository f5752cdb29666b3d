// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"
#include "engine/api/stateevent.h"
#include "ui/charts/chartgroup.h"
#include "ui/thresholds/replaymapping.h"
#include "ui/thresholds/thresholdsettings.h"

#include <QWidget>

class QAction;
class QActionGroup;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace signalbox {

class Appearance;
class BreakerTimeline;
class ConsequenceList;
class OutcomeStrip;
class TimeChart;

/// A draft on recorded traffic: one provider's failure rate and breaker, as they were and as they would have been, and
/// what that means for every provider.
class ReplayView : public QWidget
{
    Q_OBJECT

public:
    explicit ReplayView(const Appearance &appearance, QWidget *parent = nullptr);

    std::int64_t rangeMs() const;
    /// Newer data would not move the picture by more than about a pixel.
    std::int64_t refreshMs() const;
    QList<QAction *> rangeActions() const;
    /// In the chart.
    const QString &provider() const { return m_provider; }
    void choose(const QString &provider);
    const ReplayResult &result() const { return m_result; }

    /// sample: a made-up recording.
    void showResult(const ReplayResult &result, bool hasDraft, bool sample);
    void showFailure(const QString &reason);
    void setWorking(bool working);
    /// The draft changes settings too that have no effect on recorded traffic.
    void setUntried(bool untried);
    /// The chosen provider's.
    void showLimits(const ThresholdValues &active, const ThresholdValues &drafted, bool editable);
    /// Of the chosen provider; nullopt: no run, or it does not change this one. until: invalid without a run.
    void showShadow(const std::optional<ShadowSnapshot> &shadow, const std::vector<StateEvent> &events,
                    const QDateTime &until);
    void setStale(bool stale);
    /// False if it shows all of the range already.
    bool resetZoom();

Q_SIGNALS:
    void rangeChosen();
    /// The made-up recording is wanted, or no longer.
    void sampleChosen(bool sample);
    void providerChosen(const QString &provider);
    /// The draft's line was moved.
    void limitMoved(const signalbox::ThresholdSetting &setting, std::int64_t value);

private:
    /// One of the charts that can be chosen, with the limits that are lines in it.
    struct Evaluated
    {
        TimeChart *chart;
        std::vector<const ThresholdSetting *> limits;
    };

    void buildCharts(QVBoxLayout *layout);
    void addChart(QVBoxLayout *layout, const QString &name, const char *objectName, TimeChart *chart,
                  const QStringList &limits);
    void chooseChart();
    void setEmptyText(const QString &text);
    void buildRanges(QHBoxLayout *row);
    void nameCharts();
    QLayout *buildHead();
    QLayout *buildMessage();
    void showMessage(const QString &text);
    const ProviderReplay *replay() const;
    TimeSpan fullSpan() const;
    TimeSpan recordedSpan() const;
    void showProvider();
    void showFacts();
    void showTitles();
    void showCharts(const ProviderReplay &shown);

    ChartGroup m_group;
    QActionGroup *m_ranges;
    QLabel *m_facts;
    QLabel *m_message;
    QPushButton *m_sampleButton;
    QComboBox *m_pick;
    TimeChart *m_rate;
    TimeChart *m_streak;
    TimeChart *m_slowRate;
    TimeChart *m_calls;
    TimeChart *m_openTime;
    std::vector<Evaluated> m_charts; ///< in the order of m_pick
    OutcomeStrip *m_outcomes;
    BreakerTimeline *m_actual;
    BreakerTimeline *m_draft;
    QLabel *m_shadowText;
    BreakerTimeline *m_shadow;
    QLabel *m_heading;
    ConsequenceList *m_list;
    QString m_provider;
    BreakerSettings m_policy; ///< in force
    ReplayResult m_result;
    std::optional<TimeSpan> m_zoom;
    bool m_hasResult = false;
    bool m_hasDraft = false;
    bool m_sample = false;
    bool m_working = false;
    bool m_untried = false;
};

} // namespace signalbox
