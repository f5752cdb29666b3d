// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/jsontext.h"
#include "engine/config/settings.h"

namespace signalbox {

/// A setting as the file knows it.
struct SettingPlace
{
    QString pointer; ///< RFC 6901, providers by index
    QString pattern; ///< the same with '*' for the provider
    QString named; ///< the same with the provider's name, as in SettingOrigins

    /// For people: "providers.alpha.breaker.threshold".
    QString dotted() const;
};

/// From "breaker.threshold", "/breaker/threshold", "providers.NAME.breaker.threshold" or "/providers/0/...". A name
/// goes before an index.
Result<SettingPlace> settingPlace(const QString &key, const JsonNode &root);

/// Who may sign in, and where keys and prompts go: a program that only has the admin API's token does not decide that.
bool isSensitiveSetting(const QString &pattern);

/// An edit from words, as a command line has them: "7", "90s", "off", "default". Refuses unknown and sensitive places.
Result<SettingEdit> settingFromText(const JsonText &text, const QString &key, const QString &value);

/// The config's text after all these edits, one after the other. Refuses places that the configuration does not have
/// and those that `origins` says are fixed from outside.
Result<QByteArray> editedConfig(const QByteArray &text, const QList<SettingEdit> &edits, const SettingOrigins &origins);

} // namespace signalbox
