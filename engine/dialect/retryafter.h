// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"

#include <QByteArrayView>
#include <QDateTime>

#include <cstdint>
#include <optional>

namespace signalbox {

/// The wait a provider asks for: retry-after-ms, retry-after in seconds (fractions allowed) or as a date, then
/// RetryInfo in Gemini's error body. Past or negative is 0; nothing readable is nullopt; at most a year.
std::optional<std::int64_t> retryAfterMs(const HeaderList &headers, QByteArrayView geminiBody, const QDateTime &now);

} // namespace signalbox
