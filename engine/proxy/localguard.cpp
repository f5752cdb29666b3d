// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/localguard.h"

#include "engine/base/bytes.h"

#include <algorithm>

namespace signalbox {

namespace {

/// "[::1]:8787" -> "::1", "localhost:1" -> "localhost"; empty if it is no host at all.
QByteArrayView withoutPort(QByteArrayView host)
{
    if (host.startsWith('[')) {
        const qsizetype end = host.indexOf(']');
        return end < 0 ? QByteArrayView() : host.sliced(1, end - 1);
    }
    const qsizetype colon = host.indexOf(':');
    return colon < 0 ? host : host.first(colon);
}

bool isLoopbackName(QByteArrayView name)
{
    if (name.endsWith('.'))
        name.chop(1);
    return equalsIgnoringCase(name, "localhost") ||
        (name.size() > 10 && equalsIgnoringCase(name.last(10), ".localhost"));
}

bool sameAddress(const QHostAddress &a, const QHostAddress &b)
{
    return a.isEqual(b, QHostAddress::ConvertV4MappedToIPv4);
}

} // namespace

LocalGuard::LocalGuard(const ProxyConfig &config) : m_config(config) { }

bool LocalGuard::hostAllowed(QByteArrayView host, const QHostAddress &localAddress) const
{
    const QByteArrayView name = withoutPort(host);
    if (name.isEmpty())
        return false;
    if (isLoopbackName(name) || name == QByteArrayView("127.0.0.1"))
        return true;
    const QString text = QString::fromLatin1(name);
    QHostAddress address;
    if (address.setAddress(text) && (address.isLoopback() || sameAddress(address, localAddress)))
        return true;
    return std::any_of(m_config.allowedHosts.begin(), m_config.allowedHosts.end(),
                       [&](const QString &allowed) { return allowed.compare(text, Qt::CaseInsensitive) == 0; });
}

bool LocalGuard::originAllowed(QByteArrayView origin) const
{
    const QString text = QString::fromLatin1(origin);
    return std::any_of(m_config.allowedOrigins.begin(), m_config.allowedOrigins.end(), [&](const QString &allowed) {
        if (!allowed.endsWith(QLatin1String("://*")))
            return allowed.compare(text, Qt::CaseInsensitive) == 0;
        const QStringView scheme = QStringView(allowed).chopped(1);
        return text.size() > scheme.size() && text.startsWith(scheme, Qt::CaseInsensitive);
    });
}

std::optional<GuardRefusal> LocalGuard::checkCaller(const HeaderList &headers, const QHostAddress &localAddress) const
{
    const QByteArray host = headers.value("host");
    if (!hostAllowed(host, localAddress)) {
        return GuardRefusal { 403,
                              QStringLiteral(
                                  "Host '%1' is not allowed. Add it to proxy.allowedHosts; from a container, "
                                  "use host.docker.internal and list that name.")
                                  .arg(QString::fromLatin1(host)) };
    }
    const int origins = headers.count("origin");
    if (origins > 0) {
        const QByteArray origin = headers.value("origin");
        if (origins > 1 || !originAllowed(origin)) {
            return GuardRefusal {
                403,
                QStringLiteral(
                    "Requests from the page '%1' are not allowed. Add it to proxy.allowedOrigins if you trust it.")
                    .arg(QString::fromLatin1(origin))
            };
        }
        return std::nullopt;
    }
    if (equalsIgnoringCase(headers.value("sec-fetch-site"), "cross-site")) {
        return GuardRefusal { 403,
                              QStringLiteral("A cross-site request of a web page is not allowed. List its origin in "
                                             "proxy.allowedOrigins if you trust it.") };
    }
    return std::nullopt;
}

bool LocalGuard::isFormBody(const HeaderList &headers, bool multipartExpected)
{
    for (const HeaderField &field : headers) {
        if (!equalsIgnoringCase(field.name, "content-type"))
            continue;
        const qsizetype end = field.value.indexOf(';');
        const QByteArrayView type = QByteArrayView(field.value).first(end < 0 ? field.value.size() : end).trimmed();
        if (equalsIgnoringCase(type, "text/plain") || equalsIgnoringCase(type, "application/x-www-form-urlencoded") ||
            (!multipartExpected && equalsIgnoringCase(type, "multipart/form-data")))
            return true;
    }
    return false;
}

bool LocalGuard::isPreflight(const QByteArray &method, const HeaderList &headers) const
{
    return method == "OPTIONS" && headers.contains("origin") && headers.contains("access-control-request-method");
}

HeaderList LocalGuard::preflightHeaders(const HeaderList &request) const
{
    HeaderList answer = corsHeaders(request);
    answer.append("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    const QByteArray wanted = request.value("access-control-request-headers");
    if (!wanted.isEmpty())
        answer.append("access-control-allow-headers", wanted);
    if (equalsIgnoringCase(request.value("access-control-request-private-network"), "true"))
        answer.append("access-control-allow-private-network", "true");
    answer.append("access-control-max-age", "600");
    return answer;
}

HeaderList LocalGuard::corsHeaders(const HeaderList &request) const
{
    const QByteArray origin = request.value("origin");
    if (origin.isEmpty())
        return {};
    return {
        { "access-control-allow-origin", origin },
        { "access-control-expose-headers",
          "x-signalbox-provider, x-signalbox-attempts, x-signalbox-request-id, retry-after, request-id, x-request-id" },
        { "vary", "Origin" }
    };
}

bool LocalGuard::tokenMatches(const std::vector<QByteArray> &candidates) const
{
    if (!m_config.token)
        return true;
    bool matches = false;
    for (const QByteArray &candidate : candidates)
        matches |= m_config.token->matches(candidate);
    return matches;
}

} // namespace signalbox
