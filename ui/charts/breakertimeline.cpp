// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/breakertimeline.h"

#include "ui/charts/chartaccessible.h"
#include "ui/charts/chartpainter.h"
#include "ui/charts/linelook.h"
#include "ui/charts/ticks.h"
#include "ui/style/appearance.h"
#include "ui/style/format.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <optional>

namespace signalbox {

namespace {

using Kind = TimelineSegment::Kind;

constexpr int padding = 8;
constexpr int titleGap = 6;
constexpr int barHeight = 22;

/// nullopt: as it should be, so a plain surface.
std::optional<ChartBand::Kind> patternOf(Kind kind)
{
    switch (kind) {
    case Kind::Open:
        return ChartBand::Kind::Open;
    case Kind::HalfOpen:
        return ChartBand::Kind::HalfOpen;
    case Kind::ForcedOpen:
    case Kind::ForcedClosed:
    case Kind::NoBreaker:
        return ChartBand::Kind::Forced;
    case Kind::Unknown:
        return ChartBand::Kind::Unknown;
    case Kind::Closed:
        break;
    }
    return std::nullopt;
}

} // namespace

BreakerTimeline::BreakerTimeline(const QString &title, const Appearance &appearance, ChartGroup &group, QWidget *parent)
    : QWidget(parent), m_title(title), m_appearance(appearance), m_group(group)
{
    setAccessibleName(title);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    const auto repaint = [this] { update(); };
    connect(&appearance, &Appearance::themeChanged, this, repaint);
    connect(&group, &ChartGroup::changed, this, repaint);
    connect(&group, &ChartGroup::marginsChanged, this, repaint);
}

void BreakerTimeline::setSegments(std::vector<TimelineSegment> segments)
{
    const bool had = m_chosen >= 0;
    const TimelineSegment before = had ? m_segments[static_cast<std::size_t>(m_chosen)] : TimelineSegment();
    m_segments = std::move(segments);
    m_chosen = -1;
    for (std::size_t i = 0; had && i < m_segments.size(); ++i) {
        // The first one begins where the time shown does, which moves.
        const bool same = m_segments[i].span.sinceMs == before.span.sinceMs ||
            (i == 0 && m_segments[i].span.contains(before.span.sinceMs));
        if (same && m_segments[i].kind == before.kind)
            m_chosen = static_cast<int>(i);
    }
    setAccessibleDescription(m_segments.empty() ? QString() : textOf(static_cast<int>(m_segments.size()) - 1));
    update();
}

void BreakerTimeline::choose(int index)
{
    if (index < 0 || index >= static_cast<int>(m_segments.size()))
        return;
    const bool moved = m_chosen != index;
    m_chosen = index;
    m_group.setCrossHair(m_segments[static_cast<std::size_t>(index)].span.sinceMs);
    setAccessibleDescription(textOf(index));
    announce(this, textOf(index));
    update();
    if (moved)
        Q_EMIT segmentChosen(index);
}

void BreakerTimeline::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    update();
}

void BreakerTimeline::setDotted(bool dotted)
{
    m_dotted = dotted;
    update();
}

QString BreakerTimeline::textOf(int index) const
{
    if (index < 0 || index >= static_cast<int>(m_segments.size()))
        return {};
    const TimelineSegment &segment = m_segments[static_cast<std::size_t>(index)];
    const std::int64_t range = m_group.span().lengthMs();
    const QString head = tr("%1 to %2 (%3): %4.")
                             .arg(timeText(segment.span.sinceMs, range), timeText(segment.span.untilMs, range),
                                  formatSpan(std::chrono::milliseconds(segment.span.lengthMs())), segment.word);
    return segment.reason.isEmpty() ? head : QStringLiteral("%1 %2").arg(head, segment.reason);
}

QRectF BreakerTimeline::bar() const
{
    const ChartMargins &margins = m_group.margins();
    const int top = padding + fontMetrics().height() + titleGap;
    return QRectF(margins.left, top, std::max(1, width() - margins.left - margins.right), barHeight);
}

double BreakerTimeline::xOf(std::int64_t timeMs) const
{
    const QRectF area = bar();
    const auto length = static_cast<double>(std::max<std::int64_t>(m_group.span().lengthMs(), 1));
    const double x = area.left() + area.width() * static_cast<double>(timeMs - m_group.span().sinceMs) / length;
    return std::clamp(x, area.left(), area.right());
}

std::int64_t BreakerTimeline::timeAt(double x) const
{
    const QRectF area = bar();
    return m_group.span().sinceMs +
        static_cast<std::int64_t>((x - area.left()) / area.width() * static_cast<double>(m_group.span().lengthMs()));
}

int BreakerTimeline::segmentAt(std::int64_t timeMs) const
{
    for (std::size_t i = m_segments.size(); i > 0; --i) {
        if (m_segments[i - 1].span.contains(timeMs))
            return static_cast<int>(i - 1);
    }
    return -1;
}

