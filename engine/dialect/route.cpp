// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/route.h"

#include "engine/base/bytes.h"
#include "engine/dialect/targetpath.h"

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

bool startsWithSegment(QByteArrayView path, QByteArrayView segment)
{
    return path.startsWith(segment) &&
        (path.size() == segment.size() || path[segment.size()] == '/' || path[segment.size()] == ':');
}

QByteArray decoded(QByteArrayView text)
{
    return targetpath::decode(text).value_or(QByteArray());
}

/// Takes the segment off the front, however it is encoded; false if it is not there.
bool takePrefix(QByteArray &path, QByteArrayView segment)
{
    const QByteArrayView rest = QByteArrayView(path).sliced(1);
    const qsizetype end = indexOfByte(rest, '/');
    const QByteArrayView first = rest.first(end < 0 ? rest.size() : end);
    if (first != segment && (indexOfByte(first, '%') < 0 || decoded(first) != segment))
        return false;
    targetpath::takeFirst(path);
    return true;
}

/// "/t/TOKEN/", in front of or behind any of the other prefixes.
void takeToken(Route &route, QByteArray &path)
{
    if (route.pathToken.isEmpty() && takePrefix(path, "t"))
        route.pathToken = decoded(targetpath::takeFirst(path));
}

bool isGeminiMethod(QByteArrayView path)
{
    static constexpr std::array<QByteArrayView, 6> methods { ":generateContent",    ":streamGenerateContent",
                                                             ":countTokens",        ":embedContent",
                                                             ":batchEmbedContents", ":predict" };
    return std::any_of(methods.begin(), methods.end(), [&](QByteArrayView method) { return path.endsWith(method); });
}

struct Named
{
    QByteArrayView prefix;
    Endpoint endpoint;
};

Endpoint openAiEndpoint(QByteArrayView path)
{
    if (path.startsWith("/chat/completions/") || path.startsWith("/videos/"))
        return Endpoint::ServerObjects;
    static constexpr std::array<Named, 13> table { {
        { "/chat/completions", Endpoint::ChatCompletions },
        { "/completions", Endpoint::Completions },
        { "/responses/compact", Endpoint::ResponseCompact },
        { "/responses/input_tokens", Endpoint::ResponseInputTokens },
        { "/embeddings", Endpoint::Embeddings },
        { "/moderations", Endpoint::Moderations },
        { "/images", Endpoint::Images },
        { "/audio/speech", Endpoint::Speech },
        { "/audio/transcriptions", Endpoint::Transcriptions },
        { "/audio/translations", Endpoint::Transcriptions },
        { "/videos", Endpoint::Videos },
        { "/files", Endpoint::ServerObjects },
        { "/batches", Endpoint::ServerObjects },
    } };
    for (const Named &entry : table) {
        if (startsWithSegment(path, entry.prefix))
            return entry.endpoint;
    }
    if (path == "/responses")
        return Endpoint::Responses;
    if (startsWithSegment(path, "/responses"))
        return Endpoint::ResponseObject;
    if (path == "/models")
        return Endpoint::Models;
    if (startsWithSegment(path, "/models"))
        return Endpoint::ModelObject;
    const bool kept = startsWithSegment(path, "/uploads") || startsWithSegment(path, "/conversations") ||
        startsWithSegment(path, "/vector_stores") || startsWithSegment(path, "/threads") ||
        startsWithSegment(path, "/assistants") || startsWithSegment(path, "/fine_tuning");
    return kept ? Endpoint::ServerObjects : Endpoint::Other;
}

Endpoint anthropicEndpoint(QByteArrayView path)
{
    if (path == "/messages")
        return Endpoint::Messages;
    if (path == "/messages/count_tokens")
        return Endpoint::CountTokens;
    if (startsWithSegment(path, "/messages/batches") || startsWithSegment(path, "/files"))
        return Endpoint::ServerObjects;
    if (path == "/complete")
        return Endpoint::Complete;
    if (path == "/models")
        return Endpoint::Models;
    return startsWithSegment(path, "/models") ? Endpoint::ModelObject : Endpoint::Other;
}

Endpoint geminiEndpoint(QByteArrayView path)
{
    if (path.endsWith(":generateContent"))
        return Endpoint::GenerateContent;
    if (path.endsWith(":streamGenerateContent"))
        return Endpoint::StreamGenerateContent;
    if (path.endsWith(":countTokens"))
        return Endpoint::CountTokens;
    if (path.endsWith(":embedContent") || path.endsWith(":batchEmbedContents"))
        return Endpoint::EmbedContent;
    if (path == "/models")
        return Endpoint::Models;
    if (startsWithSegment(path, "/models") && !path.endsWith(":batchGenerateContent"))
        return Endpoint::ModelObject;
    const bool kept = startsWithSegment(path, "/files") || startsWithSegment(path, "/cachedContents") ||
        startsWithSegment(path, "/batches") || path.endsWith(":batchGenerateContent");
    return kept ? Endpoint::ServerObjects : Endpoint::Other;
}

