// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace signalbox {

/// Monotonic time since an arbitrary start. Every decision takes its time from here, so it can be replayed.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual std::chrono::nanoseconds now() const noexcept = 0;

    std::int64_t nowMs() const noexcept { return std::chrono::duration_cast<std::chrono::milliseconds>(now()).count(); }
};

/// CLOCK_BOOTTIME where there is one: it goes on during suspend, so a woken laptop does not wait out old timers.
class SystemClock final : public Clock
{
public:
    std::chrono::nanoseconds now() const noexcept override;
};

/// Moves only when told to. For tests, replay and conformance vectors.
class ManualClock final : public Clock
{
public:
    std::chrono::nanoseconds now() const noexcept override { return m_now; }
    void set(std::chrono::nanoseconds now) noexcept { m_now = now; }
    void advance(std::chrono::nanoseconds by) noexcept { m_now += by; }

private:
    std::chrono::nanoseconds m_now { 0 };
};

} // namespace signalbox
