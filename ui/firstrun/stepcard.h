// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/card.h"

class QLabel;

namespace signalbox {

/// One numbered step: what to do, and whether it is done.
class StepCard : public Card
{
    Q_OBJECT

public:
    StepCard(int number, const QString &title, const Appearance &appearance, QWidget *parent = nullptr);

    /// Done is told by a tick and by the words; not yet by the words alone.
    void setState(bool done, const QString &words);
    bool isDone() const { return m_done; }

private:
    int m_number;
    QString m_name;
    bool m_done = false;
    QLabel *m_heading;
    QLabel *m_state;
};

} // namespace signalbox
