// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartpainter.h"

#include "ui/charts/decimation.h"
#include "ui/charts/labellayout.h"
#include "ui/charts/linelook.h"
#include "ui/style/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace signalbox {

namespace {

constexpr double cornerRadius = 4;
constexpr double markerSize = 4;

QColor withAlpha(QColor color, float alpha)
{
    color.setAlphaF(alpha);
    return color;
}

/// On the middle of a pixel, so that a line of one pixel is sharp.
double sharp(double coordinate)
{
    return std::floor(coordinate) + 0.5;
}

QPainterPath markerPath(ChartMarker::Kind kind, const QPointF &at)
{
    QPainterPath path;
    switch (kind) {
    case ChartMarker::Kind::Config:
        path.addPolygon(QPolygonF { at + QPointF(0, -markerSize), at + QPointF(markerSize, 0),
                                    at + QPointF(0, markerSize), at + QPointF(-markerSize, 0) });
        break;
    case ChartMarker::Kind::Failover:
        path.addPolygon(QPolygonF { at + QPointF(-markerSize, -markerSize), at + QPointF(markerSize, 0),
                                    at + QPointF(-markerSize, markerSize) });
        break;
    case ChartMarker::Kind::Command:
        path.addRect(
            QRectF(at - QPointF(markerSize - 1, markerSize - 1), QSizeF(2 * markerSize - 2, 2 * markerSize - 2)));
        break;
    }
    path.closeSubpath();
    return path;
}

} // namespace

QFont chartLabelFont(const QFont &base)
{
    QFont font = base;
    font.setPointSizeF(base.pointSizeF() * 0.9);
    return font;
}

std::optional<ChartPoint> lastValue(const ChartSeries &series, const TimeSpan &span)
{
    if (!series.points)
        return std::nullopt;
    for (auto point = series.points->rbegin(); point != series.points->rend(); ++point) {
        if (!point->isGap() && span.contains(point->timeMs))
            return *point;
    }
    return std::nullopt;
}

std::optional<ChartPoint> valueNear(const ChartSeries &series, std::int64_t timeMs, const TimeSpan &span)
{
    if (!series.points)
        return std::nullopt;
    std::optional<ChartPoint> best;
    for (const ChartPoint &point : pointsIn(*series.points, span)) {
        const std::int64_t distance = std::abs(point.timeMs - timeMs);
        if (!point.isGap() && (!best || distance < std::abs(best->timeMs - timeMs)))
            best = point;
    }
    const bool near = best && (series.stepMs <= 0 || std::abs(best->timeMs - timeMs) <= series.stepMs);
    return near ? best : std::nullopt;
}

QString endLabelText(const ChartSeries &series, const TimeSpan &span, ChartUnit unit)
{
    const auto last = lastValue(series, span);
    return QStringLiteral("%1 %2").arg(
        series.name, chartValueText(last ? last->value : std::numeric_limits<double>::quiet_NaN(), unit));
}

ChartPainter::ChartPainter(QPainter &painter, const Theme &theme, const PlotGeometry &geometry, ChartUnit unit)
    : m_painter(painter), m_theme(theme), m_geometry(geometry), m_unit(unit)
{
}

void ChartPainter::frame(const QRectF &card) const
{
    m_painter.setPen(QPen(m_theme.grid, 1));
    m_painter.setBrush(m_theme.surface);
    m_painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), cornerRadius, cornerRadius);
}

