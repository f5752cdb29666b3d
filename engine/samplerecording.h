// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/breaker/breakerpolicy.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <map>
#include <vector>

namespace signalbox {

constexpr std::int64_t sampleLengthMs = 3'600'000;

/// The breakers' input logs of a made-up hour of two providers that ends at that wall time, one of them failing at
/// times, under that policy. Always the same.
std::map<QString, std::vector<QByteArray>> sampleRecording(const BreakerPolicy &policy, std::int64_t untilMs);

} // namespace signalbox
