// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/linelook.h"

#include "ui/style/theme.h"

#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>

namespace signalbox {

namespace {

constexpr int tileSize = 8;

QList<qreal> dashesOf(LineStyle style)
{
    switch (style) {
    case LineStyle::P50:
        return { 1, 2 };
    case LineStyle::P99:
        return { 4, 2.5 };
    case LineStyle::Errors:
        return { 6, 2, 1.5, 2 };
    case LineStyle::Category2:
        return { 6, 2 };
    case LineStyle::Category3:
        return { 1, 2 };
    case LineStyle::Category4:
        return { 6, 2, 1, 2 };
    case LineStyle::Category5:
        return { 3, 3 };
    case LineStyle::P95:
    case LineStyle::Neutral:
    case LineStyle::Category1:
        break;
    }
    return {};
}

QColor withAlpha(QColor color, float alpha)
{
    color.setAlphaF(alpha);
    return color;
}

void paintHatch(QPainter &painter, const QColor &color, bool rising)
{
    painter.setPen(QPen(color, 1));
    for (int offset = -tileSize; offset <= tileSize; offset += tileSize) {
        if (rising)
            painter.drawLine(QPointF(offset, tileSize), QPointF(offset + tileSize, 0));
        else
            painter.drawLine(QPointF(offset, 0), QPointF(offset + tileSize, tileSize));
    }
}

void paintDots(QPainter &painter, const QColor &color)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QPointF(2, 2), 1, 1);
    painter.drawEllipse(QPointF(6, 6), 1, 1);
}

void paintTile(QPainter &painter, ChartBand::Kind kind, const QColor &color)
{
    painter.setRenderHint(QPainter::Antialiasing);
    switch (kind) {
    case ChartBand::Kind::Open:
        paintHatch(painter, color, true);
        break;
    case ChartBand::Kind::HalfOpen:
        paintDots(painter, color);
        break;
    case ChartBand::Kind::Forced:
        paintHatch(painter, color, true);
        paintHatch(painter, color, false);
        break;
    case ChartBand::Kind::Unknown:
        paintHatch(painter, color, false);
        break;
    }
}

} // namespace

QColor lineColor(LineStyle style, const Theme &theme)
{
    switch (style) {
    case LineStyle::P50:
        return theme.chartP50;
    case LineStyle::P95:
        return theme.chartP95;
    case LineStyle::P99:
        return theme.chartP99;
    case LineStyle::Errors:
        return theme.chartErrors;
    case LineStyle::Neutral:
        return theme.textMuted;
    default:
        return theme.categories[static_cast<std::size_t>(style) - static_cast<std::size_t>(LineStyle::Category1)];
    }
}

QPen linePen(LineStyle style, const Theme &theme)
{
    QPen pen(lineColor(style, theme), style == LineStyle::P99 || style == LineStyle::P50 ? 2.0 : 1.5);
    pen.setJoinStyle(Qt::RoundJoin);
    pen.setCapStyle(Qt::FlatCap);
    if (const QList<qreal> dashes = dashesOf(style); !dashes.isEmpty())
        pen.setDashPattern(dashes);
    return pen;
}

QPen forecastPen(LineStyle style, const Theme &theme)
{
    QPen pen(lineColor(style, theme), 1.5);
    pen.setCapStyle(Qt::FlatCap);
    pen.setDashPattern({ 1, 4 });
    return pen;
}

QColor bandColor(ChartBand::Kind kind, const Theme &theme)
{
    switch (kind) {
    case ChartBand::Kind::Open:
        return theme.lampCritical;
    case ChartBand::Kind::HalfOpen:
        return theme.lampProbing;
    case ChartBand::Kind::Forced:
        return theme.lampManual;
    case ChartBand::Kind::Unknown:
        break;
    }
    return theme.lampNormal;
}

QBrush bandBrush(ChartBand::Kind kind, const Theme &theme, qreal devicePixelRatio)
{
    const QColor color = withAlpha(bandColor(kind, theme), kind == ChartBand::Kind::HalfOpen ? 0.7F : 0.45F);
    const QString key =
        QStringLiteral("band %1 %2 %3").arg(static_cast<int>(kind)).arg(color.rgba()).arg(devicePixelRatio);
    QPixmap tile;
    if (!QPixmapCache::find(key, &tile)) {
        tile = QPixmap(QSize(tileSize, tileSize) * devicePixelRatio);
        tile.setDevicePixelRatio(devicePixelRatio);
        tile.fill(Qt::transparent);
        QPainter painter(&tile);
        paintTile(painter, kind, color);
        painter.end();
        QPixmapCache::insert(key, tile);
    }
    return QBrush(tile);
}

} // namespace signalbox
