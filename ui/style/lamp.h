// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QRectF>
#include <QWidget>

class QPainter;

namespace signalbox {

/// A state is told by shape first, then by word, then by colour.
enum class LampShape {
    Circle, ///< hollow: as it should be
    DashedCircle, ///< nothing or not enough to judge by
    SlashedCircle, ///< taken out of use
    Triangle, ///< filled, "!": works, but look
    Square, ///< filled: does not work
    Diamond, ///< half filled: being tried
    LockedSquare, ///< forced open
    LockedCircle, ///< forced closed
};

constexpr int lampSize = 14;

QColor lampColor(LampShape shape, const Theme &theme);
/// The row or card background that goes with the lamp; invalid for the normal ones.
QColor lampTint(LampShape shape, const Theme &theme);

/// Draws the lamp into the largest centred square of rect. Stale puts it under a diagonal hatch.
void paintLamp(QPainter &painter, const QRectF &rect, LampShape shape, const Theme &theme, bool stale = false);

class Appearance;

/// One lamp beside a text that says the same. Not focusable and without a name: the text carries it.
class LampWidget : public QWidget
{
    Q_OBJECT

public:
    explicit LampWidget(const Appearance &appearance, QWidget *parent = nullptr);

    void setShape(LampShape shape, bool stale = false);
    /// The off half of a flash: paler, but the shape can be read all the time.
    void setDimmed(bool dimmed);
    bool isDimmed() const { return m_dimmed; }
    LampShape shape() const { return m_shape; }
    bool isStale() const { return m_stale; }

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Appearance &m_appearance;
    LampShape m_shape = LampShape::DashedCircle;
    bool m_stale = false;
    bool m_dimmed = false;
};

} // namespace signalbox
