// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/commanddialog.h"

namespace signalbox {

/// Asks before a provider is deleted, and whether its key goes too.
class DeleteProviderDialog : public CommandDialog
{
    Q_OBJECT

public:
    DeleteProviderDialog(const ProviderConfig &provider, int inFlight, QWidget *parent = nullptr);

    bool deletesKey() const;

private:
    QCheckBox *m_key = nullptr;
};

} // namespace signalbox
