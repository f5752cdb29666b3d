// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/stateevent.h"

namespace signalbox {

const char *toString(StateEvent::Kind kind) noexcept
{
    switch (kind) {
    case StateEvent::Kind::Breaker:
        return "breaker";
    case StateEvent::Kind::Command:
        return "command";
    case StateEvent::Kind::Config:
        return "config";
    case StateEvent::Kind::Credential:
        return "credential";
    case StateEvent::Kind::Listener:
        return "listener";
    case StateEvent::Kind::Request:
        return "request";
    case StateEvent::Kind::Probe:
        return "probe";
    case StateEvent::Kind::Alarm:
        return "alarm";
    case StateEvent::Kind::Recording:
        return "recording";
    case StateEvent::Kind::Trend:
        return "trend";
    case StateEvent::Kind::Shadow:
        return "shadow";
    }
    return "";
}

} // namespace signalbox
