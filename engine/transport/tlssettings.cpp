// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/tlssettings.h"

#include <QSslCertificate>
#include <QSslSocket>

namespace signalbox {

namespace {

/// Reading them takes a tenth of a second: once for all origins with a CA file of their own. The others need no list,
/// OpenSSL then finds what it needs by itself.
const QList<QSslCertificate> &systemAuthorities()
{
    static const QList<QSslCertificate> authorities = QSslConfiguration::systemCaCertificates();
    return authorities;
}

} // namespace

Status TlsSettings::prepare()
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    if (!m_origin.caFile.isEmpty()) {
        const QList<QSslCertificate> own = QSslCertificate::fromPath(m_origin.caFile, QSsl::Pem);
        if (own.isEmpty())
            return Error { QStringLiteral("no certificate in the CA file %1").arg(m_origin.caFile), m_origin.caFile };
        configuration.setCaCertificates(systemAuthorities() + own);
    }
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    configuration.setAllowedNextProtocols({ QSslConfiguration::NextProtocolHttp1_1 });
    configuration.setSslOption(QSsl::SslOptionDisableSessionTickets, false);
    configuration.setSslOption(QSsl::SslOptionDisableSessionPersistence, false);
    m_configuration = configuration;
    return ok();
}

Status TlsSettings::startHandshake(QSslSocket &socket)
{
    if (!m_configuration) {
        Status prepared = prepare();
        if (!prepared)
            return prepared;
    }
    socket.setSslConfiguration(*m_configuration);
    socket.setPeerVerifyName(m_origin.host);
    socket.startClientEncryption();
    return ok();
}

void TlsSettings::noteCertificateOf(const QSslSocket &socket)
{
    // A resumed session may come without one.
    if (const QSslCertificate certificate = socket.peerCertificate(); !certificate.isNull())
        m_certificateExpiry = certificate.expiryDate().toUTC();
}

void TlsSettings::keepTicketOf(const QSslSocket &socket)
{
    const QByteArray ticket = socket.sslConfiguration().sessionTicket();
    if (m_configuration && !ticket.isEmpty())
        m_configuration->setSessionTicket(ticket);
}

} // namespace signalbox
