// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/replay.h"
#include "engine/api/stateevent.h"
#include "ui/charts/breakertimeline.h"
#include "ui/charts/chartdata.h"
#include "ui/charts/outcomestrip.h"

namespace signalbox {

/// The failure rate of the window as the breaker evaluated it, in percent; of a stretch the highest. The draft's only
/// if there is one. Between two calls it is known for as long as the window is.
std::vector<ChartSeries> rateSeries(const ProviderReplay &replay, bool hasDraft, Milliseconds window);
/// What else the breaker evaluated, as it was; of a stretch the highest: slow calls of the window in percent, failures
/// in a row, calls in the window.
std::vector<ChartSeries> slowRateSeries(const ProviderReplay &replay, Milliseconds window);
std::vector<ChartSeries> streakSeries(const ProviderReplay &replay, Milliseconds window);
std::vector<ChartSeries> callsSeries(const ProviderReplay &replay, Milliseconds window);
/// Each open period as a bar that is as high as it is long.
std::vector<ChartSeries> openTimeSeries(const ProviderReplay &replay, bool hasDraft);
std::vector<OutcomeTick> outcomeTicks(const ProviderReplay &replay);
/// Stretches in which nothing is known of the rate.
std::vector<ChartBand> unknownBands(const ProviderReplay &replay, const TimeSpan &span);

/// What the breaker was, without gaps. Where it was not recorded, or for the draft nothing was sent that could tell,
/// it is unknown.
std::vector<TimelineSegment> actualSegments(const ProviderReplay &replay, const TimeSpan &span);
std::vector<TimelineSegment> draftSegments(const ProviderReplay &replay, const TimeSpan &span);
/// From the events of a shadow run, ascending. before: what it is if none of them says otherwise.
std::vector<TimelineSegment> shadowSegments(const std::vector<StateEvent> &events, TimelineSegment::Kind before,
                                            const TimeSpan &span);
TimelineSegment::Kind timelineKind(BreakerState state, BreakerMode mode);

/// "With the draft, alpha would have opened 3× (actual 1×), 55 s earlier at 12:40; 41 failed requests avoided, 6 good
/// ones diverted."
QString consequenceText(const ProviderReplay &replay, bool hasDraft, const TimeSpan &span);
/// The draft and what happened do not differ.
bool isUnchanged(const ProviderReplay &replay);

} // namespace signalbox
