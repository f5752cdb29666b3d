// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/replay.h"
#include "engine/base/result.h"

#include <functional>

namespace signalbox {

/// Where a replay finds things.
struct ReplaySources
{
    QString historyPath;
    QString configPath; ///< empty: none
    std::shared_ptr<const Config> config; ///< in force
};

/// Reads the input logs from the history and replays the draft on each. For a thread that may wait.
Result<ReplayResult> replayHistory(const ReplayQuery &query, const ReplaySources &sources,
                                   const std::function<bool()> &cancelled);

} // namespace signalbox
