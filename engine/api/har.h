// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestdetails.h"
#include "engine/api/requestevent.h"

#include <QByteArray>

#include <vector>

namespace signalbox {

/// The requests as an HTTP archive (HAR 1.2), in the given order: one entry a request, with the timings of the attempt
/// that answered. Header fields and query come from `details` (in any order), where there are any of that request;
/// bodies are left out, so it holds no key. Members that begin with '_' are our own.
QByteArray harText(const std::vector<RequestEvent> &requests, const std::vector<RequestDetails> &details = {});

} // namespace signalbox
