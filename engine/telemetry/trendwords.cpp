// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/trendwords.h"

#include <cmath>

namespace signalbox {

QString durationText(double ms)
{
    // The border is where rounding would give 1000 ms.
    if (ms < 999.5)
        return QStringLiteral("%1 ms").arg(ms, 0, 'f', 0);
    const double seconds = ms / 1000.0;
    if (seconds < 99.95)
        return QStringLiteral("%1 s").arg(seconds, 0, 'f', 1);
    return QStringLiteral("%1 min").arg(seconds / 60.0, 0, 'f', 1);
}

QString forecastSentence(const ProviderSnapshot &provider)
{
    constexpr double horizonMinutes = 5.0;
    constexpr double worthSaying = 1.1;
    const bool slower = std::exp(provider.trendSlopePerMinute * horizonMinutes) >= worthSaying;
    if (!provider.forecastFirstByteMs || !std::isfinite(*provider.forecastFirstByteMs) || !slower)
        return {};
    return QStringLiteral("At this pace p50 first byte reaches %1 in 5 min.")
        .arg(durationText(*provider.forecastFirstByteMs));
}

} // namespace signalbox
