// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/health/healthscore.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace signalbox {

/// What makes a score stale at once: a breaker transition, or a throttle that began, moved or ended.
struct ScoreKey
{
    std::uint64_t breakerEpoch = 0;
    std::int64_t throttledUntilMs = 0;
    bool throttled = false;

    friend bool operator==(const ScoreKey &, const ScoreKey &) = default;
};

struct CachedScore
{
    ScoreResult result;
    std::int64_t computedAtMs = 0;
};

/// The score of one provider, computed at most once per 5 s while its key stays. A value older than that is never given
/// out.
class ScoreCache
{
public:
    static constexpr std::int64_t LifetimeMs = 5'000;

    /// compute() gives the ScoreInput; called only when the cached value will not do.
    template <typename Compute> const CachedScore &read(const ScoreKey &key, std::int64_t nowMs, Compute &&compute)
    {
        if (!m_cached || key != m_key || nowMs - m_cached->computedAtMs >= LifetimeMs) {
            m_cached = CachedScore { healthScore(std::forward<Compute>(compute)()), nowMs };
            m_key = key;
        }
        return *m_cached;
    }

    void invalidate() noexcept { m_cached.reset(); }

private:
    std::optional<CachedScore> m_cached;
    ScoreKey m_key;
};

} // namespace signalbox
