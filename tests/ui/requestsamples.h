// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"

#include <vector>

namespace signalbox {

inline AttemptEvent sampleAttempt(const char *provider, int status)
{
    using namespace std::chrono_literals;
    AttemptEvent attempt;
    attempt.provider = QString::fromLatin1(provider);
    attempt.status = status;
    attempt.reason = status == 200 ? QStringLiteral("ok") : QStringLiteral("status_5xx");
    attempt.outcome = status == 200 ? Outcome::Success : Outcome::Failure;
    attempt.total = status == 200 ? 2300ms : 120ms;
    attempt.chosenBecause = QStringLiteral("priority");
    attempt.score = 93;
    attempt.phases.queue = 40us;
    attempt.phases.dns = 2ms;
    attempt.phases.connect = 14ms;
    attempt.phases.tls = 31ms;
    attempt.phases.sent = 32ms;
    attempt.phases.head = status == 200 ? 640ms : 119ms;
    if (status == 200) {
        attempt.phases.firstByte = 641ms;
        attempt.phases.lastByte = 2300ms;
    }
    return attempt;
}

/// Every third failed at its only provider, every fifth was served at the second attempt.
inline RequestEvent sampleRequest(std::uint64_t sequence)
{
    using namespace std::chrono_literals;
    RequestEvent event;
    event.sequence = sequence;
    event.id = "req_" + QByteArray::number(static_cast<qulonglong>(sequence));
    event.at = QDateTime(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC).addSecs(static_cast<qint64>(sequence));
    event.userAgent = "claude-code";
    event.method = "POST";
    event.path = "/v1/messages";
    event.endpoint = "messages";
    event.dialect = Dialect::Anthropic;
    event.model = "claude-sonnet-4-5";
    event.stream = true;
    event.firstByte = 700ms;
    event.total = 2500ms;
    event.bytesFromClient = 4210;
    event.bytesToClient = 18'400;
    const bool failed = sequence % 3 == 0;
    event.status = failed ? 502 : 200;
    event.end = failed ? RequestEvent::End::Failed : RequestEvent::End::Completed;
    if (sequence % 5 == 0)
        event.attempts.push_back(sampleAttempt("anthropic-eu", 529));
    event.attempts.push_back(sampleAttempt("openai", failed ? 503 : 200));
    if (event.attempts.size() > 1)
        event.attempts.back().startedAfter = 130ms;
    if (!failed)
        event.provider = QStringLiteral("openai");
    return event;
}

inline std::vector<RequestEvent> sampleRequests(std::uint64_t first, std::uint64_t last)
{
    std::vector<RequestEvent> events;
    for (std::uint64_t sequence = first; sequence <= last; ++sequence)
        events.push_back(sampleRequest(sequence));
    return events;
}

} // namespace signalbox
