// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/thresholdfield.h"

#include "ui/style/format.h"
#include "ui/style/lamp.h"
#include "ui/style/numberbox.h"
#include "ui/thresholds/thresholdwords.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

constexpr double perSecond = 1000;

double shownFactor(ThresholdUnit unit)
{
    return unit == ThresholdUnit::Seconds ? perSecond : 1.0;
}

} // namespace

ThresholdField::ThresholdField(const ThresholdSetting &setting, const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_setting(setting), m_label(new QLabel(setting.label, this)), m_origin(new QPushButton(this)),
      m_lamp(new LampWidget(appearance, this)), m_note(new QLabel(this)), m_noteRow(new QWidget(this))
{
    const QString name = setting.section + QLatin1Char('.') + setting.key;
    setObjectName(name + QStringLiteral(".field"));
    m_origin->setObjectName(name + QStringLiteral(".origin"));
    m_note->setObjectName(name + QStringLiteral(".note"));
    if (setting.isSwitch()) {
        buildSwitch();
        m_switch->setObjectName(name);
    } else {
        buildBox();
        buildSlider();
        m_box->setObjectName(name);
        m_slider->setObjectName(name + QStringLiteral(".slider"));
    }
    int widest = 0;
    for (const QString &word : { tr("Fixed"), tr("Default"), tr("Inherited"), tr("Reset"), tr("Inherit") })
        widest = std::max(widest, m_origin->fontMetrics().horizontalAdvance(word));
    m_origin->setFixedWidth(widest + 16);
    // No taller than what stands beside it, so that the row does not grow when it can be pressed.
    m_origin->setFixedHeight(m_box ? m_box->sizeHint().height() : m_switch->sizeHint().height() + 4);
    connect(m_origin, &QPushButton::clicked, this, &ThresholdField::dropped);
    m_origin->installEventFilter(this);
    m_lamp->setShape(LampShape::Triangle);
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    buildLayout();
}

void ThresholdField::buildBox()
{
    const double factor = shownFactor(m_setting.unit);
    m_box = new NumberBox(this);
    m_box->setKeyboardTracking(true);
    m_box->setAccessibleName(m_setting.label);
    m_box->setToolTip(m_setting.explanation);
    m_box->setDecimals(m_setting.unit == ThresholdUnit::Seconds ? 3 : 0);
    m_box->setPermitted(static_cast<double>(m_setting.minimum) / factor,
                        static_cast<double>(m_setting.maximum) / factor);
    if (m_setting.unit == ThresholdUnit::Seconds)
        m_box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    if (const QString unit = unitText(m_setting.unit); !unit.isEmpty())
        m_box->setSuffix(withUnit(QString(), unit));
    m_box->setFixedWidth(m_box->fontMetrics().horizontalAdvance(QStringLiteral("000 points")) + 28);
    m_box->installEventFilter(this);
    m_label->setBuddy(m_box);
    connect(m_box, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        if (!m_showing)
            Q_EMIT edited(std::llround(value * shownFactor(m_setting.unit)));
    });
}

void ThresholdField::buildSlider()
{
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setRange(0, sliderSteps);
    m_slider->setMinimumWidth(36);
    // The box beside it is the way for the keyboard; a second stop for each setting would double it.
    m_slider->setFocusPolicy(Qt::NoFocus);
    m_slider->setAccessibleName(m_setting.label);
    m_slider->setToolTip(m_setting.explanation);
    connect(m_slider, &QSlider::valueChanged, this, [this](int position) {
        if (!m_showing)
            Q_EMIT edited(valueAtSlider(m_setting, position));
    });
}

void ThresholdField::buildSwitch()
{
    m_switch = new QCheckBox(tr("on"), this);
    m_switch->setAccessibleName(m_setting.label);
    m_switch->setToolTip(m_setting.explanation);
    m_switch->installEventFilter(this);
    m_label->setBuddy(m_switch);
    connect(m_switch, &QCheckBox::clicked, this, [this](bool on) { Q_EMIT edited(on ? 1 : 0); });
}

void ThresholdField::buildLayout()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_label);
    if (m_switch) {
        row->addWidget(m_switch, 1);
    } else {
        row->addWidget(m_box);
        row->addWidget(m_slider, 1);
    }
    row->addWidget(m_origin);
    auto *note = new QHBoxLayout(m_noteRow);
    note->setContentsMargins(0, 0, 0, 4);
    note->setSpacing(6);
    note->addWidget(m_lamp, 0, Qt::AlignTop);
    note->addWidget(m_note, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_noteRow);
    m_noteRow->hide();
}

