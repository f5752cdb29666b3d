// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/breaker/breakerpolicy.h"
#include "engine/config/config.h"

namespace signalbox {

/// The policy that these settings stand for; default settings give the default policy's decisions. What runs and what a
/// replay tries is made by this one function.
BreakerPolicy toPolicy(const BreakerSettings &settings);

} // namespace signalbox
