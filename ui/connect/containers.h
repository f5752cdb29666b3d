// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/connect/tools.h"

namespace signalbox {

/// A container that has no loopback in common with us reaches the host by its bridge's address.
/// Empty where this machine has no bridge.
QString bridgeAddress();

/// For a tool that runs in a container.
ConnectTool containerTool(const ConnectAddress &address);

} // namespace signalbox
