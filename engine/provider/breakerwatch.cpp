// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/provider/breakerwatch.h"

#include <utility>

namespace signalbox {

void BreakerWatch::record(const BreakerInput &input)
{
    if (m_log)
        m_log->record(input);
    if (m_shadow)
        m_shadow->draft.take(input, m_breaker);
}

void BreakerWatch::listen()
{
    m_breaker.setInputSink(m_log || m_shadow ? this : nullptr);
}

void BreakerWatch::startLog()
{
    if (m_log)
        return;
    const BreakerCheckpoint start = m_breaker.checkpoint();
    m_checkpointMs = start.memory.nowMs;
    m_log.emplace().checkpoint(start, CheckpointCause::Start);
    listen();
}

std::optional<BreakerWatch::Chunk> BreakerWatch::takeLog(std::int64_t wallMs, std::int64_t nowMs)
{
    if (!m_log)
        return std::nullopt;
    if (nowMs - m_checkpointMs >= checkpointIntervalMs) {
        m_breaker.isThrottled(nowMs); // the checkpoint is of now
        m_log->checkpoint(m_breaker.checkpoint(), CheckpointCause::Regular);
        m_checkpointMs = nowMs;
    }
    if (m_log->isEmpty())
        return std::nullopt;
    const std::int64_t offsetMs = wallMs - nowMs;
    Chunk chunk { m_log->firstMs() + offsetMs, {} };
    chunk.records = m_log->take(offsetMs);
    return chunk;
}

void BreakerWatch::logLost()
{
    if (m_log)
        m_log->checkpoint(m_breaker.checkpoint(), CheckpointCause::Loss);
}

void BreakerWatch::startShadow(const BreakerPolicy &policy, std::int64_t untilMs, std::function<double()> jitter,
                               CircuitBreaker::Observer observer)
{
    Shadow &shadow = m_shadow.emplace(policy, std::move(jitter));
    const BreakerCheckpoint start = m_breaker.checkpoint();
    shadow.draft.restart(start);
    shadow.draft.setObserver([this, observer = std::move(observer)](const BreakerTransition &transition) {
        m_shadow->reason = reasonSentence(transition);
        observer(transition);
    });
    shadow.openedBefore = start.memory.openedCount;
    shadow.untilMs = untilMs;
    shadow.since = QDateTime::currentDateTimeUtc();
    listen();
}

void BreakerWatch::stopShadow()
{
    m_shadow.reset();
    listen();
}

bool BreakerWatch::tickShadow(std::int64_t nowMs)
{
    if (!m_shadow)
        return false;
    m_shadow->draft.advance(nowMs);
    return nowMs >= m_shadow->untilMs;
}

std::optional<ShadowSnapshot> BreakerWatch::shadow(std::int64_t nowMs)
{
    if (!m_shadow)
        return std::nullopt;
    CircuitBreaker &breaker = m_shadow->draft.breaker();
    const WindowCounts window = breaker.windowCounts(nowMs);
    const DraftCounts &counts = m_shadow->draft.counts();
    ShadowSnapshot snapshot;
    snapshot.state = breaker.state();
    snapshot.mode = breaker.mode();
    snapshot.retryIn = Milliseconds(breaker.gateRemainingMs(nowMs));
    snapshot.calls = static_cast<int>(window.calls);
    snapshot.failures = static_cast<int>(window.failures);
    snapshot.opened = breaker.openedCount() - m_shadow->openedBefore;
    snapshot.requests = counts.calls;
    snapshot.diverted = counts.diverted;
    snapshot.failuresAvoided = counts.failuresAvoided;
    snapshot.goodDiverted = counts.goodDiverted;
    snapshot.reason = m_shadow->reason;
    snapshot.since = m_shadow->since;
    snapshot.until = QDateTime::currentDateTimeUtc().addMSecs(m_shadow->untilMs - nowMs);
    return snapshot;
}

} // namespace signalbox
