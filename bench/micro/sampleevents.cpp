// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/micro/sampleevents.h"

#include <array>

namespace signalbox::bench {

namespace {

using std::chrono::microseconds;

const QString &providerName(std::size_t number)
{
    static const std::array names { QStringLiteral("openai"), QStringLiteral("anthropic"), QStringLiteral("openrouter"),
                                    QStringLiteral("local") };
    return names[number % names.size()];
}

const QByteArray &modelName(std::size_t number)
{
    static const std::array<QByteArray, 3> names { "gpt-4o", "gpt-4o-mini", "claude-sonnet-4" };
    return names[number % names.size()];
}

AttemptEvent attemptEvent(std::size_t number)
{
    const auto jitter = static_cast<std::int64_t>(number % 997);
    AttemptEvent attempt;
    attempt.provider = providerName(number);
    attempt.outcome = Outcome::Success;
    attempt.reason = QStringLiteral("ok");
    attempt.status = 200;
    attempt.reusedConnection = true;
    attempt.firstByte = microseconds(412'000 + jitter * 100);
    attempt.total = microseconds(6'100'000 + jitter * 1000);
    attempt.startedAfter = microseconds(84);
    attempt.chosenBecause = QStringLiteral("priority");
    attempt.score = 93.25;
    attempt.phases.queue = microseconds(2);
    attempt.phases.sent = microseconds(41);
    attempt.phases.head = attempt.firstByte;
    attempt.phases.firstByte = attempt.firstByte + microseconds(12);
    attempt.phases.lastByte = attempt.total;
    attempt.bytesSent = 38'112;
    attempt.bytesReceived = 52'731;
    attempt.usage.known = true;
    attempt.usage.inputTokens = 1'204;
    attempt.usage.cachedTokens = 8'190;
    attempt.usage.outputTokens = 611 + static_cast<std::uint64_t>(jitter);
    attempt.servedModel = modelName(number);
    attempt.costUsd = 0.01237;
    return attempt;
}

} // namespace

RequestEvent requestEvent(std::size_t number)
{
    RequestEvent event;
    event.sequence = 1'700'000'000'000'000 + number;
    event.id = "req_" + QByteArray::number(static_cast<qulonglong>(number * 2'654'435'761U), 36);
    event.at = QDateTime::fromMSecsSinceEpoch(1'700'000'000'000 + static_cast<qint64>(number / 200), Qt::UTC);
    event.monotonic = std::chrono::milliseconds(number / 200);
    event.userAgent = "openai-python";
    event.session = "5f1c09ab77e1";
    event.method = "POST";
    event.path = "/v1/chat/completions";
    event.dialect = Dialect::OpenAi;
    event.endpoint = "chat/completions";
    event.model = modelName(number);
    event.stream = true;
    event.status = 200;
    event.streamEnd = RequestEvent::StreamEnd::Completed;
    event.gaps = { 410, microseconds(9'800), microseconds(31'000), microseconds(88'000) };
    event.provider = providerName(number);
    event.attempts.push_back(attemptEvent(number));
    event.firstByte = event.attempts.front().firstByte + microseconds(90);
    event.total = event.attempts.front().total + microseconds(100);
    event.overhead = microseconds(61);
    event.bytesFromClient = 37'800;
    event.bytesToClient = 52'731;
    return event;
}

HeaderList sdkHeaders()
{
    return { { "Host", "127.0.0.1:8787" },
             { "Connection", "keep-alive" },
             { "Accept", "application/json" },
             { "Content-Type", "application/json" },
             { "Content-Length", "1024" },
             { "Accept-Encoding", "gzip, deflate" },
             { "User-Agent", "OpenAI/Python 1.54.3" },
             { "X-Stainless-Lang", "python" },
             { "X-Stainless-Package-Version", "1.54.3" },
             { "X-Stainless-OS", "Linux" },
             { "X-Stainless-Arch", "x64" },
             { "X-Stainless-Runtime", "CPython" },
             { "X-Stainless-Runtime-Version", "3.11.2" },
             { "X-Stainless-Async", "false" },
             { "X-Stainless-Retry-Count", "0" },
             { "Authorization", "Bearer sb-local-0123456789abcdef0123456789abcdef" } };
}

QByteArray chatBody(qsizetype bytes)
{
    const QByteArray head = R"({"model":"gpt-4o","messages":[{"role":"system","content":"You write code."},)"
                            R"({"role":"user","content":")";
    const QByteArray tail = R"("}],"temperature":0.2,"stream":true})";
    QByteArray text;
    while (head.size() + text.size() + tail.size() < bytes)
        text += R"(for (int i = 0; i < n; ++i)\n    sum += \"a, b\";\n)";
    return head + text + tail;
}

QByteArray chatChunk()
{
    return R"(data: {"id":"chatcmpl-9x","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-2024-08-06",)"
           R"("system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":" proxy"},"logprobs":null,"finish_reason":null}]})"
           "\n\n";
}

} // namespace signalbox::bench
