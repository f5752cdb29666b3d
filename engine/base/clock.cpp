// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/clock.h"

#ifdef __linux__
#include <ctime>
#endif

namespace signalbox {

std::chrono::nanoseconds SystemClock::now() const noexcept
{
#ifdef __linux__
    timespec time {};
    if (clock_gettime(CLOCK_BOOTTIME, &time) == 0)
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
#endif
    return std::chrono::steady_clock::now().time_since_epoch();
}

} // namespace signalbox
