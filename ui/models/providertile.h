// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/providerstate.h"

namespace signalbox {

/// 5 s of one provider, for a drawing the size of a word.
struct SparkPoint
{
    std::int64_t startMs = 0; ///< wall time, a multiple of 5 s
    std::uint32_t attempts = 0;
    std::uint32_t errors = 0; ///< attempts that failed
    std::optional<float> p95Ms;
    float openShare = 0; ///< part of the time, 0..1
    float halfOpenShare = 0;
};
using SparkPoints = std::shared_ptr<const std::vector<SparkPoint>>;

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
    SparkPoints recent; ///< null: nothing yet

    bool operator==(const ProviderTile &) const = default;
};

ProviderTile makeTile(const ProviderSnapshot &provider, const QDateTime &takenAt);

/// Calls a second over the last 5 min.
double attemptsPerSecond(const ProviderSnapshot &provider);

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::ProviderTile)
