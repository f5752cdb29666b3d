// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/stepwatch.h"

#include "engine/telemetry/trendwords.h"

namespace signalbox {

std::optional<FirstByteStep> StepWatch::record(const RequestEvent &event)
{
    if (!event.stream || event.attempts.empty())
        return std::nullopt;
    const AttemptEvent &attempt = event.attempts.back();
    if (attempt.outcome != Outcome::Success || attempt.firstByte.count() <= 0)
        return std::nullopt;
    const double ms = std::chrono::duration<double, std::milli>(attempt.firstByte).count();
    const std::optional<StepChange> change = m_detectors[attempt.provider].add(ms);
    return change ? std::optional(FirstByteStep { attempt.provider, *change }) : std::nullopt;
}

QString FirstByteStep::sentence() const
{
    return QStringLiteral("The first byte suddenly takes %1 instead of %2.")
        .arg(durationText(change.afterMs), durationText(change.beforeMs));
}

} // namespace signalbox
