// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace signalbox {

/// The wall clock as far as deleting may rely on it. Set back, it is followed at once. Set ahead, it is believed when
/// it has stood so for a day: what is deleted for its age does not come back when the clock does.
class RetentionClock
{
public:
    static constexpr std::int64_t believedAfterMs = 86'400'000;
    static constexpr std::int64_t slackMs = 60'000; ///< gained since the last time; corrected clocks are ahead by less

    /// Both as they are now: the wall clock, and one that goes on evenly, during sleep too.
    std::int64_t nowMs(std::int64_t wallMs, std::int64_t monotonicMs)
    {
        const std::int64_t expectedMs = m_nowMs ? *m_nowMs + std::max<std::int64_t>(monotonicMs - m_atMs, 0) : wallMs;
        m_atMs = monotonicMs;
        if (wallMs <= expectedMs + slackMs) {
            m_aheadSinceMs.reset();
            m_nowMs = wallMs;
            return wallMs;
        }
        if (!m_aheadSinceMs)
            m_aheadSinceMs = monotonicMs;
        m_nowMs = monotonicMs - *m_aheadSinceMs >= believedAfterMs ? wallMs : expectedMs;
        return *m_nowMs;
    }

private:
    std::optional<std::int64_t> m_nowMs;
    std::int64_t m_atMs = 0;
    std::optional<std::int64_t> m_aheadSinceMs;
};

} // namespace signalbox
