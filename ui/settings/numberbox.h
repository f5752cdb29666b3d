// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>

namespace signalbox {

/// A number with its unit that counts when it is finished, not at each key. The wheel counts only with the focus, so
/// that scrolling past it changes nothing; Esc takes back what was typed.
class NumberBox : public QDoubleSpinBox
{
    Q_OBJECT

public:
    explicit NumberBox(QWidget *parent = nullptr);

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
