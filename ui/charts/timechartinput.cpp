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

#include <algorithm>
#include <numeric>

namespace signalbox {

namespace {

constexpr double dragDistance = 4;
constexpr double thresholdReach = 5;
constexpr double markerReach = 6;
constexpr double zoomStep = 2;

} // namespace

int TimeChart::thresholdAt(double y) const
{
    int nearest = -1;
    double least = thresholdReach;
    for (std::size_t i = 0; i < m_thresholds.size(); ++i) {
        const double distance = std::abs(m_geometry.y(m_thresholds[i].value) - y);
        if (!m_thresholds[i].draggable || distance > least)
            continue;
        nearest = static_cast<int>(i);
        least = distance;
    }
    return nearest;
}

void TimeChart::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    if (m_draggedThreshold >= 0) {
        const double y = std::clamp(at.y(), m_geometry.plot.top(), m_geometry.plot.bottom());
        moveThreshold(static_cast<std::size_t>(m_draggedThreshold), m_geometry.valueAt(y));
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
    else
        m_chosenThreshold = static_cast<std::size_t>(m_draggedThreshold);
}

void TimeChart::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (m_draggedThreshold >= 0)
        markDirty(); // the axis follows now
    m_draggedThreshold = -1;
    m_pressedX.reset();
    m_group.finishSelection();
}

void TimeChart::leaveEvent(QEvent *)
{
    if (!hasFocus())
        m_group.setCrossHair(std::nullopt);
}

void TimeChart::moveThreshold(std::size_t index, double value)
{
    m_thresholds[index].value = std::max(value, 0.0);
    update();
    Q_EMIT thresholdMoved(index, m_thresholds[index].value);
}

std::size_t TimeChart::draggableCount() const
{
    return static_cast<std::size_t>(std::count_if(m_thresholds.begin(), m_thresholds.end(),
                                                  [](const ChartThreshold &each) { return each.draggable; }));
}

bool TimeChart::stepThreshold(int direction)
{
    if (m_chosenThreshold >= draggableCount())
        return false;
    constexpr double stepsOverPlot = 50;
    const ChartThreshold &chosen = m_thresholds[m_chosenThreshold];
    const double fraction = m_geometry.scale.fractionOf(chosen.value) + direction / stepsOverPlot;
    double value = m_geometry.scale.valueAt(m_geometry.scale.logarithmic ? fraction : std::max(0.0, fraction));
    if (std::abs(value - chosen.value) < chosen.keyStep)
        value = chosen.value + direction * chosen.keyStep;
    moveThreshold(m_chosenThreshold, value);
    markDirty();
    return true;
}

bool TimeChart::chooseThreshold(int direction)
{
    const std::size_t count = draggableCount();
    if (count < 2)
        return false;
    std::vector<std::size_t> byValue(count);
    std::iota(byValue.begin(), byValue.end(), std::size_t { 0 });
    std::stable_sort(byValue.begin(), byValue.end(),
                     [this](std::size_t a, std::size_t b) { return m_thresholds[a].value < m_thresholds[b].value; });
    const auto at =
        static_cast<std::size_t>(std::find(byValue.begin(), byValue.end(), m_chosenThreshold) - byValue.begin());
    m_chosenThreshold = byValue[(at + count + static_cast<std::size_t>(direction > 0 ? 1 : count - 1)) % count];
    update();
    const ChartThreshold &chosen = m_thresholds[m_chosenThreshold];
    announce(this, QStringLiteral("%1 %2").arg(chosen.label, chartValueText(chosen.value, m_unit)));
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
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        if (event->modifiers() == Qt::NoModifier && chooseThreshold(event->key() == Qt::Key_PageUp ? 1 : -1))
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
