// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/section.h"

namespace signalbox {

struct FieldText;

/// How this console starts, looks and shows; of this user on this machine.
class GeneralSection : public Section
{
    Q_OBJECT

public:
    explicit GeneralSection(Console &console, QWidget *parent = nullptr);

private:
    void addStart();
    void addLooks();
    void addRequests();
};

} // namespace signalbox
