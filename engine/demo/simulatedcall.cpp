// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demo/simulatedanswer.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace signalbox {

namespace {

using Kind = SimulatedCall::Kind;

/// Taken off the front if it is there.
bool dropPrefix(QByteArrayView &path, QByteArrayView prefix)
{
    if (!path.startsWith(prefix))
        return false;
    path = path.sliced(prefix.size());
    return true;
}

/// "/models/NAME:method"
void readGeminiPath(SimulatedCall &call, QByteArrayView path)
{
    call.dialect = Dialect::Gemini;
    const qsizetype colon = path.indexOf(':');
    if (colon < 0) {
        call.kind = path.startsWith("/models") ? Kind::Models : Kind::Unknown;
        return;
    }
    dropPrefix(path, "/models/");
    call.model = QString::fromUtf8(path.first(path.indexOf(':')));
    const QByteArrayView method = path.sliced(path.indexOf(':') + 1);
    if (method == "generateContent" || method == "streamGenerateContent")
        call.kind = Kind::Generate;
    else if (method == "countTokens")
        call.kind = Kind::CountTokens;
    call.stream = method.startsWith("stream");
}

void readPlainPath(SimulatedCall &call, QByteArrayView path, bool anthropicVersion)
{
    const auto is = [&](Kind kind, Dialect dialect) {
        call.kind = kind;
        call.dialect = dialect;
    };
    if (path == "/chat/completions")
        is(Kind::Chat, Dialect::OpenAi);
    else if (path == "/responses")
        is(Kind::Responses, Dialect::OpenAi);
    else if (path == "/embeddings")
        is(Kind::Embeddings, Dialect::OpenAi);
    else if (path == "/messages")
        is(Kind::Messages, Dialect::Anthropic);
    else if (path == "/messages/count_tokens")
        is(Kind::CountTokens, Dialect::Anthropic);
    else if (path == "/models")
        is(Kind::Models, anthropicVersion ? Dialect::Anthropic : Dialect::OpenAi);
    else if (path == "/" || path == "/api/hello")
        is(Kind::Alive, Dialect::OpenAi);
}

QString errorType(int status)
{
    switch (status) {
    case 401:
        return QStringLiteral("authentication_error");
    case 404:
        return QStringLiteral("not_found_error");
    case 429:
        return QStringLiteral("rate_limit_error");
    case 529:
        return QStringLiteral("overloaded_error");
    default:
        return status < 500 ? QStringLiteral("invalid_request_error") : QStringLiteral("api_error");
    }
}

QString openAiType(int status)
{
    if (status == 429)
        return QStringLiteral("rate_limit_exceeded");
    return status < 500 ? QStringLiteral("invalid_request_error") : QStringLiteral("server_error");
}

QString geminiStatus(int status)
{
    switch (status) {
    case 401:
        return QStringLiteral("UNAUTHENTICATED");
    case 404:
        return QStringLiteral("NOT_FOUND");
    case 429:
        return QStringLiteral("RESOURCE_EXHAUSTED");
    case 503:
    case 529:
        return QStringLiteral("UNAVAILABLE");
    default:
        return status < 500 ? QStringLiteral("INVALID_ARGUMENT") : QStringLiteral("INTERNAL");
    }
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

SimulatedCall readSimulatedCall(QByteArrayView method, QByteArrayView target, bool anthropicVersion,
                                const QByteArray &body)
{
    SimulatedCall call;
    const qsizetype question = target.indexOf('?');
    const QByteArrayView query = question < 0 ? QByteArrayView() : target.sliced(question + 1);
    QByteArrayView path = question < 0 ? target : target.first(question);
    const QJsonObject json = QJsonDocument::fromJson(body).object();
    call.inputTokens = static_cast<int>(std::max<qsizetype>(1, body.size() / 4));
    call.model = json[u"model"].toString(QStringLiteral("simulated"));
    call.stream = json[u"stream"].toBool();
    call.usageInStream = json[u"stream_options"].toObject()[u"include_usage"].toBool();
    const bool beta = dropPrefix(path, "/v1beta");
    if (!beta)
        dropPrefix(path, "/v1");
    if (beta || (path.startsWith("/models/") && path.contains(':'))) {
        readGeminiPath(call, path);
        call.sse = query.contains("alt=sse");
    } else {
        readPlainPath(call, path, anthropicVersion);
    }
    const bool reads = call.kind == Kind::Models || call.kind == Kind::Alive;
    if (call.kind == Kind::Embeddings || !call.generates())
        call.stream = false;
    if (reads != (method == "GET" || method == "HEAD"))
        call.kind = Kind::Unknown;
    return call;
}

QByteArray simulatedError(Dialect dialect, int status, const QString &message)
{
    QJsonObject error { { QStringLiteral("message"), message } };
    switch (dialect) {
    case Dialect::OpenAi:
        error.insert(QStringLiteral("type"), openAiType(status));
        error.insert(QStringLiteral("param"), QJsonValue::Null);
        error.insert(QStringLiteral("code"), QJsonValue::Null);
        return compact({ { QStringLiteral("error"), error } });
    case Dialect::Anthropic:
        error.insert(QStringLiteral("type"), errorType(status));
        return compact({ { QStringLiteral("type"), QStringLiteral("error") }, { QStringLiteral("error"), error } });
    case Dialect::Gemini:
        error.insert(QStringLiteral("code"), status);
        error.insert(QStringLiteral("status"), geminiStatus(status));
        return compact({ { QStringLiteral("error"), error } });
    }
    return {};
}

QByteArray simulatedErrorEvent(const SimulatedCall &call, int status, const QString &message)
{
    const QByteArray body = simulatedError(call.dialect, status, message);
    if (call.kind == Kind::Messages)
        return "event: error\ndata: " + body + "\n\n";
    if (call.kind == Kind::Responses) {
        const QJsonObject event { { QStringLiteral("type"), QStringLiteral("error") },
                                  { QStringLiteral("code"), openAiType(status) },
                                  { QStringLiteral("message"), message },
                                  { QStringLiteral("param"), QJsonValue::Null },
                                  { QStringLiteral("sequence_number"), 0 } };
        return "event: error\ndata: " + compact(event) + "\n\n";
    }
    if (call.kind == Kind::Generate)
        return call.sse ? QByteArray("data: " + body + "\r\n\r\n") : QByteArray('[' + body + "]\n");
    return "data: " + body + "\n\n";
}

} // namespace signalbox
