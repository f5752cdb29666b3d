// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/breakerpolicy.h"

#include <algorithm>

namespace signalbox {

std::int64_t effectiveThreshold(std::int64_t threshold, std::int64_t calls, std::int64_t failures) noexcept
{
    if (calls < threshold || 2 * failures <= calls)
        return threshold;
    const std::int64_t scaled = (2 * threshold * (calls - failures) + calls - 1) / calls;
    return std::max(std::min<std::int64_t>(threshold, 2), scaled);
}

} // namespace signalbox
