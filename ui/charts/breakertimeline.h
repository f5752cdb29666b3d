// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartgroup.h"

#include <QWidget>

namespace signalbox {

class Appearance;

/// What a breaker was, from one change to the next.
struct TimelineSegment
{
    enum class Kind { Closed, HalfOpen, Open, ForcedOpen, ForcedClosed, NoBreaker, Unknown };
    TimeSpan span;
    Kind kind = Kind::Unknown;
    QString word; ///< "Open"
    QString reason; ///< why it came to this: one sentence; may be empty
};

/// One row of segments, told apart by pattern and word. Left and Right step from change to change, a click or Return
/// shows why one came about. Shares time, cross-hair and margins with the charts of its group.
class BreakerTimeline : public QWidget
{
    Q_OBJECT

public:
    BreakerTimeline(const QString &title, const Appearance &appearance, ChartGroup &group, QWidget *parent = nullptr);

    /// Ascending. The chosen segment stays chosen as long as it is there.
    void setSegments(std::vector<TimelineSegment> segments);
    const std::vector<TimelineSegment> &segments() const { return m_segments; }
    /// -1: none.
    int chosen() const { return m_chosen; }
    void choose(int index);
    void setStale(bool stale);
    /// Outlined with dots: what it shows is only supposed.
    void setDotted(bool dotted);

    /// "12:41:07 to 12:42:07 (60 s): Open. Failure rate …"
    QString textOf(int index) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void segmentChosen(int index);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    QRectF bar() const;
    double xOf(std::int64_t timeMs) const;
    std::int64_t timeAt(double x) const;
    int segmentAt(std::int64_t timeMs) const;
    QRectF rectOf(const TimelineSegment &segment) const;
    void paintSegment(QPainter &painter, const TimelineSegment &segment) const;
    void paintHead(QPainter &painter) const;
    void showDetails() const;

    QString m_title;
    const Appearance &m_appearance;
    ChartGroup &m_group;
    std::vector<TimelineSegment> m_segments;
    int m_chosen = -1;
    bool m_stale = false;
    bool m_dotted = false;
};

} // namespace signalbox
