// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/snapshot.h"
#include "engine/breaker/breakerlog.h"
#include "engine/breaker/draftbreaker.h"

#include <functional>
#include <optional>

namespace signalbox {

/// Hears what a provider's breaker hears: keeps the input log and runs a draft policy beside it. Costs nothing while
/// neither is wanted.
class BreakerWatch final : public BreakerInputSink
{
public:
    /// The breaker must outlive it.
    explicit BreakerWatch(CircuitBreaker &breaker) : m_breaker(breaker) { }
    ~BreakerWatch() override { m_breaker.setInputSink(nullptr); }
    BreakerWatch(const BreakerWatch &) = delete;
    BreakerWatch &operator=(const BreakerWatch &) = delete;

    void record(const BreakerInput &input) override;

    void startLog();
    /// Some of the log, ready to be kept.
    struct Chunk
    {
        std::int64_t wallMs = 0; ///< of its first record
        QByteArray records;
    };
    /// What the log has got since the last call, if anything. wallMs: now, as is nowMs by the breaker's clock.
    std::optional<Chunk> takeLog(std::int64_t wallMs, std::int64_t nowMs);
    /// What was taken last could not be kept.
    void logLost();

    /// Tells each of the draft's transitions; replaces a run that goes on.
    void startShadow(const BreakerPolicy &policy, std::int64_t untilMs, std::function<double()> jitter,
                     CircuitBreaker::Observer observer);
    void stopShadow();
    bool hasShadow() const { return m_shadow.has_value(); }
    /// Time passes for the draft. True once its time is over.
    bool tickShadow(std::int64_t nowMs);
    std::optional<ShadowSnapshot> shadow(std::int64_t nowMs);

private:
    struct Shadow
    {
        Shadow(const BreakerPolicy &policy, std::function<double()> jitter) : draft(policy, std::move(jitter)) { }
        DraftBreaker draft;
        std::uint64_t openedBefore = 0;
        std::int64_t untilMs = 0;
        QDateTime since;
        QString reason;
    };
    void listen();

    CircuitBreaker &m_breaker;
    std::optional<BreakerLog> m_log;
    std::int64_t m_checkpointMs = 0;
    std::optional<Shadow> m_shadow;
};

} // namespace signalbox
