// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/requestevent.h"

#include <algorithm>

namespace signalbox {

std::optional<double> RequestEvent::costUsd() const
{
    std::optional<double> sum;
    for (const AttemptEvent &attempt : attempts) {
        if (attempt.costUsd)
            sum = sum.value_or(0.0) + *attempt.costUsd;
    }
    return sum;
}

bool RequestEvent::possiblyBilledTwice() const
{
    return std::any_of(attempts.begin(), attempts.end(), [](const AttemptEvent &a) { return a.possiblyBilled; });
}

const char *toString(RequestEvent::End end) noexcept
{
    switch (end) {
    case RequestEvent::End::Completed:
        return "completed";
    case RequestEvent::End::LocalAnswer:
        return "local_answer";
    case RequestEvent::End::Failed:
        return "failed";
    case RequestEvent::End::Truncated:
        return "truncated";
    case RequestEvent::End::ClientGone:
        return "client_gone";
    case RequestEvent::End::Cancelled:
        return "cancelled";
    }
    return "";
}

const char *toString(RequestEvent::StreamEnd end) noexcept
{
    switch (end) {
    case RequestEvent::StreamEnd::NoStream:
        return "";
    case RequestEvent::StreamEnd::Completed:
        return "completed";
    case RequestEvent::StreamEnd::ErrorEvent:
        return "error_event";
    case RequestEvent::StreamEnd::Truncated:
        return "truncated";
    case RequestEvent::StreamEnd::Stalled:
        return "stalled";
    case RequestEvent::StreamEnd::ClientGone:
        return "client_gone";
    case RequestEvent::StreamEnd::Cancelled:
        return "cancelled";
    }
    return "";
}

} // namespace signalbox
