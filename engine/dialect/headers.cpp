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
/// Account selectors: they go to a pass-through provider of their dialect, with the credential.
constexpr std::array<QByteArrayView, 3> openAiAccount { "openai-organization", "openai-project", "chatgpt-account-id" };
constexpr std::array<QByteArrayView, 1> geminiAccount { "x-goog-user-project" };
constexpr std::array<QByteArrayView, 11> callerOnly { "host",    "content-length", "expect",      "origin",
                                                      "referer", "forwarded",      "x-real-ip",   "proxy-authorization",
                                                      "cookie",  "cookie2",        "x-auth-token" };
constexpr std::array<QByteArrayView, 5> callerPrefixes { "x-forwarded-", "sec-fetch-", "sec-websocket-",
                                                         "access-control-request-", "x-signalbox-" };
constexpr std::array<QByteArrayView, 7> providerOnly {
    "set-cookie", "set-cookie2", "alt-svc", "strict-transport-security", "clear-site-data", "report-to", "nel"
};
const QByteArray viaName = "1.1 signalbox-";

/// The fields that Connection names, and so belong to one hop. Read once per message.
std::vector<QByteArray> connectionNamed(const HeaderList &headers)
{
    std::vector<QByteArray> names;
    for (const QByteArray &value : headers.values("connection")) {
        for (const QByteArray &name : value.split(','))
            names.push_back(name.trimmed());
    }
    return names;
}

bool isNamed(const std::vector<QByteArray> &names, QByteArrayView name)
{
    return std::any_of(names.begin(), names.end(), [&](const QByteArray &n) { return equalsIgnoringCase(n, name); });
}

/// The credentials a header carries, without the scheme; of Basic both halves.
std::vector<QByteArray> bareCredentials(QByteArrayView name, const QByteArray &value)
{
    if (!equalsIgnoringCase(name, "authorization"))
        return { value };
    if (startsWithIgnoringCase(value, "bearer "))
        return { value.sliced(7).trimmed() };
    if (!startsWithIgnoringCase(value, "basic "))
        return { value };
    const QByteArray pair = QByteArray::fromBase64(value.sliced(6).trimmed());
    const qsizetype colon = pair.indexOf(':');
    return colon < 0 ? std::vector { pair } : std::vector { pair.first(colon), pair.sliced(colon + 1) };
}

/// Wherever it stands in the value, encoded as Basic too.
bool holdsLocalToken(const std::optional<Secret> &token, const HeaderField &field)
{
    if (!token || token->isEmpty())
        return false;
    if (field.value.contains(token->reveal()))
        return true;
    const std::vector<QByteArray> bare = bareCredentials(field.name, field.value);
    return std::any_of(bare.begin(), bare.end(), [&](const QByteArray &text) { return token->matches(text); });
}

bool isAccountSelector(QByteArrayView name)
{
    return isOneOf(name, openAiAccount) || isOneOf(name, geminiAccount);
}

/// Where this dialect's clients put their own credential.
bool isCredentialOf(Dialect dialect, QByteArrayView name)
{
    if (equalsIgnoringCase(name, "authorization"))
        return true;
    switch (dialect) {
    case Dialect::OpenAi:
        return equalsIgnoringCase(name, "api-key");
    case Dialect::Anthropic:
        return equalsIgnoringCase(name, "x-api-key");
    case Dialect::Gemini:
        return equalsIgnoringCase(name, "x-goog-api-key");
    }
    return false;
}

bool isAccountOf(Dialect dialect, QByteArrayView name)
{
    return (dialect == Dialect::OpenAi && isOneOf(name, openAiAccount)) ||
        (dialect == Dialect::Gemini && isOneOf(name, geminiAccount));
}

bool staysHere(const HeaderField &field, const std::vector<QByteArray> &hopNames)
{
    const bool prefixed = std::any_of(callerPrefixes.begin(), callerPrefixes.end(), [&](QByteArrayView prefix) {
        return startsWithIgnoringCase(field.name, prefix);
    });
    return prefixed || isOneOf(field.name, hopByHop) || isOneOf(field.name, callerOnly) ||
        equalsIgnoringCase(field.name, "via") || isNamed(hopNames, field.name);
}

bool mayPass(const HeaderField &field, const Route &route, const UpstreamContext &context)
{
    if (holdsLocalToken(context.localToken, field))
        return false;
    const bool personal = isOneOf(field.name, credentials) || isAccountSelector(field.name);
    return !personal ||
        (context.auth.passthrough &&
         (isCredentialOf(route.dialect, field.name) || isAccountOf(route.dialect, field.name)));
}

AuthScheme schemeFor(const UpstreamAuth &auth, const Route &route, const HeaderList &client)
{
    if (auth.schemeExplicit)
        return auth.scheme;
    if (route.dialect != Dialect::Anthropic)
        return defaultAuthScheme(route.dialect);
    const QByteArray version = client.value("anthropic-version");
    return version.isEmpty() || version <= "2023-06-01" ? AuthScheme::XApiKey : AuthScheme::Bearer;
}

