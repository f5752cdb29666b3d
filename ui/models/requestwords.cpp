// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/requestwords.h"

#include <QCoreApplication>
#include <QHash>
#include <QStringList>

#include <algorithm>

namespace signalbox {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("RequestWords", text);
}

QString attemptWords(const AttemptEvent &attempt)
{
    if (attempt.status >= 400)
        return QStringLiteral("%1 %2").arg(attempt.provider, QString::number(attempt.status));
    return QStringLiteral("%1: %2").arg(attempt.provider, reasonWords(attempt.reason));
}

bool wasAsked(const RequestEvent &event, const QString &provider)
{
    return std::any_of(event.attempts.begin(), event.attempts.end(),
                       [&](const AttemptEvent &attempt) { return attempt.provider == provider; });
}

/// What stands before the answer: failed attempts and providers that were passed over.
struct Chain
{
    QStringList steps;
    QStringList skipped; ///< never asked at all
};

Chain chainOf(const RequestEvent &event, bool answered)
{
    Chain chain;
    for (std::size_t i = 0; i < event.attempts.size(); ++i) {
        const AttemptEvent &attempt = event.attempts[i];
        for (const SkippedProvider &skip : attempt.skipped) {
            if (wasAsked(event, skip.provider) || chain.skipped.contains(skip.provider))
                continue;
            chain.skipped.append(skip.provider);
            chain.steps.append(tr("skipped %1: %2").arg(skip.provider, reasonWords(skip.reason)));
        }
        if (!answered || i + 1 < event.attempts.size())
            chain.steps.append(attemptWords(attempt));
    }
    return chain;
}

QString withChain(const QString &text, const Chain &chain)
{
    return chain.steps.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, chain.steps.join(QStringLiteral(", ")));
}

QString answeredWords(const RequestEvent &event)
{
    const Chain chain = chainOf(event, true);
    QString text = event.status >= 400 ? tr("%1 answered %2").arg(event.provider, QString::number(event.status))
                                       : tr("served by %1").arg(event.provider);
    if (event.attempts.size() > 1) {
        const auto considered = static_cast<qsizetype>(event.attempts.size()) + chain.skipped.size();
        text =
            tr("%1 on attempt %2 of %3").arg(text, QString::number(event.attempts.size()), QString::number(considered));
    }
    return withChain(text, chain);
}

QString healthCheckWords(const RequestEvent &event)
{
    const AttemptEvent &attempt = event.attempts.front();
    if (event.end != RequestEvent::End::Completed)
        return tr("Health check of %1 failed: %2").arg(attempt.provider, attempt.detail);
    if (event.status == 0)
        return tr("Health check: %1 accepts connections").arg(attempt.provider);
    return tr("Health check: %1 answered %2").arg(attempt.provider, QString::number(event.status));
}

} // namespace

QString reasonWords(const QString &reason)
{
    static const QHash<QString, const char *> words {
        { QStringLiteral("open"), QT_TRANSLATE_NOOP("RequestWords", "breaker open") },
        { QStringLiteral("half_open_busy"), QT_TRANSLATE_NOOP("RequestWords", "half-open, probe under way") },
        { QStringLiteral("forced_open"), QT_TRANSLATE_NOOP("RequestWords", "breaker forced open") },
        { QStringLiteral("throttled"), QT_TRANSLATE_NOOP("RequestWords", "rate limited") },
        { QStringLiteral("key_missing"), QT_TRANSLATE_NOOP("RequestWords", "no key") },
        { QStringLiteral("key_pending"), QT_TRANSLATE_NOOP("RequestWords", "key not read yet") },
        { QStringLiteral("credential_missing"), QT_TRANSLATE_NOOP("RequestWords", "the tool sent no credential") },
        { QStringLiteral("connect"), QT_TRANSLATE_NOOP("RequestWords", "could not connect") },
        { QStringLiteral("first_byte_timeout"), QT_TRANSLATE_NOOP("RequestWords", "no first byte in time") },
        { QStringLiteral("error_event"), QT_TRANSLATE_NOOP("RequestWords", "error inside the stream") },
        { QStringLiteral("truncated"), QT_TRANSLATE_NOOP("RequestWords", "answer cut off") },
        { QStringLiteral("empty_answer"), QT_TRANSLATE_NOOP("RequestWords", "empty answer") },
        { QStringLiteral("html_answer"), QT_TRANSLATE_NOOP("RequestWords", "a web page instead of an answer") },
    };
    const char *known = words.value(reason, nullptr);
    return known ? tr(known) : QString(reason).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString outcomeWords(const RequestEvent &event)
{
    using End = RequestEvent::End;
    if (event.healthCheck)
        return healthCheckWords(event);
    const Chain chain = chainOf(event, false);
    switch (event.end) {
    case End::Completed:
        return event.provider.isEmpty() ? tr("completed") : answeredWords(event);
    case End::LocalAnswer:
        return withChain(tr("answered %1 by Signalbox itself").arg(event.status), chain);
    case End::Failed:
        return withChain(event.attempts.empty() ? tr("failed, no provider could be asked") : tr("failed"), chain);
    case End::Truncated:
        return withChain(tr("answer cut off"), chain);
    case End::ClientGone:
        return withChain(tr("the client went away"), chain);
    case End::Cancelled:
        return withChain(tr("cancelled by an operator"), chain);
    }
    return {};
}

QString flightWords(const InFlightRequest &request)
{
    using Phase = InFlightRequest::Phase;
    QString doing;
    switch (request.phase) {
    case Phase::Receiving:
        return tr("in flight: receiving the request");
    case Phase::Waiting:
        return tr("in flight: waiting for a provider");
    case Phase::Connecting:
        doing = tr("sending the request");
        break;
    case Phase::FirstByte:
        doing = tr("waiting for the first byte");
        break;
    case Phase::Streaming:
        doing = tr("answering");
        break;
    }
    if (request.attempt > 1)
        return tr("in flight: %1, attempt %2, %3").arg(request.provider, QString::number(request.attempt), doing);
    return tr("in flight: %1, %2").arg(request.provider, doing);
}

QString choiceWords(const QString &chosenBecause)
{
    static const QHash<QString, const char *> words {
        { QStringLiteral("priority"), QT_TRANSLATE_NOOP("RequestWords", "first usable in failover order") },
        { QStringLiteral("health"), QT_TRANSLATE_NOOP("RequestWords", "best score of the usable ones") },
        { QStringLiteral("pinned"), QT_TRANSLATE_NOOP("RequestWords", "the request names it") },
        { QStringLiteral("failover"), QT_TRANSLATE_NOOP("RequestWords", "next after a failed attempt") },
        { QStringLiteral("bound"), QT_TRANSLATE_NOOP("RequestWords", "it holds the object that the request names") },
        { QStringLiteral("probe"), QT_TRANSLATE_NOOP("RequestWords", "trial request of a half-open breaker") },
        { QStringLiteral("health_check"), QT_TRANSLATE_NOOP("RequestWords", "a health check of this provider") },
        { QStringLiteral("panic"), QT_TRANSLATE_NOOP("RequestWords", "all were blocked; this had the shortest wait") },
    };
    const char *known = words.value(chosenBecause, nullptr);
    return known ? tr(known) : QString(chosenBecause).replace(QLatin1Char('_'), QLatin1Char(' '));
}

} // namespace signalbox