QRectF BreakerTimeline::rectOf(const TimelineSegment &segment) const
{
    const QRectF area = bar();
    const double left = xOf(segment.span.sinceMs);
    // One that lasted for less than a pixel is still seen.
    return QRectF(QPointF(left, area.top()), QPointF(std::max(xOf(segment.span.untilMs), left + 2), area.bottom()));
}

void BreakerTimeline::paintSegment(QPainter &painter, const TimelineSegment &segment) const
{
    const Theme &theme = m_appearance.theme();
    const QRectF area = rectOf(segment);
    const auto pattern = patternOf(segment.kind);
    painter.fillRect(area, theme.surface);
    QColor edge = theme.lampNormal;
    if (pattern) {
        edge = bandColor(*pattern, theme);
        QColor wash = edge;
        wash.setAlphaF(0.12F);
        painter.fillRect(area, wash);
        painter.fillRect(area, bandBrush(*pattern, theme, devicePixelRatioF()));
    }
    painter.setPen(QPen(edge, 1, m_dotted ? Qt::DotLine : Qt::SolidLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5));
    const QFontMetrics metrics(painter.font());
    const double wordWidth = metrics.horizontalAdvance(segment.word);
    if (wordWidth + 12 > area.width())
        return;
    const QRectF word(area.left() + 5, area.center().y() - metrics.height() / 2.0, wordWidth + 4, metrics.height());
    if (pattern)
        painter.fillRect(word, theme.surface);
    painter.setPen(theme.text);
    painter.drawText(word.adjusted(2, 0, 2, 0), Qt::AlignLeft | Qt::AlignVCenter, segment.word);
}

void BreakerTimeline::paintHead(QPainter &painter) const
{
    const Theme &theme = m_appearance.theme();
    const QRect head(padding + 4, padding, width() - 2 * padding - 8, fontMetrics().height());
    painter.setFont(font());
    painter.setPen(m_stale ? theme.textMuted : theme.text);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, m_title);
    const int pointed = m_group.crossHair() ? segmentAt(*m_group.crossHair()) : -1;
    const QString text = textOf(pointed >= 0 ? pointed : m_chosen);
    const QRect place = head.adjusted(fontMetrics().horizontalAdvance(m_title) + 16, 0, 0, 0);
    painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                     fontMetrics().elidedText(text, Qt::ElideRight, place.width()));
}

void BreakerTimeline::paintEvent(QPaintEvent *)
{
    const Theme &theme = m_appearance.theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.grid, 1));
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setFont(chartLabelFont(font()));
    painter.setOpacity(m_stale ? 0.55 : 1);
    for (const TimelineSegment &segment : m_segments)
        paintSegment(painter, segment);
    painter.setOpacity(1);
    if (m_chosen >= 0) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rectOf(m_segments[static_cast<std::size_t>(m_chosen)]).adjusted(-1, -1, 1, 1));
    }
    if (m_group.crossHair()) {
        const double x = std::floor(xOf(*m_group.crossHair())) + 0.5;
        painter.setPen(QPen(theme.textMuted, 1));
        painter.drawLine(QPointF(x, bar().top() - 2), QPointF(x, bar().bottom() + 2));
    }
    paintHead(painter);
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

void BreakerTimeline::showDetails() const
{
    if (m_chosen < 0)
        return;
    const QPointF at = rectOf(m_segments[static_cast<std::size_t>(m_chosen)]).bottomLeft();
    QToolTip::showText(mapToGlobal(at.toPoint() + QPoint(4, 4)),
                       QStringLiteral("<qt>%1</qt>").arg(textOf(m_chosen).toHtmlEscaped()),
                       const_cast<BreakerTimeline *>(this));
}

void BreakerTimeline::mousePressEvent(QMouseEvent *event)
{
    const int index = bar().contains(event->position()) ? segmentAt(timeAt(event->position().x())) : -1;
    if (event->button() != Qt::LeftButton || index < 0)
        return;
    choose(index);
    showDetails();
}

void BreakerTimeline::mouseMoveEvent(QMouseEvent *event)
{
    const bool inside = bar().contains(event->position());
    m_group.setCrossHair(inside ? std::optional(timeAt(event->position().x())) : std::nullopt);
}

void BreakerTimeline::leaveEvent(QEvent *)
{
    if (!hasFocus())
        m_group.setCrossHair(std::nullopt);
}

void BreakerTimeline::keyPressEvent(QKeyEvent *event)
{
    const int last = static_cast<int>(m_segments.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Left:
        choose(m_chosen < 0 ? last : std::max(0, m_chosen - 1));
        return;
    case Qt::Key_Right:
        choose(m_chosen < 0 ? last : std::min(last, m_chosen + 1));
        return;
    case Qt::Key_Home:
        choose(0);
        return;
    case Qt::Key_End:
        choose(last);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        showDetails();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void BreakerTimeline::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void BreakerTimeline::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    if (!underMouse())
        m_group.setCrossHair(std::nullopt);
    update();
}

QSize BreakerTimeline::sizeHint() const
{
    return { 480, 2 * padding + fontMetrics().height() + titleGap + barHeight };
}

QSize BreakerTimeline::minimumSizeHint() const
{
    return { 240, sizeHint().height() };
}

} // namespace signalbox
