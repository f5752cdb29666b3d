// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QByteArray>

#include <optional>

namespace signalbox {

/// The provider's name for the client's model: an exact name beats a glob, globs go in file order. Empty target: leave
/// it as it is. Nullopt: this provider does not serve the model. No model at all is served by everyone.
std::optional<QByteArray> mapModel(const std::vector<ModelMapping> &mappings, const QByteArray &model);

} // namespace signalbox
