// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/errors.h"

#include "engine/dialect/jsonscan.h"

namespace signalbox {

namespace {

QByteArray quoted(QByteArrayView text)
{
    return '"' + escapeJson(text) + '"';
}

QByteArray quotedOrNull(QByteArrayView text)
{
    return text.isEmpty() ? QByteArrayLiteral("null") : quoted(text);
}

const char *openAiType(int status)
{
    switch (status) {
    case 401:
        return "authentication_error";
    case 403:
        return "permission_error";
    case 429:
        return "rate_limit_error";
    case 503:
        return "service_unavailable_error";
    default:
        return status >= 500 ? "server_error" : "invalid_request_error";
    }
}

const char *anthropicType(int status)
{
    switch (status) {
    case 401:
        return "authentication_error";
    case 402:
        return "billing_error";
    case 403:
        return "permission_error";
    case 404:
        return "not_found_error";
    case 409:
        return "conflict_error";
    case 413:
        return "request_too_large";
    case 429:
        return "rate_limit_error";
    case 504:
        return "timeout_error";
    case 503:
    case 529:
        return "overloaded_error";
    default:
        return status >= 500 ? "api_error" : "invalid_request_error";
    }
}

const char *geminiStatus(int status)
{
    switch (status) {
    case 401:
        return "UNAUTHENTICATED";
    case 403:
        return "PERMISSION_DENIED";
    case 404:
        return "NOT_FOUND";
    case 409:
        return "ABORTED";
    case 429:
        return "RESOURCE_EXHAUSTED";
    case 501:
        return "UNIMPLEMENTED";
    case 502:
    case 503:
    case 529:
        return "UNAVAILABLE";
    case 408:
    case 504:
        return "DEADLINE_EXCEEDED";
    default:
        return status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
    }
}

QByteArray openAiError(int status, QByteArrayView code, QByteArrayView message)
{
    return "{\"message\":" + quoted(message) + ",\"type\":" + quoted(openAiType(status)) +
        ",\"param\":null,\"code\":" + quotedOrNull(code) + '}';
}

QByteArray anthropicError(int status, QByteArrayView code, QByteArrayView message, QByteArrayView requestId)
{
    QByteArray error = "{\"type\":" + quoted(anthropicType(status)) + ",\"message\":" + quoted(message);
    if (!code.isEmpty())
        error += ",\"code\":" + quoted(code);
    return "{\"type\":\"error\",\"error\":" + error + "},\"request_id\":" + quotedOrNull(requestId) + '}';
}

QByteArray geminiError(int status, QByteArrayView code, QByteArrayView message)
{
    QByteArray error = "{\"error\":{\"code\":" + QByteArray::number(status) + ",\"message\":" + quoted(message) +
        ",\"status\":" + quoted(geminiStatus(status));
    if (!code.isEmpty())
        error += ",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":" +
            quoted(code.toByteArray().toUpper()) + ",\"domain\":\"signalbox\"}]";
    return error + "}}";
}

/// SDKs throw on a member "error" whatever the event's name, and merely hand on an `event: error` that has none; the
/// other members are what the API documents for this event.
QByteArray responsesErrorEvent(QByteArrayView message)
{
    return "\n\nevent: error\ndata: "
           "{\"type\":\"error\",\"sequence_number\":0,\"code\":\"stream_interrupted\",\"message\":" +
        quoted(message) + ",\"param\":null,\"error\":" + openAiError(502, "stream_interrupted", message) + "}\n\n";
}

} // namespace

QByteArray errorBody(Dialect dialect, int status, QByteArrayView code, const QString &message, QByteArrayView requestId)
{
    const QByteArray text = message.toUtf8();
    switch (dialect) {
    case Dialect::OpenAi:
        return "{\"error\":" + openAiError(status, code, text) + '}';
    case Dialect::Anthropic:
        return anthropicError(status, code, text, requestId);
    case Dialect::Gemini:
        return geminiError(status, code, text);
    }
    return {};
}

QByteArray streamErrorEvent(Dialect dialect, Endpoint endpoint, const QString &message, QByteArrayView requestId)
{
    const QByteArray text = message.toUtf8();
    switch (dialect) {
    case Dialect::OpenAi:
        if (endpoint == Endpoint::Responses || endpoint == Endpoint::ResponseObject)
            return responsesErrorEvent(text);
        return "\n\ndata: {\"error\":" + openAiError(502, "stream_interrupted", text) + "}\n\n";
    case Dialect::Anthropic:
        return "\n\nevent: error\ndata: " + anthropicError(502, {}, text, requestId) + "\n\n";
    case Dialect::Gemini:
        return "\r\n\r\ndata: " + geminiError(503, {}, text) + "\r\n\r\n";
    }
    return {};
}

} // namespace signalbox
