// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/rollup.h"

#include "engine/base/packing.h"

namespace signalbox {

namespace {

constexpr std::uint64_t firstVersion = 1;
constexpr std::uint64_t formatVersion = 2;

void pack(const LogHistogram &histogram, Packer &out)
{
    out.signedNumber(histogram.sumMicroseconds());
    std::uint64_t used = 0;
    for (std::size_t step = 0; step < LogHistogram::Steps; ++step)
        used += histogram.countAt(step) > 0 ? 1 : 0;
    out.number(used);
    std::size_t last = 0;
    for (std::size_t step = 0; step < LogHistogram::Steps; ++step) {
        if (histogram.countAt(step) == 0)
            continue;
        out.number(step - last);
        out.number(histogram.countAt(step));
        last = step;
    }
}

LogHistogram readHistogram(Unpacker &in)
{
    LogHistogram histogram;
    const std::int64_t sum = in.signedNumber();
    std::size_t step = 0;
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
        step += in.number();
        histogram.addAt(step, static_cast<std::uint32_t>(in.number()));
    }
    histogram.setSumMicroseconds(sum);
    return histogram;
}

void addUsage(TokenUsage &sum, const TokenUsage &one)
{
    if (!one.known)
        return;
    sum.known = true;
    sum.inputTokens += one.inputTokens;
    sum.cachedTokens += one.cachedTokens;
    sum.cacheWriteTokens += one.cacheWriteTokens;
    sum.outputTokens += one.outputTokens;
    sum.reasoningTokens += one.reasoningTokens;
}

constexpr std::array histograms { &Rollup::firstByte, &Rollup::total, &Rollup::overhead, &Rollup::gapMedians,
                                  &Rollup::gapTails };

double milliseconds(std::chrono::microseconds time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

void pack(const GaugeSums &gauges, Packer &out)
{
    out.number(gauges.samples);
    if (gauges.samples == 0)
        return;
    out.real(gauges.score);
    out.real(gauges.lowest);
    for (const double factor : gauges.factors)
        out.real(factor);
    for (const std::uint64_t count : gauges.states)
        out.number(count);
    out.number(gauges.mostInFlight);
}

GaugeSums readGauges(Unpacker &in)
{
    GaugeSums gauges;
    gauges.samples = in.number();
    if (gauges.samples == 0)
        return gauges;
    gauges.score = in.real();
    gauges.lowest = in.real();
    for (double &factor : gauges.factors)
        factor = in.real();
    for (std::uint64_t &count : gauges.states)
        count = in.number();
    gauges.mostInFlight = in.number();
    return gauges;
}

GaugeSums::State stateOf(const ProviderSample &sample)
{
    switch (sample.mode) {
    case BreakerMode::Auto:
        break;
    case BreakerMode::ForcedOpen:
        return GaugeSums::ForcedOpen;
    case BreakerMode::ForcedClosed:
    case BreakerMode::Disabled:
        return GaugeSums::ForcedClosed;
    }
    switch (sample.state) {
    case BreakerState::Closed:
        return GaugeSums::Closed;
    case BreakerState::Open:
        return GaugeSums::Open;
    case BreakerState::HalfOpen:
        return GaugeSums::HalfOpen;
    }
    return GaugeSums::Closed;
}

} // namespace

void GaugeSums::add(const ProviderSample &sample)
{
    ++samples;
    score += sample.score;
    lowest = std::min(lowest, sample.score);
    const std::array all { sample.success, sample.response, sample.availability, sample.trend };
    for (std::size_t i = 0; i < all.size(); ++i)
        factors[i] += all[i];
    ++states[stateOf(sample)];
    mostInFlight = std::max(mostInFlight, static_cast<std::uint64_t>(std::max(sample.inFlight, 0)));
}

void GaugeSums::merge(const GaugeSums &other)
{
    samples += other.samples;
    score += other.score;
    lowest = std::min(lowest, other.lowest);
    for (std::size_t i = 0; i < factors.size(); ++i)
        factors[i] += other.factors[i];
    for (std::size_t i = 0; i < states.size(); ++i)
        states[i] += other.states[i];
    mostInFlight = std::max(mostInFlight, other.mostInFlight);
}

std::optional<ScoreSeries> GaugeSums::scoreSeries() const
{
    if (samples == 0)
        return std::nullopt;
    const auto count = static_cast<double>(samples);
    return ScoreSeries { score / count,     lowest, factors[0] / count, factors[1] / count, factors[2] / count,
                         factors[3] / count };
}

std::optional<BreakerShare> GaugeSums::breakerShare() const
{
    if (samples == 0)
        return std::nullopt;
    const auto share = [this](State state) {
        return static_cast<double>(states[state]) / static_cast<double>(samples);
    };
    return BreakerShare { share(Closed), share(HalfOpen), share(Open), share(ForcedOpen) + share(ForcedClosed) };
}

void Rollup::add(const AttemptFigures &attempt)
{
    ++outcomes[static_cast<std::size_t>(attempt.outcome)];
    const auto count = [](LogHistogram &histogram, std::chrono::microseconds time) {
        if (time.count() >= 0)
            histogram.add(milliseconds(time));
    };
    count(firstByte, attempt.firstByte);
    count(total, attempt.total);
    count(overhead, attempt.overhead);
    count(gapMedians, attempt.gapMedian);
    count(gapTails, attempt.gapTail);
    addUsage(usage, attempt.usage);
    costUsd += attempt.costUsd.value_or(0.0);
    unpriced += attempt.usage.known && !attempt.costUsd ? 1 : 0;
}

void Rollup::merge(const Rollup &other)
{
    gauges.merge(other.gauges);
    if (other.attempts() == 0)
        return;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        outcomes[i] += other.outcomes[i];
    for (LogHistogram Rollup::*histogram : histograms) {
        if ((other.*histogram).count() > 0)
            (this->*histogram).merge(other.*histogram);
    }
    addUsage(usage, other.usage);
    costUsd += other.costUsd;
    unpriced += other.unpriced;
}

SeriesPoint Rollup::point(std::int64_t startMs, std::int64_t lengthMs) const
{
    SeriesPoint point;
    point.startMs = startMs;
    point.lengthMs = lengthMs;
    point.succeeded = outcomes[static_cast<std::size_t>(Outcome::Success)];
    point.failed = outcomes[static_cast<std::size_t>(Outcome::Failure)];
    point.throttled = outcomes[static_cast<std::size_t>(Outcome::Throttled)];
    point.ignored = outcomes[static_cast<std::size_t>(Outcome::Ignored)];
    point.firstByteP50Ms = firstByte.quantile(0.5);
    point.firstByteP95Ms = firstByte.quantile(0.95);
    point.firstByteP99Ms = firstByte.quantile(0.99);
    point.totalP50Ms = total.quantile(0.5);
    point.totalP95Ms = total.quantile(0.95);
    point.totalP99Ms = total.quantile(0.99);
    point.overheadP50Ms = overhead.quantile(0.5);
    point.overheadP99Ms = overhead.quantile(0.99);
    point.gapP50Ms = gapMedians.quantile(0.5);
    point.gapP99Ms = gapTails.quantile(0.99);
    point.tokens = usage.inputTokens + usage.cachedTokens + usage.cacheWriteTokens + usage.outputTokens;
    point.costUsd = costUsd;
    if (gauges.samples > 0)
        point.mostInFlight = static_cast<int>(gauges.mostInFlight);
    point.score = gauges.scoreSeries();
    point.breaker = gauges.breakerShare();
    return point;
}

QByteArray packRollup(const Rollup &rollup)
{
    QByteArray bytes;
    Packer out(bytes);
    out.number(formatVersion);
    for (const std::uint64_t count : rollup.outcomes)
        out.number(count);
    pack(rollup.firstByte, out);
    pack(rollup.total, out);
    out.number(rollup.usage.known ? 1 : 0);
    for (const std::uint64_t tokens :
         { rollup.usage.inputTokens, rollup.usage.cachedTokens, rollup.usage.cacheWriteTokens,
           rollup.usage.outputTokens, rollup.usage.reasoningTokens, rollup.unpriced })
        out.number(tokens);
    out.real(rollup.costUsd);
    pack(rollup.overhead, out);
    pack(rollup.gapMedians, out);
    pack(rollup.gapTails, out);
    pack(rollup.gauges, out);
    out.finish();
    return bytes;
}

std::optional<Rollup> unpackRollup(QByteArrayView bytes)
{
    Unpacker in(bytes);
    const std::uint64_t version = in.number();
    if (version < firstVersion || version > formatVersion)
        return std::nullopt;
    Rollup rollup;
    for (std::uint64_t &count : rollup.outcomes)
        count = in.number();
    rollup.firstByte = readHistogram(in);
    rollup.total = readHistogram(in);
    rollup.usage.known = in.number() == 1;
    for (std::uint64_t *tokens :
         { &rollup.usage.inputTokens, &rollup.usage.cachedTokens, &rollup.usage.cacheWriteTokens,
           &rollup.usage.outputTokens, &rollup.usage.reasoningTokens, &rollup.unpriced })
        *tokens = in.number();
    rollup.costUsd = in.real();
    if (version > firstVersion) {
        rollup.overhead = readHistogram(in);
        rollup.gapMedians = readHistogram(in);
        rollup.gapTails = readHistogram(in);
        rollup.gauges = readGauges(in);
    }
    return in.ok() && in.atEnd() ? std::optional(rollup) : std::nullopt;
}

std::int64_t lengthMs(RollupSpan span)
{
    switch (span) {
    case RollupSpan::Second:
        return 1000;
    case RollupSpan::Minute:
        return 60'000;
    case RollupSpan::Hour:
        return 3'600'000;
    }
    return 1000;
}

Rollup &RollupTable::current(Spans &spans, RollupSpan span, std::int64_t atMs, const QString &provider)
{
    Current &current = spans[static_cast<std::size_t>(span)];
    const std::int64_t startMs = atMs - atMs % lengthMs(span);
    // What ended late counts in the stretch that runs, so that a stretch is written once it is over.
    if (startMs > current.startMs) {
        if (current.changed)
            m_closed.emplace_back(RollupKey { span, current.startMs, provider }, packRollup(current.rollup));
        current = Current { startMs, {}, false };
    }
    current.changed = true;
    return current.rollup;
}

void RollupTable::add(const RequestRecord &request)
{
    for (const AttemptFigures &attempt : request.attempts) {
        Spans &spans = m_current[attempt.provider];
        for (const RollupSpan span : rollupSpans)
            current(spans, span, request.endedAtMs, attempt.provider).add(attempt);
    }
}

void RollupTable::add(const QString &provider, std::int64_t atMs, const GaugeSums &gauges)
{
    Spans &spans = m_current[provider];
    for (const RollupSpan span : { RollupSpan::Minute, RollupSpan::Hour })
        current(spans, span, atMs, provider).gauges.merge(gauges);
}

std::vector<std::pair<RollupKey, QByteArray>> RollupTable::takeChanges()
{
    for (auto &[provider, spans] : m_current) {
        for (const RollupSpan span : rollupSpans) {
            Current &current = spans[static_cast<std::size_t>(span)];
            if (current.changed)
                m_closed.emplace_back(RollupKey { span, current.startMs, provider }, packRollup(current.rollup));
            current.changed = false;
        }
    }
    return std::exchange(m_closed, {});
}

void RollupTable::restore(const RollupKey &key, const Rollup &rollup)
{
    Current &current = m_current[key.provider][static_cast<std::size_t>(key.span)];
    if (key.startMs > current.startMs)
        current = Current { key.startMs, rollup, false };
}

} // namespace signalbox
