// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/alarm.h"

namespace signalbox {

const char *toString(AlarmPriority priority) noexcept
{
    switch (priority) {
    case AlarmPriority::High:
        return "high";
    case AlarmPriority::Medium:
        return "medium";
    case AlarmPriority::Low:
        return "low";
    }
    return "";
}

const char *toString(AlarmState state) noexcept
{
    switch (state) {
    case AlarmState::Active:
        return "active";
    case AlarmState::Acknowledged:
        return "acknowledged";
    case AlarmState::Cleared:
        return "cleared";
    case AlarmState::Shelved:
        return "shelved";
    }
    return "";
}

} // namespace signalbox
