// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/route.h"

#include "engine/base/bytes.h"

#include <QUrlQuery>

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
    return QByteArray::fromPercentEncoding(text.toByteArray());
}

/// Why a path may not be joined to a base URL: what a server might read as leaving it.
QString pathProblem(QByteArrayView path)
{
    for (const QByteArray &segment : path.sliced(1).toByteArray().split('/')) {
        const QByteArray plain = decoded(segment);
        const QByteArray name = plain.left(plain.indexOf(';') < 0 ? plain.size() : plain.indexOf(';'));
        if (name == "." || name == ".." || plain.contains('/') || plain.contains('\\') || plain.contains('\0'))
            return QStringLiteral("The path holds a dot segment or an encoded separator.");
    }
    return path.contains("//") ? QStringLiteral("The path holds an empty segment.") : QString();
}

/// Takes "/name" off the front; false if it is not there.
bool takePrefix(QByteArray &path, QByteArrayView prefix)
{
    if (!path.startsWith(prefix) || (path.size() > prefix.size() && path.at(prefix.size()) != '/'))
        return false;
    path.remove(0, prefix.size());
    if (path.isEmpty())
        path = "/";
    return true;
}

QByteArray takeSegment(QByteArray &path)
{
    const qsizetype end = path.indexOf('/', 1);
    const QByteArray segment = path.mid(1, end < 0 ? -1 : end - 1);
    path = end < 0 ? QByteArray("/") : path.mid(end);
    return segment;
}

void takeCredentialFromQuery(Route &route, QByteArrayView query)
{
    QByteArrayList kept;
    for (const QByteArray &item : query.toByteArray().split('&')) {
        if (item.startsWith("key="))
            route.queryKey = decoded(item.sliced(4));
        else if (!item.isEmpty())
            kept << item;
    }
    route.query = kept.join('&');
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
    if (startsWithSegment(path, "/models"))
        return Endpoint::ModelObject;
    const bool kept = startsWithSegment(path, "/files") || startsWithSegment(path, "/cachedContents") ||
        startsWithSegment(path, "/batches");
    return kept ? Endpoint::ServerObjects : Endpoint::Other;
}

