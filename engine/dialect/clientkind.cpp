// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/clientkind.h"

#include <QCryptographicHash>

#include <array>
#include <string_view>

namespace signalbox {

namespace {

struct Agent
{
    QByteArrayView part; ///< of the lower-cased user-agent
    QByteArrayView kind;
};

// The more special first: tools build on SDKs and may name both.
constexpr std::array agents {
    Agent { "signalbox-console", "signalbox-console" },
    Agent { "claude-cli", "claude-code" },
    Agent { "claude-code", "claude-code" },
    Agent { "codex", "codex" },
    Agent { "opencode", "opencode" },
    Agent { "geminicli", "gemini-cli" },
    Agent { "gemini-cli", "gemini-cli" },
    Agent { "qwencode", "qwen-code" },
    Agent { "aider", "aider" },
    Agent { "cline", "cline" },
    Agent { "roo-code", "roo-code" },
    Agent { "continue", "continue" },
    Agent { "copilot", "copilot" },
    Agent { "cursor", "cursor" },
    Agent { "zed/", "zed" },
    Agent { "litellm", "litellm" },
    Agent { "langchain", "langchain" },
    Agent { "anthropic/python", "anthropic-python" },
    Agent { "asyncanthropic/python", "anthropic-python" },
    Agent { "anthropic/js", "anthropic-js" },
    Agent { "openai/python", "openai-python" },
    Agent { "asyncopenai/python", "openai-python" },
    Agent { "openai/js", "openai-js" },
    Agent { "google-genai-sdk", "google-genai" },
    Agent { "ai-sdk", "ai-sdk" },
    Agent { "python-requests", "python" },
    Agent { "python-httpx", "python" },
    Agent { "aiohttp", "python" },
    Agent { "curl/", "curl" },
    Agent { "node", "node" },
    Agent { "go-http-client", "go" },
};

// In the order of how closely each one names the conversation, not the request.
constexpr std::array<QByteArrayView, 6> sessionFields {
    "x-claude-code-session-id", "session-id", "session_id", "x-session-id", "x-session-affinity", "thread-id"
};

} // namespace

namespace {

QByteArray kindOf(const QByteArray &userAgent)
{
    const QByteArray agent = userAgent.left(256).toLower();
    const std::string_view text(agent.constData(), static_cast<std::size_t>(agent.size()));
    for (const Agent &known : agents) {
        if (text.find(std::string_view(known.part.data(), static_cast<std::size_t>(known.part.size()))) != text.npos)
            return known.kind.toByteArray();
    }
    return agent.isEmpty() ? QByteArrayLiteral("unknown") : QByteArrayLiteral("other");
}

} // namespace

QByteArray clientKind(const HeaderList &headers)
{
    // One tool sends many requests in a row.
    thread_local QByteArray lastAgent;
    thread_local QByteArray lastKind;
    const QByteArray agent = headers.value("user-agent");
    if (lastKind.isEmpty() || agent != lastAgent) {
        lastKind = kindOf(agent);
        lastAgent = agent;
    }
    return lastKind;
}

QByteArray sessionKey(const HeaderList &headers, QByteArrayView promptCacheKey)
{
    QByteArray value;
    for (QByteArrayView field : sessionFields) {
        value = headers.value(field);
        if (!value.isEmpty())
            break;
    }
    if (value.isEmpty())
        value = promptCacheKey.toByteArray();
    return value.isEmpty() ? value : QCryptographicHash::hash(value, QCryptographicHash::Sha256).toHex().left(12);
}

} // namespace signalbox
