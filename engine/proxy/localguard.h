// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"
#include "engine/config/config.h"

#include <QHostAddress>

#include <optional>

namespace signalbox {

/// Why a request from this machine may not pass.
struct GuardRefusal
{
    int status = 403;
    QString message;
};

/// What a browser page may and may not do with the local port. Host and Origin are checked before token and routing.
class LocalGuard
{
public:
    explicit LocalGuard(const ProxyConfig &config);

    /// Host, Origin and Sec-Fetch-Site (DNS rebinding and cross-site requests).
    std::optional<GuardRefusal> checkCaller(const HeaderList &headers, const QHostAddress &localAddress) const;

    /// True for a body type that a plain HTML form can send without a preflight. Some endpoints take multipart bodies.
    static bool isFormBody(const HeaderList &headers, bool multipartExpected);

    bool isPreflight(const QByteArray &method, const HeaderList &headers) const;
    /// The answer to a preflight of a listed origin: exact echo, never "*".
    HeaderList preflightHeaders(const HeaderList &request) const;
    /// CORS headers of a normal answer; empty without a listed Origin.
    HeaderList corsHeaders(const HeaderList &request) const;

    bool tokenRequired() const { return m_config.token.has_value(); }
    bool tokenMatches(const std::vector<QByteArray> &candidates) const;

private:
    bool hostAllowed(QByteArrayView host, const QHostAddress &localAddress) const;
    bool originAllowed(QByteArrayView origin) const;

    ProxyConfig m_config;
};

} // namespace signalbox
