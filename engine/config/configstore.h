// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/config/configloader.h"

#include <QList>
#include <QString>

#include <optional>

class QRandomGenerator;

namespace signalbox {

/// Changes only these places of the file's text: everything else stays byte for byte, unknown keys and order too.
/// Refuses an edit that would make the file invalid. Written to a new file (0600), synced and renamed over the old one;
/// the previous good file stays as config.json.bak. After an Error the old file is untouched. Creates a missing file
/// and its directory (0700).
Status saveSettings(const QString &path, const QList<SettingEdit> &edits);

/// The file's text, or what a new file begins with.
Result<QByteArray> configTextOf(const QString &path);
/// As saveSettings() writes: `text` must be checked, `before` is what the file holds.
Status writeConfigText(const QString &path, const QByteArray &before, const QByteArray &text);

/// 128 bits as hexadecimal digits.
QString randomToken(QRandomGenerator &random);

/// The local access token of the file: the stored one, nullopt for `null` (open by choice), or 128 new random bits,
/// stored in the file, if it names none. Fails if there is no file.
Result<std::optional<Secret>> ensureToken(const QString &path, QRandomGenerator *random = nullptr);

/// loadConfig() after ensureToken(). If the token cannot be stored, that is a warning and it is the overlay's fallback
/// or lasts for this run only.
LoadResult loadConfigEnsuringToken(const QString &path, const ConfigOverlay &overlay = {});

} // namespace signalbox
