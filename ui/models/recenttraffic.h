// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

#include <deque>

namespace signalbox {

/// What the whole proxy did in the last minute, from the counters of the snapshots that were seen.
class RecentTraffic
{
public:
    void add(const EngineSnapshotPtr &snapshot);

    /// nullopt until two snapshots were seen.
    std::optional<double> requestsPerSecond() const;
    /// Until the first byte of an answer went to the client, in milliseconds; nullopt without an answer.
    std::optional<double> firstByteP95Ms() const;

private:
    std::deque<EngineSnapshotPtr> m_seen; ///< oldest first
};

} // namespace signalbox
