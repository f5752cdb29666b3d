// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/conformance/scorecase.h"

#include "engine/base/result.h"
#include "engine/health/healthscore.h"

#include <QJsonArray>

#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace signalbox::conformance {

namespace {

constexpr double Tolerance = 1e-9;

Error malformed(const QString &what)
{
    return { QStringLiteral("malformed input: ") + what, {} };
}

std::uint64_t countOf(const QJsonValue &value)
{
    return static_cast<std::uint64_t>(std::max<qint64>(0, value.toInteger()));
}

std::optional<Gate> gateNamed(const QString &name)
{
    static const std::array<std::pair<QLatin1String, Gate>, 7> gates { {
        { QLatin1String("CLOSED"), Gate::Closed },
        { QLatin1String("HALF_OPEN"), Gate::HalfOpen },
        { QLatin1String("OPEN"), Gate::Open },
        { QLatin1String("THROTTLED"), Gate::Throttled },
        { QLatin1String("FORCED_OPEN"), Gate::ForcedOpen },
        { QLatin1String("FORCED_CLOSED"), Gate::Closed },
        { QLatin1String("DISABLED"), Gate::Closed },
    } };
    for (const auto &[known, gate] : gates) {
        if (name == known)
            return gate;
    }
    return std::nullopt;
}

Status readLatency(const QJsonObject &classes, ScoreInput &input)
{
    for (auto it = classes.begin(); it != classes.end(); ++it) {
        const QJsonArray values = it.value().toArray();
        if ((it.key() != QLatin1String("ttfb") && it.key() != QLatin1String("total")) || values.size() != 3)
            return malformed(QStringLiteral("lat.%1 %2").arg(it.key(), jsonText(it.value())));
        LatencyInput &latency = it.key() == QLatin1String("ttfb") ? input.firstByte : input.total;
        latency = { countOf(values[0]), values[1].toDouble(), values[2].toDouble() };
    }
    return signalbox::ok();
}

TrendEstimate trendOf(const QJsonArray &medians)
{
    std::vector<std::optional<double>> values;
    for (const QJsonValue median : medians)
        values.push_back(median.isDouble() ? std::optional<double>(median.toDouble()) : std::nullopt);
    return TrendEstimator::estimate(values);
}

Result<ScoreInput> inputOf(const QJsonObject &object)
{
    ScoreInput input;
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QString key = it.key();
        const QJsonValue value = it.value();
        if (key == QLatin1String("ok")) {
            input.ok = countOf(value);
        } else if (key == QLatin1String("fail")) {
            input.failed = countOf(value);
        } else if (key == QLatin1String("probe_ok")) {
            input.probesOk = countOf(value);
        } else if (key == QLatin1String("probe_n")) {
            input.probes = countOf(value);
        } else if (key == QLatin1String("closed")) {
            input.closedShare = value.toDouble();
        } else if (key == QLatin1String("med")) {
            input.trend = trendOf(value.toArray());
        } else if (key == QLatin1String("lat")) {
            const Status read = readLatency(value.toObject(), input);
            if (!read)
                return read.error();
        } else if (key == QLatin1String("gate") && gateNamed(value.toString())) {
            input.gate = *gateNamed(value.toString());
        } else {
            return malformed(QStringLiteral("%1 %2").arg(key, jsonText(value)));
        }
    }
    return input;
}

Difference compare(const QJsonObject &want, const ScoreInput &input)
{
    const ScoreResult got = healthScore(input);
    const std::array<std::pair<QLatin1String, double>, 7> values { {
        { QLatin1String("S"), got.success },
        { QLatin1String("R"), got.response },
        { QLatin1String("A"), got.availability },
        { QLatin1String("T"), got.trend },
        { QLatin1String("slope"), input.trend.slopePerMinute },
        { QLatin1String("tau"), input.trend.tau },
        { QLatin1String("score"), got.score },
    } };
    for (const auto &[key, value] : values) {
        if (want.contains(key) && !(std::abs(value - want[key].toDouble()) <= Tolerance))
            return QStringLiteral("%1: ").arg(key) + differs(QString::number(value, 'g', 17), jsonText(want[key]));
    }
    return std::nullopt;
}

} // namespace

CaseResult runScoreCase(const QJsonObject &scoreCase)
{
    CaseResult result { scoreCase[QLatin1String("name")].toString(), std::nullopt };
    const Result<ScoreInput> input = inputOf(scoreCase[QLatin1String("input")].toObject());
    result.difference = input ? compare(scoreCase, input.value()) : Difference(input.error().reason);
    return result;
}

} // namespace signalbox::conformance
