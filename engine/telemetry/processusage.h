// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

namespace signalbox {

/// What this process uses now, from /proc. A few system calls; meant for about once a second.
ProcessSnapshot readProcessUsage();

} // namespace signalbox
