// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider/chartmapping.h"

#include <QCoreApplication>

#include <map>

namespace signalbox {

namespace {

constexpr double noNumber = std::numeric_limits<double>::quiet_NaN();

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("ProviderCharts", text, nullptr, n);
}

std::int64_t endOf(const SeriesPoint &point, std::int64_t nowMs)
{
    return std::max(point.startMs + 1, std::min(point.startMs + point.lengthMs, nowMs));
}

template <typename ValueOf>
ChartSeries lineOf(const QString &name, LineStyle style, const std::vector<SeriesPoint> &points, std::int64_t nowMs,
                   ValueOf valueOf)
{
    auto line = std::make_shared<std::vector<ChartPoint>>();
    line->reserve(points.size());
    for (const SeriesPoint &point : points)
        line->push_back({ (point.startMs + endOf(point, nowMs)) / 2, valueOf(point) });
    ChartSeries series;
    series.name = name;
    series.style = style;
    series.stepMs = points.empty() ? 0 : points.front().lengthMs;
    series.points = std::move(line);
    return series;
}

using Quantile = std::optional<double> SeriesPoint::*;

ChartSeries quantileLine(const QString &name, LineStyle style, const std::vector<SeriesPoint> &points,
                         std::int64_t nowMs, Quantile quantile)
{
    return lineOf(name, style, points, nowMs,
                  [quantile](const SeriesPoint &point) { return (point.*quantile).value_or(noNumber); });
}

using Count = std::uint64_t SeriesPoint::*;

/// Per second. A stretch that has hardly begun says little, but would draw a tall line.
template <typename CountOf> double rateOf(const SeriesPoint &point, std::int64_t nowMs, CountOf countOf)
{
    const std::int64_t over = endOf(point, nowMs) - point.startMs;
    if (over < point.lengthMs * 3 / 10)
        return noNumber;
    return static_cast<double>(countOf(point)) * 1000.0 / static_cast<double>(over);
}

double factorOf(const ScoreSeries &score, Factor factor)
{
    switch (factor) {
    case Factor::Success:
        return score.success;
    case Factor::Response:
        return score.response;
    case Factor::Availability:
        return score.availability;
    case Factor::Trend:
        return score.trend;
    }
    return noNumber;
}

/// Where nothing happened there is no point; the rate was 0 then.
std::vector<SeriesPoint> withQuietStretches(const std::vector<SeriesPoint> &points)
{
    std::vector<SeriesPoint> all;
    for (const SeriesPoint &point : points) {
        while (!all.empty() && all.back().startMs + 2 * point.lengthMs <= point.startMs) {
            SeriesPoint quiet;
            quiet.startMs = all.back().startMs + point.lengthMs;
            quiet.lengthMs = point.lengthMs;
            all.push_back(quiet);
        }
        all.push_back(point);
    }
    return all;
}

TimelineSegment::Kind kindOf(const BreakerSegment &segment)
{
    using Kind = TimelineSegment::Kind;
    if (!segment.known)
        return Kind::Unknown;
    switch (segment.mode) {
    case BreakerMode::ForcedOpen:
        return Kind::ForcedOpen;
    case BreakerMode::ForcedClosed:
        return Kind::ForcedClosed;
    case BreakerMode::Disabled:
        return Kind::NoBreaker;
    case BreakerMode::Auto:
        break;
    }
    return segment.state == BreakerState::Open    ? Kind::Open
        : segment.state == BreakerState::HalfOpen ? Kind::HalfOpen
                                                  : Kind::Closed;
}

QString wordOf(TimelineSegment::Kind kind)
{
    switch (kind) {
    case TimelineSegment::Kind::Closed:
        return tr("Closed");
    case TimelineSegment::Kind::HalfOpen:
        return tr("Half-open");
    case TimelineSegment::Kind::Open:
        return tr("Open");
    case TimelineSegment::Kind::ForcedOpen:
        return tr("Forced open");
    case TimelineSegment::Kind::ForcedClosed:
        return tr("Forced closed");
    case TimelineSegment::Kind::NoBreaker:
        return tr("No breaker");
    case TimelineSegment::Kind::Unknown:
        break;
    }
    return tr("Not recorded");
}

std::optional<ChartBand::Kind> bandOf(TimelineSegment::Kind kind)
{
    switch (kind) {
    case TimelineSegment::Kind::Open:
        return ChartBand::Kind::Open;
    case TimelineSegment::Kind::HalfOpen:
        return ChartBand::Kind::HalfOpen;
    case TimelineSegment::Kind::ForcedOpen:
        return ChartBand::Kind::Forced;
    case TimelineSegment::Kind::Unknown:
        return ChartBand::Kind::Unknown;
    case TimelineSegment::Kind::Closed:
    case TimelineSegment::Kind::ForcedClosed:
    case TimelineSegment::Kind::NoBreaker:
        break;
    }
    return std::nullopt;
}

} // namespace

