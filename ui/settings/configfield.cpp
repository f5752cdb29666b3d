// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/configfield.h"

#include "ui/page/answer.h"
#include "ui/page/commanddialog.h"
#include "ui/style/format.h"
#include "ui/style/numberbox.h"

#include <QCheckBox>
#include <QJsonArray>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPointer>
#include <QRegularExpression>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

/// Steps with the arrows or the wheel are sent together once they stop for that long.
constexpr std::chrono::milliseconds debounce { 400 };

const KnownConfigKey *knownKey(const QString &pointer)
{
    static const std::vector<KnownConfigKey> keys = knownConfigKeys();
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&pointer](const KnownConfigKey &key) { return key.pointer == pointer; });
    return found == keys.end() ? nullptr : &*found;
}

QString asText(const QJsonValue &value)
{
    if (!value.isArray())
        return value.toString();
    QStringList items;
    for (const QJsonValue each : value.toArray())
        items.append(each.toString());
    return items.join(QLatin1String(", "));
}

QJsonArray asArray(const QString &text)
{
    QJsonArray items;
    const QStringList parts = text.split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        if (const QString item = part.trimmed(); !item.isEmpty())
            items.append(item);
    }
    return items;
}

} // namespace

QString fixedReason(SettingOrigin origin, const QString &variable)
{
    switch (origin) {
    case SettingOrigin::DotEnv:
        return ConfigField::tr("Set by %1 in a .env file, so it cannot be changed here.").arg(variable);
    case SettingOrigin::Environment:
        return ConfigField::tr("Set by %1 in the environment, so it cannot be changed here.").arg(variable);
    case SettingOrigin::CommandLine:
        return ConfigField::tr("Set on the command line, so it cannot be changed here.");
    case SettingOrigin::Default:
    case SettingOrigin::File:
        break;
    }
    return {};
}

QString refusal(const Error &error, const QString &pointer)
{
    // "…/config.json:12: /proxy/address: must be …"
    static const QRegularExpression shape(QStringLiteral("^(?:.*?: )?(/[^:\\s]+): (.*)$"));
    QStringList reasons;
    const QStringList lines = error.reason.split(QLatin1Char('\n'));
    for (const QString &line : lines) {
        const QRegularExpressionMatch match = shape.match(line);
        if (!match.hasMatch())
            reasons.append(line);
        else if (match.captured(1).startsWith(pointer))
            reasons.append(match.captured(2));
        else
            reasons.append(match.captured(1) + QLatin1Char(' ') + match.captured(2));
    }
    return reasons.join(QLatin1String("; "));
}

ConfigField::ConfigField(Console &console, const FieldText &text, const QString &pointer, const QString &variable,
                         QWidget *parent)
    : Field(text, console.appearance(), parent), m_console(console), m_pointer(pointer), m_variable(variable)
{
}

void ConfigField::refresh()
{
    setFixed(fixedReason(m_console.snapshot()->origins.of(m_pointer), m_variable));
    control()->setEnabled(!isFixed() && !m_console.age().isStale());
    if (!m_waiting && !isEditing())
        showValue();
}

void ConfigField::make(const UndoableChange &change, const QString &wanted)
{
    m_waiting = true;
    setProblem({});
    makeUndoable(m_console, change, [this, self = QPointer<ConfigField>(this), wanted](const Status &status) {
        if (!self)
            return;
        m_waiting = false;
        if (!status)
            setProblem(tr("%1 was not applied: %2").arg(wanted, refusal(status.error(), m_pointer)));
        setSaved(bool(status));
        m_console.refresh();
        if (!status || !isEditing())
            showValue();
    });
}

void ConfigField::set(const QJsonValue &before, const QJsonValue &after, const QString &wanted)
{
    make(settingChange(*m_console.snapshot(), title(), m_pointer, before, after), wanted);
}

// On or off

ConfigCheck::ConfigCheck(Console &console, const FieldText &text, Spec spec, QWidget *parent)
    : ConfigField(console, text, spec.pointer, {}, parent), m_spec(std::move(spec)), m_box(new QCheckBox(this))
{
    setControl(m_box);
    connect(m_box, &QCheckBox::clicked, this, &ConfigCheck::toggle);
    showValue();
}

void ConfigCheck::showValue()
{
    const QSignalBlocker quiet(m_box);
    m_box->setChecked(m_spec.value(config()));
}

