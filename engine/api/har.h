// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"

#include <QByteArray>

#include <vector>

namespace signalbox {

/// The requests as an HTTP archive (HAR 1.2), in the given order: one entry a request, with the timings of the attempt
/// that answered. Without bodies and header fields, so it holds no key; members that begin with '_' are our own.
QByteArray harText(const std::vector<RequestEvent> &requests);

} // namespace signalbox
