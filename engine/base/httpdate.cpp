// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/httpdate.h"

#include <array>
#include <cstdio>

namespace signalbox {

QByteArray httpDate(std::time_t time)
{
    static constexpr std::array<const char *, 7> days { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static constexpr std::array<const char *, 12> months { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    std::tm parts {};
    if (!gmtime_r(&time, &parts))
        return {};
    std::array<char, 64> text {};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                  days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                  months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                  parts.tm_sec);
    return text.data();
}

} // namespace signalbox
