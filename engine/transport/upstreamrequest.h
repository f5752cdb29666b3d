// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"
#include "engine/transport/originsettings.h"
#include "engine/transport/phases.h"

#include <QByteArray>
#include <QPointer>

#include <cstdint>
#include <memory>

class QIODevice;

namespace signalbox {

/// One attempt, complete and immutable. The lane adds Host if there is none and owns the framing fields
/// (Content-Length, Transfer-Encoding, Connection); everything else goes out byte for byte as given.
struct UpstreamRequest
{
    OriginSettings origin;
    QByteArray method;
    QByteArray target; ///< origin-form: path and query
    HeaderList headers;
    QByteArray body;
    /// Instead of body: an open device that is read once as it fills (readyRead; the end is readChannelFinished or
    /// a read() of -1). Must outlive the reply or be destroyed after aborting it.
    QPointer<QIODevice> bodyDevice;
    std::int64_t bodySize = -1; ///< of bodyDevice; -1: unknown, sent chunked
    PhaseTimeouts timeouts;
};

using UpstreamRequestPointer = std::shared_ptr<const UpstreamRequest>;

} // namespace signalbox
