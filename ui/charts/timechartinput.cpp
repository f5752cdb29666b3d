// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartaccessible.h"
#include "ui/charts/chartpainter.h"
#include "ui/charts/timechart.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QToolTip>

namespace signalbox {

namespace {

constexpr double dragDistance = 4;
constexpr double thresholdReach = 5;
constexpr double markerReach = 6;
constexpr double zoomStep = 2;

} // namespace

int TimeChart::thresholdAt(double y) const
{
    for (std::size_t i = 0; i < m_thresholds.size(); ++i) {
        if (m_thresholds[i].draggable && std::abs(m_geometry.y(m_thresholds[i].value) - y) <= thresholdReach)
            return static_cast<int>(i);
    }
    return -1;
}

void TimeChart::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    if (m_draggedThreshold >= 0) {
        moveThreshold(m_geometry.valueAt(at.y()));
        return;
    }
    const bool inside = m_geometry.plot.adjusted(-1, -1, 1, 1).contains(at);
    if (m_pressedX && std::abs(at.x() - *m_pressedX) >= dragDistance) {
        const double x = std::clamp(at.x(), m_geometry.plot.left(), m_geometry.plot.right());
        m_group.setSelection(TimeSpan { m_geometry.timeAt(*m_pressedX), m_geometry.timeAt(x) });
    }
    setCursor(inside && thresholdAt(at.y()) >= 0 ? Qt::SizeVerCursor : inside ? Qt::CrossCursor : Qt::ArrowCursor);
    m_group.setCrossHair(inside ? std::optional(m_geometry.timeAt(at.x())) : std::nullopt);
}

void TimeChart::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_geometry.plot.contains(event->position()))
        return;
    m_draggedThreshold = thresholdAt(event->position().y());
    if (m_draggedThreshold < 0)
        m_pressedX = event->position().x();
}

void TimeChart::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_draggedThreshold = -1;
    m_pressedX.reset();
    m_group.finishSelection();
}

void TimeChart::leaveEvent(QEvent *)
{
    if (!hasFocus())
        m_group.setCrossHair(std::nullopt);
}

void TimeChart::moveThreshold(double value)
{
    auto &moved = m_thresholds[static_cast<std::size_t>(m_draggedThreshold)];
    moved.value = std::max(value, m_geometry.scale.logarithmic ? m_geometry.scale.bottom : 0.0);
    update();
    Q_EMIT thresholdMoved(moved.value);
}

bool TimeChart::stepThreshold(int direction)
{
    const auto found = std::find_if(m_thresholds.begin(), m_thresholds.end(),
                                    [](const ChartThreshold &threshold) { return threshold.draggable; });
    if (found == m_thresholds.end())
        return false;
    constexpr double stepsOverPlot = 50;
    const double fraction = m_geometry.scale.fractionOf(found->value) + direction / stepsOverPlot;
    m_draggedThreshold = static_cast<int>(found - m_thresholds.begin());
    moveThreshold(m_geometry.scale.valueAt(std::max(0.0, fraction)));
    m_draggedThreshold = -1;
    markDirty();
    return true;
}

bool TimeChart::stepCrossHair(int direction, bool select)
{
    const std::vector<ChartRow> rows = chartRows(m_series, m_group.span());
    if (rows.empty())
        return false;
    const std::int64_t from = m_group.crossHair().value_or(m_group.span().untilMs);
    const auto later = [](std::int64_t timeMs, const ChartRow &row) { return timeMs < row.timeMs; };
    const auto earlier = [](const ChartRow &row, std::int64_t timeMs) { return row.timeMs < timeMs; };
    std::int64_t to = 0;
    if (direction > 0) {
        const auto next = std::upper_bound(rows.begin(), rows.end(), from, later);
        to = next == rows.end() ? rows.back().timeMs : next->timeMs;
    } else {
        const auto next = std::lower_bound(rows.begin(), rows.end(), from, earlier);
        to = next == rows.begin() ? rows.front().timeMs : std::prev(next)->timeMs;
    }
    if (select) {
        const TimeSpan before = m_group.selection().value_or(TimeSpan { from, from });
        m_group.setSelection(TimeSpan { before.sinceMs, to });
    } else {
        m_group.setSelection(std::nullopt);
    }
    m_group.setCrossHair(to);
    announceCrossHair();
    return true;
}

void TimeChart::announceCrossHair()
{
    QString text = readout();
    if (const QString marker = markerTextAt(*m_group.crossHair()); !marker.isEmpty())
        text += QStringLiteral(". ") + marker;
    announce(this, text);
}

void TimeChart::keyPressEvent(QKeyEvent *event)
{
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (stepCrossHair(event->key() == Qt::Key_Right ? 1 : -1, shift))
            return;
        break;
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (stepThreshold(event->key() == Qt::Key_Up ? 1 : -1))
            return;
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!m_group.selection())
            break;
        m_group.finishSelection();
        return;
    case Qt::Key_Escape:
        if (!m_group.selection())
            break;
        m_group.setSelection(std::nullopt);
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_group.zoom(1 / zoomStep);
        return;
    case Qt::Key_Minus:
        m_group.zoom(zoomStep);
        return;
    case Qt::Key_0:
        m_group.reset();
        return;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void TimeChart::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void TimeChart::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    if (!underMouse())
        m_group.setCrossHair(std::nullopt);
    update();
}

void TimeChart::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu menu(this);
    menu.addActions(actions());
    menu.exec(event->globalPos());
}

QString TimeChart::markerTextAt(std::int64_t timeMs) const
{
    QStringList texts;
    for (const ChartMarker &marker : m_markers) {
        if (std::abs(m_geometry.x(marker.timeMs) - m_geometry.x(timeMs)) <= markerReach)
            texts.append(QStringLiteral("%1 %2").arg(timeText(marker.timeMs, m_group.span().lengthMs()), marker.text));
    }
    constexpr qsizetype most = 5;
    if (texts.size() > most) {
        const auto more = static_cast<int>(texts.size() - most);
        texts = texts.first(most);
        texts.append(tr("and %n more", nullptr, more));
    }
    return texts.join(QLatin1Char('\n'));
}

/// Keys that would else be some action's.
bool TimeChart::hasUseFor(const QKeyEvent &event) const
{
    switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Escape:
        return m_group.selection().has_value() && !event.modifiers().testFlag(Qt::ControlModifier);
    case Qt::Key_Left:
    case Qt::Key_Right:
        return (event.modifiers() & ~Qt::KeyboardModifiers(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier;
    default:
        return false;
    }
}

bool TimeChart::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride && hasUseFor(*static_cast<QKeyEvent *>(event))) {
        event->accept();
        return true;
    }
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QString text = markerTextAt(m_geometry.timeAt(help->pos().x()));
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(
            help->globalPos(),
            QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"))),
            this);
    return true;
}

} // namespace signalbox
