// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/providerstate.h"

#include "ui/style/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>

namespace signalbox {

namespace {

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("ProviderState", text, nullptr, n);
}

QString untilWords(const QString &word, const QDateTime &until, const QDateTime &takenAt)
{
    if (!until.isValid())
        return word;
    const Milliseconds left { std::max<qint64>(0, takenAt.msecsTo(until)) };
    return tr("%1 · %2 left").arg(word, formatSpan(left));
}

QString retryWords(const QString &word, Milliseconds retryIn)
{
    return retryIn.count() > 0 ? tr("%1 · retry in %2").arg(word, formatCountdown(retryIn)) : word;
}

/// What an operator ordered comes before what the breaker found.
std::optional<ProviderState> orderedState(const ProviderSnapshot &provider, const QDateTime &takenAt)
{
    const BreakerSnapshot &breaker = provider.breaker;
    if (!provider.enabled)
        return ProviderState { LampShape::SlashedCircle, tr("Disabled"), tr("Gets no requests until it is enabled.") };
    if (provider.draining)
        return ProviderState { LampShape::SlashedCircle, untilWords(tr("Draining"), breaker.overrideUntil, takenAt),
                               tr("Finishes what is in flight and gets no new requests.") };
    switch (breaker.mode) {
    case BreakerMode::ForcedOpen:
        return ProviderState { LampShape::LockedSquare, untilWords(tr("Forced open"), breaker.overrideUntil, takenAt),
                               tr("An operator keeps requests away from it.") };
    case BreakerMode::ForcedClosed:
        return ProviderState { LampShape::LockedCircle, untilWords(tr("Forced closed"), breaker.overrideUntil, takenAt),
                               tr("An operator keeps it in use whatever its failures.") };
    case BreakerMode::Disabled:
        return ProviderState { LampShape::Triangle, tr("No breaker"),
                               tr("Everything is admitted; nothing protects requests from its failures.") };
    case BreakerMode::Auto:
        break;
    }
    return std::nullopt;
}

std::optional<ProviderState> brokenState(const ProviderSnapshot &provider)
{
    const BreakerSnapshot &breaker = provider.breaker;
    if (breaker.state == BreakerState::Open)
        return ProviderState { LampShape::Square, retryWords(tr("Open"), breaker.retryIn), {} };
    if (breaker.state == BreakerState::HalfOpen) {
        const int probe = std::min(breaker.probeSuccesses + 1, breaker.probeSuccessesNeeded);
        return ProviderState { LampShape::Diamond,
                               tr("Half-open · probe %1/%2").arg(probe).arg(breaker.probeSuccessesNeeded),
                               tr("One request at a time tries whether it works again.") };
    }
    if (provider.keyMissing)
        return ProviderState { LampShape::Triangle, tr("Key missing"), provider.keyProblem };
    if (provider.authBlocked)
        return ProviderState { LampShape::Triangle, tr("Key refused"),
                               tr("It refused our credential twice in a row, so it is tried last.") };
    if (breaker.throttled)
        return ProviderState { LampShape::Triangle, retryWords(tr("Throttled"), breaker.retryIn),
                               tr("It said that it gets too many requests.") };
    return std::nullopt;
}

QString labelWord(HealthLabel label)
{
    switch (label) {
    case HealthLabel::Degraded:
        return tr("Degraded");
    case HealthLabel::Unhealthy:
        return tr("Unhealthy");
    case HealthLabel::Unknown:
    case HealthLabel::Healthy:
        break;
    }
    return {};
}

/// "Open · retry in 0:23" is read as "open, retry in 23 seconds".
QString spokenState(const ProviderSnapshot &provider, const QDateTime &takenAt)
{
    QString words = describeState(provider, takenAt).word;
    words = words.left(1).toLower() + words.mid(1);
    const Milliseconds left = provider.breaker.retryIn;
    if (left.count() > 0) {
        const auto seconds = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(left).count());
        words.replace(formatCountdown(left), tr("%n second(s)", seconds));
    }
    return words.replace(QStringLiteral(" · "), QStringLiteral(", "));
}

