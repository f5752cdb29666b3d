// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/console.h"
#include "ui/settings/field.h"

#include <functional>

class QCheckBox;
class QComboBox;

namespace signalbox {

class NumberBox;

/// A preference of this user, on or off. Takes effect at once and can be undone.
class PreferenceCheck : public Field
{
    Q_OBJECT

public:
    struct Spec
    {
        std::function<bool(const Preferences &)> value;
        std::function<void(Preferences &, bool)> set;
        /// Why it cannot be chosen here; empty: it can.
        std::function<QString()> unavailable = {};
    };

    PreferenceCheck(Console &console, const FieldText &text, Spec spec, QWidget *parent = nullptr);

    void refresh() override;

private:
    Console &m_console;
    Spec m_spec;
    QCheckBox *m_box;
};

/// Light, dark, or as the desktop has it.
class SchemeField : public Field
{
    Q_OBJECT

public:
    explicit SchemeField(Console &console, QWidget *parent = nullptr);

    void refresh() override;

private:
    Console &m_console;
    QComboBox *m_box;
};

/// How many requests the list holds.
class ListSizeField : public Field
{
    Q_OBJECT

public:
    explicit ListSizeField(Console &console, QWidget *parent = nullptr);

    void refresh() override;

private:
    Console &m_console;
    NumberBox *m_box;
};

} // namespace signalbox
