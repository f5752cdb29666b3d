// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartgroup.h"
#include "ui/charts/plotgeometry.h"

#include <QPixmap>
#include <QWidget>

#include <memory>

class QAction;

namespace signalbox {

class Appearance;
class LineScene;

/// Lines over time in a card with a title. Each line has its name and last value at its right end instead of a legend.
/// What is set is drawn at the next paint, so a chart that is not seen costs nothing.
///
/// Mouse: moving shows the cross-hair in all charts of the group, dragging selects. Keys: Left and Right move the
/// cross-hair from value to value, with Shift they select, Return takes the selection, + and - zoom, 0 resets, Up and
/// Down move a draggable threshold, Page Up and Page Down choose which one, T shows the values as a table.
class TimeChart : public QWidget
{
    Q_OBJECT

public:
    /// appearance and group outlive it.
    TimeChart(const QString &title, ChartUnit unit, const Appearance &appearance, ChartGroup &group,
              QWidget *parent = nullptr);
    ~TimeChart() override;

    void setTitle(const QString &title);
    const QString &title() const { return m_title; }
    /// All lines at once.
    void setSeries(std::vector<ChartSeries> series);
    const std::vector<ChartSeries> &series() const { return m_series; }
    void setBands(std::vector<ChartBand> bands);
    void setMarkers(std::vector<ChartMarker> markers);
    /// Those that are draggable go first and keep their places: one of them may be under way.
    void setThresholds(std::vector<ChartThreshold> thresholds);
    const std::vector<ChartThreshold> &thresholds() const { return m_thresholds; }
    /// The one line that is measured by.
    void setThreshold(double value, bool draggable);
    void setLogarithmic(bool logarithmic);
    bool isLogarithmic() const { return m_logarithmic; }
    /// The axis ends there, whatever the values are; nullopt: at a round value above the highest.
    void setTop(std::optional<double> top);
    /// What stands in an empty plot.
    void setEmptyText(const QString &text);
    /// Greyed: the values are not the present.
    void setStale(bool stale);

    /// Of the values in view; nullopt without any.
    std::optional<double> highest() const;
    /// One sentence for each line: its name, last, lowest and highest value.
    QString summary() const;
    /// What the cross-hair stands at: "12:41:30 p50 620 ms, p95 2.1 s". Empty without one.
    QString readout() const;
    QAction *tableAction() const { return m_tableAction; }
    void showTable();

    /// As drawn last.
    const PlotGeometry &geometry() const { return m_geometry; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// While it is dragged, or by a key. index: in what was set.
    void thresholdMoved(std::size_t index, double value);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool event(QEvent *event) override;

private:
    void markDirty();
    bool hasUseFor(const QKeyEvent &event) const;
    void noteMargins();
    ValueScale scaleFor() const;
    PlotGeometry currentGeometry() const;
    void renderCache();
    void paintOverlay(QPainter &painter) const;
    int thresholdAt(double y) const;
    void moveThreshold(std::size_t index, double value);
    bool stepThreshold(int direction);
    /// The next draggable one up or down in the plot. False if there are no two.
    bool chooseThreshold(int direction);
    std::size_t draggableCount() const;
    bool stepCrossHair(int direction, bool select);
    void announceCrossHair();
    QString markerTextAt(std::int64_t timeMs) const;

    QString m_title;
    ChartUnit m_unit;
    const Appearance &m_appearance;
    ChartGroup &m_group;
    std::vector<ChartSeries> m_series;
    std::vector<ChartBand> m_bands;
    std::vector<ChartMarker> m_markers;
    std::vector<ChartThreshold> m_thresholds;
    std::optional<double> m_top;
    QString m_emptyText;
    bool m_logarithmic = false;
    bool m_stale = false;

    std::unique_ptr<LineScene> m_scene;
    PlotGeometry m_geometry;
    QPixmap m_cache; ///< everything but cross-hair, bands, marks, thresholds and the text of an empty plot
    bool m_dirty = true;
    bool m_empty = true; ///< no value in view, as drawn last
    ChartMargins m_wantedMargins;
    std::optional<double> m_pressedX; ///< a drag may begin
    int m_draggedThreshold = -1;
    std::size_t m_chosenThreshold = 0; ///< that the keys move
    QAction *m_tableAction;
};

} // namespace signalbox