void placeKey(HeaderList &headers, AuthScheme scheme, const QByteArray &key)
{
    switch (scheme) {
    case AuthScheme::Bearer:
        return headers.append(QByteArrayLiteral("authorization"), "Bearer " + key);
    case AuthScheme::XApiKey:
        return headers.append(QByteArrayLiteral("x-api-key"), key);
    case AuthScheme::XGoogApiKey:
        return headers.append(QByteArrayLiteral("x-goog-api-key"), key);
    case AuthScheme::ApiKey:
        return headers.append(QByteArrayLiteral("api-key"), key);
    }
}

/// Those behind the first `checked` ones.
Status checkFields(const HeaderList &headers, std::size_t checked = 0)
{
    for (auto at = headers.begin() + static_cast<std::ptrdiff_t>(checked); at != headers.end(); ++at) {
        const HeaderField &field = *at;
        if (!isHttpToken(field.name))
            return Error { QStringLiteral("a header's name is not valid"), {} };
        if (!isHttpFieldValue(field.value))
            return Error {
                QStringLiteral("the header '%1' holds a control character").arg(QString::fromLatin1(field.name)), {}
            };
    }
    return ok();
}

QByteArray viaOf(const HeaderList &client, const QByteArray &instanceId)
{
    QByteArray hops;
    for (const QByteArray &earlier : client.values("via"))
        hops += earlier + ", ";
    return hops + viaName + instanceId;
}

/// The client's own ?key= as a header; one in a header already wins.
void passQueryKey(HeaderList &headers, const Route &route, const UpstreamContext &context)
{
    const HeaderField field { "x-goog-api-key", route.queryKey };
    if (route.dialect != Dialect::Gemini || field.value.isEmpty() || !isHttpFieldValue(field.value) ||
        headers.contains(field.name) || holdsLocalToken(context.localToken, field))
        return;
    headers.append(field.name, field.value);
}

/// One usable length, or an error: a wrong one makes two readers disagree about where the answer ends.
Status checkContentLength(const HeaderList &headers)
{
    const HeaderList::Occurrences lengths = headers.occurrences("content-length");
    if (lengths.count == 0 || headers.contains("transfer-encoding"))
        return ok();
    if (lengths.count > 1 || !parseDecimal(lengths.first))
        return Error { QStringLiteral("the content-length is not one number"), {} };
    return ok();
}

} // namespace

Result<HeaderList> upstreamHeaders(const HeaderList &client, const Route &route, const UpstreamContext &context)
{
    if (const Status status = checkFields(client); !status)
        return status.error();
    const std::vector<QByteArray> hopNames = connectionNamed(client);
    HeaderList headers;
    headers.reserve(client.size() + 3);
    for (const HeaderField &field : client) {
        if (!staysHere(field, hopNames) && mayPass(field, route, context))
            headers.append(field.name, field.value);
    }
    const std::size_t passed = headers.size();
    const QByteArray key = context.auth.key.reveal().trimmed();
    if (context.auth.passthrough)
        passQueryKey(headers, route, context);
    else if (!key.isEmpty())
        placeKey(headers, schemeFor(context.auth, route, client), key);
    if (route.dialect == Dialect::Anthropic && !headers.contains("anthropic-version"))
        headers.append(QByteArrayLiteral("anthropic-version"), QByteArrayLiteral("2023-06-01"));
    headers.append(QByteArrayLiteral("via"), viaOf(client, context.instanceId));
    if (const Status status = checkFields(headers, passed); !status)
        return status.error();
    return headers;
}

Result<HeaderList> clientHeaders(const HeaderList &upstream)
{
    for (const Status &status : { checkFields(upstream), checkContentLength(upstream) }) {
        if (!status)
            return status.error();
    }
    const bool chunked = upstream.contains("transfer-encoding");
    const std::vector<QByteArray> hopNames = connectionNamed(upstream);
    HeaderList headers;
    headers.reserve(upstream.size() + 4);
    for (const HeaderField &field : upstream) {
        const bool dropped = isOneOf(field.name, hopByHop) || isOneOf(field.name, providerOnly) ||
            startsWithIgnoringCase(field.name, "access-control-") ||
            startsWithIgnoringCase(field.name, "x-signalbox-") || isNamed(hopNames, field.name) ||
            (chunked && equalsIgnoringCase(field.name, "content-length"));
        if (!dropped)
            headers.append(field.name, field.value);
    }
    return headers;
}

std::vector<QByteArray> credentialCandidates(const HeaderList &headers, const Route &route)
{
    std::vector<QByteArray> result;
    for (const HeaderField &field : headers) {
        if (!isOneOf(field.name, credentials) && !equalsIgnoringCase(field.name, "x-signalbox-token"))
            continue;
        for (const QByteArray &credential : bareCredentials(field.name, field.value))
            result.push_back(credential);
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
        return isCredentialOf(route.dialect, field.name) && !holdsLocalToken(localToken, field);
    });
    const HeaderField query { "x-goog-api-key", route.queryKey };
    return inHeader ||
        (route.dialect == Dialect::Gemini && !route.queryKey.isEmpty() && !holdsLocalToken(localToken, query));
}

bool isLoop(const HeaderList &headers, QByteArrayView instanceId)
{
    return headers.contains("via") && headers.hasToken("via", QByteArray(viaName + instanceId.toByteArray()));
}

} // namespace signalbox
