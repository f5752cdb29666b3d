// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/breaker/circuitbreaker.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace signalbox {

/// What another policy would have done with the calls that ended.
struct DraftCounts
{
    std::uint64_t calls = 0; ///< that ended, whoever admitted them
    std::uint64_t diverted = 0; ///< would have been refused
    std::uint64_t failuresAvoided = 0; ///< diverted and failed in reality
    std::uint64_t goodDiverted = 0; ///< diverted and succeeded in reality
};

/// A breaker with another policy, run on the inputs of a real one. It sees only what the real one let through: a call
/// that the draft would have refused is diverted and not fed to its window, and where the real one was shut the draft
/// learns nothing. With the real one's own policy it does exactly what that one did.
class DraftBreaker
{
public:
    /// Without a policy it follows the real one's. jitter: for openings that the real one did not make.
    DraftBreaker(const std::optional<BreakerPolicy> &policy, std::function<double()> jitter);

    void setObserver(CircuitBreaker::Observer observer) { m_breaker.setObserver(std::move(observer)); }
    /// Starts from the real one's state.
    void restart(const BreakerCheckpoint &checkpoint);
    /// After the real one took it.
    void take(const BreakerInput &input, const CircuitBreaker &real);
    /// Time passes: an open period ends without an input.
    void advance(std::int64_t nowMs);

    CircuitBreaker &breaker() { return m_breaker; }
    const CircuitBreaker &breaker() const { return m_breaker; }
    const DraftCounts &counts() const { return m_counts; }
    void clearCounts() { m_counts = {}; }

private:
    enum class Fate : std::uint8_t { Unknown, Admitted, Diverted };
    struct Call
    {
        BreakerToken token;
        Fate fate = Fate::Unknown;
    };

    Call &call(std::uint32_t number);
    void apply(const BreakerInput &input);
    void admit(const BreakerInput &input);
    void complete(const BreakerInput &input);

    std::optional<BreakerPolicy> m_policy;
    std::optional<double> m_recordedJitter;
    CircuitBreaker m_breaker;
    std::vector<Call> m_calls; ///< by their number in the input log
    DraftCounts m_counts;
    bool m_samePolicy = true; ///< since the start: then every decision is the real one's
    bool m_sameGate = true; ///< the real one has the same state and waits for the same instant
};

} // namespace signalbox