void ConfigCheck::toggle(bool on)
{
    const std::optional<CommandQuestion> question = m_spec.question ? m_spec.question(on) : std::nullopt;
    if (!question)
        return apply(on);
    auto *dialog = new CommandDialog(*question, window());
    connect(dialog, &QDialog::accepted, this, [this, on] { apply(on); });
    connect(dialog, &QDialog::rejected, this, &ConfigCheck::showValue);
    dialog->open();
}

void ConfigCheck::apply(bool on)
{
    const QString wanted = on ? tr("On") : tr("Off");
    if (m_spec.change)
        make(m_spec.change(on), wanted);
    else
        set(m_spec.value(config()), on, wanted);
}

// A number

ConfigNumber::ConfigNumber(Console &console, const FieldText &text, Spec spec, QWidget *parent)
    : ConfigField(console, text, spec.pointer, spec.variable, parent), m_spec(std::move(spec)),
      m_box(new NumberBox(this))
{
    m_box->setDecimals(m_spec.decimals);
    m_box->setSingleStep(m_spec.step);
    if (!m_spec.unit.isEmpty())
        m_box->setSuffix(withUnit(QString(), m_spec.unit));
    m_box->setSpecialValueText(m_spec.specialText);
    if (const KnownConfigKey *known = knownKey(m_spec.pointer); known && known->minimum && known->maximum)
        m_box->setRange(static_cast<double>(*known->minimum) / m_spec.perUnit,
                        static_cast<double>(*known->maximum) / m_spec.perUnit);
    setControl(m_box);
    m_debounce.setSingleShot(true);
    m_debounce.setInterval(debounce);
    connect(&m_debounce, &QTimer::timeout, this, &ConfigNumber::apply);
    connect(m_box, &QDoubleSpinBox::valueChanged, this, [this] {
        if (!m_spec.change)
            m_debounce.start();
    });
    connect(m_box, &QAbstractSpinBox::editingFinished, this, &ConfigNumber::apply);
    connect(m_box, &NumberBox::editingCancelled, this, &ConfigNumber::showValue);
    showValue();
}

void ConfigNumber::showValue()
{
    m_debounce.stop();
    const QSignalBlocker quiet(m_box);
    m_box->setValue(static_cast<double>(m_spec.value(config())) / m_spec.perUnit);
}

bool ConfigNumber::isEditing() const
{
    const bool steps = m_spec.change && m_box->hasFocus() && typed() != m_spec.value(config());
    return m_box->isBeingTyped() || m_debounce.isActive() || steps;
}

qint64 ConfigNumber::typed() const
{
    return std::llround(m_box->value() * m_spec.perUnit);
}

void ConfigNumber::apply()
{
    m_debounce.stop();
    const qint64 before = m_spec.value(config());
    // What is shown may be rounded: only a value that was chosen counts.
    const double shown = static_cast<double>(before) / m_spec.perUnit;
    if (std::abs(m_box->value() - shown) < 0.5 * std::pow(10.0, -m_spec.decimals))
        return;
    const qint64 after = typed();
    const QString wanted = m_box->text();
    if (m_spec.change)
        make(m_spec.change(after), wanted);
    else
        set(before, after, wanted);
}

// Text

ConfigText::ConfigText(Console &console, const FieldText &text, Spec spec, QWidget *parent)
    : ConfigField(console, text, spec.pointer, {}, parent), m_spec(std::move(spec)), m_line(new QLineEdit(this))
{
    m_line->setPlaceholderText(m_spec.placeholder);
    m_line->setMinimumWidth(m_spec.width);
    setControl(m_line);
    m_line->installEventFilter(this);
    connect(m_line, &QLineEdit::editingFinished, this, &ConfigText::apply);
    showValue();
}

void ConfigText::showValue()
{
    m_line->setText(asText(current()));
}

bool ConfigText::isEditing() const
{
    return m_line->isModified();
}

bool ConfigText::eventFilter(QObject *watched, QEvent *event)
{
    const bool cancels = event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape;
    if (watched == m_line && cancels && m_line->isModified()) {
        showValue();
        return true;
    }
    return ConfigField::eventFilter(watched, event);
}

void ConfigText::apply()
{
    if (!m_line->isModified())
        return;
    m_line->setModified(false);
    const QString text = m_line->text().trimmed();
    const QJsonValue before = current();
    const QJsonValue after = before.isArray() ? QJsonValue(asArray(text)) : QJsonValue(text);
    if (before == after)
        return showValue();
    if (m_spec.change)
        make(m_spec.change(text), QLatin1Char('\'') + text + QLatin1Char('\''));
    else
        set(before, after, QLatin1Char('\'') + text + QLatin1Char('\''));
}

} // namespace signalbox
