// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/transport/upstreamrequest.h"

#include <QByteArray>

namespace signalbox {

/// The request line and fields as they go out, with room for extraCapacity bytes of body. Fails on anything that could
/// make the upstream read another message than we mean: no name, value, method or target is trusted.
Result<QByteArray> serializeHead(const UpstreamRequest &request, qsizetype extraCapacity);

} // namespace signalbox
