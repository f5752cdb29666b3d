// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ticks.h"
#include "ui/style/format.h"
#include "ui/thresholds/replaymapping.h"

#include <QCoreApplication>

#include <algorithm>

namespace signalbox {

namespace {

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("Consequences", text, nullptr, n);
}

QString times(std::uint64_t count)
{
    return formatCount(count) + QChar(0x00D7);
}

const ReplayTransition *firstOpening(const ReplayRun &run)
{
    const auto found = std::find_if(run.transitions.begin(), run.transitions.end(),
                                    [](const ReplayTransition &t) { return t.to == BreakerState::Open; });
    return found == run.transitions.end() ? nullptr : &*found;
}

/// ", 55 s earlier at 12:40"
QString firstOpeningText(const ProviderReplay &replay, const TimeSpan &span)
{
    const ReplayTransition *actual = firstOpening(replay.actual);
    const ReplayTransition *draft = firstOpening(replay.draft);
    if (!draft || (actual && actual->atMs == draft->atMs))
        return {};
    const QString when = timeText(draft->atMs, span.lengthMs());
    if (!actual)
        return tr(", the first time at %1").arg(when);
    const std::int64_t differenceMs = draft->atMs - actual->atMs;
    const QString length = formatSpan(Milliseconds(std::abs(differenceMs)));
    return (differenceMs < 0 ? tr(", %1 earlier at %2") : tr(", %1 later at %2")).arg(length, when);
}

QString divertedText(const ProviderReplay &replay)
{
    if (replay.diverted == 0)
        return {};
    return QStringLiteral("; ") + tr("%n failed request(s) avoided", static_cast<int>(replay.failuresAvoided)) +
        tr(", %n good one(s) diverted", static_cast<int>(replay.goodDiverted));
}

QString unknownText(const ProviderReplay &replay)
{
    if (replay.unknown.empty())
        return {};
    std::int64_t totalMs = 0;
    for (const ReplayStretch &stretch : replay.unknown)
        totalMs += stretch.toMs - stretch.fromMs;
    return tr("; unknown for %1, when nothing was sent").arg(formatSpan(Milliseconds(totalMs)));
}

QString historyText(const ProviderReplay &replay, const TimeSpan &span)
{
    if (replay.actual.opened == 0)
        return tr("%1 never opened.").arg(replay.provider);
    const ReplayTransition *first = firstOpening(replay.actual);
    QString text = tr("%1 opened %2").arg(replay.provider, times(replay.actual.opened));
    if (first)
        text += tr(", the first time at %1").arg(timeText(first->atMs, span.lengthMs()));
    return text + QLatin1Char('.');
}

} // namespace

bool isUnchanged(const ProviderReplay &replay)
{
    const auto same = [](const ReplayTransition &a, const ReplayTransition &b) {
        return a.atMs == b.atMs && a.to == b.to && a.mode == b.mode;
    };
    return replay.diverted == 0 && replay.actual.transitionCount == replay.draft.transitionCount &&
        std::equal(replay.actual.transitions.begin(), replay.actual.transitions.end(), replay.draft.transitions.begin(),
                   replay.draft.transitions.end(), same);
}

QString consequenceText(const ProviderReplay &replay, bool hasDraft, const TimeSpan &span)
{
    if (replay.recordedFromMs == 0)
        return tr("%1: nothing is recorded in this time.").arg(replay.provider);
    if (!hasDraft)
        return historyText(replay, span);
    if (isUnchanged(replay))
        return tr("%1: no change, opened %2.").arg(replay.provider, times(replay.actual.opened));
    return tr("With the draft, %1 would have opened %2 (actual %3)")
               .arg(replay.provider, times(replay.draft.opened), times(replay.actual.opened)) +
        firstOpeningText(replay, span) + divertedText(replay) + unknownText(replay) + QLatin1Char('.');
}

} // namespace signalbox
