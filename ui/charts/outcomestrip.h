// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartgroup.h"

#include <QWidget>

namespace signalbox {

class Appearance;

/// What happened in a stretch of time.
struct OutcomeTick
{
    TimeSpan span;
    std::uint32_t good = 0;
    std::uint32_t failed = 0;
};

/// The outcomes behind a chart's line: calls that went well rise from the middle, failed ones hang from it, as high as
/// they are many. Shares time, cross-hair and margins with the charts of its group.
class OutcomeStrip : public QWidget
{
    Q_OBJECT

public:
    OutcomeStrip(const QString &title, const Appearance &appearance, ChartGroup &group, QWidget *parent = nullptr);

    /// Ascending.
    void setTicks(std::vector<OutcomeTick> ticks);
    void setStale(bool stale);
    /// "12:41:30 12 good, 3 failed", of the stretch that the cross-hair is in; empty without one.
    QString readout() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    struct Column
    {
        std::uint64_t good = 0;
        std::uint64_t failed = 0;
    };

    QRectF plot() const;
    std::vector<Column> columns() const;

    QString m_title;
    const Appearance &m_appearance;
    ChartGroup &m_group;
    std::vector<OutcomeTick> m_ticks;
    bool m_stale = false;
};

} // namespace signalbox
