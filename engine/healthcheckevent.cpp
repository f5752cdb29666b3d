// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/healthcheckevent.h"

#include "engine/dialect/masking.h"

namespace signalbox {

namespace {

using std::chrono::microseconds;

/// A probe tells how long each phase took, an attempt when it ended.
AttemptPhases phasesOf(const ProbeTimings &timings)
{
    AttemptPhases phases;
    microseconds at { 0 };
    const auto end = [&at](const std::optional<ProbeTimings::Duration> &took, microseconds &phase) {
        if (took)
            phase = at += *took;
    };
    end(timings.dns, phases.dns);
    end(timings.connect, phases.connect);
    end(timings.tls, phases.tls);
    if (timings.firstByte)
        phases.sent = at;
    end(timings.firstByte, phases.head);
    return phases;
}

AttemptEvent attemptOf(const ProbeResult &result)
{
    AttemptEvent attempt;
    attempt.provider = result.provider;
    attempt.outcome = result.reachable ? Outcome::Success : Outcome::Failure;
    attempt.reason = result.reachable ? QStringLiteral("ok")
        : result.failedIn             ? QString::fromLatin1(toString(*result.failedIn)).replace(u' ', u'_')
                                      : QStringLiteral("failed");
    attempt.detail = result.error;
    attempt.status = result.status;
    attempt.total = result.timings.total;
    attempt.chosenBecause = QStringLiteral("health_check");
    attempt.phases = phasesOf(result.timings);
    return attempt;
}

} // namespace

RequestEvent healthCheckEvent(const ProbeResult &result, Dialect dialect)
{
    RequestEvent event;
    event.healthCheck = true;
    event.at = QDateTime::currentDateTimeUtc().addMSecs(
        -std::chrono::duration_cast<std::chrono::milliseconds>(result.timings.total).count());
    event.userAgent = "health-check";
    event.dialect = dialect;
    if (!result.path.isEmpty()) {
        event.method = "GET";
        event.path = maskSecrets(result.path.left(result.path.indexOf('?')));
        event.endpoint = "models";
    }
    event.status = result.status;
    event.end = result.reachable ? RequestEvent::End::Completed : RequestEvent::End::Failed;
    if (result.reachable)
        event.provider = result.provider;
    event.total = result.timings.total;
    event.attempts.push_back(attemptOf(result));
    event.firstByte = std::max(event.attempts.front().phases.head, microseconds(0));
    return event;
}

} // namespace signalbox
