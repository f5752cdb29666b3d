// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"
#include "engine/dialect/headers.h"
#include "engine/health/probe.h"

namespace signalbox {

/// How to ask this provider for its model list, which costs nothing.
ProbeTarget probeTarget(const ProviderConfig &provider, const UpstreamContext &context);

} // namespace signalbox
