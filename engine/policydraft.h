// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/replay.h"
#include "engine/base/result.h"

namespace signalbox {

/// The settings of each configured provider's breaker under the draft. Reads the configuration file (if there is a
/// path) when the draft names single settings. The error names what is wrong with the draft.
Result<std::map<QString, BreakerSettings>> resolveDraft(const PolicyDraft &draft, const Config &running,
                                                        const QString &configPath);

} // namespace signalbox
