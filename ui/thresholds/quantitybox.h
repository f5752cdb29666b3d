// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>

namespace signalbox {

/// A number with its unit, written without trailing zeros. A value counts when it is finished, not at each key; the
/// wheel counts only when the box has the focus, so that scrolling the window changes nothing.
class QuantityBox : public QDoubleSpinBox
{
    Q_OBJECT

public:
    explicit QuantityBox(QWidget *parent = nullptr);

    /// Someone is in the middle of typing a value.
    bool isBeingTyped() const { return m_typed; }

    QString textFromValue(double value) const override;

Q_SIGNALS:
    void editingCancelled();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    bool m_typed = false;
};

} // namespace signalbox
