// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace signalbox {

enum class AvailabilityLevel { Down, Half, Up };

/// The share of the last 5 min in which a provider could be asked: Up counts 1, Half 1/2, Down 0. To the second.
class AvailabilityWindow
{
public:
    static constexpr std::int64_t WindowMs = 300'000;

    AvailabilityWindow(AvailabilityLevel level, std::int64_t nowMs);

    /// From now on. Closed and not throttled is Up, half-open is Half, all else Down.
    void setLevel(AvailabilityLevel level, std::int64_t nowMs) noexcept;
    AvailabilityLevel level() const noexcept { return m_level; }
    /// 0..1 of the observed time; the level itself before any time has passed.
    double share(std::int64_t nowMs) noexcept;

private:
    static constexpr std::int64_t SliceMs = 1'000;
    static constexpr std::int64_t SliceCount = WindowMs / SliceMs + 1; ///< one more: the oldest is partly outside

    void advanceTo(std::int64_t nowMs) noexcept;
    std::int64_t &slice(std::int64_t index) noexcept;

    AvailabilityLevel m_level;
    std::int64_t m_startMs;
    std::int64_t m_nowMs;
    std::array<std::int64_t, SliceCount> m_slices {}; ///< half-milliseconds of availability
    std::int64_t m_sum = 0;
};

} // namespace signalbox
