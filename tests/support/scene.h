// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/providerscripts.h"
#include "tests/support/proxyprocess.h"

namespace signalbox::test {

inline const QByteArray alphaKey = "sk-alpha-0f1e2d3c4b5a69788796";
inline const QByteArray betaKey = "sk-beta-a1b2c3d4e5f60718293a4b";

inline const QByteArray chatPath = "/v1/chat/completions";
inline const QByteArray messagesPath = "/v1/messages";
inline const QByteArray responsesPath = "/v1/responses";
inline const QByteArray geminiStreamPath = "/v1beta/models/gemini-test:streamGenerateContent?alt=sse";

/// The provider's base URL as that vendor's SDK takes it.
inline QString baseFor(const FakeProvider &provider, const QString &dialect)
{
    return provider.baseUrl(dialect == QLatin1String("openai") ? QStringLiteral("/v1") : QString());
}

/// The usual stage: alpha comes first and misbehaves, beta works, the proxy stands in front of both.
class Scene
{
public:
    explicit Scene(Script alphaScript, Script betaScript = healthy("beta"))
        : alpha(std::move(alphaScript)), beta(std::move(betaScript))
    {
    }

    /// Both providers in that dialect; `more` for both.
    bool start(const QString &dialect = QStringLiteral("openai"), const QJsonObject &more = {})
    {
        proxy.provider(QStringLiteral("alpha"), dialect, baseFor(alpha, dialect), alphaKey, more);
        proxy.provider(QStringLiteral("beta"), dialect, baseFor(beta, dialect), betaKey, more);
        return proxy.start();
    }
    bool startAlone(const QString &dialect = QStringLiteral("openai"), const QJsonObject &more = {})
    {
        proxy.provider(QStringLiteral("alpha"), dialect, baseFor(alpha, dialect), alphaKey, more);
        return proxy.start();
    }

    Answer ask(const QByteArray &bytes, milliseconds timeout = patience) const
    {
        return test::ask(proxy.port(), bytes, timeout);
    }
    Answer chat(bool stream = false) const { return ask(postJson(chatPath, payload::chat(stream))); }

    FakeProvider alpha;
    FakeProvider beta;
    ProxyProcess proxy;
};

} // namespace signalbox::test
