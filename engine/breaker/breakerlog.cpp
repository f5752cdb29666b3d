// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/breakerlog.h"

#include "engine/breaker/checkpointcodec.h"

#include <cmath>
#include <cstring>

namespace signalbox {

namespace {

constexpr unsigned char formatVersion = 1;
constexpr unsigned jitterTag = 14;
constexpr unsigned checkpointTag = 15;
constexpr std::size_t longestRecord = 48;

/// One record on the stack, so that the hot path appends once.
class Record
{
public:
    void byte(unsigned value) { m_bytes[m_size++] = static_cast<char>(value); }
    void number(std::uint64_t value)
    {
        while (value >= 0x80) {
            byte(static_cast<unsigned>(value & 0x7fU) | 0x80U);
            value >>= 7;
        }
        byte(static_cast<unsigned>(value));
    }
    void signedNumber(std::int64_t value) { number(zigZag(value)); }
    void real(double value)
    {
        std::memcpy(m_bytes.data() + m_size, &value, sizeof value);
        m_size += sizeof value;
    }
    QByteArrayView view() const { return { m_bytes.data(), static_cast<qsizetype>(m_size) }; }

private:
    std::array<char, longestRecord> m_bytes;
    std::size_t m_size = 0;
};

unsigned flagsOf(const BreakerInput &input)
{
    switch (input.kind) {
    case BreakerInput::Kind::Acquire:
    case BreakerInput::Kind::Panic:
        return input.admitted ? 1U : 0U;
    case BreakerInput::Kind::Complete:
        return static_cast<unsigned>(input.outcome) | (input.slow ? 4U : 0U) | (input.retryAfterMs ? 8U : 0U);
    case BreakerInput::Kind::Health:
        return input.ok ? 1U : 0U;
    case BreakerInput::Kind::Force:
        return static_cast<unsigned>(input.mode);
    default:
        return 0;
    }
}

bool namesCall(BreakerInput::Kind kind)
{
    return kind == BreakerInput::Kind::Acquire || kind == BreakerInput::Kind::Panic ||
        kind == BreakerInput::Kind::Overdue || kind == BreakerInput::Kind::Complete;
}

} // namespace

std::uint64_t BreakerLog::step(std::int64_t atMs)
{
    if (m_records.isEmpty())
        m_firstMs = m_lastMs = atMs;
    const auto step = static_cast<std::uint64_t>(atMs - m_lastMs);
    m_lastMs = atMs;
    return step;
}

void BreakerLog::record(const BreakerInput &input)
{
    Record record;
    if (input.jitter) {
        record.byte(jitterTag);
        record.real(*input.jitter);
    }
    record.byte(static_cast<unsigned>(input.kind) | flagsOf(input) << 4U);
    record.number(step(input.atMs));
    if (namesCall(input.kind))
        record.number(input.call);
    if (input.retryAfterMs)
        record.signedNumber(*input.retryAfterMs);
    if (input.kind == BreakerInput::Kind::Trip)
        record.signedNumber(input.durationMs);
    m_records.append(record.view());
    if (input.policy) {
        Packer out(m_records);
        packPolicy(*input.policy, out);
    }
}

void BreakerLog::checkpoint(const BreakerCheckpoint &checkpoint, CheckpointCause cause)
{
    Record record;
    record.byte(checkpointTag | static_cast<unsigned>(cause) << 4U);
    record.number(step(checkpoint.memory.nowMs));
    m_records.append(record.view());
    Packer out(m_records);
    packCheckpoint(checkpoint, out);
}

QByteArray BreakerLog::take(std::int64_t wallOffsetMs)
{
    QByteArray chunk;
    chunk.reserve(m_records.size() + 24);
    chunk.append(static_cast<char>(formatVersion));
    Packer out(chunk);
    out.signedNumber(m_firstMs);
    out.signedNumber(m_firstMs + wallOffsetMs);
    out.finish();
    chunk.append(m_records);
    m_records.resize(0); // keeps its capacity
    return chunk;
}

BreakerLogReader::BreakerLogReader(QByteArrayView chunk) : m_in(chunk)
{
    m_ok = m_in.number() == formatVersion;
    m_atMs = m_in.signedNumber();
    const std::int64_t wallMs = m_in.signedNumber();
    m_ok = m_ok && m_in.ok() && isPlausibleTime(m_atMs) && isPlausibleTime(wallMs);
    if (m_ok)
        m_wallOffsetMs = wallMs - m_atMs;
}

BreakerLogReader::Item BreakerLogReader::fail()
{
    m_ok = false;
    return Item::End;
}

BreakerLogReader::Item BreakerLogReader::next()
{
    if (!m_ok || m_in.atEnd())
        return Item::End;
    std::optional<double> jitter;
    unsigned tag = m_in.byte();
    if ((tag & 15U) == jitterTag) {
        jitter = m_in.real();
        if (!(*jitter >= 0 && *jitter < 1))
            return fail();
        tag = m_in.byte();
    }
    const std::uint64_t step = m_in.number();
    if (!m_in.ok() || step > static_cast<std::uint64_t>(latestPlausibleMs) ||
        !isPlausibleTime(m_atMs + static_cast<std::int64_t>(step)))
        return fail();
    m_atMs += static_cast<std::int64_t>(step);
    const unsigned kind = tag & 15U;
    if (kind == checkpointTag)
        return readCheckpoint(tag >> 4U) ? Item::Checkpoint : fail();
    m_input = BreakerInput { static_cast<BreakerInput::Kind>(kind) };
    m_input.atMs = m_atMs;
    m_input.jitter = jitter;
    return readInput(kind, tag >> 4U) ? Item::Input : fail();
}

bool BreakerLogReader::readInput(unsigned kind, unsigned flags)
{
    if (kind > static_cast<unsigned>(BreakerInput::Kind::Policy))
        return false;
    if (namesCall(m_input.kind)) {
        const std::uint64_t call = m_in.number();
        if (call > highestCallNumber)
            return false;
        m_input.call = static_cast<std::uint32_t>(call);
    }
    switch (m_input.kind) {
    case BreakerInput::Kind::Acquire:
    case BreakerInput::Kind::Panic:
        m_input.admitted = flags & 1U;
        break;
    case BreakerInput::Kind::Complete:
        m_input.outcome = static_cast<Outcome>(flags & 3U);
        m_input.slow = flags & 4U;
        if (flags & 8U)
            m_input.retryAfterMs = m_in.signedNumber();
        break;
    case BreakerInput::Kind::Health:
        m_input.ok = flags & 1U;
        break;
    case BreakerInput::Kind::Force:
        m_input.mode = static_cast<BreakerMode>(flags & 3U);
        break;
    case BreakerInput::Kind::Trip:
        m_input.durationMs = m_in.signedNumber();
        break;
    case BreakerInput::Kind::Policy:
        if (!unpackPolicy(m_in, m_policy))
            return false;
        m_input.policy = &m_policy;
        break;
    default:
        break;
    }
    return m_in.ok() && isPlausibleTime(m_input.durationMs) && isPlausibleTime(m_input.retryAfterMs.value_or(0));
}

bool BreakerLogReader::readCheckpoint(unsigned flags)
{
    if (flags > static_cast<unsigned>(CheckpointCause::Loss))
        return false;
    m_cause = static_cast<CheckpointCause>(flags);
    m_checkpoint = BreakerCheckpoint();
    return unpackCheckpoint(m_in, m_atMs, m_checkpoint);
}

} // namespace signalbox
