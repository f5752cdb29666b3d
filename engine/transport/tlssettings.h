// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/transport/originsettings.h"

#include <QDateTime>

#include <memory>

// OpenSSL's, whose headers stay in the two sources that need them.
struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;
struct x509_store_ctx_st;

namespace signalbox {

struct FreeTls
{
    void operator()(ssl_ctx_st *context) const;
    void operator()(ssl_session_st *session) const;
    void operator()(ssl_st *connection) const;
};
using TlsState = std::unique_ptr<ssl_st, FreeTls>;

/// How TLS is done for one origin: always verified, HTTP/1.1 by ALPN, sessions resumed by ticket (kept in memory).
class TlsSettings
{
public:
    explicit TlsSettings(const OriginSettings &origin) : m_origin(origin) { }
    ~TlsSettings();
    Q_DISABLE_COPY_MOVE(TlsSettings)

    /// Of a connection that is to be made; fails if the configured CA file cannot be used.
    Result<TlsState> newConnection();
    /// Of the server's certificate last seen, also of one that was refused; invalid: none seen.
    const QDateTime &certificateExpiry() const { return m_certificateExpiry; }

private:
    Status prepare();
    Status trustCaFile();
    bool setVerifiedName(ssl_st *connection) const;

    static TlsSettings *of(const ssl_st *connection);
    static int onCertificate(int accepted, x509_store_ctx_st *verification);
    static int onTicket(ssl_st *connection, ssl_session_st *session);

    OriginSettings m_origin;
    std::unique_ptr<ssl_ctx_st, FreeTls> m_context;
    std::unique_ptr<ssl_session_st, FreeTls> m_session; ///< the one to resume
    QDateTime m_certificateExpiry;
};

} // namespace signalbox
