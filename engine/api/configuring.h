// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a console needs to edit the configuration: places and values, limits of settings, providers, presets, versions.
#include "engine/base/secret.h"
#include "engine/config/configversions.h"
#include "engine/config/presets.h"
#include "engine/config/providerdraft.h"
#include "engine/config/settings.h"

#include <QStringList>

#include <cstdint>
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

/// Whether the proxy could listen at a place.
struct PlaceReport
{
    bool usable = false; ///< it could, or does already
    QString problem; ///< why not, with the process that has it where the system tells; one sentence
    std::uint16_t freePort = 0; ///< the next one that it could have at that address; 0: it is usable, or none is near
};

} // namespace signalbox
