// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>

namespace signalbox {

/// A number with its unit, written without trailing zeros. Any number can be typed, so that a wrong one can be
/// explained instead of being changed silently; the arrows stay in the permitted range. The wheel counts only when the
/// box has the focus, so that scrolling the page changes nothing.
class QuantityBox : public QDoubleSpinBox
{
    Q_OBJECT

public:
    explicit QuantityBox(QWidget *parent = nullptr);

    void setPermitted(double minimum, double maximum);
    void stepBy(int steps) override;
    /// What is typed counts, as after Return.
    void finishTyping();

Q_SIGNALS:
    /// Escape while a value was being typed: it is as before.
    void editingCancelled();

protected:
    QString textFromValue(double value) const override;
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    double m_minimum = 0;
    double m_maximum = 0;
    bool m_typed = false; ///< text that is not finished yet
    double m_before = 0; ///< the value before it was typed
};

} // namespace signalbox
