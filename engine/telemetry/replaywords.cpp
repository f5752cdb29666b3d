// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/policyreplay.h"

#include <QStringBuilder>
#include <QStringList>

#include <algorithm>

namespace signalbox {

namespace {

QString times(std::uint64_t count)
{
    if (count == 0)
        return QStringLiteral("never");
    return count == 1 ? QStringLiteral("once") : QStringLiteral("%1 times").arg(count);
}

QString duration(std::int64_t ms)
{
    if (ms < 10'000)
        return QStringLiteral("%1 s").arg(static_cast<double>(ms) / 1000.0, 0, 'f', 1);
    if (ms < 120'000)
        return QStringLiteral("%1 s").arg(ms / 1000);
    return ms < 7'200'000 ? QStringLiteral("%1 min").arg(ms / 60'000) : QStringLiteral("%1 h").arg(ms / 3'600'000);
}

const ReplayTransition *firstOpening(const ReplayRun &run)
{
    const auto found = std::find_if(run.transitions.begin(), run.transitions.end(),
                                    [](const ReplayTransition &t) { return t.to == BreakerState::Open; });
    return found == run.transitions.end() ? nullptr : &*found;
}

bool isSameRun(const ReplayRun &a, const ReplayRun &b)
{
    return a.transitionCount == b.transitionCount &&
        std::equal(a.transitions.begin(), a.transitions.end(), b.transitions.begin(), b.transitions.end(),
                   [](const ReplayTransition &x, const ReplayTransition &y) {
                       return x.atMs == y.atMs && x.to == y.to && x.mode == y.mode;
                   });
}

QString firstOpeningText(const ProviderReplay &replay)
{
    const ReplayTransition *actual = firstOpening(replay.actual);
    const ReplayTransition *draft = firstOpening(replay.draft);
    if (!actual || !draft || actual->atMs == draft->atMs)
        return {};
    const bool earlier = draft->atMs < actual->atMs;
    return QStringLiteral(", the first time %1 %2")
        .arg(duration(earlier ? actual->atMs - draft->atMs : draft->atMs - actual->atMs),
             earlier ? QStringLiteral("earlier") : QStringLiteral("later"));
}

QString divertedText(const ProviderReplay &replay)
{
    if (replay.diverted == 0)
        return {};
    return QStringLiteral("; %1 of %2 recorded requests would have gone elsewhere: %3 failures avoided, %4 good ones "
                          "diverted")
        .arg(replay.diverted)
        .arg(replay.requests)
        .arg(replay.failuresAvoided)
        .arg(replay.goodDiverted);
}

} // namespace

QString replaySentence(const ProviderReplay &replay)
{
    if (replay.recordedFromMs == 0)
        return QStringLiteral("Nothing of %1 is recorded in this time.").arg(replay.provider);
    if (isSameRun(replay.actual, replay.draft) && replay.diverted == 0)
        return QStringLiteral("%1: no change (opened: %2).").arg(replay.provider, times(replay.actual.opened));
    QString text = QStringLiteral("With the draft, %1 would have opened %2 (actual: %3)")
                       .arg(replay.provider, times(replay.draft.opened), times(replay.actual.opened)) %
        firstOpeningText(replay) % divertedText(replay);
    if (!replay.unknown.empty()) {
        std::int64_t unknownMs = 0;
        for (const ReplayStretch &stretch : replay.unknown)
            unknownMs += stretch.toMs - stretch.fromMs;
        text += QStringLiteral("; unknown for %1, when the real breaker let nothing through").arg(duration(unknownMs));
    }
    return text % QLatin1Char('.');
}

} // namespace signalbox
