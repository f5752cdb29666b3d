// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartdata.h"

#include <QHash>
#include <QObject>

namespace signalbox {

/// Space beside the plot, for labels; pixels.
struct ChartMargins
{
    int left = 0;
    int right = 0;
    bool operator==(const ChartMargins &) const = default;
};

/// What charts of one page share: the time they show, the cross-hair, the selection, and where their plots begin and
/// end, so that the same instant lies at the same place.
class ChartGroup : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    const TimeSpan &span() const { return m_span; }
    void setSpan(const TimeSpan &span);
    /// Where there is data at most, the right end of zooming and selecting; by default the span's end.
    void setDataEnd(std::int64_t timeMs) { m_dataEndMs = timeMs; }
    std::int64_t dataEndMs() const { return m_dataEndMs > 0 ? m_dataEndMs : m_span.untilMs; }

    const std::optional<std::int64_t> &crossHair() const { return m_crossHair; }
    void setCrossHair(std::optional<std::int64_t> timeMs);
    /// While it is being dragged or extended by keys.
    const std::optional<TimeSpan> &selection() const { return m_selection; }
    void setSelection(const std::optional<TimeSpan> &selection);
    /// The selection is what the user wants to see. Too short a one is dropped.
    void finishSelection();

    /// About the cross-hair, or the middle; below 1 zooms in.
    void zoom(double factor);
    void reset() { Q_EMIT resetRequested(); }

    const ChartMargins &margins() const { return m_margins; }
    void noteMargins(const QObject *chart, const ChartMargins &wanted);

Q_SIGNALS:
    void changed(); ///< span, cross-hair or selection
    void marginsChanged();
    /// A stretch was chosen by dragging, or by keys.
    void selected(const signalbox::TimeSpan &span);
    void resetRequested();

private:
    TimeSpan m_span;
    std::int64_t m_dataEndMs = 0;
    std::optional<std::int64_t> m_crossHair;
    std::optional<TimeSpan> m_selection;
    QHash<const QObject *, ChartMargins> m_wanted;
    ChartMargins m_margins;
};

} // namespace signalbox
