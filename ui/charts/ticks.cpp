// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ticks.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <span>

namespace signalbox {

namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::array timeSteps { 1 * second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
                                 1 * minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
                                 1 * hour,   2 * hour,   3 * hour,   6 * hour,    12 * hour,   1 * day,
                                 2 * day,    7 * day,    14 * day,   28 * day };

double decadeBelow(double value)
{
    return std::pow(10.0, std::floor(std::log10(value)));
}

/// The smallest of 1, 2, 2.5 and 5 times a power of ten that gives at most that many steps.
double niceStep(double range, int mostSteps)
{
    const double least = range / mostSteps;
    const double decade = decadeBelow(least);
    for (const double factor : { 1.0, 2.0, 2.5, 5.0 }) {
        if (factor * decade >= least * (1 - 1e-9))
            return factor * decade;
    }
    return 10 * decade;
}

/// The members of the pattern, in every decade, between the ends.
std::vector<double> patternTicks(double bottom, double top, std::span<const double> pattern)
{
    std::vector<double> ticks;
    double decade = decadeBelow(bottom);
    while (decade <= top * (1 + 1e-9)) {
        for (const double factor : pattern) {
            const double value = factor * decade;
            if (value >= bottom * (1 - 1e-9) && value <= top * (1 + 1e-9))
                ticks.push_back(value);
        }
        decade *= 10;
    }
    return ticks;
}

constexpr std::array roundFactors { 1.0, 2.0, 5.0 };
constexpr std::array coarseFactors { 1.0, 3.0 };
constexpr std::array decadesOnly { 1.0 };

double roundBelow(double value)
{
    const double decade = decadeBelow(value * (1 + 1e-9));
    double round = decade;
    for (const double factor : roundFactors) {
        if (factor * decade <= value * (1 + 1e-9))
            round = factor * decade;
    }
    return round;
}

double roundAbove(double value)
{
    const double decade = decadeBelow(value);
    for (const double factor : roundFactors) {
        if (factor * decade >= value * (1 - 1e-9))
            return factor * decade;
    }
    return 10 * decade;
}

/// Midnight, or a whole multiple of the step in local time, at or after that time.
QDateTime firstTick(std::int64_t timeMs, std::int64_t stepMs)
{
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(timeMs);
    QDateTime tick(local.date(), QTime(0, 0));
    if (stepMs >= day)
        return tick < local ? tick.addDays(1) : tick;
    const std::int64_t steps = (tick.msecsTo(local) + stepMs - 1) / stepMs;
    return tick.addMSecs(steps * stepMs);
}

QString tickLabel(const QDateTime &tick, std::int64_t stepMs)
{
    const QLocale locale;
    const bool midnight = tick.time().msecsSinceStartOfDay() == 0;
    if (stepMs >= day || (midnight && stepMs >= hour))
        return locale.toString(tick.date(), QStringLiteral("d MMM"));
    return tick.toString(stepMs < minute ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
}

} // namespace

double ValueScale::fractionOf(double value) const
{
    if (!logarithmic)
        return (value - bottom) / (top - bottom);
    return std::log(std::max(value, bottom * 1e-3) / bottom) / std::log(top / bottom);
}

double ValueScale::valueAt(double fraction) const
{
    return logarithmic ? bottom * std::pow(top / bottom, fraction) : bottom + fraction * (top - bottom);
}

ValueScale linearScale(double bottom, double highest)
{
    constexpr int mostSteps = 4;
    const double range = highest > bottom ? highest - bottom : 1.0;
    const double step = niceStep(range, mostSteps);
    ValueScale scale;
    scale.bottom = bottom;
    const int steps = std::max(1, static_cast<int>(std::ceil(range / step - 1e-9)));
    for (int i = 0; i <= steps; ++i)
        scale.ticks.push_back(bottom + i * step);
    scale.top = scale.ticks.back();
    return scale;
}

ValueScale logScale(double lowest, double highest)
{
    constexpr std::size_t mostTicks = 6;
    const double low = lowest > 0 && std::isfinite(lowest) ? lowest : 1.0;
    const double high = std::max(highest, low);
    ValueScale scale;
    scale.logarithmic = true;
    scale.bottom = roundBelow(low);
    scale.top = roundAbove(high);
    if (scale.top < scale.bottom * 2 * (1 - 1e-9))
        scale.top = roundAbove(scale.bottom * 1.5);
    for (const std::span<const double> pattern :
         { std::span<const double>(roundFactors), std::span<const double>(coarseFactors),
           std::span<const double>(decadesOnly) }) {
        scale.ticks = patternTicks(scale.bottom, scale.top, pattern);
        if (scale.ticks.size() <= mostTicks)
            return scale;
    }
    const std::size_t keepEvery = (scale.ticks.size() + mostTicks - 1) / mostTicks;
    std::vector<double> kept;
    for (std::size_t i = 0; i < scale.ticks.size(); i += keepEvery)
        kept.push_back(scale.ticks[i]);
    scale.ticks = std::move(kept);
    return scale;
}

std::vector<TimeTick> timeTicks(const TimeSpan &span, int most)
{
    const std::int64_t length = std::max<std::int64_t>(span.lengthMs(), 1);
    const auto fits = [&](std::int64_t step) { return length / step <= std::max(most, 1); };
    const auto found = std::find_if(timeSteps.begin(), timeSteps.end(), fits);
    const std::int64_t step = found == timeSteps.end() ? (length / std::max(most, 1) / day + 1) * day : *found;
    std::vector<TimeTick> ticks;
    QDateTime tick = firstTick(span.sinceMs, step);
    while (tick.toMSecsSinceEpoch() <= span.untilMs) {
        ticks.push_back({ tick.toMSecsSinceEpoch(), tickLabel(tick, step) });
        // Days are not all of one length.
        tick = step >= day ? tick.addDays(step / day) : tick.addMSecs(step);
    }
    return ticks;
}

QString timeText(std::int64_t timeMs, std::int64_t rangeMs)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(timeMs);
    QString clock = time.toString(rangeMs <= 2 * hour ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
    if (rangeMs <= day / 2)
        return clock;
    return QStringLiteral("%1 %2").arg(QLocale().toString(time.date(), QStringLiteral("d MMM")), clock);
}

} // namespace signalbox
