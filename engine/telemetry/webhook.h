// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/alarm.h"
#include "engine/base/secret.h"

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include <chrono>
#include <cstdint>
#include <deque>

class QNetworkReply;

namespace signalbox {

struct WebhookPolicy
{
    std::size_t queueLimit = 100; ///< past it the oldest is dropped
    int attempts = 6; ///< per message
    std::chrono::milliseconds firstWait { 1000 }; ///< doubled for each further attempt
    std::chrono::milliseconds longestWait { 60000 };
    std::chrono::milliseconds timeout { 10000 }; ///< of one attempt
};

/// Posts alarms as JSON, one after the other in order, and tries again when that fails. Never blocks; lives on the
/// engine thread.
class Webhook : public QObject
{
    Q_OBJECT

public:
    explicit Webhook(WebhookPolicy policy = {}, QObject *parent = nullptr);
    ~Webhook() override;

    /// An empty URL turns it off and empties the queue. The key goes out as a bearer token and nowhere else.
    void setTarget(const QUrl &url, const Secret &key);
    /// Nothing is sent for an alarm that belongs to a flood.
    void send(const Alarm &alarm);

    std::uint64_t delivered() const { return m_delivered; }
    std::uint64_t dropped() const { return m_dropped; }
    std::size_t queued() const { return m_queue.size(); }

    static QByteArray body(const Alarm &alarm);

Q_SIGNALS:
    /// A message was given up: one sentence without the URL's query.
    void failed(const QString &reason);

private:
    void post();
    void onFinished(QNetworkReply *reply);
    void giveUp(const QString &reason);
    void clear();

    WebhookPolicy m_policy;
    QNetworkAccessManager m_network;
    QTimer m_retry;
    QUrl m_url;
    Secret m_key;
    std::deque<QByteArray> m_queue; ///< the first one is under way
    QPointer<QNetworkReply> m_reply;
    int m_attempt = 0;
    std::uint64_t m_delivered = 0;
    std::uint64_t m_dropped = 0;
};

} // namespace signalbox
