// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/transport/originsettings.h"

#include <QByteArray>
#include <QDateTime>
#include <QSslConfiguration>

#include <optional>

class QSslSocket;

namespace signalbox {

/// How TLS is done for one origin: always verified, HTTP/1.1 by ALPN, sessions resumed by ticket (kept in memory).
class TlsSettings
{
public:
    explicit TlsSettings(const OriginSettings &origin) : m_origin(origin) { }

    /// Begins the handshake; fails if the configured CA file cannot be used.
    Status startHandshake(QSslSocket &socket);
    void keepTicketOf(const QSslSocket &socket);
    /// Also of a handshake that fails because of the certificate.
    void noteCertificateOf(const QSslSocket &socket);
    /// Of the server's certificate last seen; invalid: none seen.
    const QDateTime &certificateExpiry() const { return m_certificateExpiry; }

private:
    Status prepare();

    OriginSettings m_origin;
    std::optional<QSslConfiguration> m_configuration;
    QDateTime m_certificateExpiry;
};

} // namespace signalbox
