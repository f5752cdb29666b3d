// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/trendestimator.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace signalbox {

namespace {

struct Point
{
    double minutes;
    double lnMs;
};

double median(std::vector<double> &values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 != 0 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

std::vector<Point> pointsOf(std::span<const std::optional<double>> mediansMs)
{
    std::vector<Point> points;
    points.reserve(mediansMs.size());
    for (std::size_t i = 0; i < mediansMs.size(); ++i) {
        const double ms = mediansMs[i].value_or(0.0);
        if (ms > 0.0 && std::isfinite(ms))
            points.push_back({ TrendEstimator::BucketMinutes * static_cast<double>(i), std::log(ms) });
    }
    return points;
}

double theilSenSlope(const std::vector<Point> &points)
{
    std::vector<double> slopes;
    slopes.reserve(points.size() * (points.size() - 1) / 2);
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t j = i + 1; j < points.size(); ++j)
            slopes.push_back((points[j].lnMs - points[i].lnMs) / (points[j].minutes - points[i].minutes));
    }
    return median(slopes);
}

double kendallTau(const std::vector<Point> &points)
{
    int balance = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t j = i + 1; j < points.size(); ++j)
            balance += (points[j].lnMs > points[i].lnMs ? 1 : 0) - (points[j].lnMs < points[i].lnMs ? 1 : 0);
    }
    const auto count = static_cast<double>(points.size());
    return static_cast<double>(balance) / (count * (count - 1.0) / 2.0);
}

} // namespace

TrendEstimate TrendEstimator::estimate(std::span<const std::optional<double>> mediansMs)
{
    const std::vector<Point> points = pointsOf(mediansMs);
    TrendEstimate estimate;
    estimate.points = static_cast<int>(points.size());
    if (estimate.points < MinPoints)
        return estimate;
    estimate.slopePerMinute = theilSenSlope(points);
    estimate.tau = kendallTau(points);

    std::vector<double> levels;
    levels.reserve(points.size());
    for (const Point &point : points)
        levels.push_back(point.lnMs - estimate.slopePerMinute * point.minutes);
    const double horizon = BucketMinutes * static_cast<double>(mediansMs.size() - 1) + HorizonMinutes;
    estimate.forecastMs = std::exp(median(levels) + estimate.slopePerMinute * horizon);
    return estimate;
}

} // namespace signalbox
