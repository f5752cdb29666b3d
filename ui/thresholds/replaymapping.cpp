// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/replaymapping.h"

#include <QCoreApplication>

#include <algorithm>

namespace signalbox {

namespace {

using Kind = TimelineSegment::Kind;

QString tr(const char *text)
{
    return QCoreApplication::translate("ReplayMapping", text);
}

QString wordOf(Kind kind)
{
    switch (kind) {
    case Kind::Closed:
        return tr("Closed");
    case Kind::HalfOpen:
        return tr("Half-open");
    case Kind::Open:
        return tr("Open");
    case Kind::ForcedOpen:
        return tr("Forced open");
    case Kind::ForcedClosed:
        return tr("Forced closed");
    case Kind::NoBreaker:
        return tr("No breaker");
    case Kind::Unknown:
        break;
    }
    return tr("Unknown");
}

/// Of "OPEN", "FORCED_CLOSED" ...; nullopt for what is no state.
std::optional<Kind> kindOfWord(const QString &word)
{
    constexpr std::pair<BreakerState, BreakerMode> all[] {
        { BreakerState::Closed, BreakerMode::Auto },         { BreakerState::Open, BreakerMode::Auto },
        { BreakerState::HalfOpen, BreakerMode::Auto },       { BreakerState::Closed, BreakerMode::ForcedOpen },
        { BreakerState::Closed, BreakerMode::ForcedClosed }, { BreakerState::Closed, BreakerMode::Disabled },
    };
    for (const auto &[state, mode] : all) {
        if (word == QLatin1String(mode == BreakerMode::Auto ? toString(state) : toString(mode)))
            return timelineKind(state, mode);
    }
    return std::nullopt;
}

QString reasonAt(const ReplayRun &run, std::int64_t atMs)
{
    const auto later = [](const ReplayTransition &transition, std::int64_t timeMs) { return transition.atMs < timeMs; };
    const auto found = std::lower_bound(run.transitions.begin(), run.transitions.end(), atMs, later);
    return found != run.transitions.end() && found->atMs == atMs ? found->sentence : QString();
}

/// Bands, and between them closed.
std::vector<TimelineSegment> statesOf(const ReplayRun &run, const TimeSpan &span)
{
    std::vector<TimelineSegment> segments;
    std::int64_t untilMs = span.sinceMs;
    const auto closedUntil = [&](std::int64_t timeMs) {
        if (timeMs > untilMs)
            segments.push_back({ { untilMs, timeMs }, Kind::Closed, wordOf(Kind::Closed), reasonAt(run, untilMs) });
    };
    for (const ReplayBand &band : run.bands) {
        closedUntil(band.fromMs);
        const Kind kind = timelineKind(band.state, band.mode);
        segments.push_back({ { band.fromMs, band.toMs }, kind, wordOf(kind), reasonAt(run, band.fromMs) });
        untilMs = band.toMs;
    }
    closedUntil(span.untilMs);
    return segments;
}

/// What lies over goes before what lies under it. Both ascend without overlap.
std::vector<TimelineSegment> laidOver(const std::vector<TimelineSegment> &over,
                                      const std::vector<TimelineSegment> &under)
{
    if (over.empty())
        return under;
    std::vector<TimelineSegment> result;
    auto next = over.begin();
    std::int64_t doneMs = std::numeric_limits<std::int64_t>::min();
    for (TimelineSegment segment : under) {
        segment.span.sinceMs = std::max(segment.span.sinceMs, doneMs);
        while (next != over.end() && next->span.sinceMs < segment.span.untilMs &&
               segment.span.sinceMs < segment.span.untilMs) {
            if (segment.span.sinceMs < next->span.sinceMs) {
                TimelineSegment before = segment;
                before.span.untilMs = next->span.sinceMs;
                result.push_back(before);
            }
            result.push_back(*next);
            doneMs = next->span.untilMs;
            segment.span.sinceMs = std::max(segment.span.sinceMs, doneMs);
            ++next;
        }
        if (segment.span.sinceMs < segment.span.untilMs)
            result.push_back(segment);
    }
    return result;
}

std::vector<ReplayStretch> notRecorded(const ProviderReplay &replay, const TimeSpan &span)
{
    if (replay.recordedFromMs == 0)
        return { { span.sinceMs, span.untilMs } };
    std::vector<ReplayStretch> stretches;
    if (replay.recordedFromMs > span.sinceMs)
        stretches.push_back({ span.sinceMs, replay.recordedFromMs });
    for (const ReplayStretch &stretch : replay.notRecorded) {
        const std::int64_t fromMs = stretches.empty() ? span.sinceMs : stretches.back().toMs;
        if (stretch.toMs > std::max(stretch.fromMs, fromMs))
            stretches.push_back({ std::max(stretch.fromMs, fromMs), stretch.toMs });
    }
    return stretches;
}

std::vector<TimelineSegment> unknownSegments(const std::vector<ReplayStretch> &stretches, const QString &word,
                                             const QString &reason)
{
    std::vector<TimelineSegment> segments;
    segments.reserve(stretches.size());
    for (const ReplayStretch &stretch : stretches)
        segments.push_back({ { stretch.fromMs, stretch.toMs }, Kind::Unknown, word, reason });
    return segments;
}

std::vector<TimelineSegment> notRecordedSegments(const ProviderReplay &replay, const TimeSpan &span)
{
    return unknownSegments(notRecorded(replay, span), tr("Not recorded"),
                           tr("The engine did not run, or did not record."));
}

ChartSeries rateLine(const ProviderReplay &replay, const QString &name, LineStyle style,
                     std::optional<ReplayRate> ReplayPoint::*rate, Milliseconds window)
{
    ChartSeries line { name, style, nullptr, 0, nullptr };
    auto points = std::make_shared<std::vector<ChartPoint>>();
    for (const ReplayPoint &point : replay.points) {
        if (point.*rate)
            points->push_back({ point.startMs + point.lengthMs / 2, 100 * (point.*rate)->highest });
        line.stepMs = std::max<std::int64_t>(point.lengthMs, window.count());
    }
    line.points = std::move(points);
    return line;
}

/// Where calls ended.
ChartSeries countLine(const ProviderReplay &replay, std::uint32_t ReplayPoint::*count, Milliseconds window)
{
    ChartSeries line { tr("actual"), LineStyle::P95, nullptr, 0, nullptr };
    auto points = std::make_shared<std::vector<ChartPoint>>();
    for (const ReplayPoint &point : replay.points) {
        if (point.succeeded + point.failed > 0)
            points->push_back({ point.startMs + point.lengthMs / 2, static_cast<double>(point.*count) });
        line.stepMs = std::max<std::int64_t>(point.lengthMs, window.count());
    }
    line.points = std::move(points);
    return line;
}

ChartSeries openTimeLine(const ReplayRun &run, const QString &name, LineStyle style)
{
    auto points = std::make_shared<std::vector<ChartPoint>>();
    for (const ReplayBand &band : run.bands) {
        if (band.state != BreakerState::Open || band.mode != BreakerMode::Auto)
            continue;
        const auto length = static_cast<double>(band.toMs - band.fromMs);
        if (!points->empty())
            points->push_back({ band.fromMs }); // a gap
        points->push_back({ band.fromMs, length });
        points->push_back({ band.toMs, length });
    }
    return { name, style, std::move(points), 0, nullptr };
}

} // namespace

std::vector<ChartSeries> slowRateSeries(const ProviderReplay &replay, Milliseconds window)
{
    return { rateLine(replay, tr("actual"), LineStyle::P95, &ReplayPoint::actualSlowRate, window) };
}

std::vector<ChartSeries> streakSeries(const ProviderReplay &replay, Milliseconds window)
{
    return { countLine(replay, &ReplayPoint::mostInARow, window) };
}

std::vector<ChartSeries> callsSeries(const ProviderReplay &replay, Milliseconds window)
{
    return { countLine(replay, &ReplayPoint::mostCalls, window) };
}

std::vector<ChartSeries> openTimeSeries(const ProviderReplay &replay, bool hasDraft)
{
    std::vector<ChartSeries> lines { openTimeLine(replay.actual, tr("actual"), LineStyle::P95) };
    if (hasDraft)
        lines.push_back(openTimeLine(replay.draft, tr("draft"), LineStyle::Category2));
    return lines;
}

std::vector<ChartSeries> rateSeries(const ProviderReplay &replay, bool hasDraft, Milliseconds window)
{
    std::vector<ChartSeries> lines { rateLine(replay, tr("actual"), LineStyle::P95, &ReplayPoint::actualRate, window) };
    if (hasDraft)
        lines.push_back(rateLine(replay, tr("draft"), LineStyle::Category2, &ReplayPoint::draftRate, window));
    return lines;
}

std::vector<OutcomeTick> outcomeTicks(const ProviderReplay &replay)
{
    std::vector<OutcomeTick> ticks;
    ticks.reserve(replay.points.size());
    for (const ReplayPoint &point : replay.points) {
        if (point.succeeded + point.failed > 0)
            ticks.push_back({ { point.startMs, point.startMs + point.lengthMs }, point.succeeded, point.failed });
    }
    return ticks;
}

std::vector<ChartBand> unknownBands(const ProviderReplay &replay, const TimeSpan &span)
{
    std::vector<ChartBand> bands;
    for (const ReplayStretch &stretch : notRecorded(replay, span))
        bands.push_back({ { stretch.fromMs, stretch.toMs }, ChartBand::Kind::Unknown });
    return bands;
}

TimelineSegment::Kind timelineKind(BreakerState state, BreakerMode mode)
{
    switch (mode) {
    case BreakerMode::ForcedOpen:
        return Kind::ForcedOpen;
    case BreakerMode::ForcedClosed:
        return Kind::ForcedClosed;
    case BreakerMode::Disabled:
        return Kind::NoBreaker;
    case BreakerMode::Auto:
        break;
    }
    return state == BreakerState::Open ? Kind::Open : state == BreakerState::HalfOpen ? Kind::HalfOpen : Kind::Closed;
}

std::vector<TimelineSegment> actualSegments(const ProviderReplay &replay, const TimeSpan &span)
{
    return laidOver(notRecordedSegments(replay, span), statesOf(replay.actual, span));
}

std::vector<TimelineSegment> draftSegments(const ProviderReplay &replay, const TimeSpan &span)
{
    const auto known =
        laidOver(unknownSegments(replay.unknown, wordOf(Kind::Unknown),
                                 tr("The real breaker let nothing through and the draft would have, so nobody knows.")),
                 statesOf(replay.draft, span));
    return laidOver(notRecordedSegments(replay, span), known);
}

std::vector<TimelineSegment> shadowSegments(const std::vector<StateEvent> &events, TimelineSegment::Kind before,
                                            const TimeSpan &span)
{
    std::vector<TimelineSegment> segments;
    TimelineSegment running { span, before, wordOf(before), {} };
    bool first = true;
    for (const StateEvent &event : events) {
        const auto kind = kindOfWord(event.after);
        const std::int64_t atMs = event.at.toMSecsSinceEpoch();
        if (!kind || atMs < span.sinceMs || atMs > span.untilMs)
            continue;
        if (const auto was = kindOfWord(event.before); first && was) {
            running.kind = *was;
            running.word = wordOf(*was);
        }
        first = false;
        running.span.untilMs = atMs;
        if (running.span.lengthMs() > 0)
            segments.push_back(running);
        running = { { atMs, span.untilMs }, *kind, wordOf(*kind), event.reason };
    }
    if (running.span.lengthMs() > 0)
        segments.push_back(running);
    return segments;
}

} // namespace signalbox
