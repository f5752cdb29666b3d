// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a console needs to edit the configuration: places and values, limits of settings, providers, presets, versions.
#include "engine/base/secret.h"
#include "engine/config/configversions.h"
#include "engine/config/presets.h"
#include "engine/config/providerdraft.h"
#include "engine/config/settings.h"

#include <QStringList>

#include <optional>

namespace signalbox {

/// What trying a provider showed. Times in milliseconds; nullopt: the phase was not reached or there was none.
struct ProbeReport
{
    bool usable = false; ///< it answered 2xx, so address, TLS and key are right
    int status = 0; ///< 0: no HTTP answer
    std::optional<double> dnsMs;
    std::optional<double> connectMs;
    std::optional<double> tlsMs;
    std::optional<double> firstByteMs; ///< from the request sent
    double totalMs = 0;
    QString failedPhase; ///< "draft", "key", "dns", "connect", "tls", "first byte", "response"; empty: none failed
    QString verdict; ///< one sentence
    QStringList models; ///< names from its list, in its order
};

} // namespace signalbox
