// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/section.h"

class QLabel;
class QPushButton;

namespace signalbox {

class LampWidget;

/// What is kept on disk, and for how long.
class RecordingSection : public Section
{
    Q_OBJECT

public:
    explicit RecordingSection(Console &console, QWidget *parent = nullptr);

    void refresh() override;

private:
    void addState(Card *card);
    void addBodies();
    void addTimes();
    void askToDelete();
    void deleteAll();

    LampWidget *m_lamp;
    QLabel *m_state;
    QPushButton *m_delete;
};

} // namespace signalbox
