// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/checkpointcodec.h"

#include "engine/breaker/breakerlog.h"

#include <type_traits>

namespace signalbox {

namespace {

// What a checkpoint from elsewhere may hold, so that no arithmetic on it overflows.
constexpr std::int64_t mostBuckets = 10'000;
constexpr std::int64_t longestDurationMs = std::int64_t { 1 } << 45;
constexpr std::int64_t largestCount = std::int64_t { 1 } << 30;
constexpr int highestLevel = 1'000;

/// A policy's durations, in the order of the format.
template <typename Policy, typename Visit> void eachDuration(Policy &policy, Visit visit)
{
    visit(policy.openMs);
    visit(policy.maxOpenMs);
    visit(policy.bucketMs);
    visit(policy.probeLifetimeMs);
    visit(policy.levelDecayMs);
    visit(policy.failureChainMs);
    visit(policy.maxRetryAfterMs);
    visit(policy.throttleBaseMs);
    visit(policy.throttleMaxMs);
    visit(policy.healthGraceMs);
    visit(policy.healthMinOpenMs);
    visit(policy.panicIntervalMs);
    visit(policy.slowStartMs);
}

/// Its other whole numbers.
template <typename Policy, typename Visit> void eachCount(Policy &policy, Visit visit)
{
    visit(policy.failureThreshold);
    visit(policy.maxLevel);
    visit(policy.bucketCount);
    visit(policy.rateVolume);
    visit(policy.rateNumerator);
    visit(policy.rateDenominator);
    visit(policy.slowVolume);
    visit(policy.slowNumerator);
    visit(policy.slowDenominator);
    visit(policy.probeSuccesses);
    visit(policy.maxProbes);
    visit(policy.healthFailures);
}
// A new member belongs into the lists above, with a new version of the format.
static_assert(sizeof(BreakerPolicy) == 200);

class Reader
{
public:
    explicit Reader(Unpacker &in) : m_in(in) { }

