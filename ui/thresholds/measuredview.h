// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"
#include "ui/charts/chartgroup.h"
#include "ui/thresholds/thresholdsettings.h"

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;

namespace signalbox {

class Appearance;
class TimeChart;

/// What was measured of one provider, with the limits that it is held against as lines to drag: those of scores and of
/// timeouts, which a replay cannot try.
class MeasuredView : public QWidget
{
    Q_OBJECT

public:
    /// ranges: as RangeButtons takes them.
    MeasuredView(Engine &engine, const Appearance &appearance, const QList<QAction *> &ranges,
                 QWidget *parent = nullptr);

    /// Whether there is anything measured for settings of that group.
    static bool shows(ThresholdGroup group);
    void setGroup(ThresholdGroup group);
    void setProviders(const QStringList &names, const QString &shown);
    /// The shown provider's.
    void showLimits(const ThresholdValues &active, const ThresholdValues &drafted, bool editable);
    /// The time up to nowMs, unless what is shown is of it, and not older than refreshMs.
    void showTime(std::int64_t nowMs, std::int64_t rangeMs, std::int64_t refreshMs);
    void setStale(bool stale);
    /// False if it shows all of the range already.
    bool resetZoom();

Q_SIGNALS:
    void providerChosen(const QString &provider);
    /// The draft's line was moved.
    void limitMoved(const signalbox::ThresholdSetting &setting, std::int64_t value);

private:
    struct Measured
    {
        TimeChart *chart;
        std::vector<const ThresholdSetting *> scores; ///< its lines in that group
        std::vector<const ThresholdSetting *> timeouts;
        const std::vector<const ThresholdSetting *> &of(ThresholdGroup group) const;
    };

    void addChart(const QString &objectName, const QString &emptyText, TimeChart *chart,
                  std::vector<const ThresholdSetting *> scores, std::vector<const ThresholdSetting *> timeouts);
    void draw(const std::vector<SeriesPoint> &points, std::int64_t nowMs);
    void askRequests();
    void drawRequests(const std::vector<RequestEvent> &requests);
    void moveLine(const Measured &measured, std::size_t index, double value);

    Engine &m_engine;
    ChartGroup m_group;
    QComboBox *m_pick;
    QLabel *m_hint;
    TimeChart *m_firstByte;
    TimeChart *m_total;
    TimeChart *m_gaps;
    TimeChart *m_score;
    TimeChart *m_connect;
    TimeChart *m_tls;
    TimeChart *m_requests;
    std::vector<Measured> m_charts;
    ThresholdGroup m_settings = ThresholdGroup::Score;
    QString m_provider;
    TimeSpan m_span; ///< asked for last
    TimeSpan m_full; ///< what of it is shown without a zoom
    std::optional<TimeSpan> m_zoom;
    quint64 m_generation = 0; ///< of the newest question
};

} // namespace signalbox
