// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/linescene.h"

#include "ui/charts/decimation.h"
#include "ui/charts/linelook.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QLineSeries>
#include <QPainter>
#include <QValueAxis>

namespace signalbox {

namespace {

/// A line at the very top or bottom is as thick as others.
constexpr double bleed = 2;

} // namespace

struct LineScene::Private
{
    QGraphicsScene scene;
    QChart *chart = nullptr; ///< the scene's
    QValueAxis *timeAxis = nullptr; ///< milliseconds since the span's begin
    QValueAxis *valueAxis = nullptr; ///< 0 at the bottom of the plot, 1 at its top, whatever the scale
    std::vector<QLineSeries *> lines; ///< the chart's, used again and again
    std::size_t used = 0;
    PlotGeometry geometry;

    void arrange();
    void addLine(const LineSegment &segment, const QPen &pen);
    void addSeries(const ChartSeries &series, const Theme &theme);
    QList<QPointF> place(const LineSegment &segment) const;
    QLineSeries *nextLine();
};

LineScene::LineScene() : d(std::make_unique<Private>())
{
    d->chart = new QChart;
    d->scene.addItem(d->chart);
    d->chart->setAnimationOptions(QChart::NoAnimation);
    d->chart->legend()->hide();
    d->chart->setBackgroundVisible(false);
    d->chart->setMargins({});
    d->chart->layout()->setContentsMargins(0, 0, 0, 0);
    d->timeAxis = new QValueAxis(d->chart);
    d->valueAxis = new QValueAxis(d->chart);
    for (QValueAxis *axis : { d->timeAxis, d->valueAxis })
        axis->setVisible(false);
    d->chart->addAxis(d->timeAxis, Qt::AlignBottom);
    d->chart->addAxis(d->valueAxis, Qt::AlignLeft);
}

LineScene::~LineScene() = default;

void LineScene::setLines(const std::vector<ChartSeries> &series, const PlotGeometry &geometry, const Theme &theme)
{
    d->geometry = geometry;
    d->arrange();
    d->used = 0;
    for (const ChartSeries &line : series)
        d->addSeries(line, theme);
    for (std::size_t i = d->used; i < d->lines.size(); ++i) {
        if (d->lines[i]->count() > 0)
            d->lines[i]->clear();
    }
}

void LineScene::paint(QPainter &painter) const
{
    const QRectF source(QPointF(0, 0), d->chart->size());
    painter.save();
    painter.setBrush(Qt::NoBrush); // a dashed line would be filled with it
    d->scene.render(&painter, d->geometry.plot.adjusted(0, -bleed, 0, bleed), source, Qt::IgnoreAspectRatio);
    painter.restore();
}

void LineScene::Private::arrange()
{
    const QSizeF size = geometry.plot.size() + QSizeF(0, 2 * bleed);
    if (chart->size() != size) {
        chart->resize(size);
        chart->setPlotArea(QRectF(QPointF(0, 0), size));
        scene.setSceneRect(QRectF(QPointF(0, 0), size));
        chart->layout()->activate();
    }
    timeAxis->setRange(0, static_cast<double>(std::max<std::int64_t>(geometry.span.lengthMs(), 1)));
    const double beyond = bleed / std::max(geometry.plot.height(), 1.0);
    valueAxis->setRange(-beyond, 1 + beyond);
}

void LineScene::Private::addSeries(const ChartSeries &series, const Theme &theme)
{
    const QPen pen = linePen(series.style, theme);
    const int columns = std::max(1, static_cast<int>(geometry.plot.width()) / 2);
    if (series.points) {
        for (LineSegment &segment : splitAtGaps(pointsIn(*series.points, geometry.span), series.stepMs)) {
            if (segment.size() == 1) {
                // A value alone holds for its own stretch: a dash as long as that, but no shorter than can be seen.
                const double perPixel = static_cast<double>(geometry.span.lengthMs()) / geometry.plot.width();
                const auto half =
                    static_cast<std::int64_t>(std::max(static_cast<double>(series.stepMs) / 2, 2 * perPixel));
                const ChartPoint point = segment.front();
                segment = { { point.timeMs - half, point.value }, { point.timeMs + half, point.value } };
            }
            addLine(decimate(segment, geometry.span, columns), pen);
        }
    }
    if (series.forecast && series.forecast->size() > 1)
        addLine(*series.forecast, forecastPen(series.style, theme));
}

void LineScene::Private::addLine(const LineSegment &segment, const QPen &pen)
{
    QLineSeries *line = nextLine();
    if (line->pen() != pen)
        line->setPen(pen);
    line->replace(place(segment));
}

QList<QPointF> LineScene::Private::place(const LineSegment &segment) const
{
    QList<QPointF> placed;
    placed.reserve(static_cast<qsizetype>(segment.size()));
    for (const ChartPoint &point : segment)
        placed.append(
            QPointF(static_cast<double>(point.timeMs - geometry.span.sinceMs), geometry.scale.fractionOf(point.value)));
    return placed;
}

QLineSeries *LineScene::Private::nextLine()
{
    if (used == lines.size()) {
        auto *line = new QLineSeries(chart);
        chart->addSeries(line);
        line->attachAxis(timeAxis);
        line->attachAxis(valueAxis);
        lines.push_back(line);
    }
    return lines[used++];
}

} // namespace signalbox
