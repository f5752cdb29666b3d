// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/timechart.h"

#include "ui/charts/chartaccessible.h"
#include "ui/charts/chartpainter.h"
#include "ui/charts/charttable.h"
#include "ui/charts/decimation.h"
#include "ui/charts/linescene.h"
#include "ui/style/appearance.h"

#include <QAction>
#include <QPainter>

namespace signalbox {

namespace {

constexpr int padding = 8;
constexpr int titleGap = 8;
constexpr double dragRoom = 3; ///< a line can be dragged by this factor at once, on a logarithmic axis

} // namespace

TimeChart::TimeChart(const QString &title, ChartUnit unit, const Appearance &appearance, ChartGroup &group,
                     QWidget *parent)
    : QWidget(parent), m_unit(unit), m_appearance(appearance), m_group(group),
      m_emptyText(tr("No requests in this time")), m_scene(std::make_unique<LineScene>()),
      m_tableAction(new QAction(tr("Show as &table…"), this))
{
    installChartAccessibility();
    setTitle(title);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    m_tableAction->setShortcut(QKeySequence(Qt::Key_T));
    m_tableAction->setShortcutContext(Qt::WidgetShortcut);
    addAction(m_tableAction);
    connect(m_tableAction, &QAction::triggered, this, &TimeChart::showTable);
    connect(&appearance, &Appearance::themeChanged, this, &TimeChart::markDirty);
    connect(&group, &ChartGroup::marginsChanged, this, &TimeChart::markDirty);
    connect(&group, &ChartGroup::changed, this, [this] {
        m_dirty = m_dirty || m_geometry.span != m_group.span();
        update();
    });
}

TimeChart::~TimeChart() = default;

void TimeChart::setTitle(const QString &title)
{
    if (m_title == title)
        return;
    m_title = title;
    setAccessibleName(title);
    markDirty();
}

void TimeChart::setSeries(std::vector<ChartSeries> series)
{
    m_series = std::move(series);
    markDirty();
}

void TimeChart::setBands(std::vector<ChartBand> bands)
{
    m_bands = std::move(bands);
    update();
}

void TimeChart::setMarkers(std::vector<ChartMarker> markers)
{
    m_markers = std::move(markers);
    update();
}

void TimeChart::setThresholds(std::vector<ChartThreshold> thresholds)
{
    m_thresholds = std::move(thresholds);
    if (m_chosenThreshold >= draggableCount())
        m_chosenThreshold = 0;
    markDirty();
}

void TimeChart::setThreshold(double value, bool draggable)
{
    setThresholds({ { value, tr("limit"), draggable } });
}

void TimeChart::setLogarithmic(bool logarithmic)
{
    m_logarithmic = logarithmic;
    markDirty();
}

void TimeChart::setTop(std::optional<double> top)
{
    if (m_top == top)
        return;
    m_top = top;
    markDirty();
}

void TimeChart::setEmptyText(const QString &text)
{
    if (m_emptyText == text)
        return;
    m_emptyText = text;
    markDirty();
}

void TimeChart::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    update();
}

void TimeChart::markDirty()
{
    m_dirty = true;
    update();
}

std::optional<double> TimeChart::highest() const
{
    std::optional<double> most;
    for (const ChartSeries &line : m_series) {
        for (const ChartPoints &points : { line.points, line.forecast }) {
            if (!points)
                continue;
            for (const ChartPoint &point : pointsIn(*points, m_group.span())) {
                if (!point.isGap())
                    most = std::max(most.value_or(point.value), point.value);
            }
        }
    }
    return most;
}

ValueScale TimeChart::scaleFor() const
{
    double high = m_top.value_or(highest().value_or(0));
    for (const ChartThreshold &threshold : m_thresholds) {
        if (m_top && threshold.value <= *m_top)
            continue;
        // One that is far off would press the lines flat.
        if (threshold.draggable || (threshold.value > high && threshold.value <= 1.5 * high))
            high = std::max(high,
                            !threshold.draggable ? threshold.value
                                : m_logarithmic  ? dragRoom * threshold.value
                                                 : 1.1 * threshold.value);
    }
    if (!m_logarithmic)
        return linearScale(0, high);
    double low = std::numeric_limits<double>::infinity();
    for (const ChartThreshold &threshold : m_thresholds) {
        if (threshold.draggable && threshold.value > 0)
            low = std::min(low, threshold.value / dragRoom);
    }
    for (const ChartSeries &line : m_series) {
        if (!line.points)
            continue;
        for (const ChartPoint &point : pointsIn(*line.points, m_group.span())) {
            if (!point.isGap() && point.value > 0)
                low = std::min(low, point.value);
        }
    }
    return logScale(low, high);
}

void TimeChart::noteMargins()
{
    const QFontMetrics metrics(chartLabelFont(font()));
    const auto quantized = [](int width) { return (width + 7) / 8 * 8; };
    int left = 0;
    for (const double tick : m_geometry.scale.ticks)
        left = std::max(left, metrics.horizontalAdvance(chartTickText(tick, m_unit)));
    int right = 0;
    for (const ChartSeries &line : m_series)
        right = std::max(right, metrics.horizontalAdvance(endLabelText(line, m_group.span(), m_unit)));
    // They only grow, so that the plot does not move with every digit.
    m_wantedMargins.left = std::max(m_wantedMargins.left, quantized(left + padding + ChartPainter::labelGap));
    m_wantedMargins.right = std::max(
        m_wantedMargins.right, quantized(right + ChartPainter::labelGap + ChartPainter::swatchWidth + 6 + padding));
    m_group.noteMargins(this, m_wantedMargins);
}

