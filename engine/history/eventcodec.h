// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <optional>

namespace signalbox {

/// One event as it stands in the history file: a format version, then every field.
void packEvent(const RequestEvent &event, QByteArray &out);
/// Nullopt for bytes that are no event of a known version.
std::optional<RequestEvent> unpackEvent(QByteArrayView bytes);
/// Only the wall time of its head, in milliseconds; nullopt for bytes that are no event of a known version.
std::optional<std::int64_t> eventTimeMs(QByteArrayView bytes);

} // namespace signalbox
