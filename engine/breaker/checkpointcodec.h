// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/packing.h"
#include "engine/breaker/breakermemory.h"

namespace signalbox {

/// Beyond this (31,000 years in ms) nothing in a log is a time; sums of a few stay far from overflow.
inline constexpr std::int64_t latestPlausibleMs = std::int64_t { 1 } << 50;
constexpr bool isPlausibleTime(std::int64_t ms)
{
    return ms >= -latestPlausibleMs && ms <= latestPlausibleMs;
}

void packPolicy(const BreakerPolicy &policy, Packer &out);
/// False for numbers that no policy can have.
bool unpackPolicy(Unpacker &in, BreakerPolicy &policy);

void packCheckpoint(const BreakerCheckpoint &checkpoint, Packer &out);
/// nowMs: of the record that holds it.
bool unpackCheckpoint(Unpacker &in, std::int64_t nowMs, BreakerCheckpoint &checkpoint);

} // namespace signalbox
