// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"

#include <QString>

#include <chrono>
#include <vector>

namespace signalbox {

enum class WaterfallPhase { Queue, Dns, Connect, Tls, Sending, Waiting, Stream };

/// Times since the request's head.
struct WaterfallSegment
{
    WaterfallPhase phase = WaterfallPhase::Queue;
    std::chrono::microseconds from { 0 };
    std::chrono::microseconds until { 0 };

    bool operator==(const WaterfallSegment &) const = default;
};

/// One attempt.
struct WaterfallRow
{
    QString label; ///< "1 anthropic-eu 529"
    std::vector<WaterfallSegment> segments; ///< one after the other, without those that did not happen
    std::chrono::microseconds from { 0 };
    std::chrono::microseconds until { 0 };
};

std::vector<WaterfallRow> waterfallOf(const RequestEvent &event);
QString phaseName(WaterfallPhase phase);
/// "anthropic-eu 529: connect 11.0 ms, waiting 640 ms; openai: …" for who cannot see the drawing.
QString waterfallWords(const std::vector<WaterfallRow> &rows);

} // namespace signalbox
