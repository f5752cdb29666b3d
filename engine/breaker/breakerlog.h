// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/packing.h"
#include "engine/breaker/breakerinput.h"
#include "engine/breaker/breakermemory.h"

#include <QByteArray>
#include <QByteArrayView>

#include <array>

namespace signalbox {

/// Calls with a higher number than this are no calls of ours.
inline constexpr std::uint32_t highestCallNumber = 1U << 17;

/// How far apart checkpoints are.
inline constexpr std::int64_t checkpointIntervalMs = 3'600'000;

/// Why a checkpoint stands where it stands.
enum class CheckpointCause : std::uint8_t {
    Start, ///< a new breaker
    Regular, ///< so that reading can begin here
    Loss ///< records before it are missing
};

/// Packs one breaker's inputs into chunks, about 3 bytes an input. A chunk can be read without the ones before; to
/// replay, it takes a checkpoint and everything after it.
///
/// A chunk is a version byte, then as varints the breaker's clock and the wall time (ms since 1970) of its first
/// record, then records: a byte with the kind (low half) and its flags (high half), the ms since the record before, and
/// what that kind needs.
class BreakerLog final : public BreakerInputSink
{
public:
    BreakerLog() { m_records.reserve(firstReserve); }

    void record(const BreakerInput &input) override;
    void checkpoint(const BreakerCheckpoint &checkpoint, CheckpointCause cause);

    bool isEmpty() const { return m_records.isEmpty(); }
    /// Clock of the first record that waits.
    std::int64_t firstMs() const { return m_firstMs; }
    /// What was recorded since the last call. wallOffsetMs: wall time minus the breaker's clock.
    QByteArray take(std::int64_t wallOffsetMs);

private:
    static constexpr qsizetype firstReserve = 1024;

    std::uint64_t step(std::int64_t atMs);

    QByteArray m_records;
    std::int64_t m_firstMs = 0;
    std::int64_t m_lastMs = 0;
};

/// Reads one chunk. Bytes that no BreakerLog wrote end it early, with ok() false.
class BreakerLogReader
{
public:
    enum class Item { Input, Checkpoint, End };

    explicit BreakerLogReader(QByteArrayView chunk);

    Item next();
    /// Of the last Item::Input; valid until next().
    const BreakerInput &input() const { return m_input; }
    const BreakerCheckpoint &checkpoint() const { return m_checkpoint; }
    CheckpointCause checkpointCause() const { return m_cause; }
    /// Wall time minus the breaker's clock.
    std::int64_t wallOffsetMs() const { return m_wallOffsetMs; }
    bool ok() const { return m_ok; }

private:
    Item fail();
    bool readInput(unsigned kind, unsigned flags);
    bool readCheckpoint(unsigned flags);

    Unpacker m_in;
    BreakerInput m_input;
    BreakerPolicy m_policy;
    BreakerCheckpoint m_checkpoint;
    CheckpointCause m_cause = CheckpointCause::Start;
    std::int64_t m_atMs = 0;
    std::int64_t m_wallOffsetMs = 0;
    bool m_ok = true;
};

} // namespace signalbox
