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

const char *toString(Strategy strategy) noexcept
{
    return strategy == Strategy::Health ? "health" : "priority";
}

const char *toString(SettingOrigin origin) noexcept
{
    switch (origin) {
    case SettingOrigin::Default:
        return "default";
    case SettingOrigin::File:
        return "file";
    case SettingOrigin::DotEnv:
        return ".env";
    case SettingOrigin::Environment:
        return "environment";
    case SettingOrigin::CommandLine:
        return "command line";
    }
    return "";
}

} // namespace signalbox
