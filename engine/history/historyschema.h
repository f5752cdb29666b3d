// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/history/database.h"

namespace signalbox {

/// The version this program writes, in PRAGMA user_version.
inline constexpr std::int64_t historySchemaVersion = 1;

/// Opens the history for writing: makes the tables, or brings an older file up to date. A file of a newer version is
/// refused.
Result<Database> openHistory(const QString &path);

} // namespace signalbox
