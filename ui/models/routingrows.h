// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestdetails.h"
#include "engine/api/requestevent.h"

#include <QString>

#include <optional>
#include <vector>

namespace signalbox {

/// One step of how a request found its provider.
struct RoutingRow
{
    QString provider;
    QString decision; ///< "asked", "skipped", "not needed"
    QString why; ///< words
    QString result; ///< of an attempt: "529", "ok in 1.2 s"; empty otherwise
    std::optional<double> score; ///< at that moment, 0..100
};

/// In the order in which it happened: who was passed over, who was asked and how that ended. With details also those
/// that were thought of and not needed, or could not serve it.
std::vector<RoutingRow> routingRows(const RequestEvent &event, const RequestDetails *details = nullptr);

} // namespace signalbox
