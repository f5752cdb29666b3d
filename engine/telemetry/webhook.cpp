// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/webhook.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>

namespace signalbox {

namespace {

QJsonValue timeOf(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue(QJsonValue::Null);
}

/// A refusal that the same message would meet again.
bool isFinal(int status)
{
    return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
}

} // namespace

Webhook::Webhook(WebhookPolicy policy, QObject *parent) : QObject(parent), m_policy(policy)
{
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Webhook::post);
}

Webhook::~Webhook()
{
    clear();
}

void Webhook::clear()
{
    m_retry.stop();
    m_queue.clear();
    m_attempt = 0;
    if (m_reply) {
        m_reply->disconnect(this);
        m_reply->abort();
        m_reply->deleteLater();
        m_reply.clear();
    }
}

void Webhook::setTarget(const QUrl &url, const Secret &key)
{
    if (url != m_url)
        clear();
    m_url = url;
    m_key = key;
}

QByteArray Webhook::body(const Alarm &alarm)
{
    const QJsonObject object { { QStringLiteral("version"), 1 },
                               { QStringLiteral("id"), alarm.id },
                               { QStringLiteral("rule"), alarm.rule },
                               { QStringLiteral("subject"), alarm.subject },
                               { QStringLiteral("priority"), QString::fromLatin1(toString(alarm.priority)) },
                               { QStringLiteral("state"), QString::fromLatin1(toString(alarm.state)) },
                               { QStringLiteral("text"), alarm.text },
                               { QStringLiteral("since"), timeOf(alarm.since) },
                               { QStringLiteral("changed"), timeOf(alarm.changed) },
                               { QStringLiteral("acknowledgedAt"), timeOf(alarm.acknowledgedAt) },
                               { QStringLiteral("acknowledgedBy"), alarm.acknowledgedBy },
                               { QStringLiteral("count"), alarm.count },
                               { QStringLiteral("firstRaised"), timeOf(alarm.firstRaised) } };
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

void Webhook::send(const Alarm &alarm)
{
    if (m_url.isEmpty() || alarm.grouped)
        return;
    if (m_queue.size() >= m_policy.queueLimit) {
        // The first one may be under way; what is newest says most about now.
        m_queue.erase(std::next(m_queue.begin()));
        ++m_dropped;
    }
    m_queue.push_back(body(alarm));
    if (!m_reply && !m_retry.isActive())
        post();
}

void Webhook::post()
{
    QNetworkRequest request(m_url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    request.setHeader(QNetworkRequest::UserAgentHeader, QByteArrayLiteral("signalbox/" SIGNALBOX_VERSION));
    if (!m_key.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + m_key.reveal());
    request.setTransferTimeout(static_cast<int>(m_policy.timeout.count()));
    ++m_attempt;
    m_reply = m_network.post(request, m_queue.front());
    QNetworkReply *reply = m_reply;
    connect(reply, &QNetworkReply::finished, this, [this, reply] { onFinished(reply); });
}

void Webhook::onFinished(QNetworkReply *reply)
{
    reply->deleteLater();
    m_reply.clear();
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 200 && status < 300) {
        ++m_delivered;
        m_queue.pop_front();
        m_attempt = 0;
        if (!m_queue.empty())
            post();
        return;
    }
    const QString why = status > 0 ? QStringLiteral("it answered %1").arg(status) : reply->errorString();
    if (isFinal(status) || (status >= 300 && status < 400) || m_attempt >= m_policy.attempts)
        return giveUp(why);
    const auto wait = m_policy.firstWait * (1LL << std::min(m_attempt - 1, 20));
    m_retry.start(std::min<std::chrono::milliseconds>(wait, m_policy.longestWait));
}

void Webhook::giveUp(const QString &reason)
{
    ++m_dropped;
    m_queue.pop_front();
    m_attempt = 0;
    const QString text =
        QStringLiteral("An alarm could not be delivered to the webhook at %1: %2").arg(m_url.host(), reason);
    if (!m_queue.empty())
        post();
    Q_EMIT failed(text);
}

} // namespace signalbox
