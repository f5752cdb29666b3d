// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/snapshot.h"

namespace signalbox {

const char *toString(HealthLabel label) noexcept
{
    switch (label) {
    case HealthLabel::Unknown:
        return "unknown";
    case HealthLabel::Healthy:
        return "healthy";
    case HealthLabel::Degraded:
        return "degraded";
    case HealthLabel::Unhealthy:
        return "unhealthy";
    }
    return "";
}

const char *toString(ListenState state) noexcept
{
    switch (state) {
    case ListenState::Stopped:
        return "stopped";
    case ListenState::Listening:
        return "listening";
    case ListenState::Failed:
        return "failed";
    case ListenState::Draining:
        return "draining";
    }
    return "";
}

const char *toString(RecordingState state) noexcept
{
    switch (state) {
    case RecordingState::Off:
        return "off";
    case RecordingState::Recording:
        return "recording";
    case RecordingState::Stopped:
        return "stopped";
    }
    return "";
}

} // namespace signalbox
