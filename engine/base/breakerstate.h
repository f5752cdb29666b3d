// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace signalbox {

enum class BreakerState { Closed, Open, HalfOpen };

/// Disabled means "no breaker": everything is admitted.
enum class BreakerMode { Auto, ForcedOpen, ForcedClosed, Disabled };

/// How one admitted call ended, decided at the end of the exchange.
enum class Outcome { Success, Failure, Throttled, Ignored };

/// Machine names: "CLOSED", "HALF_OPEN", "FORCED_OPEN", "SUCCESS" ...
const char *toString(BreakerState state) noexcept;
const char *toString(BreakerMode mode) noexcept;
const char *toString(Outcome outcome) noexcept;

} // namespace signalbox
