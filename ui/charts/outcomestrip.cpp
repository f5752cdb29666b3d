// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/outcomestrip.h"

#include "ui/charts/chartpainter.h"
#include "ui/charts/ticks.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int padding = 8;
constexpr int columnWidth = 3; ///< pixels, with the gap to the next
constexpr int stripHeight = 44;

} // namespace

OutcomeStrip::OutcomeStrip(const QString &title, const Appearance &appearance, ChartGroup &group, QWidget *parent)
    : QWidget(parent), m_title(title), m_appearance(appearance), m_group(group)
{
    setAccessibleName(title);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    const QFontMetrics labels(chartLabelFont(font()));
    const int beside = ChartPainter::labelGap + padding;
    group.noteMargins(
        this,
        { labels.horizontalAdvance(tr("calls")) + beside,
          std::max(labels.horizontalAdvance(tr("good")), labels.horizontalAdvance(tr("failed"))) + beside });
    const auto repaint = [this] { update(); };
    connect(&appearance, &Appearance::themeChanged, this, repaint);
    connect(&group, &ChartGroup::changed, this, repaint);
    connect(&group, &ChartGroup::marginsChanged, this, repaint);
}

void OutcomeStrip::setTicks(std::vector<OutcomeTick> ticks)
{
    m_ticks = std::move(ticks);
    std::uint64_t good = 0;
    std::uint64_t failed = 0;
    for (const OutcomeTick &tick : m_ticks) {
        good += tick.good;
        failed += tick.failed;
    }
    setAccessibleDescription(tr("%1 good, %2 failed").arg(formatCount(good), formatCount(failed)));
    update();
}

void OutcomeStrip::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    update();
}

QString OutcomeStrip::readout() const
{
    if (!m_group.crossHair())
        return {};
    for (const OutcomeTick &tick : m_ticks) {
        if (tick.span.contains(*m_group.crossHair()))
            return tr("%1  %2 good, %3 failed")
                .arg(timeText(tick.span.sinceMs, m_group.span().lengthMs()), formatCount(tick.good),
                     formatCount(tick.failed));
    }
    return {};
}

QRectF OutcomeStrip::plot() const
{
    const ChartMargins &margins = m_group.margins();
    return QRectF(margins.left, padding / 2.0, std::max(1, width() - margins.left - margins.right), height() - padding);
}

std::vector<OutcomeStrip::Column> OutcomeStrip::columns() const
{
    const QRectF area = plot();
    std::vector<Column> result(static_cast<std::size_t>(std::max(1.0, area.width() / columnWidth)));
    const TimeSpan &span = m_group.span();
    const auto length = static_cast<double>(std::max<std::int64_t>(span.lengthMs(), 1));
    for (const OutcomeTick &tick : m_ticks) {
        const std::int64_t middle = tick.span.sinceMs + tick.span.lengthMs() / 2;
        if (middle < span.sinceMs || middle >= span.untilMs)
            continue;
        const double share = static_cast<double>(middle - span.sinceMs) / length;
        Column &column = result[static_cast<std::size_t>(share * static_cast<double>(result.size()))];
        column.good += tick.good;
        column.failed += tick.failed;
    }
    return result;
}

void OutcomeStrip::paintEvent(QPaintEvent *)
{
    const Theme &theme = m_appearance.theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.grid, 1));
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QRectF area = plot();
    const double middle = std::floor(area.center().y());
    const std::vector<Column> shown = columns();
    std::uint64_t most = 1;
    for (const Column &column : shown)
        most = std::max({ most, column.good, column.failed });
    const double half = area.height() / 2 - 1;
    const auto heightOf = [most, half](std::uint64_t count) {
        return count == 0 ? 0.0 : std::max(2.0, half * static_cast<double>(count) / static_cast<double>(most));
    };
    painter.setOpacity(m_stale ? 0.55 : 1);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const double x = area.left() + static_cast<double>(i) * columnWidth;
        painter.fillRect(QRectF(x, middle - heightOf(shown[i].good), columnWidth - 1, heightOf(shown[i].good)),
                         theme.lampNormal);
        painter.fillRect(QRectF(x, middle + 1, columnWidth - 1, heightOf(shown[i].failed)), theme.chartErrors);
    }
    painter.setOpacity(1);
    painter.fillRect(QRectF(area.left(), middle, area.width(), 1), theme.border);
    painter.setFont(chartLabelFont(font()));
    painter.setPen(theme.textMuted);
    const QRectF right(area.right() + ChartPainter::labelGap, area.top(), width() - area.right() - 12, area.height());
    painter.drawText(QRectF(0, area.top(), area.left() - ChartPainter::labelGap, area.height()),
                     Qt::AlignRight | Qt::AlignVCenter, tr("calls"));
    painter.drawText(right, Qt::AlignLeft | Qt::AlignTop, tr("good"));
    painter.drawText(right, Qt::AlignLeft | Qt::AlignBottom, tr("failed"));
    if (m_group.crossHair()) {
        const double share = static_cast<double>(*m_group.crossHair() - m_group.span().sinceMs) /
            static_cast<double>(std::max<std::int64_t>(m_group.span().lengthMs(), 1));
        painter.fillRect(QRectF(std::floor(area.left() + area.width() * share), area.top(), 1, area.height()),
                         theme.textMuted);
    }
}

void OutcomeStrip::mouseMoveEvent(QMouseEvent *event)
{
    const QRectF area = plot();
    if (!area.contains(event->position())) {
        m_group.setCrossHair(std::nullopt);
        return;
    }
    const double share = (event->position().x() - area.left()) / area.width();
    m_group.setCrossHair(m_group.span().sinceMs +
                         static_cast<std::int64_t>(share * static_cast<double>(m_group.span().lengthMs())));
    setToolTip(readout());
}

void OutcomeStrip::leaveEvent(QEvent *)
{
    m_group.setCrossHair(std::nullopt);
}

QSize OutcomeStrip::sizeHint() const
{
    return { 480, stripHeight };
}

QSize OutcomeStrip::minimumSizeHint() const
{
    return { 240, stripHeight };
}

} // namespace signalbox
