// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/eventcodec.h"

#include "engine/base/packing.h"

#include <QTimeZone>

namespace signalbox {

namespace {

constexpr std::uint64_t formatVersion = 1;

template <typename Enum> Enum readEnum(Unpacker &in, Enum last)
{
    const std::uint64_t value = in.number();
    return value <= static_cast<std::uint64_t>(last) ? static_cast<Enum>(value) : last;
}

std::chrono::microseconds readMicros(Unpacker &in)
{
    return std::chrono::microseconds(in.signedNumber());
}

void pack(const TokenUsage &usage, Packer &out)
{
    out.number(usage.known ? 1 : 0);
    if (!usage.known)
        return;
    for (const std::uint64_t tokens : { usage.inputTokens, usage.cachedTokens, usage.cacheWriteTokens,
                                        usage.outputTokens, usage.reasoningTokens, usage.cacheWriteHourTokens })
        out.number(tokens);
}

TokenUsage readUsage(Unpacker &in)
{
    TokenUsage usage;
    usage.known = in.number() == 1;
    if (!usage.known)
        return usage;
    for (std::uint64_t *tokens : { &usage.inputTokens, &usage.cachedTokens, &usage.cacheWriteTokens,
                                   &usage.outputTokens, &usage.reasoningTokens, &usage.cacheWriteHourTokens })
        *tokens = in.number();
    return usage;
}

template <typename Phases> auto phaseFields(Phases &phases)
{
    return std::array { &phases.queue, &phases.dns,  &phases.connect,   &phases.tls,
                        &phases.sent,  &phases.head, &phases.firstByte, &phases.lastByte };
}

void pack(const AttemptEvent &attempt, Packer &out)
{
    out.text(attempt.provider);
    out.number(static_cast<std::uint64_t>(attempt.outcome));
    out.text(attempt.reason);
    out.text(attempt.detail);
    out.number(static_cast<std::uint64_t>(attempt.status));
    out.number((attempt.possiblyBilled ? 1U : 0U) | (attempt.reusedConnection ? 2U : 0U) | (attempt.costUsd ? 4U : 0U));
    if (attempt.costUsd)
        out.real(*attempt.costUsd);
    out.signedNumber(attempt.firstByte.count());
    out.signedNumber(attempt.total.count());
    out.signedNumber(attempt.startedAfter.count());
    out.text(attempt.chosenBecause);
    out.number(attempt.skipped.size());
    for (const SkippedProvider &skipped : attempt.skipped) {
        out.text(skipped.provider);
        out.text(skipped.reason);
    }
    out.real(attempt.score);
    for (const std::chrono::microseconds *moment : phaseFields(attempt.phases))
        out.signedNumber(moment->count());
    out.signedNumber(attempt.bytesSent);
    out.signedNumber(attempt.bytesReceived);
    pack(attempt.usage, out);
    out.bytes(attempt.servedModel);
}

AttemptEvent readAttempt(Unpacker &in)
{
    AttemptEvent attempt;
    attempt.provider = in.text();
    attempt.outcome = readEnum(in, Outcome::Ignored);
    attempt.reason = in.text();
    attempt.detail = in.text();
    attempt.status = static_cast<int>(in.number());
    const std::uint64_t flags = in.number();
    attempt.possiblyBilled = flags & 1U;
    attempt.reusedConnection = flags & 2U;
    if (flags & 4U)
        attempt.costUsd = in.real();
    attempt.firstByte = readMicros(in);
    attempt.total = readMicros(in);
    attempt.startedAfter = readMicros(in);
    attempt.chosenBecause = in.text();
    attempt.skipped.resize(in.count());
    for (SkippedProvider &skipped : attempt.skipped) {
        skipped.provider = in.text();
        skipped.reason = in.text();
    }
    attempt.score = in.real();
    for (std::chrono::microseconds *moment : phaseFields(attempt.phases))
        *moment = readMicros(in);
    attempt.bytesSent = in.signedNumber();
    attempt.bytesReceived = in.signedNumber();
    attempt.usage = readUsage(in);
    attempt.servedModel = in.bytes();
    return attempt;
}

} // namespace

void packEvent(const RequestEvent &event, QByteArray &buffer)
{
    Packer out(buffer);
    out.number(formatVersion);
    out.number(event.sequence);
    out.bytes(event.id);
    out.signedNumber(event.at.toMSecsSinceEpoch());
    out.signedNumber(event.monotonic.count());
    out.bytes(event.userAgent);
    out.bytes(event.session);
    out.bytes(event.method);
    out.bytes(event.path);
    out.number(event.dialect ? static_cast<std::uint64_t>(*event.dialect) + 1 : 0);
    out.bytes(event.endpoint);
    out.bytes(event.model);
    out.number(event.stream ? 1 : 0);
    out.number(static_cast<std::uint64_t>(event.status));
    out.number(static_cast<std::uint64_t>(event.end));
    out.number(static_cast<std::uint64_t>(event.streamEnd));
    out.number(event.gaps.events);
    out.signedNumber(event.gaps.p50.count());
    out.signedNumber(event.gaps.p99.count());
    out.signedNumber(event.gaps.longest.count());
    out.text(event.provider);
    out.signedNumber(event.firstByte.count());
    out.signedNumber(event.total.count());
    out.signedNumber(event.overhead.count());
    out.signedNumber(event.bytesFromClient);
    out.signedNumber(event.bytesToClient);
    out.number(event.attempts.size());
    for (const AttemptEvent &attempt : event.attempts)
        pack(attempt, out);
}

std::optional<RequestEvent> unpackEvent(QByteArrayView bytes)
{
    Unpacker in(bytes);
    if (in.number() != formatVersion)
        return std::nullopt;
    RequestEvent event;
    event.sequence = in.number();
    event.id = in.bytes();
    event.at = QDateTime::fromMSecsSinceEpoch(in.signedNumber(), QTimeZone::utc());
    event.monotonic = std::chrono::nanoseconds(in.signedNumber());
    event.userAgent = in.bytes();
    event.session = in.bytes();
    event.method = in.bytes();
    event.path = in.bytes();
    if (const std::uint64_t dialect = in.number(); dialect > 0 && dialect <= 3)
        event.dialect = static_cast<Dialect>(dialect - 1);
    event.endpoint = in.bytes();
    event.model = in.bytes();
    event.stream = in.number() == 1;
    event.status = static_cast<int>(in.number());
    event.end = readEnum(in, RequestEvent::End::Cancelled);
    event.streamEnd = readEnum(in, RequestEvent::StreamEnd::Cancelled);
    event.gaps.events = static_cast<std::uint32_t>(in.number());
    event.gaps.p50 = readMicros(in);
    event.gaps.p99 = readMicros(in);
    event.gaps.longest = readMicros(in);
    event.provider = in.text();
    event.firstByte = readMicros(in);
    event.total = readMicros(in);
    event.overhead = readMicros(in);
    event.bytesFromClient = in.signedNumber();
    event.bytesToClient = in.signedNumber();
    event.attempts.resize(in.count());
    for (AttemptEvent &attempt : event.attempts)
        attempt = readAttempt(in);
    return in.ok() && in.atEnd() ? std::optional(std::move(event)) : std::nullopt;
}

std::optional<std::int64_t> eventTimeMs(QByteArrayView bytes)
{
    Unpacker in(bytes);
    const bool known = in.number() == formatVersion;
    in.number();
    in.skipBytes();
    const std::int64_t at = in.signedNumber();
    return known && in.ok() ? std::optional(at) : std::nullopt;
}

} // namespace signalbox
