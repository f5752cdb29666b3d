// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

#include <QByteArray>

namespace signalbox {

/// The whole snapshot as one JSON object, for /status. URLs come without user information and query.
QByteArray statusJson(const EngineSnapshot &snapshot);

} // namespace signalbox
