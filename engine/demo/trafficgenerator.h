// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/secret.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <QTimer>
#include <QUrl>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <unordered_set>

namespace signalbox {

/// Gentle traffic against the local proxy in demo mode: mixed dialects, streamed and not. Lives on any thread with an
/// event loop.
class TrafficGenerator : public QObject
{
    Q_OBJECT

public:
    /// `proxy` is the listener's root URL; `token` the local access token, if one is required.
    TrafficGenerator(QUrl proxy, std::optional<Secret> token, std::uint64_t seed, QObject *parent = nullptr);
    ~TrafficGenerator() override;

    static constexpr int maximumInFlight = 8;

    /// Mean time between two requests; the actual gap is spread around it.
    void setMeanGap(std::chrono::milliseconds gap) { m_meanGap = gap; }
    void start();
    /// Aborts what is in flight.
    void stop();

    int inFlight() const { return static_cast<int>(m_replies.size()); }
    std::uint64_t sent() const { return m_sent; }

Q_SIGNALS:
    /// Status 0: no HTTP answer.
    void requestFinished(int status);

private:
    void arm();
    void sendOne();
    void finish(QNetworkReply *reply);

    QUrl m_proxy;
    std::optional<Secret> m_token;
    std::mt19937_64 m_random;
    std::chrono::milliseconds m_meanGap { 350 };
    QNetworkAccessManager m_manager;
    QTimer m_timer;
    std::uint64_t m_sent = 0;
    std::unordered_set<QNetworkReply *> m_replies;
};

} // namespace signalbox
