// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "engine/health/probe.h"

namespace signalbox {

/// What a probe that ended now looks like among the requests: one attempt, with its phases.
RequestEvent healthCheckEvent(const ProbeResult &result, Dialect dialect);

} // namespace signalbox
