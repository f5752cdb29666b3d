// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/config/config.h"
#include "engine/dialect/route.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

namespace signalbox {

/// How to sign in at one provider.
struct UpstreamAuth
{
    AuthScheme scheme = AuthScheme::Bearer;
    bool schemeExplicit = false; ///< set in the configuration; else the dialect and its version decide
    bool passthrough = false; ///< the client's own credential goes there; `key` is unused
    Secret key; ///< empty: no credential at all
};

struct UpstreamContext
{
    UpstreamAuth auth;
    std::optional<Secret> localToken; ///< never passed on, wherever it stands
    QByteArray instanceId; ///< of this process, for the loop guard
};

/// The head for one attempt at one provider, rebuilt from the client's. Host, Content-Length and Transfer-Encoding are
/// the sender's to add. An error names the field that cannot be sent, without its value.
Result<HeaderList> upstreamHeaders(const HeaderList &client, const Route &route, const UpstreamContext &context);

/// The head for the client: no hop-by-hop fields, cookies, CORS or other things of the provider's own origin.
/// Content-Length stays if it is usable (one value, no Transfer-Encoding). An error is a malformed answer (502).
Result<HeaderList> clientHeaders(const HeaderList &upstream);

/// Everything in the request that may be the local token.
std::vector<QByteArray> credentialCandidates(const HeaderList &headers, const Route &route);

/// True if the request carries a credential in a header of this dialect that is not the local token.
bool hasOwnCredential(const HeaderList &headers, const Route &route, const std::optional<Secret> &localToken);

/// True if this process has already forwarded the request.
bool isLoop(const HeaderList &headers, QByteArrayView instanceId);

} // namespace signalbox
