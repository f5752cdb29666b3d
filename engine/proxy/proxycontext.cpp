// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/proxycontext.h"

#include "engine/base/httpdate.h"

#include <QHostAddress>
#include <QNetworkInterface>
#include <QRandomGenerator>

namespace signalbox {

namespace {

QByteArray randomId()
{
    std::array<quint32, 2> words {};
    QRandomGenerator::system()->fillRange(words.data(), static_cast<qsizetype>(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words).toHex();
}

} // namespace

ProxyContext::ProxyContext(const Clock &engineClock, std::function<double()> uniform)
    : clock(engineClock), standstill(engineClock), config(std::make_shared<const Config>()),
      registry(engineClock, std::move(uniform)), guard(config->proxy), instanceId(randomId()),
      overhead(CumulativeHistogram::overheadBounds())
{
}

void ProxyContext::applyConfig(const std::shared_ptr<const Config> &newConfig)
{
    config = newConfig;
    guard = LocalGuard(newConfig->proxy);
    registry.apply(newConfig->providers, newConfig->proxy.strategy);
    m_origins.clear();
}

bool ProxyContext::reserveBody(qint64 bytes)
{
    if (bufferedBytes + bytes > config->limits.allBodiesBytes)
        return false;
    bufferedBytes += bytes;
    return true;
}

bool ProxyContext::pointsAtUs(const QUrl &baseUrl) const
{
    if (listenPort == 0 || baseUrl.port(baseUrl.scheme() == QLatin1String("https") ? 443 : 80) != listenPort)
        return false;
    const QString host = baseUrl.host();
    if (host.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0 ||
        host.endsWith(QLatin1String(".localhost")))
        return true;
    const QHostAddress address(host);
    if (address.isNull() || address.isLoopback())
        return address.isLoopback();
    // Another program may have our port at this machine's other addresses while we listen at one.
    const bool everywhere = listenAddress == QHostAddress::Any || listenAddress == QHostAddress::AnyIPv4 ||
        listenAddress == QHostAddress::AnyIPv6;
    return everywhere ? QNetworkInterface::allAddresses().contains(address) : address == listenAddress;
}

const OriginSettings &ProxyContext::originOf(const Provider &provider)
{
    const auto [origin, isNew] = m_origins.try_emplace(&provider);
    if (isNew) {
        const ProviderConfig &settings = provider.config();
        origin->second = OriginSettings::fromUrl(settings.baseUrl, settings.proxy, settings.caFile);
    }
    return origin->second;
}

UpstreamContext ProxyContext::upstreamContext(const Provider &provider) const
{
    const ProviderConfig &settings = provider.config();
    const bool passthrough = settings.key.kind == KeySource::Kind::Passthrough;
    return { { settings.auth, settings.authExplicit, passthrough, provider.key() }, config->proxy.token, instanceId };
}

std::uint64_t ProxyContext::finish(RequestEvent &&event, QByteArrayView trace)
{
    switch (event.end) {
    case RequestEvent::End::Completed:
        ++totals.succeeded;
        break;
    case RequestEvent::End::LocalAnswer:
        ++totals.refusedLocally;
        break;
    case RequestEvent::End::Failed:
        ++totals.failed;
        break;
    case RequestEvent::End::Truncated:
        ++totals.failed;
        ++totals.truncatedStreams;
        break;
    case RequestEvent::End::ClientGone:
        ++totals.clientGone;
        break;
    case RequestEvent::End::Cancelled:
        ++totals.cancelled;
        break;
    }
    overhead.observe(std::chrono::duration<double>(event.overhead).count());
    return requestFinished ? requestFinished(std::move(event), trace) : 0;
}

QByteArray ProxyContext::takeReadBuffer()
{
    constexpr qsizetype readBufferBytes = 64 << 10;
    return m_readBuffer.isEmpty() ? QByteArray(readBufferBytes, Qt::Uninitialized) : std::exchange(m_readBuffer, {});
}

const QByteArray &ProxyContext::date()
{
    const std::time_t now = std::time(nullptr);
    if (m_date.isEmpty() || now != m_dateOf) {
        m_date = httpDate(now);
        m_dateOf = now;
    }
    return m_date;
}

} // namespace signalbox
