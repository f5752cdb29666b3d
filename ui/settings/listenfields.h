// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/configfield.h"

namespace signalbox {

/// The new port is bound before the old one is left.
ConfigNumber *makePortField(Console &console);
ConfigText *makeAddressField(Console &console);
/// Whether other machines can connect. Asks before it lets them in, and needs an access token.
class LanField : public ConfigCheck
{
    Q_OBJECT

public:
    explicit LanField(Console &console, QWidget *parent = nullptr);

    void refresh() override;
};

} // namespace signalbox