QByteArray takeVersion(QByteArray &path, Dialect dialect)
{
    QByteArray lead;
    if (dialect == Dialect::Gemini && takePrefix(path, "upload"))
        lead = "upload/";
    static const std::array<QByteArray, 4> versions { "v1", "v1beta", "v1alpha", "v1beta1" };
    for (const QByteArray &version : versions) {
        if (takePrefix(path, version))
            return lead + version;
    }
    return lead.isEmpty() ? QByteArray() : QByteArray("upload");
}

std::optional<Dialect> dialectOf(const QByteArray &path, const HeaderList &headers)
{
    if (headers.contains("anthropic-version"))
        return Dialect::Anthropic;
    if (isGeminiMethod(path))
        return Dialect::Gemini;
    if (startsWithSegment(path, "/v1beta/openai"))
        return Dialect::OpenAi;
    if (startsWithSegment(path, "/v1/messages") || path == "/v1/complete")
        return Dialect::Anthropic;
    if (startsWithSegment(path, "/v1beta") || startsWithSegment(path, "/upload/v1beta"))
        return Dialect::Gemini;
    if (startsWithSegment(path, "/v1"))
        return Dialect::OpenAi;
    static constexpr std::array<QByteArrayView, 4> bare { "/chat/completions", "/responses", "/embeddings", "/models" };
    const bool known =
        std::any_of(bare.begin(), bare.end(), [&](QByteArrayView prefix) { return startsWithSegment(path, prefix); });
    return known ? std::optional(Dialect::OpenAi) : std::nullopt;
}

/// The id stands behind the collection's name, which has two segments for some.
QByteArray objectIdOf(const QByteArray &path)
{
    const QList<QByteArray> segments = targetpath::segments(path);
    if (segments.value(0).endsWith(":batchGenerateContent") || segments.value(1).endsWith(":batchGenerateContent"))
        return {};
    static constexpr std::array<QByteArrayView, 3> twoSegments { "messages", "chat", "fine_tuning" };
    const bool two =
        std::find(twoSegments.begin(), twoSegments.end(), QByteArrayView(segments.value(0))) != twoSegments.end();
    return decoded(segments.value(two ? 2 : 1));
}

QByteArray modelOf(const Route &route)
{
    if (!route.path.startsWith("/models/"))
        return {};
    const qsizetype colon = route.dialect == Dialect::Gemini ? route.path.lastIndexOf(':') : -1;
    return decoded(QByteArrayView(route.path).sliced(8, (colon < 0 ? route.path.size() : colon) - 8));
}

void describeEndpoint(Route &route, QByteArrayView method)
{
    const QByteArrayView path = route.path;
    route.endpoint = route.dialect == Dialect::OpenAi ? openAiEndpoint(path)
        : route.dialect == Dialect::Anthropic         ? anthropicEndpoint(path)
                                                      : geminiEndpoint(path);
    route.generation = isGeneration(route.endpoint) && method == "POST";
    route.formBody = route.endpoint == Endpoint::Transcriptions || route.endpoint == Endpoint::Videos ||
        route.endpoint == Endpoint::ServerObjects ||
        (route.endpoint == Endpoint::Images && path != QByteArrayView("/images/generations"));
    route.streamFromPath = route.endpoint == Endpoint::StreamGenerateContent;
    route.serverObject = route.endpoint == Endpoint::ServerObjects || route.endpoint == Endpoint::ResponseObject;
    if (route.serverObject)
        route.objectId = objectIdOf(route.path);
    route.modelFromPath = modelOf(route);
    if (route.endpoint == Endpoint::Models && method == "GET")
        route.kind = Route::Kind::ModelList;
}

bool routeLocally(Route &route, QByteArrayView method, const QByteArray &path)
{
    const bool reading = method == "GET" || method == "HEAD";
    if (method == "HEAD" && path == "/api/hello")
        route.kind = Route::Kind::LocalOk;
    else if (reading && path == "/healthz")
        route.kind = Route::Kind::Healthz;
    else if (reading && path == "/status")
        route.kind = Route::Kind::StatusPage;
    else if (reading && path == "/metrics")
        route.kind = Route::Kind::Metrics;
    else
        return false;
    return true;
}

} // namespace

bool isGeneration(Endpoint endpoint) noexcept
{
    switch (endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Completions:
    case Endpoint::Responses:
    case Endpoint::ResponseCompact:
    case Endpoint::Images:
    case Endpoint::Speech:
    case Endpoint::Transcriptions:
    case Endpoint::Messages:
    case Endpoint::Complete:
    case Endpoint::GenerateContent:
    case Endpoint::StreamGenerateContent:
        return true;
    default:
        return false;
    }
}

const char *toString(Endpoint endpoint) noexcept
{
    static constexpr std::array<const char *, 22> names { "chat/completions",
                                                          "completions",
                                                          "responses",
                                                          "responses/compact",
                                                          "responses/input_tokens",
                                                          "responses/{id}",
                                                          "embeddings",
                                                          "moderations",
                                                          "images",
                                                          "audio/speech",
                                                          "audio/transcriptions",
                                                          "videos",
                                                          "messages",
                                                          "complete",
                                                          "generateContent",
                                                          "streamGenerateContent",
                                                          "embedContent",
                                                          "count_tokens",
                                                          "models",
                                                          "models/{id}",
                                                          "objects",
                                                          "other" };
    return names[static_cast<std::size_t>(endpoint)];
}

