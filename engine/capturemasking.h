// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/history/historywriter.h"

namespace signalbox {

/// Undoes the content coding as far as the bytes go, masks what is or looks like a secret, and cuts at the limit.
void maskCapture(CapturedBody &body);

} // namespace signalbox
