// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QString>

#include <vector>

namespace signalbox {

/// "OpenAI", "Anthropic", "Gemini"
QString dialectTitle(Dialect dialect);
/// What its model map does, in a line: "all, unchanged", "gpt-* → big, claude-3 unchanged".
QString modelsSummary(const std::vector<ModelMapping> &models);
/// The part of a configuration that runs; null if there is no such provider.
const ProviderConfig *providerConfig(const Config &config, const QString &name);

} // namespace signalbox
