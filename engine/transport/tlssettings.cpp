// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/tlssettings.h"

#include <QFile>
#include <QHostAddress>
#include <QUrl>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

namespace signalbox {

namespace {

constexpr std::array<unsigned char, 9> http11Only { 8, 'h', 't', 't', 'p', '/', '1', '.', '1' }; // RFC 7301 section 3.1

QDateTime expiryOf(const X509 *certificate)
{
    std::tm end {};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1)
        return {};
    return QDateTime::fromSecsSinceEpoch(timegm(&end), Qt::UTC);
}

} // namespace

void FreeTls::operator()(ssl_ctx_st *context) const
{
    SSL_CTX_free(context);
}

void FreeTls::operator()(ssl_session_st *session) const
{
    SSL_SESSION_free(session);
}

void FreeTls::operator()(ssl_st *connection) const
{
    // Else its session would count as broken off, and not be resumed.
    SSL_set_shutdown(connection, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(connection);
}

/// Connections may outlive their origin's pool for a turn of the event loop.
TlsSettings::~TlsSettings()
{
    if (m_context)
        SSL_CTX_set_ex_data(m_context.get(), 0, nullptr);
}

Status TlsSettings::prepare()
{
    m_context.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX *context = m_context.get();
    if (!context || SSL_CTX_set_default_verify_paths(context) != 1)
        return Error { QStringLiteral("OpenSSL cannot be set up"), {} };
    if (Status trusted = trustCaFile(); !trusted) {
        m_context.reset();
        return trusted;
    }
    SSL_CTX_set_ex_data(context, 0, this);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // Many servers end by closing the socket alone. Where the end matters, HTTP has a length of its own.
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); // most of a stream's time nothing comes
    SSL_CTX_set_read_ahead(context, 1); // else a record's head and the rest of it are read apart
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &TlsSettings::onCertificate);
    X509_STORE_set_flags(SSL_CTX_get_cert_store(context), X509_V_FLAG_PARTIAL_CHAIN);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, &TlsSettings::onTicket);
    SSL_CTX_set_alpn_protos(context, http11Only.data(), http11Only.size());
    return ok();
}

Status TlsSettings::trustCaFile()
{
    if (m_origin.caFile.isEmpty())
        return ok();
    ERR_clear_error();
    if (SSL_CTX_load_verify_file(m_context.get(), QFile::encodeName(m_origin.caFile).constData()) == 1)
        return ok();
    return Error { QStringLiteral("no certificate in the CA file %1").arg(m_origin.caFile), m_origin.caFile };
}

/// An address is compared with the certificate's addresses and not asked for by SNI (RFC 6066 section 3).
bool TlsSettings::setVerifiedName(ssl_st *connection) const
{
    X509_VERIFY_PARAM *verification = SSL_get0_param(connection);
    if (!QHostAddress(m_origin.host).isNull())
        return X509_VERIFY_PARAM_set1_ip_asc(verification, m_origin.host.toLatin1().constData()) == 1;
    QByteArray name = QUrl::toAce(m_origin.host);
    X509_VERIFY_PARAM_set_hostflags(verification, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return !name.isEmpty() && SSL_set1_host(connection, name.constData()) == 1 &&
        SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1;
}

Result<TlsState> TlsSettings::newConnection()
{
    if (!m_context) {
        if (const Status prepared = prepare(); !prepared)
            return prepared.error();
    }
    TlsState connection(SSL_new(m_context.get()));
    if (!connection || !setVerifiedName(connection.get()))
        return Error { QStringLiteral("no certificate can be verified for the name %1").arg(m_origin.host), {} };
    if (m_session)
        SSL_set_session(connection.get(), m_session.get());
    SSL_set_connect_state(connection.get());
    return connection;
}

TlsSettings *TlsSettings::of(const ssl_st *connection)
{
    return static_cast<TlsSettings *>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), 0));
}

int TlsSettings::onCertificate(int accepted, x509_store_ctx_st *verification)
{
    const auto *connection =
        static_cast<const SSL *>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
    if (TlsSettings *settings = of(connection))
        settings->m_certificateExpiry = expiryOf(X509_STORE_CTX_get0_cert(verification));
    return accepted;
}

/// 1: the session is ours now.
int TlsSettings::onTicket(ssl_st *connection, ssl_session_st *session)
{
    TlsSettings *settings = of(connection);
    if (!settings)
        return 0;
    settings->m_session.reset(session);
    return 1;
}

} // namespace signalbox