QString spokenLatency(const QString &what, const LatencySnapshot &latency)
{
    if (!latency.p95Ms)
        return {};
    return tr("%1 median %2, 95th percentile %3").arg(what, formatLatency(latency.p50Ms), formatLatency(latency.p95Ms));
}

} // namespace

ProviderState describeState(const ProviderSnapshot &provider, const QDateTime &takenAt)
{
    if (auto state = orderedState(provider, takenAt))
        return *state;
    if (auto state = brokenState(provider))
        return *state;
    const QString label = labelWord(provider.score.label);
    if (!label.isEmpty())
        return { LampShape::Triangle, label, tr("The breaker is closed, but the score is low.") };
    if (provider.recentCalls == 0 && provider.breaker.calls == 0)
        return { LampShape::DashedCircle, tr("No requests"), tr("Closed; nothing was sent to it lately.") };
    if (provider.breaker.calls < rateRuleCalls)
        return { LampShape::DashedCircle, tr("Closed · %1 of %2 calls").arg(provider.breaker.calls).arg(rateRuleCalls),
                 tr("The failure rate rule needs %1 calls in 60 s; the rule for failures in a row is active.")
                     .arg(rateRuleCalls) };
    return { LampShape::Circle, tr("Closed"), {} };
}

QString reasonSentence(const ProviderSnapshot &provider, const QDateTime &takenAt)
{
    const ProviderState state = describeState(provider, takenAt);
    QString text = state.word;
    if (provider.breaker.since.isValid()) {
        const QDateTime since = provider.breaker.since.toLocalTime();
        const bool today = since.date() == takenAt.toLocalTime().date();
        const Milliseconds span { std::max<qint64>(0, provider.breaker.since.msecsTo(takenAt)) };
        text = tr("%1, since %2 (%3)")
                   .arg(text,
                        today ? since.toString(QStringLiteral("HH:mm:ss"))
                              : since.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")),
                        formatSpan(span));
    }
    QStringList sentences { text + QLatin1Char('.') };
    for (const QString &more : { state.explanation, provider.breaker.reason }) {
        if (more.isEmpty())
            continue;
        sentences.append(more.endsWith(QLatin1Char('.')) ? more : QString(more + QLatin1Char('.')));
    }
    return sentences.join(QLatin1Char(' '));
}

bool hasScore(const ProviderSnapshot &provider)
{
    // Failed checks pull the score down without any call; then it does say something.
    const bool assumed = provider.recentCalls == 0 && provider.score.label == HealthLabel::Healthy;
    return provider.score.label != HealthLabel::Unknown && !assumed;
}

QString scoreSentence(const ProviderSnapshot &provider)
{
    const ScoreSnapshot &score = provider.score;
    const QLocale locale;
    if (!hasScore(provider))
        return tr("Score: no calls to judge by; %1 is assumed.").arg(locale.toString(score.value, 'f', 1));
    const auto part = [&locale](const QString &name, double factor, int weight) {
        return tr("%1 %2 of %3").arg(name, locale.toString(factor * weight, 'f', 1)).arg(weight);
    };
    const QStringList parts { part(tr("success"), score.success, 40), part(tr("response time"), score.response, 25),
                              part(tr("availability"), score.availability, 20), part(tr("trend"), score.trend, 15) };
    return tr("Score %1 = %2").arg(locale.toString(score.value, 'f', 1), parts.join(QStringLiteral(" + ")));
}

QString spokenSummary(const ProviderSnapshot &provider, const QDateTime &takenAt)
{
    QStringList parts { provider.name };
    if (provider.simulated)
        parts.append(tr("simulated"));
    parts.append(tr("breaker %1").arg(spokenState(provider, takenAt)));
    if (hasScore(provider))
        parts.append(tr("score %1 of 100").arg(QLocale().toString(provider.score.value, 'f', 0)));
    parts.append(spokenLatency(tr("first byte"), provider.firstByte));
    parts.append(spokenLatency(tr("whole answer"), provider.total));
    if (provider.recentCalls > 0)
        parts.append(tr("error rate %1 of %2 requests")
                         .arg(formatShare(1.0 - provider.successRate), formatCount(provider.recentCalls)));
    else
        parts.append(tr("no requests"));
    parts.append(tr("%1 in flight").arg(provider.inFlight));
    parts.append(provider.lastReason);
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

} // namespace signalbox
