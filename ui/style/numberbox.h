// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>

namespace signalbox {

/// A number with its unit, written without trailing zeros. It counts when it is finished, with keyboard tracking at
/// each key. The wheel counts only with the focus, so that scrolling past it changes nothing; Esc takes back what was
/// typed; with nothing typed, undo means the window's.
class NumberBox : public QDoubleSpinBox
{
    Q_OBJECT

public:
    explicit NumberBox(QWidget *parent = nullptr);

    /// Instead of a range: any number can be typed, so that a wrong one can be explained instead of being changed
    /// silently; the arrows stay within.
    void setPermitted(double minimum, double maximum);
    void stepBy(int steps) override;
    bool isBeingTyped() const { return m_typed; }
    /// What is typed counts, as after Return.
    void finishTyping();
    QString textFromValue(double value) const override;

Q_SIGNALS:
    /// Esc while a value was being typed: it is as before.
    void editingCancelled();

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    double m_minimum;
    double m_maximum;
    bool m_typed = false; ///< text that is not finished yet
    double m_before = 0; ///< the value before it was typed
};

} // namespace signalbox