PlotGeometry TimeChart::currentGeometry() const
{
    const QFontMetrics labels(chartLabelFont(font()));
    const ChartMargins &margins = m_group.margins();
    const int top = padding + fontMetrics().height() + titleGap;
    const int bottom = padding + labels.height() + 6;
    PlotGeometry geometry;
    geometry.span = m_group.span();
    geometry.scale = m_geometry.scale;
    geometry.plot = QRectF(margins.left, top, std::max(1, width() - margins.left - margins.right),
                           std::max(1, height() - top - bottom));
    return geometry;
}

void TimeChart::renderCache()
{
    if (m_draggedThreshold < 0) // else the axis would run away from the pointer
        m_geometry.scale = scaleFor();
    noteMargins();
    m_geometry = currentGeometry();
    const Theme &theme = m_appearance.theme();
    const QSize pixels = size() * devicePixelRatioF();
    if (m_cache.size() != pixels)
        m_cache = QPixmap(pixels);
    m_cache.setDevicePixelRatio(devicePixelRatioF());
    m_cache.fill(theme.window);
    QPainter painter(&m_cache);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(chartLabelFont(font()));
    const ChartPainter parts(painter, theme, m_geometry, m_unit);
    parts.frame(QRectF(rect()));
    parts.grid();
    m_empty = !highest();
    if (!m_empty) {
        m_scene->setLines(m_series, m_geometry, theme);
        m_scene->paint(painter);
        parts.endLabels(m_series);
    }
    m_dirty = false;
}

void TimeChart::paintOverlay(QPainter &painter) const
{
    const Theme &theme = m_appearance.theme();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(chartLabelFont(font()));
    const ChartPainter parts(painter, theme, m_geometry, m_unit);
    parts.bands(m_bands, devicePixelRatioF());
    parts.markers(m_markers);
    const bool several = hasFocus() && draggableCount() > 1;
    parts.thresholds(m_thresholds, several ? std::optional(m_chosenThreshold) : std::nullopt);
    if (m_empty)
        parts.emptyText(m_emptyText);
    if (m_group.selection())
        parts.selection(*m_group.selection());
    if (m_group.crossHair())
        parts.crossHair(*m_group.crossHair(), m_series);

    const QRect head(padding + 4, padding, width() - 2 * padding - 8, fontMetrics().height());
    painter.setFont(font());
    painter.setPen(m_stale ? theme.textMuted : theme.text);
    const QString values = readout();
    const int valuesWidth = values.isEmpty() ? 0 : fontMetrics().horizontalAdvance(values) + 16;
    const QString title = fontMetrics().elidedText(m_title, Qt::ElideRight, std::max(0, head.width() - valuesWidth));
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, title);
    painter.drawText(head, Qt::AlignRight | Qt::AlignVCenter,
                     fontMetrics().elidedText(values, Qt::ElideRight, head.width()));
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

void TimeChart::paintEvent(QPaintEvent *)
{
    if (m_dirty || m_cache.size() != size() * devicePixelRatioF() || m_geometry.span != m_group.span())
        renderCache();
    QPainter painter(this);
    painter.setOpacity(m_stale ? 0.55 : 1);
    painter.drawPixmap(0, 0, m_cache);
    painter.setOpacity(1);
    paintOverlay(painter);
}

void TimeChart::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_dirty = true;
}

QString TimeChart::readout() const
{
    if (!m_group.crossHair())
        return {};
    QStringList parts;
    std::int64_t timeMs = *m_group.crossHair();
    for (const ChartSeries &line : m_series) {
        const auto point = valueNear(line, *m_group.crossHair(), m_group.span());
        parts.append(QStringLiteral("%1 %2").arg(
            line.name, chartValueText(point ? point->value : std::numeric_limits<double>::quiet_NaN(), m_unit)));
        if (point)
            timeMs = point->timeMs;
    }
    return QStringLiteral("%1  %2").arg(timeText(timeMs, m_group.span().lengthMs()), parts.join(QStringLiteral("  ")));
}

QString TimeChart::summary() const
{
    if (!highest())
        return m_emptyText;
    QStringList sentences;
    for (const ChartSeries &line : m_series) {
        const auto last = lastValue(line, m_group.span());
        if (!last)
            continue;
        double low = last->value;
        double high = last->value;
        for (const ChartPoint &point : pointsIn(*line.points, m_group.span())) {
            if (point.isGap() || !m_group.span().contains(point.timeMs))
                continue;
            low = std::min(low, point.value);
            high = std::max(high, point.value);
        }
        sentences.append(tr("%1: last %2, between %3 and %4.")
                             .arg(line.name, chartValueText(last->value, m_unit), chartValueText(low, m_unit),
                                  chartValueText(high, m_unit)));
    }
    return sentences.join(QLatin1Char(' '));
}

void TimeChart::showTable()
{
    auto *table = new ChartTable(m_title, m_unit, m_series, m_group.span(), window());
    table->setAttribute(Qt::WA_DeleteOnClose);
    table->show();
}

QSize TimeChart::sizeHint() const
{
    return { 480, 200 };
}

QSize TimeChart::minimumSizeHint() const
{
    return { 240, fontMetrics().height() * 2 + 80 };
}

} // namespace signalbox
