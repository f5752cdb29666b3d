// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/console.h"
#include "ui/page/undoable.h"
#include "ui/settings/field.h"

#include <QTimer>

#include <functional>
#include <optional>

class QCheckBox;
class QLineEdit;

namespace signalbox {

class NumberBox;
struct CommandQuestion;

/// A setting in the configuration. It shows what the engine says: after a change the value that was read back, after a
/// refusal the one that still holds, with the reason.
class ConfigField : public Field
{
    Q_OBJECT

public:
    /// pointer: its place in the file. variable: of the environment, if one can fix it.
    ConfigField(Console &console, const FieldText &text, const QString &pointer, const QString &variable = {},
                QWidget *parent = nullptr);

    void refresh() override;

protected:
    /// The engine's value into the control, without saying that it was changed.
    virtual void showValue() = 0;
    /// Somebody is in the middle of a value: it is left alone.
    virtual bool isEditing() const { return false; }

    Console &console() const { return m_console; }
    const Config &config() const { return *m_console.snapshot()->config; }
    const QString &pointer() const { return m_pointer; }
    /// Asks the engine for it; wanted: how the value is written, for the reason why it was not applied.
    void make(const UndoableChange &change, const QString &wanted);
    void set(const QJsonValue &before, const QJsonValue &after, const QString &wanted);

private:
    Console &m_console;
    QString m_pointer;
    QString m_variable;
    bool m_waiting = false;
};

/// "Set by X in the environment."; empty where it can be changed.
QString fixedReason(SettingOrigin origin, const QString &variable);
/// What the engine said against a change, without what the reader sees already: the file's name, the place's own.
QString refusal(const Error &error, const QString &pointer);

/// On or off.
class ConfigCheck : public ConfigField
{
    Q_OBJECT

public:
    struct Spec
    {
        QString pointer;
        std::function<bool(const Config &)> value;
        /// Asked before it becomes that; nullopt: not asked.
        std::function<std::optional<CommandQuestion>(bool)> question = {};
        /// What to do instead of setting the place.
        std::function<UndoableChange(bool)> change = {};
    };

    ConfigCheck(Console &console, const FieldText &text, Spec spec, QWidget *parent = nullptr);

protected:
    void showValue() override;

private:
    void toggle(bool on);
    void apply(bool on);

    Spec m_spec;
    QCheckBox *m_box;
};

/// A whole number of the file, shown in a larger unit.
class ConfigNumber : public ConfigField
{
    Q_OBJECT

public:
    struct Spec
    {
        QString pointer;
        QString variable = {};
        std::function<qint64(const Config &)> value;
        QString unit = {};
        double perUnit = 1; ///< as many of the file's units are one of those shown
        int decimals = 0;
        double step = 1;
        /// What to do instead of setting the place. It then counts only when Enter is pressed or the field is left, not
        /// at each step.
        std::function<UndoableChange(qint64)> change = {};
        QString specialText = {}; ///< for the smallest value
    };

    ConfigNumber(Console &console, const FieldText &text, Spec spec, QWidget *parent = nullptr);

protected:
    void showValue() override;
    bool isEditing() const override;

private:
    qint64 typed() const;
    void apply();

    Spec m_spec;
    NumberBox *m_box;
    QTimer m_debounce;
};

/// One line of text, or several texts with commas between them.
class ConfigText : public ConfigField
{
    Q_OBJECT

public:
    struct Spec
    {
        QString pointer;
        std::function<QJsonValue(const Config &)> value; ///< a string, or an array of strings
        std::function<UndoableChange(const QString &)> change = {}; ///< what to do instead of setting the place
        QString placeholder = {};
        int width = 320;
    };

    ConfigText(Console &console, const FieldText &text, Spec spec, QWidget *parent = nullptr);

protected:
    void showValue() override;
    bool isEditing() const override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QJsonValue current() const { return m_spec.value(config()); }
    void apply();

    Spec m_spec;
    QLineEdit *m_line;
};

} // namespace signalbox
