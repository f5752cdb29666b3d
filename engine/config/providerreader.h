// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/objectreader.h"

namespace signalbox {

// Shared by the global sections and a provider's overrides.
void readTimeouts(ObjectReader section, Timeouts &into);
/// A maxOpenMs that nobody wrote gives way to a longer timeoutMs.
void readBreaker(ObjectReader section, BreakerSettings &into);
void readHealth(ObjectReader section, HealthSettings &into);
void readCapture(ObjectReader section, CaptureSettings &into);
inline constexpr Range thresholdRange { 1, 1000 };
inline constexpr Range breakerTimeoutRange { 1, 86'400'000 };
inline constexpr Range healthIntervalRange { 100, 86'400'000 };

/// The member "key". Passthrough is for providers only.
KeySource readKey(ObjectReader &owner, bool passthroughAllowed);

/// The "providers" array. `config` holds the effective global settings already.
void readProviders(ObjectReader &root, Config &config);

} // namespace signalbox
