// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/section.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace signalbox {

class KeyInput;
class LampWidget;

/// Who is told of alarms: this desktop, and a web address.
class AlarmsSection : public Section
{
    Q_OBJECT

public:
    explicit AlarmsSection(Console &console, QWidget *parent = nullptr);

    void refresh() override;

private:
    void addWebhook();
    bool isEdited() const;
    void load();
    void showButtons();
    void save();
    void saveEntry();
    void showProblem(const QString &problem);

    AlarmsConfig m_before;
    QLineEdit *m_url = nullptr;
    QPushButton *m_show = nullptr;
    KeyInput *m_key = nullptr;
    QPushButton *m_save = nullptr;
    QPushButton *m_discard = nullptr;
    LampWidget *m_lamp = nullptr;
    QLabel *m_problem = nullptr;
    bool m_waiting = false;
};

} // namespace signalbox