QString factorName(Factor factor)
{
    switch (factor) {
    case Factor::Success:
        return tr("Success");
    case Factor::Response:
        return tr("Response");
    case Factor::Availability:
        return tr("Availability");
    case Factor::Trend:
        return tr("Trend");
    }
    return {};
}

std::vector<ChartSeries> latencySeries(const std::vector<SeriesPoint> &points, Latency latency, std::int64_t nowMs)
{
    const bool first = latency == Latency::FirstByte;
    const auto line = [&](const QString &name, LineStyle style, Quantile ofFirst, Quantile ofTotal) {
        return quantileLine(name, style, points, nowMs, first ? ofFirst : ofTotal);
    };
    return {
        line(QStringLiteral("p50"), LineStyle::P50, &SeriesPoint::firstByteP50Ms, &SeriesPoint::totalP50Ms),
        line(QStringLiteral("p95"), LineStyle::P95, &SeriesPoint::firstByteP95Ms, &SeriesPoint::totalP95Ms),
        line(QStringLiteral("p99"), LineStyle::P99, &SeriesPoint::firstByteP99Ms, &SeriesPoint::totalP99Ms),
    };
}

std::vector<ChartSeries> rateSeries(const std::vector<SeriesPoint> &points, std::int64_t nowMs)
{
    const std::vector<SeriesPoint> all = withQuietStretches(points);
    const auto line = [&](const QString &name, LineStyle style, auto countOf) {
        return lineOf(name, style, all, nowMs,
                      [nowMs, countOf](const SeriesPoint &point) { return rateOf(point, nowMs, countOf); });
    };
    std::vector<ChartSeries> lines {
        line(tr("requests"), LineStyle::Neutral, [](const SeriesPoint &point) { return point.attempts(); }),
        line(tr("failed"), LineStyle::Errors, [](const SeriesPoint &point) { return point.failed; }),
    };
    const bool throttled =
        std::any_of(points.begin(), points.end(), [](const SeriesPoint &point) { return point.throttled > 0; });
    if (throttled)
        lines.push_back(
            line(tr("throttled"), LineStyle::Category2, [](const SeriesPoint &point) { return point.throttled; }));
    return lines;
}

std::vector<ChartSeries> overheadSeries(const std::vector<SeriesPoint> &points, std::int64_t nowMs)
{
    return {
        quantileLine(QStringLiteral("p50"), LineStyle::P50, points, nowMs, &SeriesPoint::overheadP50Ms),
        quantileLine(QStringLiteral("p99"), LineStyle::P99, points, nowMs, &SeriesPoint::overheadP99Ms),
    };
}

std::vector<ChartSeries> gapSeries(const std::vector<SeriesPoint> &points, std::int64_t nowMs)
{
    return {
        quantileLine(QStringLiteral("p50"), LineStyle::P50, points, nowMs, &SeriesPoint::gapP50Ms),
        quantileLine(QStringLiteral("p99"), LineStyle::P99, points, nowMs, &SeriesPoint::gapP99Ms),
    };
}

std::vector<ChartSeries> scoreSeries(const std::vector<SeriesPoint> &points, std::optional<Factor> factor,
                                     std::int64_t nowMs)
{
    std::vector<ChartSeries> lines { lineOf(
        tr("score"), LineStyle::Neutral, points, nowMs,
        [](const SeriesPoint &point) { return point.score ? point.score->average : noNumber; }) };
    if (factor) {
        lines.push_back(lineOf(factorName(*factor).toLower(), LineStyle::Category2, points, nowMs,
                               [factor](const SeriesPoint &point) {
                                   return point.score ? 100.0 * factorOf(*point.score, *factor) : noNumber;
                               }));
    }
    return lines;
}

