// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

#include <cstdint>
#include <optional>

namespace signalbox {

enum class PageId { Wall, Provider, Requests, Alarms, Thresholds, Routing, Connect, Settings, FirstRun };

/// A place in the console, and what to show there. What is not given stays as the page has it.
struct PageTarget
{
    PageId page = PageId::Wall;
    QString provider; ///< Provider, Thresholds, Routing, Settings
    QString filter; ///< Requests: in the filter's grammar
    std::optional<QDateTime> since; ///< Requests, Provider: a stretch of time
    std::optional<QDateTime> until;
    std::optional<std::uint64_t> request; ///< Requests: to select, by sequence number
    QString item; ///< Wall: "providers" shows it without any too; Alarms: an alarm's id; Settings: a section or
                  ///< "addProvider"; Thresholds: "breaker", "health", "score" or "timeouts"; Connect: a tool

    bool operator==(const PageTarget &) const = default;
};

} // namespace signalbox
