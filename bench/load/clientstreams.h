// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/load/figures.h"

#include <cstdint>
#include <string>

namespace signalbox::bench {

struct StreamLoad
{
    int streams = 1;
    std::int64_t spreadNs = 0; ///< the streams begin over that time
    std::string path;
    std::string body;
};

/// Opens the streams, reads them to their end and tells in JSON: first byte, delay of the events and change of the gaps
/// between them. Writes {"open":N} when every stream has had an event.
std::string measureStreams(const Target &target, const StreamLoad &load);

} // namespace signalbox::bench
