// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/rollup.h"

#include "engine/base/packing.h"

namespace signalbox {

namespace {

constexpr std::uint64_t formatVersion = 1;

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

double milliseconds(std::chrono::microseconds time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

} // namespace

void Rollup::add(const RequestEvent &event, const AttemptEvent &attempt)
{
    ++outcomes[static_cast<std::size_t>(attempt.outcome)];
    if (attempt.outcome == Outcome::Success) {
        if (event.stream && attempt.phases.firstByte.count() >= 0)
            firstByte.add(milliseconds(attempt.phases.firstByte));
        else if (!event.stream)
            total.add(milliseconds(attempt.total));
    }
    addUsage(usage, attempt.usage);
    costUsd += attempt.costUsd.value_or(0.0);
    unpriced += attempt.usage.known && !attempt.costUsd ? 1 : 0;
}

void Rollup::merge(const Rollup &other)
{
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        outcomes[i] += other.outcomes[i];
    firstByte.merge(other.firstByte);
    total.merge(other.total);
    addUsage(usage, other.usage);
    costUsd += other.costUsd;
    unpriced += other.unpriced;
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
    return bytes;
}

std::optional<Rollup> unpackRollup(QByteArrayView bytes)
{
    Unpacker in(bytes);
    if (in.number() != formatVersion)
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

void RollupTable::closeIfOver(Current &current, RollupSpan span, std::int64_t startMs, const QString &provider)
{
    // A request that ended late counts in the stretch that runs, so that a stretch is written once it is over.
    if (startMs <= current.startMs)
        return;
    if (current.changed)
        m_closed.emplace_back(RollupKey { span, current.startMs, provider }, packRollup(current.rollup));
    current = Current { startMs, {}, false };
}

void RollupTable::add(const RequestEvent &event)
{
    const std::int64_t atMs = event.at.toMSecsSinceEpoch() + event.total.count() / 1000;
    for (const AttemptEvent &attempt : event.attempts) {
        Spans &spans = m_current[attempt.provider];
        for (const RollupSpan span : rollupSpans) {
            Current &current = spans[static_cast<std::size_t>(span)];
            closeIfOver(current, span, atMs - atMs % lengthMs(span), attempt.provider);
            current.rollup.add(event, attempt);
            current.changed = true;
        }
    }
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
