// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probetarget.h"

#include "engine/dialect/route.h"
#include "engine/transport/originsettings.h"

namespace signalbox {

namespace {

/// The model list: it costs nothing.
Route probeRoute(Dialect dialect)
{
    const QByteArray name = toString(dialect);
    const QByteArray version = dialect == Dialect::Gemini ? "v1beta" : "v1";
    const QByteArray target = '/' + name + '/' + version + "/models";
    return routeRequest("GET", target, {});
}

} // namespace

ProbeTarget probeTarget(const ProviderConfig &config, const UpstreamContext &context)
{
    const OriginSettings origin = OriginSettings::fromUrl(config.baseUrl, config.proxy, config.caFile);
    const Route route = probeRoute(config.dialect);
    ProbeTarget target;
    target.name = config.name;
    target.host = origin.host;
    target.port = origin.port;
    target.tls = origin.tls;
    if (Result<HeaderList> headers = upstreamHeaders({}, route, context)) {
        target.headers = headers.value();
        target.path = upstreamTarget(config.baseUrl, route);
    }
    target.proxy = toNetworkProxy(config.proxy);
    target.caFile = config.caFile;
    target.connectLimit = config.timeouts.connectMs;
    target.tlsLimit = config.timeouts.tlsMs;
    target.deadline = config.timeouts.defaultMs;
    target.interval = config.health.intervalMs;
    return target;
}

} // namespace signalbox
