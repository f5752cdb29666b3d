// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/section.h"

class QLabel;
class QPushButton;

namespace signalbox {

class LampWidget;

/// Where the proxy listens and who may use it.
class ProxySection : public Section
{
    Q_OBJECT

public:
    explicit ProxySection(Console &console, QWidget *parent = nullptr);

    void refresh() override;

private:
    void addState(Card *card);
    void addAccess();

    LampWidget *m_lamp;
    QLabel *m_state;
};

} // namespace signalbox
