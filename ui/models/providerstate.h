// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"
#include "ui/style/lamp.h"

#include <QString>

namespace signalbox {

/// The one thing to say about a provider: lamp, the same as a word, and what it means.
struct ProviderState
{
    LampShape lamp = LampShape::DashedCircle;
    QString word;
    QString explanation; ///< one sentence; empty if the word says it all

    bool operator==(const ProviderState &) const = default;
};

/// takenAt is the snapshot's time, from which the remaining time of an override is counted.
ProviderState describeState(const ProviderSnapshot &provider, const QDateTime &takenAt);

/// Why it is in this state and what happens next.
QString reasonSentence(const ProviderSnapshot &provider, const QDateTime &takenAt);

/// False while the score is only the one assumed for a provider that nothing was sent to.
bool hasScore(const ProviderSnapshot &provider);

/// How the score comes about: "Score 61 = success 27.2 of 40 + …".
QString scoreSentence(const ProviderSnapshot &provider);

/// The whole row in one sentence, for a screen reader.
QString spokenSummary(const ProviderSnapshot &provider, const QDateTime &takenAt);

/// The rate rule looks at the last 60 s and needs so many calls (breaker-and-score: V = 20).
constexpr int rateRuleCalls = 20;

} // namespace signalbox
