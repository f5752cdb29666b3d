// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/providerstate.h"

namespace signalbox {

/// What a tile of the wall says about one provider, ready to be painted.
struct ProviderTile
{
    QString name;
    ProviderState state;
    int score = -1; ///< rounded as shown; -1: nothing to judge by
    HealthLabel label = HealthLabel::Unknown;
    int trend = 0; ///< 1 getting slower, -1 getting faster, 0 steady
    QString latencyLabel; ///< of what the 95th percentile is
    QString latency;
    QString errors;
    QString rate;
    QString samples; ///< how many calls that is, and what the breaker makes of so few
    bool simulated = false;
    RecentPoints recent; ///< null: nothing yet

    bool operator==(const ProviderTile &) const = default;
};

ProviderTile makeTile(const ProviderSnapshot &provider, const QDateTime &takenAt);

/// Attempts a second over the last minute that is complete.
double attemptsPerSecond(const ProviderSnapshot &provider);

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::ProviderTile)
