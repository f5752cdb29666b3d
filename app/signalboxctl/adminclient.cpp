// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signalboxctl/adminclient.h"

#include <QJsonDocument>
#include <QNetworkProxy>
#include <QNetworkReply>

namespace signalbox {

namespace {

constexpr int answerTimeMs = 60'000;

QString reasonOf(const QByteArray &body)
{
    const QJsonObject error = QJsonDocument::fromJson(body).object().value(QStringLiteral("error")).toObject();
    return error.value(QStringLiteral("message")).toString();
}

} // namespace

AdminClient::AdminClient(const AdminAddress &address, QObject *parent) : QObject(parent), m_address(address)
{
    m_manager.setProxy(QNetworkProxy::NoProxy);
    m_manager.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

void AdminClient::send(const ControlCall &call)
{
    QUrl url(QStringLiteral("http://127.0.0.1:%1%2").arg(m_address.port).arg(call.path));
    url.setQuery(call.query);
    QNetworkRequest request(url);
    request.setRawHeader("authorization", "Bearer " + m_address.token.reveal());
    if (!call.follow)
        request.setTransferTimeout(answerTimeMs);
    QNetworkReply *reply = nullptr;
    if (call.method == "POST") {
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        reply = m_manager.post(request, QJsonDocument(call.body).toJson(QJsonDocument::Compact));
    } else {
        reply = m_manager.get(request);
    }
    if (call.follow)
        connect(reply, &QNetworkReply::readyRead, this, [this, reply] { takeLines(*reply); });
    connect(reply, &QNetworkReply::finished, this, [this, reply, follow = call.follow] {
        reply->deleteLater();
        finish(*reply, follow);
    });
}

void AdminClient::takeLines(QNetworkReply &reply)
{
    if (reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 200)
        return;
    m_partial += reply.readAll();
    for (qsizetype end = m_partial.indexOf('\n'); end >= 0; end = m_partial.indexOf('\n')) {
        Q_EMIT lineReceived(m_partial.left(end));
        m_partial.remove(0, end + 1);
    }
}

void AdminClient::finish(QNetworkReply &reply, bool follow)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QByteArray body = reply.readAll();
    if (status == 0)
        return Q_EMIT failed(QStringLiteral("No engine answers: %1").arg(reply.errorString()), false);
    if (status != 200) {
        const QString reason = reasonOf(body);
        return Q_EMIT failed(reason.isEmpty() ? QStringLiteral("The engine answers HTTP %1.").arg(status) : reason,
                             true);
    }
    if (follow)
        return Q_EMIT failed(QStringLiteral("The engine ended."), false);
    if (reply.error() != QNetworkReply::NoError)
        return Q_EMIT failed(QStringLiteral("The answer is incomplete: %1").arg(reply.errorString()), true);
    Q_EMIT answered(body);
}

} // namespace signalbox
