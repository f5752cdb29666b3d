// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/preferencefields.h"

#include "ui/page/preferences.h"
#include "ui/style/format.h"
#include "ui/style/numberbox.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSignalBlocker>
#include <QUndoCommand>
#include <QUndoStack>

namespace signalbox {

namespace {

template <typename Value> class PreferenceCommand : public QUndoCommand
{
public:
    using Set = std::function<void(Value)>;
    PreferenceCommand(const QString &text, Set set, Value before, Value after)
        : QUndoCommand(text), m_set(std::move(set)), m_before(before), m_after(after)
    {
    }
    void redo() override { m_set(m_after); }
    void undo() override { m_set(m_before); }

private:
    Set m_set;
    Value m_before;
    Value m_after;
};

template <typename Value>
void change(Console &console, const QString &text, const std::function<void(Value)> &set, Value before, Value after)
{
    if (before != after)
        console.undoStack().push(new PreferenceCommand<Value>(text, set, before, after));
}

FieldText schemeText()
{
    return { QStringLiteral("scheme"), SchemeField::tr("&Theme"),
             SchemeField::tr("Takes effect at once. A high-contrast desktop keeps its own colours."),
             SchemeField::tr("dark light colour color appearance scheme") };
}

FieldText listSizeText()
{
    return { QStringLiteral("requestListSize"), ListSizeField::tr("Requests in the &list"),
             ListSizeField::tr("Finished requests that the Requests page keeps at hand; older ones are read from the "
                               "recording when they are scrolled to."),
             ListSizeField::tr("rows size memory") };
}

} // namespace

PreferenceCheck::PreferenceCheck(Console &console, const FieldText &text, Spec spec, QWidget *parent)
    : Field(text, console.appearance(), parent), m_console(console), m_spec(std::move(spec)), m_box(new QCheckBox(this))
{
    setControl(m_box);
    connect(m_box, &QCheckBox::clicked, this, [this](bool on) {
        Preferences *preferences = &m_console.preferences();
        change<bool>(
            m_console, title(), [preferences, set = m_spec.set](bool value) { set(*preferences, value); },
            m_spec.value(*preferences), on);
    });
    connect(&console.preferences(), &Preferences::changed, this, &PreferenceCheck::refresh);
    refresh();
}

void PreferenceCheck::refresh()
{
    const QString unavailable = m_spec.unavailable ? m_spec.unavailable() : QString();
    setFixed(unavailable);
    m_box->setEnabled(unavailable.isEmpty());
    const QSignalBlocker quiet(m_box);
    m_box->setChecked(unavailable.isEmpty() && m_spec.value(m_console.preferences()));
}

SchemeField::SchemeField(Console &console, QWidget *parent)
    : Field(schemeText(), console.appearance(), parent), m_console(console), m_box(new QComboBox(this))
{
    using Scheme = Appearance::Scheme;
    m_box->addItem(tr("As the desktop has it"), static_cast<int>(Scheme::FollowSystem));
    m_box->addItem(tr("Light"), static_cast<int>(Scheme::Light));
    m_box->addItem(tr("Dark"), static_cast<int>(Scheme::Dark));
    setControl(m_box);
    connect(m_box, &QComboBox::activated, this, [this] {
        Preferences *preferences = &m_console.preferences();
        change<Scheme>(
            m_console, title(), [preferences](Scheme scheme) { preferences->setScheme(scheme); }, preferences->scheme(),
            static_cast<Scheme>(m_box->currentData().toInt()));
    });
    connect(&console.preferences(), &Preferences::changed, this, &SchemeField::refresh);
    refresh();
}

void SchemeField::refresh()
{
    const QSignalBlocker quiet(m_box);
    m_box->setCurrentIndex(m_box->findData(static_cast<int>(m_console.preferences().scheme())));
}

ListSizeField::ListSizeField(Console &console, QWidget *parent)
    : Field(listSizeText(), console.appearance(), parent), m_console(console), m_box(new NumberBox(this))
{
    m_box->setDecimals(0);
    m_box->setRange(Preferences::smallestRequestList, Preferences::largestRequestList);
    m_box->setSingleStep(1000);
    m_box->setSuffix(withUnit(QString(), tr("requests")));
    setControl(m_box);
    connect(m_box, &QAbstractSpinBox::editingFinished, this, [this] {
        Preferences *preferences = &m_console.preferences();
        change<int>(
            m_console, title(), [preferences](int size) { preferences->setRequestListSize(size); },
            preferences->requestListSize(), qRound(m_box->value()));
    });
    connect(m_box, &NumberBox::editingCancelled, this, &ListSizeField::refresh);
    connect(&console.preferences(), &Preferences::changed, this, &ListSizeField::refresh);
    refresh();
}

void ListSizeField::refresh()
{
    if (m_box->isBeingTyped())
        return;
    const QSignalBlocker quiet(m_box);
    m_box->setValue(m_console.preferences().requestListSize());
}

} // namespace signalbox
