// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/waterfallview.h"

#include "ui/models/requestcells.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace signalbox {

namespace {

using std::chrono::microseconds;

constexpr int gap = 8;
constexpr int swatch = 12;
constexpr int axisHeight = 20;
constexpr std::array phases { WaterfallPhase::Queue, WaterfallPhase::Dns,     WaterfallPhase::Connect,
                              WaterfallPhase::Tls,   WaterfallPhase::Sending, WaterfallPhase::Waiting,
                              WaterfallPhase::Stream };

/// 1, 2 or 5 times a power of ten, so that there are at most five steps.
double niceStep(double span)
{
    const double raw = span / 5;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : { 1.0, 2.0, 5.0 }) {
        if (raw <= factor * power)
            return factor * power;
    }
    return 10 * power;
}

QBrush brushOf(WaterfallPhase phase, const Theme &theme)
{
    switch (phase) {
    case WaterfallPhase::Queue:
        return { theme.textFaint, Qt::BDiagPattern };
    case WaterfallPhase::Dns:
        return { theme.textFaint, Qt::Dense6Pattern };
    case WaterfallPhase::Connect:
        return { theme.textFaint, Qt::Dense4Pattern };
    case WaterfallPhase::Tls:
        return { theme.textFaint, Qt::SolidPattern };
    case WaterfallPhase::Sending:
        return { theme.chartP50, Qt::VerPattern };
    case WaterfallPhase::Waiting:
        return { theme.chartP50, Qt::SolidPattern };
    case WaterfallPhase::Stream:
        return { theme.chartP95, Qt::SolidPattern };
    }
    return {};
}

} // namespace

