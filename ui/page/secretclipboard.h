// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/secret.h"

namespace signalbox {

/// Puts it on the clipboard with the hint that keeps it out of the history of a clipboard manager.
void copySecret(const Secret &secret);

} // namespace signalbox
