// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/phasemapping.h"

#include <QCoreApplication>

#include <algorithm>

namespace signalbox {

namespace {

using std::chrono::microseconds;

constexpr std::int64_t stretches = 120;

QString tr(const char *text)
{
    return QCoreApplication::translate("PhaseMapping", text);
}

double milliseconds(microseconds time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

/// nullopt: the attempt had no such phase, or it did not end.
std::optional<microseconds> phaseOf(const AttemptEvent &attempt, RequestTime time)
{
    const AttemptPhases &phases = attempt.phases;
    const microseconds end = time == RequestTime::Connect ? phases.connect : phases.tls;
    if (attempt.reusedConnection || end < microseconds(0))
        return std::nullopt;
    const microseconds begin = time == RequestTime::Connect ? std::max(phases.queue, phases.dns) : phases.connect;
    return end - std::max(begin, microseconds(0));
}

std::vector<double> timesOf(const RequestEvent &request, const QString &provider, RequestTime time)
{
    if (time == RequestTime::Request)
        return { milliseconds(request.total) };
    std::vector<double> times;
    for (const AttemptEvent &attempt : request.attempts) {
        const std::optional<microseconds> phase =
            attempt.provider == provider ? phaseOf(attempt, time) : std::optional<microseconds>();
        if (phase)
            times.push_back(milliseconds(*phase));
    }
    return times;
}

} // namespace

std::vector<ChartSeries> requestTimeSeries(const std::vector<RequestEvent> &requests, const QString &provider,
                                           RequestTime time, const TimeSpan &span)
{
    const std::int64_t stretchMs = std::max<std::int64_t>(1, span.lengthMs() / stretches);
    std::vector<std::vector<double>> sorted(static_cast<std::size_t>(stretches) + 1);
    for (const RequestEvent &request : requests) {
        const std::int64_t atMs = request.at.toMSecsSinceEpoch();
        if (!span.contains(atMs))
            continue;
        const auto stretch = static_cast<std::size_t>(std::min((atMs - span.sinceMs) / stretchMs, stretches));
        for (const double value : timesOf(request, provider, time))
            sorted[stretch].push_back(value);
    }
    auto medians = std::make_shared<std::vector<ChartPoint>>();
    auto highest = std::make_shared<std::vector<ChartPoint>>();
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        std::vector<double> &values = sorted[i];
        if (values.empty())
            continue;
        std::sort(values.begin(), values.end());
        const std::int64_t middleMs = span.sinceMs + static_cast<std::int64_t>(i) * stretchMs + stretchMs / 2;
        const std::int64_t shownMs = std::min(middleMs, span.untilMs);
        medians->push_back({ shownMs, values[values.size() / 2] });
        highest->push_back({ shownMs, values.back() });
    }
    // They are drawn through, however far apart: between two connections there is nothing to be known.
    return { { tr("median"), LineStyle::P50, medians, 0, nullptr },
             { tr("highest"), LineStyle::P99, highest, 0, nullptr } };
}

} // namespace signalbox
