// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/originsettings.h"

#include "engine/base/bytewriter.h"

#include <QHashFunctions>

namespace signalbox {

OriginSettings OriginSettings::fromUrl(const QUrl &url, const QUrl &proxy, const QString &caFile)
{
    OriginSettings origin;
    const QString scheme = url.scheme();
    origin.tls = scheme == QLatin1String("https");
    if (!origin.tls && scheme != QLatin1String("http"))
        return origin;
    origin.host = url.host(QUrl::FullyEncoded);
    origin.port = static_cast<std::uint16_t>(url.port(origin.tls ? 443 : 80));
    origin.proxy = proxy;
    origin.caFile = caFile;
    return origin;
}

QByteArray OriginSettings::authority() const
{
    constexpr qsizetype bracketsAndPort = 8;
    const QByteArray name = host.toLatin1();
    QByteArray result;
    ByteWriter out(result, name.size() + bracketsAndPort);
    if (name.contains(':'))
        out << "[" << name << "]";
    else
        out << name;
    if (port != (tls ? 443 : 80))
        (out << ":").number(port);
    out.finish();
    return result;
}

QUrl OriginSettings::url() const
{
    QUrl result;
    result.setScheme(tls ? QStringLiteral("https") : QStringLiteral("http"));
    result.setHost(host);
    result.setPort(port);
    return result;
}

size_t qHash(const OriginSettings &origin, size_t seed) noexcept
{
    return qHashMulti(seed, origin.tls, origin.host, origin.port);
}

QNetworkProxy toNetworkProxy(const QUrl &url)
{
    if (url.isEmpty())
        return QNetworkProxy::NoProxy;
    const bool socks = url.scheme().startsWith(QLatin1String("socks"));
    return QNetworkProxy(socks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, url.host(),
                         static_cast<quint16>(url.port(socks ? 1080 : 8080)), url.userName(QUrl::FullyDecoded),
                         url.password(QUrl::FullyDecoded));
}

} // namespace signalbox
