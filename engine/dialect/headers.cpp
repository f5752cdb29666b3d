// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/headers.h"

#include "engine/base/bytes.h"

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

template <std::size_t N> bool isOneOf(QByteArrayView name, const std::array<QByteArrayView, N> &names)
{
    return std::any_of(names.begin(), names.end(),
                       [&](QByteArrayView other) { return equalsIgnoringCase(name, other); });
}

constexpr std::array<QByteArrayView, 9> hopByHop {
    "connection", "keep-alive",         "proxy-connection", "te", "trailer", "transfer-encoding",
    "upgrade",    "proxy-authenticate", "http2-settings"
};
constexpr std::array<QByteArrayView, 4> credentials { "authorization", "x-api-key", "api-key", "x-goog-api-key" };
constexpr std::array<QByteArrayView, 8> accounts { "proxy-authorization", "cookie",           "cookie2",
                                                   "openai-organization", "openai-project",   "chatgpt-account-id",
                                                   "x-goog-user-project", "x-signalbox-token" };
constexpr std::array<QByteArrayView, 6> callerOnly { "host",   "content-length", "expect",
                                                     "origin", "referer",        "forwarded" };
constexpr std::array<QByteArrayView, 5> providerOnly { "set-cookie", "set-cookie2", "alt-svc",
                                                       "strict-transport-security", "clear-site-data" };
const QByteArray viaName = "1.1 signalbox-";

bool isConnectionNamed(const HeaderList &headers, QByteArrayView name)
{
    return headers.hasToken("connection", name);
}

/// The credential a header carries, without its scheme.
QByteArray bareCredential(QByteArrayView name, const QByteArray &value)
{
    if (equalsIgnoringCase(name, "authorization") && startsWithIgnoringCase(value, "bearer "))
        return value.sliced(7).trimmed();
    return value;
}

bool isLocalToken(const std::optional<Secret> &token, QByteArrayView name, const QByteArray &value)
{
    return token && token->matches(bareCredential(name, value));
}

/// A pass-through provider gets the caller's account selectors with the credential, but nothing meant for this hop.
bool isForThisHopOnly(QByteArrayView name)
{
    return equalsIgnoringCase(name, "proxy-authorization") || equalsIgnoringCase(name, "x-signalbox-token");
}

bool staysHere(const HeaderList &client, const HeaderField &field, bool passthrough)
{
    return isOneOf(field.name, hopByHop) || isOneOf(field.name, callerOnly) ||
        (isOneOf(field.name, accounts) && (!passthrough || isForThisHopOnly(field.name))) ||
        startsWithIgnoringCase(field.name, "x-forwarded-") || startsWithIgnoringCase(field.name, "sec-fetch-") ||
        startsWithIgnoringCase(field.name, "access-control-request-") || isConnectionNamed(client, field.name);
}

AuthScheme schemeFor(const UpstreamAuth &auth, const Route &route, const HeaderList &client)
{
    if (auth.schemeExplicit || route.dialect != Dialect::Anthropic)
        return auth.scheme;
    const QByteArray version = client.value("anthropic-version");
    return version.isEmpty() || version <= "2023-06-01" ? AuthScheme::XApiKey : AuthScheme::Bearer;
}

void placeKey(HeaderList &headers, AuthScheme scheme, const QByteArray &key)
{
    switch (scheme) {
    case AuthScheme::Bearer:
        return headers.append("authorization", "Bearer " + key);
    case AuthScheme::XApiKey:
        return headers.append("x-api-key", key);
    case AuthScheme::XGoogApiKey:
        return headers.append("x-goog-api-key", key);
    case AuthScheme::ApiKey:
        return headers.append("api-key", key);
    }
}

Status checkFields(const HeaderList &headers)
{
    for (const HeaderField &field : headers) {
        if (!isHttpToken(field.name))
            return Error { QStringLiteral("a header's name is not valid"), {} };
        if (!isHttpFieldValue(field.value))
            return Error {
                QStringLiteral("the header '%1' holds a control character").arg(QString::fromLatin1(field.name)), {}
            };
    }
    return ok();
}

} // namespace

Result<HeaderList> upstreamHeaders(const HeaderList &client, const Route &route, const UpstreamContext &context)
{
    HeaderList headers;
    headers.reserve(client.size() + 3);
    for (const HeaderField &field : client) {
        if (staysHere(client, field, context.auth.passthrough) || equalsIgnoringCase(field.name, "via"))
            continue;
        if (isOneOf(field.name, credentials) &&
            (!context.auth.passthrough || isLocalToken(context.localToken, field.name, field.value)))
            continue;
        headers.append(field.name, field.value);
    }
    if (context.auth.passthrough) {
        if (route.dialect == Dialect::Gemini && !route.queryKey.isEmpty() &&
            !isLocalToken(context.localToken, "key", route.queryKey))
            headers.set("x-goog-api-key", route.queryKey);
    } else if (!context.auth.key.isEmpty()) {
        placeKey(headers, schemeFor(context.auth, route, client), context.auth.key.reveal());
    }
    if (route.dialect == Dialect::Anthropic && !headers.contains("anthropic-version"))
        headers.append("anthropic-version", "2023-06-01");
    QByteArray via = viaName + context.instanceId;
    for (const QByteArray &earlier : client.values("via"))
        via.prepend(earlier + ", ");
    headers.append("via", via);
    if (const Status status = checkFields(headers); !status)
        return status.error();
    return headers;
}

Result<HeaderList> clientHeaders(const HeaderList &upstream)
{
    HeaderList headers;
    headers.reserve(upstream.size() + 4);
    for (const HeaderField &field : upstream) {
        if (isOneOf(field.name, hopByHop) || isOneOf(field.name, providerOnly) ||
            startsWithIgnoringCase(field.name, "access-control-") ||
            startsWithIgnoringCase(field.name, "x-signalbox-") || isConnectionNamed(upstream, field.name))
            continue;
        headers.append(field.name, field.value);
    }
    if (const Status status = checkFields(headers); !status)
        return status.error();
    return headers;
}

std::vector<QByteArray> credentialCandidates(const HeaderList &headers, const Route &route)
{
    std::vector<QByteArray> result;
    for (const HeaderField &field : headers) {
        if (isOneOf(field.name, credentials) || equalsIgnoringCase(field.name, "x-signalbox-token"))
            result.push_back(bareCredential(field.name, field.value));
    }
    for (const QByteArray &candidate : { route.queryKey, route.pathToken }) {
        if (!candidate.isEmpty())
            result.push_back(candidate);
    }
    return result;
}

bool hasOwnCredential(const HeaderList &headers, const Route &route, const std::optional<Secret> &localToken)
{
    const bool inHeader = std::any_of(headers.begin(), headers.end(), [&](const HeaderField &field) {
        return isOneOf(field.name, credentials) && !isLocalToken(localToken, field.name, field.value);
    });
    return inHeader || (!route.queryKey.isEmpty() && !isLocalToken(localToken, "key", route.queryKey));
}

bool isLoop(const HeaderList &headers, QByteArrayView instanceId)
{
    const QByteArray marker = viaName + instanceId.toByteArray();
    for (const QByteArray &value : headers.values("via")) {
        if (value.contains(marker))
            return true;
    }
    return false;
}

} // namespace signalbox
