// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/settingfield.h"

#include "ui/page/answer.h"
#include "ui/style/format.h"
#include "ui/style/lamp.h"
#include "ui/wall/quantitybox.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace signalbox {

namespace {

/// Steps with the arrows or the wheel are sent together once they stop for that long.
constexpr std::chrono::milliseconds debounce { 400 };

} // namespace

SettingField::SettingField(SettingSpec spec, Engine &engine, const Appearance &appearance, QWidget *parent)
    : QWidget(parent), m_spec(std::move(spec)), m_engine(engine), m_lamp(new LampWidget(appearance, this)),
      m_box(new QuantityBox(this)), m_note(new QLabel(this))
{
    m_box->setObjectName(m_spec.objectName);
    m_box->setAccessibleName(m_spec.accessibleName);
    m_box->setDecimals(m_spec.decimals);
    m_box->setRange(m_spec.minimum, m_spec.maximum);
    m_box->setSingleStep(m_spec.step);
    m_box->setSuffix(withUnit(QString(), m_spec.unit));
    m_lamp->setShape(LampShape::Triangle);
    buildLayout();

    m_debounce.setSingleShot(true);
    m_debounce.setInterval(debounce);
    connect(&m_debounce, &QTimer::timeout, this, &SettingField::applyEdit);
    connect(m_box, &QDoubleSpinBox::valueChanged, this, [this] { m_debounce.start(); });
    connect(m_box, &QAbstractSpinBox::editingFinished, this, [this] {
        if (m_debounce.isActive())
            applyEdit();
    });
    connect(m_box, &QuantityBox::editingCancelled, this, &SettingField::showEngineValue);
    showNote();
}

void SettingField::buildLayout()
{
    auto *label = new QLabel(m_spec.label, this);
    label->setBuddy(m_box);
    m_note->setObjectName(m_spec.objectName + QStringLiteral("Note"));
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    // Room for two lines from the start: an error must not push the window around.
    m_note->setMinimumHeight(2 * m_note->fontMetrics().lineSpacing());

    auto *control = new QHBoxLayout;
    control->setSpacing(8);
    control->addWidget(label);
    control->addWidget(m_box);
    control->addStretch(1);
    auto *note = new QHBoxLayout;
    note->setSpacing(6);
    note->addWidget(m_lamp, 0, Qt::AlignTop);
    note->addWidget(m_note, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(control);
    layout->addLayout(note);
}

void SettingField::showSnapshot(const EngineSnapshot &snapshot)
{
    const double value = m_spec.value(snapshot);
    const SettingOrigin origin = m_spec.origin(snapshot);
    const bool changed = value != m_engineValue || origin != m_origin;
    m_engineValue = value;
    m_origin = origin;
    if (!m_waiting && (changed || m_readBack)) {
        m_saved = m_readBack;
        m_readBack = false;
        showNote();
    }
    const bool editing = m_box->isBeingTyped() || m_debounce.isActive() || m_waiting;
    if (!editing && m_box->value() != m_engineValue)
        showEngineValue();
}

void SettingField::setStale(bool stale)
{
    m_stale = stale;
    showNote();
}

void SettingField::applyEdit()
{
    m_debounce.stop();
    if (m_box->value() == m_engineValue)
        return;
    const quint64 edit = ++m_edit;
    m_waiting = true;
    m_readBack = false;
    m_saved = false;
    m_problem.clear();
    showNote();
    onAnswer(m_engine.applySettings(m_spec.patch(m_box->value())), this,
             [this, edit](const Status &status) { takeAnswer(status, edit); });
}

void SettingField::takeAnswer(const Status &status, quint64 edit)
{
    if (edit != m_edit)
        return;
    m_waiting = false;
    if (status) {
        const EngineSnapshotPtr snapshot = m_engine.snapshot();
        m_readBack = true;
        if (m_spec.value(*snapshot) == m_box->value())
            showSnapshot(*snapshot);
        return;
    }
    m_saved = false;
    m_problem = tr("%1 was not applied: %2").arg(m_box->text(), status.error().reason);
    showEngineValue();
    showNote();
}

void SettingField::showEngineValue()
{
    m_debounce.stop();
    const QSignalBlocker quiet(m_box);
    m_box->setValue(m_engineValue);
}

void SettingField::showNote()
{
    const QString fixed = fixedNote();
    m_box->setEnabled(fixed.isEmpty() && !m_stale);
    m_lamp->setVisible(!m_problem.isEmpty());
    QString text = m_spec.explanation;
    if (!m_problem.isEmpty())
        text = m_problem;
    else if (!fixed.isEmpty())
        text = fixed;
    else if (m_saved)
        text = tr("Applied and saved.");
    m_note->setText(text);
    // An error is read at full strength, an explanation stands back.
    m_note->setForegroundRole(m_problem.isEmpty() ? QPalette::PlaceholderText : QPalette::WindowText);
    m_box->setAccessibleDescription(text);
    m_box->setToolTip(m_spec.explanation);
}

QString SettingField::fixedNote() const
{
    switch (m_origin) {
    case SettingOrigin::DotEnv:
        return tr("Set by %1 in a .env file.").arg(m_spec.variable);
    case SettingOrigin::Environment:
        return tr("Set by %1 in the environment.").arg(m_spec.variable);
    case SettingOrigin::CommandLine:
        return tr("Set on the command line.");
    case SettingOrigin::Default:
    case SettingOrigin::File:
        break;
    }
    return {};
}

} // namespace signalbox
