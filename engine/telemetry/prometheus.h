// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"

#include <QByteArray>

namespace signalbox {

/// The snapshot in the Prometheus text format 0.0.4, for /metrics. Holds no key, token or URL.
QByteArray prometheusText(const EngineSnapshot &snapshot);

/// The value of the Content-Type field that goes with it.
inline constexpr const char *prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

} // namespace signalbox
