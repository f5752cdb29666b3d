// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/breakerstate.h"

namespace signalbox {

const char *toString(BreakerState state) noexcept
{
    switch (state) {
    case BreakerState::Closed:
        return "CLOSED";
    case BreakerState::Open:
        return "OPEN";
    case BreakerState::HalfOpen:
        return "HALF_OPEN";
    }
    return "";
}

const char *toString(BreakerMode mode) noexcept
{
    switch (mode) {
    case BreakerMode::Auto:
        return "AUTO";
    case BreakerMode::ForcedOpen:
        return "FORCED_OPEN";
    case BreakerMode::ForcedClosed:
        return "FORCED_CLOSED";
    case BreakerMode::Disabled:
        return "DISABLED";
    }
    return "";
}

const char *toString(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::Success:
        return "SUCCESS";
    case Outcome::Failure:
        return "FAILURE";
    case Outcome::Throttled:
        return "THROTTLED";
    case Outcome::Ignored:
        return "IGNORED";
    }
    return "";
}

} // namespace signalbox
