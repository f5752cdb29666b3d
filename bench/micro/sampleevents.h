// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "engine/base/headerlist.h"

#include <cstddef>

namespace signalbox::bench {

/// A streamed answer as the proxy records it, with everything filled in that usually is. Events of different numbers
/// differ in provider, model and times.
RequestEvent requestEvent(std::size_t number);

/// The fields an SDK for OpenAI's dialect sends.
HeaderList sdkHeaders();

/// A chat request of about that many bytes.
QByteArray chatBody(qsizetype bytes);

/// One event of a streamed chat answer, with its blank line.
QByteArray chatChunk();

} // namespace signalbox::bench
