// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"

#include <QByteArray>
#include <QVarLengthArray>

#include <chrono>
#include <cstdint>
#include <optional>

namespace signalbox {

/// What is added up of one attempt.
struct AttemptFigures
{
    static constexpr std::chrono::microseconds none { -1 };
    QString provider;
    Outcome outcome = Outcome::Ignored;
    std::chrono::microseconds firstByte = none; ///< of a stream that succeeded
    std::chrono::microseconds total = none; ///< of another answer that succeeded
    std::chrono::microseconds overhead = none; ///< of the request; its last attempt has it
    std::chrono::microseconds gapMedian = none; ///< of the request too
    std::chrono::microseconds gapTail = none; ///< 99th percentile; of the request too
    TokenUsage usage;
    std::optional<double> costUsd;
};

/// A request that has ended, as other threads and the time after get it: packed, so that a few hundred bytes in one
/// piece outlive it instead of twenty strings, which another thread would have to free one by one.
struct RequestRecord
{
    RequestRecord() = default;
    RequestRecord(const RequestEvent &event);

    std::uint64_t sequence = 0;
    std::int64_t endedAtMs = 0; ///< wall time
    QByteArray packed; ///< by packEvent()
    QVarLengthArray<AttemptFigures, 1> attempts;
};

} // namespace signalbox
