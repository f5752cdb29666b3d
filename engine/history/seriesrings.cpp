// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/seriesrings.h"

#include <algorithm>

namespace signalbox {

namespace {

static_assert(sizeof(SeriesSlot) <= 136, "the memory that SeriesRings promises");

float packed(std::optional<double> value)
{
    return value ? static_cast<float>(*value) : -1.0F;
}

std::optional<double> unpacked(float value)
{
    return value < 0 ? std::nullopt : std::optional<double>(value);
}

SeriesSlot slotOf(const Rollup &rollup, std::int64_t startMs)
{
    SeriesSlot slot;
    slot.startMs = startMs;
    const SeriesPoint point = rollup.point(startMs, 0);
    for (std::size_t i = 0; i < slot.outcomes.size(); ++i)
        slot.outcomes[i] = static_cast<std::uint32_t>(rollup.outcomes[i]);
    slot.firstByteMs = { packed(point.firstByteP50Ms), packed(point.firstByteP95Ms), packed(point.firstByteP99Ms) };
    slot.totalMs = { packed(point.totalP50Ms), packed(point.totalP95Ms), packed(point.totalP99Ms) };
    slot.overheadMs = { packed(point.overheadP50Ms), packed(point.overheadP99Ms) };
    slot.gapMs = { packed(point.gapP50Ms), packed(point.gapP99Ms) };
    slot.tokens = point.tokens;
    slot.costUsd = point.costUsd;
    slot.samples = static_cast<std::uint32_t>(rollup.gauges.samples);
    slot.mostInFlight = static_cast<std::uint32_t>(rollup.gauges.mostInFlight);
    if (point.score && point.breaker) {
        const ScoreSeries &score = *point.score;
        slot.score = static_cast<float>(score.average);
        slot.lowestScore = static_cast<float>(score.lowest);
        slot.factors = { static_cast<float>(score.success), static_cast<float>(score.response),
                         static_cast<float>(score.availability), static_cast<float>(score.trend) };
        const BreakerShare &share = *point.breaker;
        slot.shares = { static_cast<float>(share.closed), static_cast<float>(share.halfOpen),
                        static_cast<float>(share.open), static_cast<float>(share.forced) };
    }
    return slot;
}

void raise(std::optional<double> &value, const std::optional<double> &other)
{
    if (other)
        value = value ? std::max(*value, *other) : *other;
}

constexpr std::array quantiles { &SeriesPoint::firstByteP50Ms, &SeriesPoint::firstByteP95Ms,
                                 &SeriesPoint::firstByteP99Ms, &SeriesPoint::totalP50Ms,
                                 &SeriesPoint::totalP95Ms,     &SeriesPoint::totalP99Ms,
                                 &SeriesPoint::overheadP50Ms,  &SeriesPoint::overheadP99Ms,
                                 &SeriesPoint::gapP50Ms,       &SeriesPoint::gapP99Ms };
constexpr std::array scoreMembers { &ScoreSeries::average, &ScoreSeries::success, &ScoreSeries::response,
                                    &ScoreSeries::availability, &ScoreSeries::trend };
constexpr std::array shareMembers { &BreakerShare::closed, &BreakerShare::halfOpen, &BreakerShare::open,
                                    &BreakerShare::forced };

/// Weighted by length: the part that is in `into` is so long, and `point` by its own.
template <typename Values, typename Members>
void mix(std::optional<Values> &into, double intoLength, const std::optional<Values> &values, double length,
         const Members &members)
{
    if (!values)
        return;
    if (!into) {
        into = values;
        return;
    }
    for (double Values::*member : members)
        (*into).*member = ((*into).*member * intoLength + (*values).*member * length) / (intoLength + length);
}

void join(SeriesPoint &into, const SeriesPoint &point)
{
    const auto before = static_cast<double>(into.lengthMs);
    const auto length = static_cast<double>(point.lengthMs);
    into.succeeded += point.succeeded;
    into.failed += point.failed;
    into.throttled += point.throttled;
    into.ignored += point.ignored;
    for (std::optional<double> SeriesPoint::*quantile : quantiles)
        raise(into.*quantile, point.*quantile);
    into.tokens += point.tokens;
    into.costUsd += point.costUsd;
    if (point.mostInFlight)
        into.mostInFlight = std::max(into.mostInFlight.value_or(0), *point.mostInFlight);
    const double lowest = std::min(into.score ? into.score->lowest : 100.0, point.score ? point.score->lowest : 100.0);
    mix(into.score, before, point.score, length, scoreMembers);
    if (into.score)
        into.score->lowest = lowest;
    mix(into.breaker, before, point.breaker, length, shareMembers);
    into.lengthMs += point.lengthMs;
}

} // namespace

SeriesPoint SeriesSlot::point(std::int64_t lengthMs) const
{
    SeriesPoint point;
    point.startMs = startMs;
    point.lengthMs = lengthMs;
    point.succeeded = outcomes[static_cast<std::size_t>(Outcome::Success)];
    point.failed = outcomes[static_cast<std::size_t>(Outcome::Failure)];
    point.throttled = outcomes[static_cast<std::size_t>(Outcome::Throttled)];
    point.ignored = outcomes[static_cast<std::size_t>(Outcome::Ignored)];
    const std::array values { firstByteMs[0], firstByteMs[1], firstByteMs[2], totalMs[0], totalMs[1],
                              totalMs[2],     overheadMs[0],  overheadMs[1],  gapMs[0],   gapMs[1] };
    for (std::size_t i = 0; i < quantiles.size(); ++i)
        point.*quantiles[i] = unpacked(values[i]);
    point.tokens = tokens;
    point.costUsd = costUsd;
    if (samples > 0) {
        point.mostInFlight = static_cast<int>(mostInFlight);
        point.score = ScoreSeries { score, lowestScore, factors[0], factors[1], factors[2], factors[3] };
        point.breaker = BreakerShare { shares[0], shares[1], shares[2], shares[3] };
    }
    return point;
}

bool SeriesRings::isOver(std::int64_t length, std::int64_t startMs, std::int64_t nextMs)
{
    return startMs / length != nextMs / length;
}

void SeriesRings::closeFive(std::int64_t startMs)
{
    RecentPoint point;
    point.startMs = startMs;
    point.attempts = static_cast<std::uint32_t>(m_five.attempts());
    point.errors = static_cast<std::uint32_t>(m_five.outcomes[static_cast<std::size_t>(Outcome::Failure)]);
    const std::optional<double> firstByte = m_five.firstByte.quantile(0.95);
    if (const std::optional<double> p95 = firstByte ? firstByte : m_five.total.quantile(0.95))
        point.p95Ms = static_cast<float>(*p95);
    if (const GaugeSums &gauges = m_five.gauges; gauges.samples > 0) {
        const auto samples = static_cast<float>(gauges.samples);
        point.openShare =
            static_cast<float>(gauges.states[GaugeSums::Open] + gauges.states[GaugeSums::ForcedOpen]) / samples;
        point.halfOpenShare = static_cast<float>(gauges.states[GaugeSums::HalfOpen]) / samples;
    }
    auto points = std::make_shared<std::vector<RecentPoint>>();
    points->reserve(recentPoints);
    const std::int64_t oldest = startMs - recentMs * (static_cast<std::int64_t>(recentPoints) - 1);
    if (m_recent) {
        std::copy_if(m_recent->begin(), m_recent->end(), std::back_inserter(*points),
                     [&](const RecentPoint &old) { return old.startMs >= oldest && old.startMs < startMs; });
    }
    points->push_back(point);
    m_recent = std::move(points);
}

std::optional<GaugeSums> SeriesRings::closeSecond(std::int64_t startMs, std::int64_t nextMs)
{
    const auto put = [this, startMs](Resolution resolution, const Rollup &rollup) {
        TimeRing<SeriesSlot> &ring = m_rings[static_cast<std::size_t>(resolution)];
        ring.put(slotOf(rollup, startMs - startMs % ring.slotMs()));
    };
    put(Resolution::Second, m_second);
    m_five.merge(m_second);
    if (m_second.attempts() > 0)
        m_second = {};
    else
        m_second.gauges = {};
    if (!isOver(recentMs, startMs, nextMs))
        return std::nullopt;
    closeFive(startMs - startMs % recentMs);
    m_ten.merge(m_five);
    m_five = {};
    if (!isOver(slotMs[1], startMs, nextMs))
        return std::nullopt;
    put(Resolution::TenSeconds, m_ten);
    const GaugeSums gauges = m_ten.gauges;
    m_minute.merge(m_ten);
    m_ten = {};
    if (isOver(slotMs[2], startMs, nextMs)) {
        put(Resolution::Minute, m_minute);
        m_minute = {};
    }
    return gauges;
}

Rollup SeriesRings::running(Resolution resolution) const
{
    Rollup sum = m_second;
    if (resolution == Resolution::Second)
        return sum;
    sum.merge(m_five);
    sum.merge(m_ten);
    if (resolution == Resolution::Minute)
        sum.merge(m_minute);
    return sum;
}

std::vector<SeriesPoint> SeriesRings::points(Resolution resolution, std::int64_t fromMs, std::int64_t untilMs,
                                             std::int64_t nowMs) const
{
    const std::int64_t length = slotMs[static_cast<std::size_t>(resolution)];
    std::vector<SeriesPoint> points;
    for (const SeriesSlot &slot : ring(resolution).slots(fromMs, untilMs))
        points.push_back(slot.point(length));
    const std::int64_t runningMs = nowMs - nowMs % length;
    if (runningMs >= fromMs && runningMs < untilMs && (points.empty() || points.back().startMs < runningMs))
        points.push_back(running(resolution).point(runningMs, std::max<std::int64_t>(nowMs - runningMs, 1)));
    return points;
}

std::vector<SeriesPoint> joinPoints(const std::vector<SeriesPoint> &points, std::int64_t lengthMs)
{
    std::vector<SeriesPoint> joined;
    for (const SeriesPoint &point : points) {
        const std::int64_t startMs = point.startMs - point.startMs % lengthMs;
        if (!joined.empty() && joined.back().startMs == startMs) {
            join(joined.back(), point);
            continue;
        }
        joined.push_back(point);
        joined.back().startMs = startMs;
    }
    return joined;
}

} // namespace signalbox