void ChartPainter::grid() const
{
    const QRectF &plot = m_geometry.plot;
    const QFontMetrics metrics(m_painter.font());
    for (const double tick : m_geometry.scale.ticks) {
        const double y = sharp(m_geometry.y(tick));
        m_painter.setPen(QPen(m_theme.grid, 1));
        m_painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        m_painter.setPen(m_theme.textMuted);
        m_painter.drawText(QRectF(0, y - metrics.height() / 2.0, plot.left() - labelGap, metrics.height()),
                           Qt::AlignRight | Qt::AlignVCenter, chartTickText(tick, m_unit));
    }
    constexpr int labelDistance = 84;
    double free = 0;
    for (const TimeTick &tick : timeTicks(m_geometry.span, static_cast<int>(plot.width()) / labelDistance)) {
        const double x = m_geometry.x(tick.timeMs);
        m_painter.setPen(QPen(m_theme.border, 1));
        m_painter.drawLine(QPointF(sharp(x), plot.bottom()), QPointF(sharp(x), plot.bottom() + 4));
        const double width = metrics.horizontalAdvance(tick.label);
        if (x - width / 2 < free)
            continue;
        free = x + width / 2 + labelGap;
        m_painter.setPen(m_theme.textMuted);
        m_painter.drawText(QRectF(x - width / 2, plot.bottom() + 5, width + 1, metrics.height()), Qt::AlignHCenter,
                           tick.label);
    }
}

void ChartPainter::endLabels(const std::vector<ChartSeries> &series) const
{
    const QFontMetrics metrics(m_painter.font());
    std::vector<const ChartSeries *> labelled;
    std::vector<double> wanted;
    for (const ChartSeries &line : series) {
        if (const auto last = lastValue(line, m_geometry.span)) {
            labelled.push_back(&line);
            wanted.push_back(std::clamp(m_geometry.y(last->value), m_geometry.plot.top(), m_geometry.plot.bottom()));
        }
    }
    const double half = metrics.height() / 2.0;
    const auto placed =
        placeLabels(wanted, metrics.height(), m_geometry.plot.top() - half, m_geometry.plot.bottom() + half);
    const double left = m_geometry.plot.right() + labelGap;
    for (std::size_t i = 0; i < labelled.size(); ++i) {
        const double y = placed[i];
        m_painter.setPen(linePen(labelled[i]->style, m_theme));
        m_painter.drawLine(QPointF(left, y), QPointF(left + swatchWidth, y));
        m_painter.setPen(m_theme.text);
        m_painter.drawText(QPointF(left + swatchWidth + 6, y - half + metrics.ascent()),
                           endLabelText(*labelled[i], m_geometry.span, m_unit));
    }
}

void ChartPainter::emptyText(const QString &text) const
{
    constexpr int flags = Qt::AlignCenter | Qt::TextWordWrap;
    const QRectF place = m_painter.boundingRect(m_geometry.plot, flags, text);
    m_painter.fillRect(place.adjusted(-4, -1, 4, 1), m_theme.surface); // a threshold may be behind it
    m_painter.setPen(m_theme.textMuted);
    m_painter.drawText(m_geometry.plot, flags, text);
}

void ChartPainter::bands(const std::vector<ChartBand> &bands, qreal devicePixelRatio) const
{
    const QRectF &plot = m_geometry.plot;
    for (const ChartBand &band : bands) {
        if (band.span.untilMs < m_geometry.span.sinceMs || band.span.sinceMs > m_geometry.span.untilMs)
            continue;
        const double left = std::max(m_geometry.x(band.span.sinceMs), plot.left());
        const double right = std::min(std::max(m_geometry.x(band.span.untilMs), left + 2), plot.right());
        const QRectF area(QPointF(left, plot.top()), QPointF(right, plot.bottom()));
        m_painter.fillRect(area, withAlpha(bandColor(band.kind, m_theme), 0.07F));
        m_painter.fillRect(area, bandBrush(band.kind, m_theme, devicePixelRatio));
    }
}

