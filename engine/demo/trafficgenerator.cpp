// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demo/trafficgenerator.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkProxy>
#include <QNetworkReply>

#include <array>

namespace signalbox {

namespace {

using namespace std::chrono_literals;

struct Request
{
    QString path;
    QString query;
    const char *credentialHeader;
    QByteArray body;
};

QJsonArray conversation(const QString &question)
{
    return { QJsonObject { { QStringLiteral("role"), QStringLiteral("user") },
                           { QStringLiteral("content"), question } } };
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Request chat(const QString &question, bool stream)
{
    return { QStringLiteral("/v1/chat/completions"),
             {},
             "Authorization",
             compact({ { QStringLiteral("model"), QStringLiteral("gpt-simulated") },
                       { QStringLiteral("stream"), stream },
                       { QStringLiteral("messages"), conversation(question) } }) };
}

Request responses(const QString &question, bool stream)
{
    return { QStringLiteral("/v1/responses"),
             {},
             "Authorization",
             compact({ { QStringLiteral("model"), QStringLiteral("gpt-simulated") },
                       { QStringLiteral("stream"), stream },
                       { QStringLiteral("input"), question } }) };
}

Request messages(const QString &question, bool stream)
{
    return { QStringLiteral("/v1/messages"),
             {},
             "x-api-key",
             compact({ { QStringLiteral("model"), QStringLiteral("claude-simulated") },
                       { QStringLiteral("max_tokens"), 256 },
                       { QStringLiteral("stream"), stream },
                       { QStringLiteral("messages"), conversation(question) } }) };
}

Request generate(const QString &question, bool stream)
{
    const QJsonObject part { { QStringLiteral("text"), question } };
    const QJsonObject content { { QStringLiteral("role"), QStringLiteral("user") },
                                { QStringLiteral("parts"), QJsonArray { part } } };
    return { stream ? QStringLiteral("/v1beta/models/gemini-simulated:streamGenerateContent")
                    : QStringLiteral("/v1beta/models/gemini-simulated:generateContent"),
             stream ? QStringLiteral("alt=sse") : QString(), "x-goog-api-key",
             compact({ { QStringLiteral("contents"), QJsonArray { content } } }) };
}

/// One request of six names its provider, so that the two which seldom get a turn are seen working as well.
QString pinnedPrefix(std::uint64_t draw)
{
    switch (draw % 12) {
    case 0:
        return QStringLiteral("/providers/sim-slow");
    case 1:
        return QStringLiteral("/providers/sim-fast");
    default:
        return {};
    }
}

} // namespace

TrafficGenerator::TrafficGenerator(QUrl proxy, std::optional<Secret> token, std::uint64_t seed, QObject *parent)
    : QObject(parent), m_proxy(std::move(proxy)), m_token(std::move(token)), m_random(seed), m_manager(this),
      m_timer(this)
{
    m_manager.setProxy(QNetworkProxy::NoProxy);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (inFlight() < maximumInFlight)
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
    if (m_timer.isActive())
        return;
    arm();
}

void TrafficGenerator::stop()
{
    m_timer.stop();
    const std::unordered_set<QNetworkReply *> replies = std::move(m_replies);
    m_replies.clear();
    for (QNetworkReply *reply : replies) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }
}

void TrafficGenerator::arm()
{
    // From half to one and a half of the mean.
    const double factor = 0.5 + static_cast<double>(m_random() >> 11) * 0x1p-53;
    m_timer.start(
        std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(m_meanGap.count()) * factor)));
}

void TrafficGenerator::sendOne()
{
    static constexpr std::array makers { &chat, &responses, &messages, &generate };
    const auto maker = makers[m_random() % makers.size()];
    const bool stream = m_random() % 4 != 0;
    const Request made = maker(QStringLiteral("Which route is clear, question %1?").arg(++m_sent), stream);

    QUrl url = m_proxy;
    url.setPath(pinnedPrefix(m_random()) + made.path);
    url.setQuery(made.query);
    QNetworkRequest request(url);
    request.setRawHeader("User-Agent", "signalbox-demo");
    request.setRawHeader("Content-Type", "application/json");
    if (made.path == QLatin1String("/v1/messages"))
        request.setRawHeader("anthropic-version", "2023-06-01");
    if (m_token) {
        const bool bearer = QByteArrayView(made.credentialHeader) == "Authorization";
        request.setRawHeader(made.credentialHeader, (bearer ? "Bearer " : "") + m_token->reveal());
    }
    request.setTransferTimeout(60000);
    QNetworkReply *reply = m_manager.post(request, made.body);
    m_replies.insert(reply);
    connect(reply, &QNetworkReply::finished, this, [this, reply] { finish(reply); });
    // Read as it comes, as a tool does.
    connect(reply, &QNetworkReply::readyRead, this, [reply] { reply->readAll(); });
}

void TrafficGenerator::finish(QNetworkReply *reply)
{
    m_replies.erase(reply);
    reply->deleteLater();
    Q_EMIT requestFinished(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt());
}

} // namespace signalbox
