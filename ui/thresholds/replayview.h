// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"
#include "engine/api/stateevent.h"
#include "ui/charts/chartgroup.h"
#include "ui/thresholds/replaymapping.h"

#include <QWidget>

class QAction;
class QActionGroup;
class QHBoxLayout;
class QLabel;
class QPushButton;

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
    void showPolicy(const BreakerSettings &active, const BreakerSettings &drafted, bool editable);
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
    void limitMoved(int percent);

private:
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
    void showTitle();

    ChartGroup m_group;
    QActionGroup *m_ranges;
    QLabel *m_facts;
    QLabel *m_message;
    QPushButton *m_sampleButton;
    TimeChart *m_chart;
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
