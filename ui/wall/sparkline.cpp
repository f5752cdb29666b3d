// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/sparkline.h"

#include "ui/style/format.h"
#include "ui/style/theme.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>
#include <QStringList>

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::int64_t pointMs = 5000;
constexpr std::int64_t spanMs = 300'000;
constexpr qreal markWidth = 2;
constexpr qreal shortestMark = 3;
constexpr qreal hatchStep = 5;

/// Where on the drawing a point's 5 s are.
class TimeScale
{
public:
    TimeScale(const QRectF &rect, std::int64_t endMs) : m_rect(rect), m_endMs(endMs) { }

    qreal left(const RecentPoint &point) const
    {
        const auto age = static_cast<qreal>(m_endMs - point.startMs);
        return m_rect.right() - m_rect.width() * age / static_cast<qreal>(spanMs);
    }
    qreal width() const { return m_rect.width() * static_cast<qreal>(pointMs) / static_cast<qreal>(spanMs); }
    qreal middle(const RecentPoint &point) const { return left(point) + width() / 2; }
    QRectF column(const RecentPoint &point) const
    {
        return QRectF(left(point), m_rect.top(), width(), m_rect.height()) & m_rect;
    }

private:
    QRectF m_rect;
    std::int64_t m_endMs;
};

void paintHatch(QPainter &painter, const QRectF &rect, const QColor &color)
{
    painter.save();
    painter.setClipRect(rect);
    painter.setPen(QPen(color, 1));
    // On one raster for the whole drawing, so that columns side by side join.
    const qreal first = std::floor((rect.left() - rect.height()) / hatchStep) * hatchStep;
    const int lines = static_cast<int>(std::ceil((rect.right() - first) / hatchStep));
    for (int line = 0; line < lines; ++line) {
        const qreal x = first + line * hatchStep;
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()));
    }
    painter.restore();
}

void paintDots(QPainter &painter, const QRectF &rect, const QColor &color)
{
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    const int dots = static_cast<int>(std::ceil((rect.height() - 2) / 4));
    for (int dot = 0; dot < dots; ++dot)
        painter.drawEllipse(QPointF(rect.center().x(), rect.top() + 2 + 4 * dot), 0.9, 0.9);
    painter.restore();
}

void paintStates(QPainter &painter, const TimeScale &scale, const std::vector<RecentPoint> &points, const Theme &theme)
{
    for (const RecentPoint &point : points) {
        if (point.openShare > 0)
            paintHatch(painter, scale.column(point), theme.lampCritical);
        else if (point.halfOpenShare > 0)
            paintDots(painter, scale.column(point), theme.lampProbing);
    }
}

void paintErrors(QPainter &painter, const QRectF &rect, const TimeScale &scale, const std::vector<RecentPoint> &points,
                 const QColor &color)
{
    for (const RecentPoint &point : points) {
        if (point.errors == 0)
            continue;
        const qreal share = static_cast<qreal>(point.errors) / std::max(1U, point.attempts);
        const qreal height = shortestMark + share * (rect.height() / 3 - shortestMark);
        painter.fillRect(QRectF(scale.middle(point) - markWidth / 2, rect.bottom() - height, markWidth, height), color);
    }
}

void paintLatency(QPainter &painter, const QRectF &rect, const TimeScale &scale, const std::vector<RecentPoint> &points,
                  const QColor &color)
{
    float most = 1;
    for (const RecentPoint &point : points)
        most = std::max(most, point.p95Ms.value_or(0));
    QPainterPath line;
    const RecentPoint *before = nullptr;
    for (const RecentPoint &point : points) {
        if (!point.p95Ms)
            continue;
        const QPointF at(scale.middle(point), rect.bottom() - rect.height() * static_cast<qreal>(*point.p95Ms / most));
        if (before && point.startMs - before->startMs == pointMs) {
            line.lineTo(at);
        } else {
            line.moveTo(at - QPointF(0.75, 0)); // one alone is a dot
            line.lineTo(at + QPointF(0.75, 0));
        }
        before = &point;
    }
    painter.strokePath(line, QPen(color, 1.5, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
}

QString tr(const char *text)
{
    return QCoreApplication::translate("Sparkline", text);
}

} // namespace

void paintSparkline(QPainter &painter, const QRectF &rect, const std::vector<RecentPoint> &points, const Theme &theme,
                    bool stale)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), theme.grid);
    if (!points.empty()) {
        const TimeScale scale(rect, points.back().startMs + pointMs);
        const QRectF drawing = rect.adjusted(0, 1, 0, -1);
        paintStates(painter, scale, points, theme);
        paintLatency(painter, drawing, scale, points, stale ? theme.textMuted : theme.chartP95);
        paintErrors(painter, rect, scale, points, stale ? theme.textMuted : theme.chartErrors);
    }
    painter.restore();
}

QString sparklineWords(const std::vector<RecentPoint> &points)
{
    std::optional<float> least;
    std::optional<float> most;
    std::uint64_t attempts = 0;
    std::uint64_t errors = 0;
    float openSeconds = 0;
    for (const RecentPoint &point : points) {
        attempts += point.attempts;
        errors += point.errors;
        openSeconds += point.openShare * 5;
        if (!point.p95Ms)
            continue;
        least = std::min(least.value_or(*point.p95Ms), *point.p95Ms);
        most = std::max(most.value_or(0), *point.p95Ms);
    }
    QStringList parts;
    if (most)
        parts.append(tr("95th percentile between %1 and %2").arg(formatLatency(*least), formatLatency(*most)));
    if (attempts > 0)
        parts.append(tr("%1 of %2 attempts failed").arg(formatCount(errors), formatCount(attempts)));
    if (openSeconds > 0)
        parts.append(
            tr("breaker open for %1").arg(formatSpan(std::chrono::milliseconds(std::llround(openSeconds * 1000)))));
    return parts.join(QStringLiteral(", "));
}

} // namespace signalbox
