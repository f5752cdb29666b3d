// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/config/config.h"

#include <QJsonObject>
#include <QString>

#include <vector>

namespace signalbox {

/// A provider as its vendor documents it: what a new entry in the config starts from.
struct ProviderPreset
{
    QString name; ///< the provider's name in the config: "openai"
    QString title; ///< for people: "OpenAI"
    Dialect dialect = Dialect::OpenAi;
    QUrl baseUrl;
    QString keyVariable; ///< the environment variable the vendor's tools read; empty: no key needed
    QString notes;

    /// The entry for "/providers/-".
    QJsonObject toProviderEntry() const;
};

/// The presets that come with the program.
std::vector<ProviderPreset> loadPresets();

/// The JSON schema of the config file, as text.
QByteArray configSchema();

} // namespace signalbox
