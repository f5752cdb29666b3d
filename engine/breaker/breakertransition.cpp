// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/breakertransition.h"

#include <QStringBuilder>

namespace signalbox {

const char *toString(TransitionReason reason) noexcept
{
    switch (reason) {
    case TransitionReason::Consecutive:
        return "consecutive";
    case TransitionReason::Rate:
        return "rate";
    case TransitionReason::Slow:
        return "slow";
    case TransitionReason::Health:
        return "health";
    case TransitionReason::ProbeFailed:
        return "probe_failed";
    case TransitionReason::ProbeThrottled:
        return "probe_throttled";
    case TransitionReason::OperatorTrip:
        return "operator";
    case TransitionReason::OpenTimeOver:
        return "timeout";
    case TransitionReason::HealthOk:
        return "health_ok";
    case TransitionReason::PanicSuccess:
        return "panic_success";
    case TransitionReason::Recovered:
        return "recovered";
    case TransitionReason::Reset:
        return "reset";
    case TransitionReason::OperatorAuto:
        return "operator_auto";
    case TransitionReason::OperatorForcedOpen:
        return "operator_forced_open";
    case TransitionReason::OperatorForcedClosed:
        return "operator_forced_closed";
    case TransitionReason::OperatorDisabled:
        return "operator_disabled";
    }
    return "";
}

namespace {

QString duration(std::int64_t ms)
{
    if (ms < 1'000)
        return QString::number(ms) % QStringLiteral(" ms");
    if (ms < 10'000 && ms % 1'000 != 0)
        return QString::number(static_cast<double>(ms) / 1000.0, 'f', 1) % QStringLiteral(" s");
    const std::int64_t seconds = (ms + 999) / 1'000;
    if (seconds < 120)
        return QString::number(seconds) % QStringLiteral(" s");
    const QString minutes = QString::number(seconds / 60) % QStringLiteral(" min");
    return seconds % 60 == 0 ? minutes : minutes % QStringLiteral(" %1 s").arg(seconds % 60);
}

QString counted(std::int64_t number, const QString &one, const QString &many)
{
    return QString::number(number) % QLatin1Char(' ') % (number == 1 ? one : many);
}

QString percent(std::int64_t part, std::int64_t whole)
{
    return QStringLiteral("%1 %").arg(whole > 0 ? (100 * part + whole / 2) / whole : 0);
}

QString consecutiveText(const BreakerTransition &t)
{
    const QString failures =
        counted(t.consecutiveFailures, QStringLiteral("failure"), QStringLiteral("consecutive failures"));
    if (t.consecutiveFailures >= t.threshold)
        return QStringLiteral("%1 reached the limit of %2.").arg(failures).arg(t.threshold);
    return QStringLiteral("%1 reached the adaptive limit of %2 (lowered from %3 at %4 errors).")
        .arg(failures)
        .arg(t.effectiveThreshold)
        .arg(t.threshold)
        .arg(percent(t.failures, t.calls));
}

QString rateText(const BreakerTransition &t)
{
    return QStringLiteral("%1 of %2 calls in the last %3 failed (%4).")
        .arg(t.failures)
        .arg(t.calls)
        .arg(duration(t.windowMs), percent(t.failures, t.calls));
}

QString slowText(const BreakerTransition &t)
{
    const std::int64_t all = t.calls + t.overdueInFlight;
    return QStringLiteral("%1 of %2 calls in the last %3 were slow (%4).")
        .arg(t.slow)
        .arg(all)
        .arg(duration(t.windowMs), percent(t.slow, all));
}

QString openText(const BreakerTransition &t)
{
    switch (t.reason) {
    case TransitionReason::Consecutive:
        return consecutiveText(t);
    case TransitionReason::Rate:
        return rateText(t);
    case TransitionReason::Slow:
        return slowText(t);
    case TransitionReason::Health:
        return QStringLiteral("%1 failed in a row and no call succeeded in the last %2.")
            .arg(counted(t.failedChecks, QStringLiteral("health check"), QStringLiteral("health checks")),
                 duration(t.healthGraceMs));
    case TransitionReason::ProbeFailed:
        return QStringLiteral("the probe failed.");
    case TransitionReason::ProbeThrottled:
        return QStringLiteral("the provider throttled the probe.");
    default:
        return QStringLiteral("tripped by the operator.");
    }
}

QString halfOpenText(const BreakerTransition &t)
{
    const QString needed = QStringLiteral(" %1 close it.")
                               .arg(counted(t.probeSuccessesNeeded, QStringLiteral("successful probe"),
                                            QStringLiteral("successful probes")));
    switch (t.reason) {
    case TransitionReason::HealthOk:
        return QStringLiteral("a health check succeeded.") % needed;
    case TransitionReason::PanicSuccess:
        return QStringLiteral("a last-resort request succeeded.") % needed;
    default:
        return QStringLiteral("the waiting time is over.") % needed;
    }
}

QString closedSentence(const BreakerTransition &t)
{
    switch (t.reason) {
    case TransitionReason::Recovered:
        return QStringLiteral("Closed: %1.")
            .arg(counted(t.probeSuccesses, QStringLiteral("probe succeeded"),
                         QStringLiteral("probes in a row succeeded")));
    case TransitionReason::OperatorForcedOpen:
        return QStringLiteral("Forced open by the operator: no request goes here until this is undone.");
    case TransitionReason::OperatorForcedClosed:
        return QStringLiteral("Forced closed by the operator: requests go here whatever happens.");
    case TransitionReason::OperatorDisabled:
        return QStringLiteral("No breaker, by the operator: every request is admitted.");
    case TransitionReason::OperatorAuto:
        return QStringLiteral("Closed: the operator handed the decision back to the breaker.");
    default:
        return QStringLiteral("Closed: reset by the operator.");
    }
}

} // namespace

QString reasonSentence(const BreakerTransition &transition)
{
    switch (transition.to) {
    case BreakerState::Open:
        return QStringLiteral("Open: %1 Next probe in %2.")
            .arg(openText(transition), duration(transition.retryAfterMs));
    case BreakerState::HalfOpen:
        return QStringLiteral("Half-open: ") % halfOpenText(transition);
    case BreakerState::Closed:
        break;
    }
    return closedSentence(transition);
}

} // namespace signalbox