namespace {

/// Takes /providers/NAME and /DIALECT off the front; the dialect they say, if any.
std::optional<Dialect> takeDialect(Route &route, QByteArray &path, const DialectLookup &pinnedDialect)
{
    std::optional<Dialect> said;
    if (takePrefix(path, "providers")) {
        route.pinnedProvider = QString::fromUtf8(decoded(targetpath::takeFirst(path)));
        if (route.pinnedProvider.isEmpty())
            route.problem = QStringLiteral("The path names no provider.");
        else if (pinnedDialect && !(said = pinnedDialect(route.pinnedProvider)))
            route.problem = QStringLiteral("No provider is named '%1'.").arg(route.pinnedProvider);
        takeToken(route, path);
    }
    if (takePrefix(path, "openai"))
        said = Dialect::OpenAi;
    else if (takePrefix(path, "anthropic"))
        said = Dialect::Anthropic;
    else if (takePrefix(path, "gemini"))
        said = Dialect::Gemini;
    takeToken(route, path);
    return said;
}

void routeToDialect(Route &route, QByteArray path, Dialect dialect, QByteArrayView method)
{
    route.kind = Route::Kind::Forward;
    route.dialect = dialect;
    route.version = takeVersion(path, dialect);
    if (dialect == Dialect::OpenAi && route.version == "v1beta")
        takePrefix(path, "openai");
    route.path = path;
    describeEndpoint(route, method);
}

} // namespace

Route routeRequest(QByteArrayView method, QByteArrayView target, const HeaderList &headers,
                   const DialectLookup &pinnedDialect)
{
    Route route;
    const qsizetype mark = target.indexOf('?');
    const QByteArrayView rawPath = mark < 0 ? target : target.first(mark);
    const QByteArrayView query = mark < 0 ? QByteArrayView() : target.sliced(mark + 1);
    route.logPath = targetpath::loggable(rawPath);
    route.problem = targetpath::problemOf(rawPath);
    if (route.problem.isEmpty())
        route.problem = targetpath::queryProblemOf(query);
    if (!route.problem.isEmpty()) {
        route.kind = Route::Kind::Rejected;
        return route;
    }
    targetpath::QueryParts parts = targetpath::splitQuery(query);
    route.query = parts.kept;
    route.queryKey = parts.key;
    QByteArray path = targetpath::collapseSlashes(rawPath);
    takeToken(route, path);
    if (routeLocally(route, method, path))
        return route;
    const std::optional<Dialect> said = takeDialect(route, path, pinnedDialect);
    if (!route.problem.isEmpty())
        return route;
    if (method == "HEAD" && path == "/") {
        route.kind = Route::Kind::LocalOk;
        return route;
    }
    if (const std::optional<Dialect> dialect = said ? said : dialectOf(path, headers)) {
        routeToDialect(route, path, *dialect, method);
        return route;
    }
    route.problem = QStringLiteral("No API that Signalbox speaks has this path. Use the paths of OpenAI (/v1/...), "
                                   "Anthropic (/v1/messages) or Gemini (/v1beta/...).");
    return route;
}

namespace {

/// The mapped model in place of the client's; a name that could leave the path keeps the client's.
QByteArray pathWithModel(const Route &route, QByteArrayView mappedModel)
{
    QByteArrayView model = mappedModel.startsWith("models/") ? mappedModel.sliced(7) : mappedModel;
    if (model.isEmpty() || route.modelFromPath.isEmpty())
        return route.path;
    const QByteArray encoded = model.toByteArray().toPercentEncoding();
    if (!targetpath::problemOf(QByteArray('/' + encoded)).isEmpty())
        return route.path;
    const qsizetype colon = route.dialect == Dialect::Gemini ? route.path.lastIndexOf(':') : -1;
    return "/models/" + encoded + (colon < 0 ? QByteArray() : route.path.mid(colon));
}

QByteArray versionFor(const Route &route)
{
    if (!route.version.isEmpty())
        return route.version;
    return route.dialect == Dialect::Anthropic ? QByteArray("v1") : QByteArray("v1beta");
}

} // namespace

QByteArray upstreamTarget(const QUrl &baseUrl, const Route &route, QByteArrayView mappedModel)
{
    QByteArray target = baseUrl.path(QUrl::FullyEncoded).toUtf8();
    while (target.endsWith('/'))
        target.chop(1);
    // The base URL of an OpenAI SDK ends in its version already.
    if (route.dialect != Dialect::OpenAi && !target.endsWith(QByteArray('/' + versionFor(route))))
        target += '/' + versionFor(route);
    target += pathWithModel(route, mappedModel);
    const QByteArray baseQuery = baseUrl.query(QUrl::FullyEncoded).toUtf8();
    if (!baseQuery.isEmpty())
        target += '?' + baseQuery;
    if (!route.query.isEmpty())
        target += (baseQuery.isEmpty() ? '?' : '&') + route.query;
    return target;
}

} // namespace signalbox
