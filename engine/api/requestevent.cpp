// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/requestevent.h"

namespace signalbox {

const char *toString(RequestEvent::End end) noexcept
{
    switch (end) {
    case RequestEvent::End::Completed:
        return "completed";
    case RequestEvent::End::LocalAnswer:
        return "answered locally";
    case RequestEvent::End::Failed:
        return "failed";
    case RequestEvent::End::Truncated:
        return "truncated";
    case RequestEvent::End::ClientGone:
        return "client gone";
    }
    return "";
}

} // namespace signalbox
