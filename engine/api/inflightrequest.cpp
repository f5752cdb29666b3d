// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/inflightrequest.h"

namespace signalbox {

const char *toString(InFlightRequest::Phase phase) noexcept
{
    switch (phase) {
    case InFlightRequest::Phase::Receiving:
        return "receiving";
    case InFlightRequest::Phase::Waiting:
        return "waiting";
    case InFlightRequest::Phase::Connecting:
        return "connecting";
    case InFlightRequest::Phase::FirstByte:
        return "first_byte";
    case InFlightRequest::Phase::Streaming:
        return "streaming";
    }
    return "";
}

} // namespace signalbox
