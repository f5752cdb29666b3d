// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"
#include "engine/dialect/jsonscan.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace signalbox {

/// What routing needs from a request body.
struct RequestFacts
{
    QByteArray model; ///< unescaped; empty if there is none
    ByteRange modelValue; ///< the model's bytes in the body: between the quotes, or a form part's content
    bool multipart = false; ///< modelValue is raw text, not JSON
    bool stream = false;
    bool hasPreviousResponse =
        false; ///< previous_response_id, conversation or cachedContent names a server-side object
    QByteArray previousResponseId; ///< its id
    bool includeUsage = false; ///< stream_options.include_usage
    QByteArray sessionKey; ///< prompt_cache_key, else the session in metadata.user_id
};

/// nullopt: the body is not one JSON object.
std::optional<RequestFacts> scanJsonBody(QByteArrayView body);
/// nullopt: no boundary in the content type or no such parts in the body.
std::optional<RequestFacts> scanMultipart(QByteArrayView contentType, QByteArrayView body);
/// By content type; anything but multipart/form-data is tried as JSON.
std::optional<RequestFacts> scanBody(QByteArrayView contentType, QByteArrayView body);

/// The body with another model name and every other byte as it was.
QByteArray replaceModel(const QByteArray &body, const RequestFacts &facts, QByteArrayView newModel);

/// What keeps the requests of one conversation together (prompt caches live at one provider), or empty.
QByteArray sessionKey(const HeaderList &headers, const RequestFacts &facts);

} // namespace signalbox
