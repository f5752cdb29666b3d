// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/numberbox.h"

#include "ui/style/format.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QWheelEvent>

#include <algorithm>
#include <limits>

namespace signalbox {

namespace {

/// Beyond what any setting may be.
constexpr double furthest = 1e9;

} // namespace

NumberBox::NumberBox(QWidget *parent)
    : QDoubleSpinBox(parent), m_minimum(std::numeric_limits<double>::lowest()),
      m_maximum(std::numeric_limits<double>::max())
{
    setKeyboardTracking(false);
    setFocusPolicy(Qt::StrongFocus);
    setAlignment(Qt::AlignRight);
    setMinimumWidth(120);
    connect(lineEdit(), &QLineEdit::textEdited, this, [this] { m_typed = true; });
    connect(this, &QAbstractSpinBox::editingFinished, this, [this] {
        m_typed = false;
        m_before = value();
    });
    connect(this, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        if (!keyboardTracking())
            m_typed = false;
        if (!m_typed)
            m_before = value;
    });
}

void NumberBox::setPermitted(double minimum, double maximum)
{
    m_minimum = minimum;
    m_maximum = maximum;
    setRange(-furthest, furthest);
}

void NumberBox::stepBy(int steps)
{
    m_typed = false;
    QDoubleSpinBox::stepBy(steps);
    setValue(std::clamp(value(), m_minimum, m_maximum));
}

void NumberBox::finishTyping()
{
    if (!m_typed)
        return;
    interpretText();
    m_typed = false;
    m_before = value();
}

QString NumberBox::textFromValue(double value) const
{
    return formatPlain(value, decimals());
}

bool NumberBox::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride && !m_typed) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    return QDoubleSpinBox::event(event);
}

void NumberBox::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_typed) {
        m_typed = false;
        // Without tracking the value has not changed yet.
        const double before = keyboardTracking() ? m_before : value();
        setValue(before);
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