ChartPoints forecastFrom(const ChartSeries &p50, const ProviderSnapshot &provider, std::int64_t nowMs,
                         std::int64_t untilMs)
{
    if (!provider.forecastFirstByteMs || !std::isfinite(*provider.forecastFirstByteMs) || untilMs <= nowMs)
        return nullptr;
    // The forecast is the median in 5 min; on the way there it grows by the same share every minute.
    constexpr double horizonMinutes = 5;
    constexpr int steps = 12;
    auto points = std::make_shared<std::vector<ChartPoint>>();
    if (p50.points && !p50.points->empty() && !p50.points->back().isGap())
        points->push_back(p50.points->back());
    for (int i = 0; i <= steps; ++i) {
        const std::int64_t timeMs = nowMs + (untilMs - nowMs) * i / steps;
        const double minutesLeft = horizonMinutes - static_cast<double>(timeMs - nowMs) / 60'000;
        points->push_back(
            { timeMs, *provider.forecastFirstByteMs * std::exp(-provider.trendSlopePerMinute * minutesLeft) });
    }
    return points;
}

const HealthSettings &healthOf(const EngineSnapshot &snapshot, const QString &provider)
{
    if (snapshot.config) {
        for (const ProviderConfig &config : snapshot.config->providers) {
            if (config.name == provider)
                return config.health;
        }
    }
    return snapshot.health;
}

std::vector<ChartThreshold> latencyTargets(Latency latency, const HealthSettings &health)
{
    const bool first = latency == Latency::FirstByte;
    const Milliseconds good = first ? health.firstByteGoodMs : health.totalGoodMs;
    const Milliseconds bad = first ? health.firstByteBadMs : health.totalBadMs;
    return { { static_cast<double>(good.count()), tr("target"), false },
             { static_cast<double>(bad.count()), tr("worth nothing from"), false } };
}

std::vector<ChartThreshold> scoreLimits(const HealthSettings &health)
{
    return { { static_cast<double>(health.degradedBelow), tr("degraded below"), false },
             { static_cast<double>(health.unhealthyBelow), tr("unhealthy below"), false } };
}

std::vector<TimelineSegment> timelineSegments(const std::vector<BreakerSegment> &segments)
{
    std::vector<TimelineSegment> made;
    made.reserve(segments.size());
    for (const BreakerSegment &segment : segments) {
        const auto kind = kindOf(segment);
        made.push_back({ { segment.fromMs, segment.untilMs }, kind, wordOf(kind), segment.reason });
    }
    return made;
}

std::vector<ChartBand> bandsOf(const std::vector<BreakerSegment> &segments)
{
    std::vector<ChartBand> bands;
    for (const BreakerSegment &segment : segments) {
        if (const auto kind = bandOf(kindOf(segment)))
            bands.push_back({ { segment.fromMs, segment.untilMs }, *kind });
    }
    return bands;
}

std::vector<ChartMarker> markersOf(const std::vector<StateEvent> &events, const std::vector<RequestEvent> &failovers,
                                   std::int64_t stepMs)
{
    std::vector<ChartMarker> markers;
    for (const StateEvent &event : events) {
        const bool command = event.kind == StateEvent::Kind::Command;
        markers.push_back({ event.at.toMSecsSinceEpoch(),
                            command ? ChartMarker::Kind::Command : ChartMarker::Kind::Config, event.reason });
    }
    std::map<std::int64_t, int> byStep;
    for (const RequestEvent &request : failovers)
        ++byStep[request.at.toMSecsSinceEpoch() / std::max<std::int64_t>(stepMs, 1)];
    for (const auto &[step, count] : byStep)
        markers.push_back({ step * stepMs + stepMs / 2, ChartMarker::Kind::Failover,
                            tr("%n request(s) went on to another provider", count) });
    return markers;
}

} // namespace signalbox