WaterfallView::WaterfallView(const Appearance &appearance, QWidget *parent) : QWidget(parent), m_appearance(appearance)
{
    setObjectName(QStringLiteral("waterfall"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&appearance, &Appearance::themeChanged, this, [this] { update(); });
}

void WaterfallView::setRequest(const RequestEvent *event)
{
    m_rows = event ? waterfallOf(*event) : std::vector<WaterfallRow>();
    m_total = event ? event->total : microseconds(0);
    for (const WaterfallRow &row : m_rows)
        m_total = std::max(m_total, row.until);
    setAccessibleName(tr("Waterfall of the attempts"));
    setAccessibleDescription(waterfallWords(m_rows));
    setVisible(!m_rows.empty());
    updateGeometry();
    update();
}

int WaterfallView::rowHeight() const
{
    return fontMetrics().height() + gap;
}

int WaterfallView::labelWidth() const
{
    int widest = 0;
    for (const WaterfallRow &row : m_rows)
        widest = std::max(widest, fontMetrics().horizontalAdvance(row.label));
    return std::min(widest, width() * 2 / 5);
}

QRect WaterfallView::barArea() const
{
    const int left = labelWidth() + gap;
    const int right = fontMetrics().horizontalAdvance(QStringLiteral("000.0 ms")) + gap;
    return { left, 0, std::max(1, width() - left - right), static_cast<int>(m_rows.size()) * rowHeight() };
}

QSize WaterfallView::sizeHint() const
{
    return { 480, heightForWidth(480) };
}

QSize WaterfallView::minimumSizeHint() const
{
    return { 240, heightForWidth(std::max(240, width())) };
}

int WaterfallView::heightForWidth(int width) const
{
    const std::vector<LegendEntry> entries = legend(width);
    const int legendHeight = entries.empty() ? 0 : entries.back().at.y() + rowHeight();
    return static_cast<int>(m_rows.size()) * rowHeight() + axisHeight + legendHeight;
}

double WaterfallView::xOf(microseconds time) const
{
    const QRect area = barArea();
    if (m_total.count() <= 0)
        return area.left();
    return area.left() + static_cast<double>(time.count()) / static_cast<double>(m_total.count()) * area.width();
}

QRectF WaterfallView::rectOf(std::size_t row, const WaterfallSegment &segment) const
{
    const double left = xOf(segment.from);
    // What happened is at least a hairline.
    return { left, static_cast<double>(row) * rowHeight() + 4.0, std::max(1.0, xOf(segment.until) - left),
             rowHeight() - 8.0 };
}

void WaterfallView::paintSegment(QPainter &painter, const QRectF &rect, WaterfallPhase phase) const
{
    const Theme &theme = m_appearance.theme();
    painter.fillRect(rect, brushOf(phase, theme));
    if (rect.width() < 3)
        return;
    painter.setPen(phase < WaterfallPhase::Sending ? theme.textFaint : theme.chartP95);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
}

void WaterfallView::paintRow(QPainter &painter, std::size_t index) const
{
    const WaterfallRow &row = m_rows[index];
    const int top = static_cast<int>(index) * rowHeight();
    painter.setPen(m_appearance.theme().text);
    painter.drawText(QRect(0, top, labelWidth(), rowHeight()), Qt::AlignVCenter | Qt::AlignLeft,
                     fontMetrics().elidedText(row.label, Qt::ElideRight, labelWidth()));
    for (const WaterfallSegment &segment : row.segments)
        paintSegment(painter, rectOf(index, segment), segment.phase);
    painter.setPen(m_appearance.theme().textMuted);
    painter.drawText(QRect(0, top, width(), rowHeight()), Qt::AlignVCenter | Qt::AlignRight,
                     timeText(row.until - row.from));
}

void WaterfallView::paintAxis(QPainter &painter) const
{
    const QRect area = barArea();
    const Theme &theme = m_appearance.theme();
    const double total = static_cast<double>(m_total.count());
    if (total <= 0)
        return;
    const double step = niceStep(total);
    int lastRight = -1;
    const int ticks = static_cast<int>(total / step);
    for (int tick = 0; tick <= ticks; ++tick) {
        const double at = tick * step;
        const double x = xOf(microseconds(static_cast<std::int64_t>(at)));
        painter.setPen(theme.grid);
        painter.drawLine(QPointF(x, 0), QPointF(x, area.height()));
        const QString text = at == 0 ? QStringLiteral("0") : formatLatency(at / 1000);
        const int textWidth = fontMetrics().horizontalAdvance(text);
        const int left = static_cast<int>(x) - (at == 0 ? 0 : textWidth / 2);
        if (left <= lastRight + 4 || left + textWidth > width())
            continue;
        lastRight = left + textWidth;
        painter.setPen(theme.textMuted);
        painter.drawText(QRect(left, area.height(), textWidth + 1, axisHeight), Qt::AlignVCenter, text);
    }
}

std::vector<WaterfallView::LegendEntry> WaterfallView::legend(int width) const
{
    std::vector<LegendEntry> entries;
    QPoint at(0, 0);
    for (const WaterfallPhase phase : phases) {
        microseconds spent { 0 };
        for (const WaterfallRow &row : m_rows) {
            for (const WaterfallSegment &segment : row.segments) {
                if (segment.phase == phase)
                    spent += segment.until - segment.from;
            }
        }
        if (spent.count() == 0)
            continue;
        const QString text = QStringLiteral("%1 %2").arg(phaseName(phase), timeText(spent));
        const int needed = swatch + 4 + fontMetrics().horizontalAdvance(text) + 2 * gap;
        if (at.x() > 0 && at.x() + needed > width)
            at = QPoint(0, at.y() + rowHeight());
        entries.push_back({ phase, text, at });
        at.rx() += needed;
    }
    return entries;
}

void WaterfallView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(font());
    paintAxis(painter);
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        paintRow(painter, i);
    const int top = barArea().height() + axisHeight;
    for (const LegendEntry &entry : legend(width())) {
        const QRect place(entry.at.x(), top + entry.at.y(), swatch, rowHeight());
        paintSegment(painter, QRectF(place.left(), place.center().y() - swatch / 2.0, swatch, swatch), entry.phase);
        painter.setPen(m_appearance.theme().textMuted);
        painter.drawText(QRect(place.right() + 5, place.top(), width(), rowHeight()), Qt::AlignVCenter | Qt::AlignLeft,
                         entry.text);
    }
}

bool WaterfallView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        for (const WaterfallSegment &segment : m_rows[row].segments) {
            if (!rectOf(row, segment).contains(help->pos()))
                continue;
            QToolTip::showText(
                help->globalPos(),
                QStringLiteral("%1 %2").arg(phaseName(segment.phase), timeText(segment.until - segment.from)), this);
            return true;
        }
    }
    QToolTip::hideText();
    return true;
}

} // namespace signalbox