void ThresholdField::setLabelWidth(int width)
{
    m_label->setFixedWidth(width);
}

int ThresholdField::labelWidth() const
{
    QFont bold = font();
    bold.setBold(true); // as it is when changed
    return QFontMetrics(bold).horizontalAdvance(m_setting.label) + 2;
}

void ThresholdField::focusInput()
{
    if (m_switch)
        m_switch->setFocus(Qt::OtherFocusReason);
    else
        m_box->setFocus(Qt::OtherFocusReason);
}

void ThresholdField::finishTyping()
{
    if (m_box)
        m_box->finishTyping();
}

void ThresholdField::showState(const State &state)
{
    if (m_shown && state == m_state)
        return;
    m_shown = true;
    m_state = state;
    m_showing = true;
    const bool fixed = !fixedText().isEmpty();
    const bool editable = state.editable && !fixed;
    if (m_switch) {
        m_switch->setChecked(state.value != 0);
        m_switch->setText(state.value != 0 ? tr("on") : tr("off"));
        m_switch->setEnabled(editable);
    } else {
        const double value = static_cast<double>(state.value) / shownFactor(m_setting.unit);
        if (m_box->value() != value)
            m_box->setValue(value);
        m_box->setEnabled(editable);
        m_slider->setValue(sliderPosition(m_setting, state.value));
        m_slider->setEnabled(editable);
    }
    m_showing = false;
    QFont labelFont = font();
    labelFont.setBold(state.changed);
    m_label->setFont(labelFont);
    const bool global = state.provider.isEmpty();
    m_origin->setText(fixed                      ? tr("Fixed")
                          : !state.own && global ? tr("Default")
                          : !state.own           ? tr("Inherited")
                          : global               ? tr("Reset")
                                                 : tr("Inherit"));
    m_origin->setEnabled(editable && state.own);
    m_origin->setFlat(!m_origin->isEnabled()); // a word, until it can be pressed
    const QString instead = valueText(m_setting, state.inherited);
    const QString what = global ? tr("%1: back to the default, %2").arg(m_setting.label, instead)
                                : tr("%1: as for all providers, %2").arg(m_setting.label, instead);
    m_origin->setAccessibleName(what);
    m_origin->setToolTip(state.own ? what : QString());
    showNote();
}

void ThresholdField::showNote()
{
    const QString text = noteText();
    m_note->setText(text);
    m_noteRow->setVisible(!text.isEmpty());
    const bool problem = !m_state.problem.isEmpty();
    m_lamp->setVisible(problem);
    m_lamp->setShape(m_state.isError ? LampShape::Square : LampShape::Triangle);
    // What is wrong is read at full strength, the rest stands back.
    m_note->setForegroundRole(problem ? QPalette::WindowText : QPalette::PlaceholderText);
    QWidget *input = m_switch ? static_cast<QWidget *>(m_switch) : m_box;
    input->setAccessibleDescription(text.isEmpty() ? m_setting.explanation : text);
}

QString ThresholdField::noteText() const
{
    QStringList parts;
    if (const QString fixed = fixedText(); !fixed.isEmpty())
        parts.append(fixed);
    if (!m_state.problem.isEmpty())
        parts.append(m_state.problem);
    if (m_state.changed && m_state.value != m_state.activeValue)
        parts.append(tr("In force: %1.").arg(valueText(m_setting, m_state.activeValue)));
    else if (m_state.changed)
        parts.append(m_state.own ? tr("The same as for all providers, but its own.") : tr("No value of its own."));
    else if (m_state.own && !m_state.provider.isEmpty())
        parts.append(tr("Its own; for all providers: %1.").arg(valueText(m_setting, m_state.inherited)));
    return parts.join(QLatin1Char(' '));
}

QString ThresholdField::fixedText() const
{
    switch (m_state.origin) {
    case SettingOrigin::DotEnv:
        return tr("Set by %1 in a .env file.").arg(m_setting.variable);
    case SettingOrigin::Environment:
        return tr("Set by %1 in the environment.").arg(m_setting.variable);
    case SettingOrigin::CommandLine:
        return tr("Set on the command line.");
    case SettingOrigin::Default:
    case SettingOrigin::File:
        break;
    }
    return {};
}

bool ThresholdField::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn)
        Q_EMIT focused();
    return QWidget::eventFilter(watched, event);
}

} // namespace signalbox
