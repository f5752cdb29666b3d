// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/alarmrules.h"

#include "engine/telemetry/trendwords.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace signalbox {

namespace {

enum Rule : std::size_t {
    RouteDown,
    PortLost,
    RouteWithoutFallback,
    ProviderOpen,
    AuthFailing,
    RecordingStopped,
    EventsDropped,
    CertificateExpiry,
    Flapping,
    ThrottledLong,
    DegradedScore
};

// How long each is waited for: long enough that what heals by itself in a moment is not told, short enough to act.
constexpr std::array rules {
    AlarmRule { "route_down", AlarmPriority::High, 3, 5 },
    AlarmRule { "port_lost", AlarmPriority::High, 2, 2 },
    AlarmRule { "route_without_fallback", AlarmPriority::Medium, 5, 10 },
    AlarmRule { "provider_open", AlarmPriority::Medium, 3, 5 },
    AlarmRule { "auth_failing", AlarmPriority::Medium, 3, 3 },
    AlarmRule { "recording_stopped", AlarmPriority::Medium, 3, 3 },
    AlarmRule { "events_dropped", AlarmPriority::Medium, 1, 60 },
    AlarmRule { "certificate_expiry", AlarmPriority::Medium, 3, 3 },
    AlarmRule { "flapping", AlarmPriority::Low, 1, 60 },
    AlarmRule { "throttled_long", AlarmPriority::Low, 3, 10 },
    AlarmRule { "degraded_score", AlarmPriority::Low, 30, 30 },
};
constexpr AlarmRule floodRule { "flood", AlarmPriority::High, 1, 60 };

/// Takes ordinary requests now. Half open takes one at a time only.
bool admits(const ProviderSnapshot &provider)
{
    const BreakerSnapshot &breaker = provider.breaker;
    if (provider.draining || provider.authBlocked || provider.keyMissing || breaker.throttled)
        return false;
    if (breaker.mode == BreakerMode::ForcedOpen)
        return false;
    return breaker.mode != BreakerMode::Auto || breaker.state == BreakerState::Closed;
}

QString sinceText(const QDateTime &time)
{
    return time.isValid() ? QStringLiteral(" since %1").arg(time.toLocalTime().toString(QStringLiteral("HH:mm:ss")))
                          : QString();
}

void add(std::vector<AlarmFinding> &found, Rule rule, const QString &subject, const QString &text)
{
    found.push_back({ &rules[rule], subject, false, text });
}

void findRoutes(const EngineSnapshot &snapshot, std::vector<AlarmFinding> &found)
{
    for (const Dialect dialect : { Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini }) {
        int wanted = 0, left = 0;
        QString last;
        for (const ProviderSnapshot &provider : snapshot.providers) {
            // What an operator took out is not missing.
            if (provider.dialect != dialect || !provider.enabled || provider.draining)
                continue;
            ++wanted;
            if (admits(provider)) {
                ++left;
                last = provider.name;
            }
        }
        const QString route = QString::fromLatin1(toString(dialect));
        if (wanted > 0 && left == 0)
            add(found, RouteDown, route,
                QStringLiteral("No provider takes %1 requests now: see each provider's alarm for what to do.")
                    .arg(route));
        if (wanted > 1 && left == 1)
            add(found, RouteWithoutFallback, route,
                QStringLiteral("Only %1 is left for %2 requests: if it fails, they fail.").arg(last, route));
    }
}

void findOpen(const ProviderSnapshot &provider, std::vector<AlarmFinding> &found)
{
    const BreakerSnapshot &breaker = provider.breaker;
    if (breaker.mode != BreakerMode::Auto || breaker.state == BreakerState::Closed)
        return;
    const QString reason = breaker.reason.isEmpty() ? QString() : QStringLiteral(": ") + breaker.reason;
    add(found, ProviderOpen, provider.name,
        QStringLiteral("%1 gets no requests%2%3").arg(provider.name, sinceText(breaker.since), reason));
    // While it is tried out it is neither broken nor well.
    found.back().undecided = breaker.state == BreakerState::HalfOpen;
}

void findCredential(const ProviderSnapshot &provider, std::vector<AlarmFinding> &found)
{
    if (provider.keyMissing)
        add(found, AuthFailing, provider.name,
            QStringLiteral("%1 has no key: %2").arg(provider.name, provider.keyProblem));
    else if (provider.authBlocked)
        add(found, AuthFailing, provider.name,
            QStringLiteral("%1 refuses its key or the account has no credit: check both, then save the configuration.")
                .arg(provider.name));
}

void findCertificate(const ProviderSnapshot &provider, const QDateTime &takenAt, std::vector<AlarmFinding> &found)
{
    const QDateTime &expiry = provider.certificateExpiry;
    if (!expiry.isValid() || expiry > takenAt.addDays(AlarmRules::certificateDays))
        return;
    const QString day = expiry.toUTC().date().toString(Qt::ISODate);
    add(found, CertificateExpiry, provider.name,
        expiry > takenAt ? QStringLiteral("The certificate of %1 expires on %2 (UTC): requests fail from then on "
                                          "unless its owner renews it.")
                               .arg(provider.name, day)
                         : QStringLiteral("The certificate of %1 expired on %2 (UTC).").arg(provider.name, day));
}

} // namespace

