// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/waterfall.h"

#include <QWidget>

namespace signalbox {

class Appearance;
struct Theme;

/// The attempts of one request as bars over one time axis, each cut into its phases, with what the patterns mean below.
class WaterfallView : public QWidget
{
    Q_OBJECT

public:
    explicit WaterfallView(const Appearance &appearance, QWidget *parent = nullptr);

    void setRequest(const RequestEvent *event);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct LegendEntry
    {
        WaterfallPhase phase;
        QString text;
        QPoint at;
    };
    QRect barArea() const;
    int rowHeight() const;
    int labelWidth() const;
    double xOf(std::chrono::microseconds time) const;
    QRectF rectOf(std::size_t row, const WaterfallSegment &segment) const;
    void paintRow(QPainter &painter, std::size_t index) const;
    void paintSegment(QPainter &painter, const QRectF &rect, WaterfallPhase phase) const;
    void paintAxis(QPainter &painter) const;
    std::vector<LegendEntry> legend(int width) const;

    const Appearance &m_appearance;
    std::vector<WaterfallRow> m_rows;
    std::chrono::microseconds m_total { 0 };
};

} // namespace signalbox
