// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/console/recordedday.h"

#include "engine/history/historywriter.h"
#include "engine/provider/breakerwatch.h"

#include <QDateTime>

#include <memory>
#include <vector>

namespace signalbox::bench {

namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr std::int64_t minuteMs = 60'000;
constexpr std::int64_t minutes = 24 * 60;
constexpr int providers = 4;
constexpr int failsEvery = 50;

QString nameOf(int provider)
{
    return QStringLiteral("provider-%1").arg(provider + 1, 2, 10, QLatin1Char('0'));
}

RequestEvent requestAt(std::int64_t atMs, int number)
{
    const bool failed = number % failsEvery == 0;
    RequestEvent event;
    event.sequence = static_cast<std::uint64_t>(atMs) * 1000 + static_cast<std::uint64_t>(number % 1000);
    event.id = "req_" + QByteArray::number(number, 36);
    event.at = QDateTime::fromMSecsSinceEpoch(atMs, Qt::UTC);
    event.userAgent = number % 3 == 0 ? "openai-python" : "codex";
    event.session = "5f1c09ab77e1";
    event.method = "POST";
    event.path = "/v1/chat/completions";
    event.dialect = Dialect::OpenAi;
    event.endpoint = "chat/completions";
    event.model = number % 2 == 0 ? "gpt-4o" : "gpt-4o-mini";
    event.stream = number % 2 == 0;
    event.status = failed ? 503 : 200;
    event.end = failed ? RequestEvent::End::Failed : event.end;
    event.provider = nameOf(number % providers);
    event.firstByte = microseconds(120'000 + number % 997 * 100);
    event.total = microseconds(900'000 + number % 991 * 1000);
    event.overhead = 60us;
    event.bytesFromClient = 37'800;
    event.bytesToClient = 51'200;
    AttemptEvent attempt;
    attempt.provider = event.provider;
    attempt.outcome = failed ? Outcome::Failure : Outcome::Success;
    attempt.reason = failed ? QStringLiteral("status_5xx") : QStringLiteral("ok");
    attempt.status = event.status;
    attempt.firstByte = event.firstByte;
    attempt.total = event.total;
    event.attempts.push_back(attempt);
    return event;
}

/// One provider's breaker over the day, with two hours of failures in it, logged as its engine would have.
class LoggedBreaker
{
public:
    LoggedBreaker(int provider, std::int64_t callsPerMinute)
        : m_name(nameOf(provider)), m_calls(callsPerMinute), m_breaker(
                                                                 {}, [] { return 0.5; }, 0),
          m_watch(m_breaker)
    {
        m_watch.startLog();
    }

    BreakerInputs minute(std::int64_t number, std::int64_t fromMs)
    {
        const bool badHour = number / 60 % 12 == 5;
        for (std::int64_t i = 0; i < m_calls; ++i) {
            const std::int64_t nowMs = number * minuteMs + minuteMs * i / m_calls;
            m_breaker.tick(nowMs);
            Admission admission = m_breaker.acquire(nowMs);
            if (!admission.admitted)
                continue;
            const bool fails = badHour && i % 2 == 0;
            m_breaker.complete(admission.token, fails ? Outcome::Failure : Outcome::Success, nowMs,
                               i % failsEvery == 0);
        }
        const std::int64_t endMs = (number + 1) * minuteMs;
        auto chunk = m_watch.takeLog(fromMs + endMs, endMs);
        return chunk ? BreakerInputs { m_name, chunk->wallMs, std::move(chunk->records) } : BreakerInputs {};
    }

private:
    QString m_name;
    std::int64_t m_calls;
    CircuitBreaker m_breaker;
    BreakerWatch m_watch;
};

} // namespace

void recordDay(const QString &directory, const RecordedDay &day)
{
    HistorySettings settings;
    settings.directory = directory;
    settings.keep.retentionMs = std::chrono::hours(48);
    settings.keep.stateRetentionMs = std::chrono::hours(48);
    const std::int64_t fromMs = QDateTime::currentMSecsSinceEpoch() - minutes * minuteMs;
    HistoryWriter writer(settings);
    std::vector<std::unique_ptr<LoggedBreaker>> breakers;
    breakers.reserve(providers);
    for (int provider = 0; provider < providers; ++provider)
        breakers.push_back(std::make_unique<LoggedBreaker>(provider, day.breakerCalls / providers / minutes));
    int recorded = 0;
    for (std::int64_t minute = 0; minute < minutes; ++minute) {
        const auto untilNow = static_cast<int>((minute + 1) * day.requests / minutes);
        for (; recorded < untilNow; ++recorded)
            writer.record(requestAt(fromMs + minutes * minuteMs * recorded / day.requests, recorded));
        for (const auto &breaker : breakers) {
            if (BreakerInputs inputs = breaker->minute(minute, fromMs); !inputs.records.isEmpty())
                writer.record(std::move(inputs));
        }
        if (minute % 60 == 59)
            writer.flush(); // what waits fits into the queue
    }
    writer.flush();
}

} // namespace signalbox::bench
