// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/quantitybox.h"

#include "ui/style/format.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QWheelEvent>

#include <algorithm>

namespace signalbox {

namespace {

/// Beyond what any setting may be.
constexpr double furthest = 1e9;

} // namespace

QuantityBox::QuantityBox(QWidget *parent) : QDoubleSpinBox(parent)
{
    setRange(-furthest, furthest);
    setFocusPolicy(Qt::StrongFocus);
    setAlignment(Qt::AlignRight);
    connect(lineEdit(), &QLineEdit::textEdited, this, [this] { m_typed = true; });
    connect(this, &QAbstractSpinBox::editingFinished, this, [this] {
        m_typed = false;
        m_before = value();
    });
    connect(this, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        if (!m_typed)
            m_before = value;
    });
}

void QuantityBox::setPermitted(double minimum, double maximum)
{
    m_minimum = minimum;
    m_maximum = maximum;
}

void QuantityBox::stepBy(int steps)
{
    m_typed = false;
    QDoubleSpinBox::stepBy(steps);
    setValue(std::clamp(value(), m_minimum, m_maximum));
}

void QuantityBox::finishTyping()
{
    if (!m_typed)
        return;
    interpretText();
    m_typed = false;
    m_before = value();
}

QString QuantityBox::textFromValue(double value) const
{
    return formatPlain(value, decimals());
}

bool QuantityBox::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride && !m_typed) {
        // With nothing typed, undo means the window's.
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    return QDoubleSpinBox::event(event);
}

void QuantityBox::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_typed) {
        m_typed = false;
        setValue(m_before);
        lineEdit()->setText(prefix() + textFromValue(m_before) + suffix());
        Q_EMIT editingCancelled();
        return;
    }
    QDoubleSpinBox::keyPressEvent(event);
}

void QuantityBox::wheelEvent(QWheelEvent *event)
{
    if (hasFocus())
        QDoubleSpinBox::wheelEvent(event);
    else
        event->ignore();
}

} // namespace signalbox
