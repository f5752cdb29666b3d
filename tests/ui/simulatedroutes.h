// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/clock.h"
#include "engine/demo/simulatedserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <memory>
#include <vector>

namespace signalbox {

/// Simulated providers that are always well, and a configuration that names them like real ones.
class SimulatedRoutes
{
public:
    /// more: further members of its entry.
    void add(const QString &name, Dialect dialect = Dialect::OpenAi, const QJsonObject &more = {})
    {
        SimulatedBehaviour behaviour;
        behaviour.name = name;
        behaviour.firstByte = std::chrono::milliseconds(1);
        behaviour.gap = std::chrono::milliseconds(1);
        behaviour.tokens = 3;
        m_servers.push_back(std::make_unique<SimulatedServer>(behaviour, m_clock));
        if (!m_servers.back()->listen())
            qFatal("cannot listen for %s", qPrintable(name));
        QJsonObject entry = more;
        entry.insert(QStringLiteral("name"), name);
        entry.insert(QStringLiteral("dialect"), QLatin1String(toString(dialect)));
        const QString path = dialect == Dialect::OpenAi ? QStringLiteral("/v1") : QString();
        entry.insert(QStringLiteral("baseUrl"), QString(m_servers.back()->url().toString() + path));
        entry.insert(QStringLiteral("key"), QJsonValue::Null);
        m_providers.append(entry);
    }

    QString baseUrl(int which) const
    {
        return m_providers.at(which).toObject().value(QLatin1String("baseUrl")).toString();
    }

    QByteArray config() const
    {
        const QJsonObject proxy { { QStringLiteral("port"), 0 }, { QStringLiteral("token"), QJsonValue::Null } };
        const QJsonObject health { { QStringLiteral("intervalMs"), 3'600'000 } };
        return QJsonDocument(QJsonObject { { QStringLiteral("version"), 1 },
                                           { QStringLiteral("proxy"), proxy },
                                           { QStringLiteral("health"), health },
                                           { QStringLiteral("providers"), m_providers } })
            .toJson();
    }

    /// Sends a small OpenAI chat request through the proxy; who answered it.
    static QString servedBy(quint16 port, const QString &model = QStringLiteral("gpt-4o"),
                            const QByteArray &userAgent = "test", const QByteArray &token = {})
    {
        QNetworkAccessManager manager;
        QNetworkRequest request(QUrl(QStringLiteral("http://127.0.0.1:%1/openai/v1/chat/completions").arg(port)));
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        request.setHeader(QNetworkRequest::UserAgentHeader, userAgent);
        if (!token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + token);
        const QJsonObject message { { QStringLiteral("role"), QStringLiteral("user") },
                                    { QStringLiteral("content"), QStringLiteral("Hi") } };
        const QJsonObject body { { QStringLiteral("model"), model },
                                 { QStringLiteral("messages"), QJsonArray { message } } };
        const std::unique_ptr<QNetworkReply> reply(manager.post(request, QJsonDocument(body).toJson()));
        (void)QTest::qWaitFor([&reply] { return reply->isFinished(); }, 20'000);
        return QString::fromLatin1(reply->rawHeader("x-signalbox-provider"));
    }

private:
    SystemClock m_clock;
    std::vector<std::unique_ptr<SimulatedServer>> m_servers;
    QJsonArray m_providers;
};

} // namespace signalbox
