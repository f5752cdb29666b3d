// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demo/trafficgenerator.h"

#include <QNetworkProxy>
#include <QNetworkReply>

#include <array>

namespace signalbox {

namespace {

struct Sample
{
    const char *path;
    const char *body;
};

constexpr std::array<Sample, 5> samples { {
    { "/v1/chat/completions", R"({"model":"demo","stream":true,"messages":[{"role":"user","content":"hi"}]})" },
    { "/v1/chat/completions", R"({"model":"demo","messages":[{"role":"user","content":"hi"}]})" },
    { "/v1/responses", R"({"model":"demo","stream":true,"input":"hi"})" },
    { "/v1/messages", R"({"model":"demo","stream":true,"max_tokens":64,"messages":[{"role":"user","content":"hi"}]})" },
    { "/v1beta/models/demo:streamGenerateContent?alt=sse", R"({"contents":[{"parts":[{"text":"hi"}]}]})" },
} };

} // namespace

TrafficGenerator::TrafficGenerator(QUrl proxy, std::optional<Secret> token, std::uint64_t seed, QObject *parent)
    : QObject(parent), m_proxy(std::move(proxy)), m_token(std::move(token)), m_random(seed), m_manager(this),
      m_timer(this)
{
    m_manager.setProxy(QNetworkProxy::NoProxy);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        sendOne();
        arm();
    });
}

TrafficGenerator::~TrafficGenerator()
{
    stop();
}

void TrafficGenerator::start()
{
    m_started = true;
    arm();
}

void TrafficGenerator::stop()
{
    m_started = false;
    m_timer.stop();
    for (QNetworkReply *reply : std::exchange(m_replies, {})) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }
}

void TrafficGenerator::arm()
{
    std::uniform_real_distribution<double> spread(0.5, 1.5);
    m_timer.start(std::chrono::milliseconds(
        static_cast<std::int64_t>(static_cast<double>(m_meanGap.count()) * spread(m_random))));
}

void TrafficGenerator::sendOne()
{
    if (inFlight() >= maximumInFlight)
        return;
    const Sample &sample = samples[std::uniform_int_distribution<std::size_t>(0, samples.size() - 1)(m_random)];
    QNetworkRequest request(m_proxy.resolved(QUrl(QString::fromLatin1(sample.path))));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("signalbox-demo"));
    if (m_token)
        request.setRawHeader("x-signalbox-token", m_token->reveal());
    QNetworkReply *reply = m_manager.post(request, sample.body);
    ++m_sent;
    m_replies.insert(reply);
    connect(reply, &QNetworkReply::finished, this, [this, reply] { finish(reply); });
}

void TrafficGenerator::finish(QNetworkReply *reply)
{
    m_replies.erase(reply);
    reply->deleteLater();
    Q_EMIT requestFinished(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt());
}

} // namespace signalbox
