// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/history.h"
#include "engine/api/requestevent.h"
#include "engine/api/snapshot.h"
#include "engine/api/stateevent.h"
#include "ui/charts/breakertimeline.h"
#include "ui/charts/chartdata.h"

namespace signalbox {

enum class Latency { FirstByte, Total };
enum class Factor { Success, Response, Availability, Trend };

QString factorName(Factor factor);

/// What the engine answers, as lines. A point lies in the middle of its stretch; one that runs until now in the middle
/// of what is over of it.
std::vector<ChartSeries> latencySeries(const std::vector<SeriesPoint> &points, Latency latency, std::int64_t nowMs);
std::vector<ChartSeries> rateSeries(const std::vector<SeriesPoint> &points, std::int64_t nowMs);
std::vector<ChartSeries> overheadSeries(const std::vector<SeriesPoint> &points, std::int64_t nowMs);
std::vector<ChartSeries> gapSeries(const std::vector<SeriesPoint> &points, std::int64_t nowMs);
/// The score, and one of its factors in hundredths.
std::vector<ChartSeries> scoreSeries(const std::vector<SeriesPoint> &points, std::optional<Factor> factor,
                                     std::int64_t nowMs);

/// From the last point of the p50 line at the provider's pace to that time; null where nothing is known.
ChartPoints forecastFrom(const ChartSeries &p50, const ProviderSnapshot &provider, std::int64_t nowMs,
                         std::int64_t untilMs);

/// What this provider's score measures by.
const HealthSettings &healthOf(const EngineSnapshot &snapshot, const QString &provider);
std::vector<ChartThreshold> latencyTargets(Latency latency, const HealthSettings &health);
std::vector<ChartThreshold> scoreLimits(const HealthSettings &health);
std::vector<TimelineSegment> timelineSegments(const std::vector<BreakerSegment> &segments);
/// Those in which requests were kept away, and those nothing is known of.
std::vector<ChartBand> bandsOf(const std::vector<BreakerSegment> &segments);
/// Failovers within stepMs of each other share a mark.
std::vector<ChartMarker> markersOf(const std::vector<StateEvent> &events, const std::vector<RequestEvent> &failovers,
                                   std::int64_t stepMs);

} // namespace signalbox