void ChartPainter::thresholds(const std::vector<ChartThreshold> &thresholds, std::optional<std::size_t> chosen) const
{
    const QRectF &plot = m_geometry.plot;
    const QFontMetrics metrics(m_painter.font());
    std::vector<QRectF> labelled;
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        const ChartThreshold &threshold = thresholds[i];
        const double y = m_geometry.y(threshold.value);
        if (y < plot.top() - 1 || y > plot.bottom() + 1)
            continue;
        m_painter.setPen(QPen(m_theme.thresholdLine, threshold.draggable ? 2 : 1));
        m_painter.drawLine(QPointF(plot.left(), sharp(y)), QPointF(plot.right(), sharp(y)));
        if (threshold.draggable) {
            m_painter.setBrush(m_theme.thresholdLine);
            m_painter.drawRoundedRect(QRectF(plot.right() - 5, y - 7, 10, 14), 3, 3);
        }
        if (i == chosen) {
            m_painter.setPen(QPen(m_theme.accent, 2));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawRoundedRect(QRectF(plot.right() - 8, y - 10, 16, 20), 4, 4);
        }
        const QString text = QStringLiteral("%1 %2").arg(threshold.label, chartValueText(threshold.value, m_unit));
        const bool below = y - metrics.height() < plot.top();
        const QRectF label(plot.left() + 4, below ? y + 1 : y - metrics.height() - 1,
                           metrics.horizontalAdvance(text) + 6, metrics.height());
        const bool covered = std::any_of(labelled.begin(), labelled.end(),
                                         [&label](const QRectF &other) { return label.intersects(other); });
        if (covered)
            continue;
        labelled.push_back(label);
        m_painter.fillRect(label, withAlpha(m_theme.surface, 0.8F));
        m_painter.setPen(m_theme.thresholdLine);
        m_painter.drawText(label.adjusted(3, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
    }
}

void ChartPainter::markers(const std::vector<ChartMarker> &markers) const
{
    const QRectF &plot = m_geometry.plot;
    for (const ChartMarker &marker : markers) {
        const double x = m_geometry.x(marker.timeMs);
        if (x < plot.left() || x > plot.right())
            continue;
        QPen pen(withAlpha(m_theme.textFaint, 0.6F), 1);
        pen.setDashPattern({ 1, 3 });
        m_painter.setPen(pen);
        m_painter.drawLine(QPointF(sharp(x), plot.top()), QPointF(sharp(x), plot.bottom()));
        m_painter.fillPath(markerPath(marker.kind, QPointF(sharp(x), plot.bottom())), m_theme.textMuted);
    }
}

void ChartPainter::selection(const TimeSpan &span) const
{
    const QRectF &plot = m_geometry.plot;
    const double a = std::clamp(m_geometry.x(span.sinceMs), plot.left(), plot.right());
    const double b = std::clamp(m_geometry.x(span.untilMs), plot.left(), plot.right());
    const QRectF area = QRectF(QPointF(std::min(a, b), plot.top()), QPointF(std::max(a, b), plot.bottom()));
    m_painter.fillRect(area, withAlpha(m_theme.accent, 0.18F));
    m_painter.setPen(QPen(m_theme.accent, 1));
    for (const double x : { a, b })
        m_painter.drawLine(QPointF(sharp(x), plot.top()), QPointF(sharp(x), plot.bottom()));
}

void ChartPainter::crossHair(std::int64_t timeMs, const std::vector<ChartSeries> &series) const
{
    const QRectF &plot = m_geometry.plot;
    const double x = m_geometry.x(timeMs);
    if (x < plot.left() || x > plot.right())
        return;
    m_painter.setPen(QPen(m_theme.textMuted, 1));
    m_painter.drawLine(QPointF(sharp(x), plot.top()), QPointF(sharp(x), plot.bottom()));
    for (const ChartSeries &line : series) {
        const auto point = valueNear(line, timeMs, m_geometry.span);
        if (!point)
            continue;
        const QPointF at(m_geometry.x(point->timeMs), m_geometry.y(point->value));
        if (!plot.adjusted(-1, -1, 1, 1).contains(at))
            continue;
        m_painter.setPen(QPen(m_theme.surface, 1));
        m_painter.setBrush(lineColor(line.style, m_theme));
        m_painter.drawEllipse(at, 3.5, 3.5);
    }
}

} // namespace signalbox
