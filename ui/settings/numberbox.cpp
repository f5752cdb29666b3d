// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/numberbox.h"

#include "ui/style/format.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QWheelEvent>

namespace signalbox {

NumberBox::NumberBox(QWidget *parent) : QDoubleSpinBox(parent)
{
    setKeyboardTracking(false);
    setFocusPolicy(Qt::StrongFocus);
    setAlignment(Qt::AlignRight);
    setMinimumWidth(120);
    connect(lineEdit(), &QLineEdit::textEdited, this, [this] { m_typed = true; });
    connect(this, &QAbstractSpinBox::editingFinished, this, [this] { m_typed = false; });
    connect(this, &QDoubleSpinBox::valueChanged, this, [this] { m_typed = false; });
}

QString NumberBox::textFromValue(double value) const
{
    return formatPlain(value, decimals());
}

void NumberBox::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_typed) {
        m_typed = false;
        Q_EMIT editingCancelled();
        return;
    }
    QDoubleSpinBox::keyPressEvent(event);
}

void NumberBox::wheelEvent(QWheelEvent *event)
{
    if (hasFocus())
        QDoubleSpinBox::wheelEvent(event);
    else
        event->ignore();
}

} // namespace signalbox
