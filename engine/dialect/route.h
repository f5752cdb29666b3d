// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"
#include "engine/config/config.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QUrl>

#include <functional>
#include <optional>

namespace signalbox {

enum class Endpoint {
    ChatCompletions,
    Completions, ///< OpenAI, legacy
    Responses, ///< POST /responses
    ResponseCompact,
    ResponseInputTokens,
    ResponseObject, ///< /responses/{id} and below
    Embeddings,
    Moderations,
    Images, ///< generations, edits, variations
    Speech,
    Transcriptions, ///< and translations
    Videos,
    Messages, ///< Anthropic
    Complete, ///< Anthropic, legacy
    GenerateContent,
    StreamGenerateContent,
    EmbedContent, ///< Gemini, single and batch
    CountTokens, ///< Anthropic and Gemini
    Models, ///< the list
    ModelObject, ///< /models/{id}
    ServerObjects, ///< files, batches, uploads, conversations and other things kept by one provider
    Other
};

/// Endpoints whose POST makes a model work, so that a second send may be billed again.
bool isGeneration(Endpoint endpoint) noexcept;
const char *toString(Endpoint endpoint) noexcept;

/// What a request's target says.
struct Route
{
    enum class Kind {
        Forward,
        Healthz,
        StatusPage,
        Metrics,
        LocalOk, ///< HEAD / and HEAD /api/hello: 200 without asking anyone
        ModelList, ///< GET of the merged list, in the shape of `dialect`
        NotFound, ///< no dialect speaks this path; `problem` says so
        Rejected ///< not a path that may be joined to a base URL (400); `problem` says why
    };
    Kind kind = Kind::NotFound;
    Dialect dialect = Dialect::OpenAi;
    Endpoint endpoint = Endpoint::Other;
    QByteArray
        version; ///< the client's version segment(s) without slashes: "v1", "v1beta", "upload/v1beta"; may be empty
    QByteArray path; ///< after the version segment, starts with '/', percent-encoded as the client sent it
    QByteArray query; ///< without '?' and without the client's credentials
    QString pinnedProvider; ///< from /providers/NAME/
    QByteArray pathToken; ///< from /t/TOKEN/
    QByteArray queryKey; ///< the client's ?key=, decoded
    bool generation = false; ///< isGeneration(endpoint) and POST
    bool formBody = false; ///< this endpoint takes multipart/form-data
    bool streamFromPath = false; ///< :streamGenerateContent
    QByteArray modelFromPath; ///< decoded; Gemini names the model in the path
    bool serverObject = false; ///< names or makes something that one provider keeps: never fails over
    QByteArray objectId; ///< decoded id of it, empty for a collection
    QByteArray logPath; ///< path without token and without query
    QString problem; ///< for NotFound and Rejected
};

/// The dialect of a provider by name; nullopt if there is none of that name.
using DialectLookup = std::function<std::optional<Dialect>(const QString &provider)>;

/// First match as documented in the README's "Routes". Without a lookup the name of /providers/NAME/ is not checked
/// and the rest of the path alone says the dialect.
Route routeRequest(QByteArrayView method, QByteArrayView target, const HeaderList &headers,
                   const DialectLookup &pinnedDialect = {});

/// Path and query for the provider: the base URL's path, its dialect's version segment where the base has none, the
/// route's path. `mappedModel` replaces the model in the path (Gemini); empty leaves it as it is.
QByteArray upstreamTarget(const QUrl &baseUrl, const Route &route, QByteArrayView mappedModel = {});

} // namespace signalbox
