// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/testcall.h"

#include "ui/style/format.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkProxy>

namespace signalbox {

namespace {

constexpr int patienceMs = 60'000;

struct Call
{
    QString path;
    QJsonObject body; ///< empty: GET
};

Call modelList(Dialect dialect)
{
    switch (dialect) {
    case Dialect::OpenAi:
        return { QStringLiteral("/openai/v1/models"), {} };
    case Dialect::Anthropic:
        return { QStringLiteral("/anthropic/v1/models"), {} };
    case Dialect::Gemini:
        return { QStringLiteral("/gemini/v1beta/models"), {} };
    }
    return {};
}

Call oneWord(Dialect dialect, const QString &model)
{
    const QString question = QStringLiteral("Answer with the one word: ready");
    const QJsonArray messages { QJsonObject { { QStringLiteral("role"), QStringLiteral("user") },
                                              { QStringLiteral("content"), question } } };
    switch (dialect) {
    case Dialect::OpenAi:
        return { QStringLiteral("/openai/v1/chat/completions"),
                 { { QStringLiteral("model"), model }, { QStringLiteral("messages"), messages } } };
    case Dialect::Anthropic:
        return { QStringLiteral("/anthropic/v1/messages"),
                 { { QStringLiteral("model"), model },
                   { QStringLiteral("max_tokens"), 16 },
                   { QStringLiteral("messages"), messages } } };
    case Dialect::Gemini: {
        const QJsonArray parts { QJsonObject { { QStringLiteral("text"), question } } };
        return { QStringLiteral("/gemini/v1beta/models/%1:generateContent")
                     .arg(QString::fromLatin1(QUrl::toPercentEncoding(model))),
                 { { QStringLiteral("contents"),
                     QJsonArray { QJsonObject { { QStringLiteral("parts"), parts } } } } } };
    }
    }
    return {};
}

/// The message of an error body in any dialect; empty if there is none.
QString errorMessage(const QByteArray &body)
{
    const QJsonObject root = QJsonDocument::fromJson(body).object();
    const QJsonValue error = root.value(QLatin1String("error"));
    return error.isObject() ? error.toObject().value(QLatin1String("message")).toString() : error.toString();
}

} // namespace

TestCall::TestCall(QObject *parent) : QObject(parent)
{
    m_manager.setProxy(QNetworkProxy::NoProxy);
}

TestCall::~TestCall()
{
    if (m_reply)
        m_reply->disconnect(this);
}

void TestCall::start(const Target &target)
{
    if (m_reply) {
        m_reply->disconnect(this);
        m_reply->abort();
        m_reply->deleteLater();
    }
    const Call call = target.model.isEmpty() ? modelList(target.dialect) : oneWord(target.dialect, target.model);
    QNetworkRequest request(QUrl(target.url + call.path));
    request.setTransferTimeout(patienceMs);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("signalbox-console/" SIGNALBOX_VERSION));
    if (target.dialect == Dialect::Anthropic)
        request.setRawHeader("anthropic-version", "2023-06-01");
    if (!target.token.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + target.token.reveal());
    m_elapsed.start();
    if (call.body.isEmpty()) {
        m_reply = m_manager.get(request);
    } else {
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        m_reply = m_manager.post(request, QJsonDocument(call.body).toJson(QJsonDocument::Compact));
    }
    connect(m_reply, &QNetworkReply::finished, this, &TestCall::finish);
}

void TestCall::finish()
{
    QNetworkReply *reply = m_reply;
    m_reply = nullptr;
    reply->deleteLater();
    const QByteArray body = reply->readAll();
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    Q_EMIT finished(status == 200, verdict(*reply, body));
}

QString TestCall::verdict(const QNetworkReply &reply, const QByteArray &body) const
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0)
        return tr("The proxy did not answer: %1").arg(reply.errorString());
    const QString time = formatLatency(static_cast<double>(m_elapsed.elapsed()));
    if (status != 200) {
        const QString message = errorMessage(body);
        return message.isEmpty() ? tr("Status %1 after %2.").arg(status).arg(time)
                                 : tr("Status %1 after %2: %3").arg(status).arg(time, message);
    }
    const QString provider = QString::fromLatin1(reply.rawHeader("x-signalbox-provider"));
    if (!provider.isEmpty())
        return tr("Answered by %1 in %2.").arg(provider, time);
    const QJsonObject root = QJsonDocument::fromJson(body).object();
    const auto count =
        qMax(root.value(QLatin1String("data")).toArray().size(), root.value(QLatin1String("models")).toArray().size());
    return tr("Answered in %1 with %n model(s).", nullptr, static_cast<int>(count)).arg(time);
}

} // namespace signalbox