QByteArray takeVersion(QByteArray &path, Dialect dialect)
{
    QByteArray lead;
    if (dialect == Dialect::Gemini && takePrefix(path, "/upload"))
        lead = "upload/";
    static const std::array<QByteArray, 4> versions { "v1", "v1beta", "v1alpha", "v1beta1" };
    for (const QByteArray &version : versions) {
        if (takePrefix(path, QByteArray('/' + version)))
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

void describeEndpoint(Route &route, QByteArrayView method)
{
    const QByteArrayView path = route.path;
    route.endpoint = route.dialect == Dialect::OpenAi ? openAiEndpoint(path)
        : route.dialect == Dialect::Anthropic         ? anthropicEndpoint(path)
                                                      : geminiEndpoint(path);
    route.generation = isGeneration(route.endpoint) && method == "POST";
    route.formBody = route.endpoint == Endpoint::Transcriptions || route.endpoint == Endpoint::Images ||
        route.endpoint == Endpoint::Videos || route.endpoint == Endpoint::ServerObjects;
    route.streamFromPath = route.endpoint == Endpoint::StreamGenerateContent;
    route.serverObject = route.endpoint == Endpoint::ServerObjects || route.endpoint == Endpoint::ResponseObject;
    if (route.serverObject) {
        const QByteArrayList segments = route.path.sliced(1).split('/');
        route.objectId = decoded(segments.value(segments.value(0) == "messages" ? 2 : 1));
    }
    if (route.dialect == Dialect::Gemini && path.startsWith("/models/")) {
        const qsizetype colon = path.lastIndexOf(':');
        route.modelFromPath = decoded(colon < 0 ? path.sliced(8) : path.sliced(8, colon - 8));
    }
    if (route.endpoint == Endpoint::Models && method == "GET")
        route.kind = Route::Kind::ModelList;
}

bool routeLocally(Route &route, QByteArrayView method, const QByteArray &path)
{
    if (method == "HEAD" && (path == "/" || path == "/api/hello"))
        route.kind = Route::Kind::LocalOk;
    else if (path == "/healthz")
        route.kind = Route::Kind::Healthz;
    else if (path == "/status")
        route.kind = Route::Kind::StatusPage;
    else if (path == "/metrics")
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
    static constexpr std::array<const char *, 23> names { "chat_completions",
                                                          "completions",
                                                          "responses",
                                                          "response_compact",
                                                          "response_input_tokens",
                                                          "response_object",
                                                          "embeddings",
                                                          "moderations",
                                                          "images",
                                                          "speech",
                                                          "transcriptions",
                                                          "videos",
                                                          "messages",
                                                          "complete",
                                                          "generate_content",
                                                          "stream_generate_content",
                                                          "embed_content",
                                                          "count_tokens",
                                                          "models",
                                                          "model_object",
                                                          "server_objects",
                                                          "other",
                                                          "" };
    return names[static_cast<std::size_t>(endpoint)];
}

Route routeRequest(QByteArrayView method, QByteArrayView target, const HeaderList &headers,
                   const DialectLookup &pinnedDialect)
{
    Route route;
    const qsizetype mark = target.indexOf('?');
    QByteArray path = (mark < 0 ? target : target.first(mark)).toByteArray();
    takeCredentialFromQuery(route, mark < 0 ? QByteArrayView() : target.sliced(mark + 1));
    if (takePrefix(path, "/t"))
        route.pathToken = decoded(takeSegment(path));
    route.logPath = path;
    if (routeLocally(route, method, path))
        return route;
    route.problem = pathProblem(path);
    if (!route.problem.isEmpty()) {
        route.kind = Route::Kind::Rejected;
        return route;
    }
    std::optional<Dialect> said;
    if (takePrefix(path, "/providers")) {
        route.pinnedProvider = QString::fromUtf8(decoded(takeSegment(path)));
        if (pinnedDialect)
            said = pinnedDialect(route.pinnedProvider);
    }
    if (takePrefix(path, "/openai"))
        said = Dialect::OpenAi;
    else if (takePrefix(path, "/anthropic"))
        said = Dialect::Anthropic;
    else if (takePrefix(path, "/gemini"))
        said = Dialect::Gemini;
    const std::optional<Dialect> dialect = said ? said : dialectOf(path, headers);
    if (!dialect) {
        route.problem = QStringLiteral("No API that Signalbox speaks has this path. Use the paths of OpenAI (/v1/...), "
                                       "Anthropic (/v1/messages) or Gemini (/v1beta/...).");
        return route;
    }
    route.kind = Route::Kind::Forward;
    route.dialect = *dialect;
    route.version = takeVersion(path, route.dialect);
    if (route.dialect == Dialect::OpenAi && route.version == "v1beta")
        takePrefix(path, "/openai");
    route.path = path;
    describeEndpoint(route, method);
    return route;
}

QByteArray upstreamTarget(const QUrl &baseUrl, const Route &route, QByteArrayView mappedModel)
{
    QByteArray target = baseUrl.path(QUrl::FullyEncoded).toUtf8();
    while (target.endsWith('/'))
        target.chop(1);
    if (route.dialect == Dialect::OpenAi) {
        // The base URL of an OpenAI SDK ends in its version; a bare origin is given the usual one.
        if (target.isEmpty())
            target = "/v1";
    } else {
        const QByteArray version = !route.version.isEmpty() ? route.version
            : route.dialect == Dialect::Anthropic           ? QByteArray("v1")
                                                            : QByteArray("v1beta");
        if (!target.endsWith(QByteArray('/' + version)))
            target += '/' + version;
    }
    QByteArray path = route.path;
    if (!mappedModel.isEmpty() && !route.modelFromPath.isEmpty()) {
        const qsizetype colon = path.lastIndexOf(':');
        path = "/models/" + mappedModel.toByteArray().toPercentEncoding("/") +
            (colon < 0 ? QByteArray() : path.mid(colon));
    }
    target += path;
    return route.query.isEmpty() ? target : target + '?' + route.query;
}

} // namespace signalbox
