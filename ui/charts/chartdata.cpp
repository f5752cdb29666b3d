// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartdata.h"

#include "ui/style/format.h"

#include <QCoreApplication>

#include <map>

namespace signalbox {

namespace {

int decimalsFor(double value)
{
    const double size = std::abs(value);
    return size < 0.995 ? 2 : size < 99.5 ? 1 : 0;
}

} // namespace

QString chartValueText(double value, ChartUnit unit)
{
    if (!std::isfinite(value))
        return noValue();
    switch (unit) {
    case ChartUnit::Milliseconds:
        return formatLatency(value);
    case ChartUnit::PerSecond:
        return QCoreApplication::translate("Chart", "%1/s").arg(formatPlain(value, decimalsFor(value)));
    case ChartUnit::Percent:
        return withUnit(formatPlain(value, value > 0 && value < 10 ? 1 : 0), QStringLiteral("%"));
    case ChartUnit::Score:
    case ChartUnit::Count:
        break;
    }
    return formatPlain(value, unit == ChartUnit::Score ? 0 : decimalsFor(value));
}

QString chartTickText(double value, ChartUnit unit)
{
    if (std::abs(value) < 1e-9)
        return formatPlain(0, 0);
    if (unit != ChartUnit::Milliseconds)
        return chartValueText(value, unit);
    const bool seconds = value >= 999.5;
    return withUnit(formatPlain(seconds ? value / 1000 : value, 3),
                    seconds ? QCoreApplication::translate("Format", "s") : QCoreApplication::translate("Format", "ms"));
}

std::vector<ChartRow> chartRows(const std::vector<ChartSeries> &series, const TimeSpan &span)
{
    std::map<std::int64_t, std::vector<std::optional<double>>> byTime;
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (!series[i].points)
            continue;
        for (const ChartPoint &point : *series[i].points) {
            if (point.isGap() || !span.contains(point.timeMs))
                continue;
            auto &values = byTime[point.timeMs];
            values.resize(series.size());
            values[i] = point.value;
        }
    }
    std::vector<ChartRow> rows;
    rows.reserve(byTime.size());
    for (auto &[timeMs, values] : byTime)
        rows.push_back({ timeMs, std::move(values) });
    return rows;
}

} // namespace signalbox
