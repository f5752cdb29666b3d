// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QString>

namespace signalbox {

/// Replaces the file as a whole or not at all: new file (0600), synced, renamed, directory synced. A missing directory
/// is made (0700).
Status writeFileAtomically(const QString &path, const QByteArray &content);

/// At most that many bytes; more is an error.
Result<QByteArray> readWholeFile(const QString &path, qint64 limit);

} // namespace signalbox
