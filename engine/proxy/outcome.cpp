// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/outcome.h"

namespace signalbox {

namespace {

Verdict credentialVerdict(int status, bool ownKey)
{
    Verdict verdict { Outcome::Ignored, ownKey, QStringLiteral("status_%1").arg(status), status,
                      CredentialSignal::None };
    if (ownKey && status != 403)
        verdict.credential = CredentialSignal::Refused;
    return verdict;
}

} // namespace

Verdict judgeStatus(int status, bool ownKey, bool quota)
{
    if (status >= 200 && status < 300)
        return { Outcome::Success, false, QStringLiteral("ok"), status,
                 ownKey ? CredentialSignal::Good : CredentialSignal::None };
    if (status == 304)
        return { Outcome::Success, false, QStringLiteral("ok"), status, CredentialSignal::None };
    const QString reason = QStringLiteral("status_%1").arg(status);
    if (status == 401 || status == 402 || status == 403)
        return credentialVerdict(status, ownKey);
    if (status == 429) {
        const bool refused = quota && ownKey;
        return { refused ? Outcome::Ignored : Outcome::Throttled, true,
                 refused ? QStringLiteral("quota_exhausted") : reason, status,
                 refused ? CredentialSignal::Refused : CredentialSignal::None };
    }
    if (status == 501 || status == 505)
        return { Outcome::Ignored, false, reason, status, CredentialSignal::None };
    if (status >= 500 || status == 408)
        return { Outcome::Failure, true, reason, status, CredentialSignal::None };
    return { Outcome::Ignored, false, reason, status, CredentialSignal::None };
}

Verdict judgeTransport(TransportError error, bool staleReuse)
{
    const QString reason = QString::fromLatin1(toString(error)).replace(u'-', u'_');
    if (staleReuse)
        return { Outcome::Ignored, true, QStringLiteral("stale_connection"), 502, CredentialSignal::None };
    switch (error) {
    case TransportError::None:
        return {};
    case TransportError::InvalidRequest:
    case TransportError::WriteFailed:
    case TransportError::Aborted:
        return { Outcome::Ignored, false, reason, 400, CredentialSignal::None };
    case TransportError::PoolTimeout:
        return { Outcome::Ignored, true, reason, 503, CredentialSignal::None };
    case TransportError::ConnectTimeout:
    case TransportError::TlsTimeout:
    case TransportError::FirstByteTimeout:
    case TransportError::IdleTimeout:
    case TransportError::TotalTimeout:
        return { Outcome::Failure, error != TransportError::TotalTimeout, reason, 504, CredentialSignal::None };
    default:
        return { Outcome::Failure, true, reason, 502, CredentialSignal::None };
    }
}

} // namespace signalbox
