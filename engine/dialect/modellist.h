// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QByteArray>
#include <QStringList>

#include <vector>

namespace signalbox {

struct ProviderModels
{
    QByteArray body; ///< the provider's own answer; empty if it gave none
    std::vector<ModelMapping> mappings; ///< names without '*' are listed too
    QString owner; ///< provider name, for entries made from mappings
};

/// One list of all providers' models in the dialect's shape: the providers' own entries, each id once, the first
/// provider's entry wins. All lists must be of that dialect.
QByteArray mergeModelLists(Dialect dialect, const std::vector<ProviderModels> &lists);

/// The names in a provider's own list, in its order; empty if it is none.
QStringList modelNames(Dialect dialect, const QByteArray &body);

} // namespace signalbox
