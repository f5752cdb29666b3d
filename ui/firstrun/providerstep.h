// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"
#include "ui/firstrun/stepcard.h"

#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace signalbox {

class Console;
class KeyChoice;
class LampWidget;

/// Names a provider, tries it, and adds it to the configuration.
class ProviderStep : public StepCard
{
    Q_OBJECT

public:
    ProviderStep(int number, Console &console, QWidget *parent = nullptr);

    /// The newest snapshot. fixedBecause: why nothing can be added; empty: it can.
    void refresh(const QString &fixedBecause);

private:
    QLayout *buildFields();
    QLayout *buildOutcome();
    void choosePreset();
    ProviderDraft draft() const;
    void forgetTest();
    void test();
    void showReport(const ProbeReport &report);
    void add();
    void storeThenAdd(const ProviderDraft &draft, const Secret &key);
    void addNow(const ProviderDraft &draft, const std::optional<Secret> &sessionKey);
    void finish(const QString &problem);
    void showButtons();
    void say(bool good, const QString &text);

    Console &m_console;
    std::vector<ProviderPreset> m_presets;
    QComboBox *m_preset;
    QLineEdit *m_name;
    QLineEdit *m_baseUrl;
    QComboBox *m_dialect;
    QLabel *m_notes;
    KeyChoice *m_key;
    QPushButton *m_test;
    QPushButton *m_add;
    LampWidget *m_lamp;
    QLabel *m_result;
    quint64 m_question = 0; ///< numbers the tests, so that only the newest answer counts
    bool m_waiting = false;
    bool m_editable = true;
};

} // namespace signalbox