std::span<const AlarmRule> AlarmRules::all()
{
    return rules;
}

const AlarmRule &AlarmRules::flood()
{
    return floodRule;
}

std::vector<AlarmFinding> AlarmRules::find(const EngineSnapshot &snapshot, std::int64_t nowMs)
{
    std::vector<AlarmFinding> found;
    findRoutes(snapshot, found);
    if (snapshot.listener.state == ListenState::Failed)
        add(found, PortLost, {},
            QStringLiteral("The proxy does not listen on %1:%2: %3")
                .arg(snapshot.listener.address)
                .arg(snapshot.listener.port)
                .arg(snapshot.listener.error));
    findInRecording(snapshot.recording, found);
    for (const ProviderSnapshot &provider : snapshot.providers) {
        if (provider.enabled)
            findInProvider(provider, snapshot.takenAt, nowMs, found);
    }
    std::erase_if(m_memory, [&snapshot](const auto &entry) {
        return std::none_of(snapshot.providers.begin(), snapshot.providers.end(),
                            [&entry](const ProviderSnapshot &provider) { return provider.name == entry.first; });
    });
    return found;
}

void AlarmRules::findInRecording(const RecordingSnapshot &recording, std::vector<AlarmFinding> &found)
{
    if (recording.state == RecordingState::Stopped)
        add(found, RecordingStopped, {},
            QStringLiteral("Nothing is recorded, requests go on: %1").arg(recording.reason));
    if (recording.droppedEvents > m_dropped)
        add(found, EventsDropped, {},
            QStringLiteral("%1 events did not fit into the queue, so the history has gaps: the disk is too slow for "
                           "this traffic.")
                .arg(recording.droppedEvents));
    m_dropped = recording.droppedEvents;
}

bool AlarmRules::flaps(const ProviderSnapshot &provider, Memory &memory, std::int64_t nowMs) const
{
    const std::uint64_t opened = provider.breaker.opened;
    for (std::uint64_t i = memory.opened; i < std::min(opened, memory.opened + flapOpens); ++i)
        memory.opens.push_back(nowMs);
    memory.opened = opened;
    if (memory.opens.size() > flapOpens)
        memory.opens.erase(memory.opens.begin(), std::prev(memory.opens.end(), flapOpens));
    return memory.opens.size() == flapOpens && nowMs - memory.opens.front() < flapWindowMs;
}

void AlarmRules::findInProvider(const ProviderSnapshot &provider, const QDateTime &takenAt, std::int64_t nowMs,
                                std::vector<AlarmFinding> &found)
{
    Memory &memory = m_memory[provider.name];
    findOpen(provider, found);
    findCredential(provider, found);
    findCertificate(provider, takenAt, found);
    if (flaps(provider, memory, nowMs))
        add(found, Flapping, provider.name,
            QStringLiteral(
                "%1 opened %2 times within %3 min: a longer open time or a higher threshold keeps it calmer.")
                .arg(provider.name)
                .arg(flapOpens)
                .arg(flapWindowMs / 60000));
    if (!provider.breaker.throttled)
        memory.throttledSinceMs = -1;
    else if (memory.throttledSinceMs < 0)
        memory.throttledSinceMs = nowMs;
    if (memory.throttledSinceMs >= 0 && nowMs - memory.throttledSinceMs >= throttledLongMs)
        add(found, ThrottledLong, provider.name,
            QStringLiteral("%1 has been asking us to wait for %2: its rate limit is too low for this traffic.")
                .arg(provider.name, durationText(static_cast<double>(nowMs - memory.throttledSinceMs))));
    const HealthLabel label = provider.score.label;
    if (label == HealthLabel::Degraded || label == HealthLabel::Unhealthy)
        add(found, DegradedScore, provider.name,
            QStringLiteral("%1 is %2, score %3 of 100.")
                .arg(provider.name, QString::fromLatin1(toString(label)))
                .arg(provider.score.value, 0, 'f', 0));
}

} // namespace signalbox
