// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace signalbox::bench {

struct RecordedDay
{
    int requests = 0; ///< full events in the log
    int breakerCalls = 0; ///< in the breakers' input logs
};

/// Fills a history with a day that ends now: requests of the first four of that many providers, one in fifty failed,
/// and the input logs of their breakers.
void recordDay(const QString &directory, const RecordedDay &day);

} // namespace signalbox::bench
