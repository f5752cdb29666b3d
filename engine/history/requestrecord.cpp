// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/requestrecord.h"

#include "engine/history/eventcodec.h"

namespace signalbox {

namespace {

AttemptFigures figuresOf(const RequestEvent &event, const AttemptEvent &attempt)
{
    AttemptFigures figures;
    figures.provider = attempt.provider;
    figures.outcome = attempt.outcome;
    if (attempt.outcome == Outcome::Success)
        (event.stream ? figures.firstByte : figures.total) = event.stream ? attempt.phases.firstByte : attempt.total;
    if (&attempt == &event.attempts.back()) {
        figures.overhead = event.overhead;
        if (event.gaps.events > 1) {
            figures.gapMedian = event.gaps.p50;
            figures.gapTail = event.gaps.p99;
        }
    }
    figures.usage = attempt.usage;
    figures.costUsd = attempt.costUsd;
    return figures;
}

/// In a buffer that stays, as growing costs more than a copy of the right size; and many such arrays are kept.
QByteArray packedOf(const RequestEvent &event)
{
    thread_local QByteArray buffer;
    buffer.resize(0); // keeps its capacity
    packEvent(event, buffer);
    return QByteArrayView(buffer).toByteArray();
}

} // namespace

RequestRecord::RequestRecord(const RequestEvent &event)
    : sequence(event.sequence), endedAtMs(event.at.toMSecsSinceEpoch() + event.total.count() / 1000),
      packed(packedOf(event))
{
    for (const AttemptEvent &attempt : event.attempts)
        attempts.append(figuresOf(event, attempt));
}

} // namespace signalbox
