// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/page.h"

namespace signalbox {

class ThresholdPanel;

/// The thresholds that hold for all providers.
class BasicThresholdsPage : public Page
{
    Q_OBJECT

public:
    explicit BasicThresholdsPage(Console &console, QWidget *parent = nullptr);

    PageTarget place() const override;

protected:
    void refresh() override;

private:
    ThresholdPanel *m_panel;
};

} // namespace signalbox