    bool ok() const { return m_ok && m_in.ok(); }
    std::int64_t within(std::int64_t least, std::int64_t most)
    {
        const std::int64_t value = m_in.signedNumber();
        m_ok = m_ok && value >= least && value <= most;
        return m_ok ? value : least;
    }
    std::int64_t time() { return within(-latestPlausibleMs, latestPlausibleMs); }
    int number() { return static_cast<int>(within(0, largestCount - 1)); }
    int level() { return static_cast<int>(within(0, highestLevel)); }
    std::uint64_t count() { return m_in.number(); }
    template <typename Enum> Enum oneOf(Enum last)
    {
        return static_cast<Enum>(within(0, static_cast<std::int64_t>(last)));
    }
    bool flag() { return within(0, 1) == 1; }
    std::optional<std::int64_t> optionalPast(std::int64_t nowMs)
    {
        return flag() ? std::optional(within(-latestPlausibleMs, nowMs)) : std::nullopt;
    }
    std::optional<TransitionReason> optionalReason()
    {
        return flag() ? std::optional(oneOf(TransitionReason::OperatorDisabled)) : std::nullopt;
    }
    /// Of things that follow, each at least one byte.
    std::size_t listSize() { return m_in.count(); }

private:
    Unpacker &m_in;
    bool m_ok = true;
};

void packOptional(std::optional<std::int64_t> value, Packer &out)
{
    out.signedNumber(value ? 1 : 0);
    if (value)
        out.signedNumber(*value);
}

void packOptional(std::optional<TransitionReason> value, Packer &out)
{
    packOptional(value ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt, out);
}

void packWindow(const CallWindow &window, Packer &out)
{
    int used = window.bucketCount();
    while (used > 0 && window.bucket(used - 1) == WindowCounts())
        --used;
    out.signedNumber(window.newest());
    out.number(static_cast<std::uint64_t>(used));
    for (int age = 0; age < used; ++age) {
        const WindowCounts &counts = window.bucket(age);
        for (const std::int64_t count : { counts.calls, counts.failures, counts.slow })
            out.signedNumber(count);
    }
}

bool readWindow(Reader &in, CallWindow &window)
{
    const std::int64_t newest =
        in.within(-latestPlausibleMs / window.bucketMs(), latestPlausibleMs / window.bucketMs());
    std::vector<WindowCounts> buckets(std::min(in.listSize(), static_cast<std::size_t>(window.bucketCount())));
    for (WindowCounts &counts : buckets) {
        counts.calls = in.within(0, largestCount);
        counts.failures = in.within(0, counts.calls);
        counts.slow = in.within(0, largestCount);
    }
    window.restore(newest, buckets);
    return window.total().calls <= largestCount && window.total().slow <= largestCount;
}

bool readMemory(Reader &in, BreakerMemory &memory)
{
    memory.mode = in.oneOf(BreakerMode::Disabled);
    memory.state = in.oneOf(BreakerState::HalfOpen);
    memory.epoch = in.count();
    const bool windowFits = readWindow(in, memory.window);
    memory.consecutive = in.within(0, largestCount);
    memory.lastFailureMs = in.optionalPast(memory.nowMs);
    memory.lastSuccessMs = in.optionalPast(memory.nowMs);
    memory.overdueInFlight = in.within(0, highestCallNumber);
    memory.openUntilMs = in.time();
    memory.openedAtMs = in.time();
    memory.tripReason = in.optionalReason();
    memory.openReason = in.optionalReason();
    memory.nextLevel = in.level();
    memory.recoveredAtMs = in.optionalPast(memory.nowMs);
    memory.probes.resize(in.listSize());
    for (BreakerProbe &probe : memory.probes) {
        probe.id = in.count();
        probe.startMs = in.time();
    }
    memory.lastProbe = in.count();
    memory.probeSuccesses = in.number();
    memory.throttledUntilMs = in.time();
    memory.throttleLevel = in.level();
    memory.failedChecks = in.number();
    memory.lastPanicMs = in.optionalPast(memory.nowMs);
    memory.panicInFlight = in.flag();
    memory.sequence = in.count();
    memory.openedCount = in.count();
    return windowFits && in.ok();
}

void packMemory(const BreakerMemory &memory, Packer &out)
{
    out.signedNumber(static_cast<std::int64_t>(memory.mode));
    out.signedNumber(static_cast<std::int64_t>(memory.state));
    out.number(memory.epoch);
    packWindow(memory.window, out);
    out.signedNumber(memory.consecutive);
    packOptional(memory.lastFailureMs, out);
    packOptional(memory.lastSuccessMs, out);
    out.signedNumber(memory.overdueInFlight);
    out.signedNumber(memory.openUntilMs);
    out.signedNumber(memory.openedAtMs);
    packOptional(memory.tripReason, out);
    packOptional(memory.openReason, out);
    out.signedNumber(memory.nextLevel);
    packOptional(memory.recoveredAtMs, out);
    out.number(memory.probes.size());
    for (const BreakerProbe &probe : memory.probes) {
        out.number(probe.id);
        out.signedNumber(probe.startMs);
    }
    out.number(memory.lastProbe);
    out.signedNumber(memory.probeSuccesses);
    out.signedNumber(memory.throttledUntilMs);
    out.signedNumber(memory.throttleLevel);
    out.signedNumber(memory.failedChecks);
    packOptional(memory.lastPanicMs, out);
    out.signedNumber(memory.panicInFlight ? 1 : 0);
    out.number(memory.sequence);
    out.number(memory.openedCount);
}

} // namespace

void packPolicy(const BreakerPolicy &policy, Packer &out)
{
    eachDuration(policy, [&](std::int64_t duration) { out.signedNumber(duration); });
    eachCount(policy, [&](std::int64_t count) { out.signedNumber(count); });
    out.real(policy.jitterFraction);
}

bool unpackPolicy(Unpacker &in, BreakerPolicy &policy)
{
    Reader reader(in);
    eachDuration(policy, [&](std::int64_t &duration) { duration = reader.within(0, longestDurationMs); });
    eachCount(policy, [&](auto &count) {
        count = static_cast<std::remove_reference_t<decltype(count)>>(reader.within(0, largestCount));
    });
    policy.jitterFraction = in.real();
    return reader.ok() && policy.jitterFraction >= 0 && policy.jitterFraction <= 1 &&
        policy.bucketCount <= mostBuckets && policy.maxLevel <= highestLevel &&
        policy.maxProbes <= static_cast<int>(highestCallNumber);
}

void packCheckpoint(const BreakerCheckpoint &checkpoint, Packer &out)
{
    packPolicy(checkpoint.policy, out);
    packMemory(checkpoint.memory, out);
    out.number(checkpoint.calls.size());
    for (const auto &[number, call] : checkpoint.calls) {
        out.number(number);
        out.number(call.epoch);
        out.number(call.probe);
        out.number(static_cast<std::uint64_t>(call.kind) | (call.overdue ? 4U : 0U));
    }
}

bool unpackCheckpoint(Unpacker &in, std::int64_t nowMs, BreakerCheckpoint &checkpoint)
{
    if (!unpackPolicy(in, checkpoint.policy))
        return false;
    Reader reader(in);
    checkpoint.memory = BreakerMemory(checkpoint.policy, nowMs);
    if (!readMemory(reader, checkpoint.memory))
        return false;
    const std::size_t calls = reader.listSize();
    for (std::size_t i = 0; i < calls && reader.ok(); ++i) {
        const std::uint64_t number = in.number();
        BreakerCall call;
        call.epoch = in.number();
        call.probe = in.number();
        const std::uint64_t flags = in.number();
        if (number > highestCallNumber || flags > 7)
            return false;
        call.kind = static_cast<TokenKind>(flags & 3U);
        call.overdue = flags & 4U;
        checkpoint.calls.emplace_back(static_cast<std::uint32_t>(number), call);
    }
    return reader.ok();
}

} // namespace signalbox
