// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace signalbox {

/// The newest finished stretches of equal length, each aligned to a multiple of it. A Slot has `startMs`, negative
/// while it is empty.
template <typename Slot> class TimeRing
{
public:
    TimeRing(std::int64_t slotMs, std::size_t slotCount) : m_slotMs(slotMs), m_slots(slotCount) { }

    void put(const Slot &slot)
    {
        m_slots[position(slot.startMs)] = slot;
        // A clock that was set back begins anew: what it said before lies in its future.
        if (m_oldestMs < 0 || slot.startMs < m_newestMs)
            m_oldestMs = slot.startMs;
        m_newestMs = slot.startMs;
    }

    /// Those that start in that time and are kept, oldest first; none for a stretch that was not put.
    std::vector<Slot> slots(std::int64_t fromMs, std::int64_t untilMs) const
    {
        std::vector<Slot> result;
        const std::optional<std::int64_t> oldest = oldestMs();
        if (!oldest)
            return result;
        for (std::int64_t start = std::max(alignedUp(fromMs), *oldest); start < std::min(untilMs, m_newestMs + 1);
             start += m_slotMs) {
            const Slot &slot = m_slots[position(start)];
            if (slot.startMs == start)
                result.push_back(slot);
        }
        return result;
    }

    /// Where it begins to know; nullopt: nothing was put yet.
    std::optional<std::int64_t> oldestMs() const
    {
        if (m_oldestMs < 0)
            return std::nullopt;
        return std::max(m_oldestMs, m_newestMs - m_slotMs * (static_cast<std::int64_t>(m_slots.size()) - 1));
    }
    std::int64_t slotMs() const noexcept { return m_slotMs; }

private:
    std::int64_t alignedUp(std::int64_t ms) const noexcept { return (ms + m_slotMs - 1) / m_slotMs * m_slotMs; }
    std::size_t position(std::int64_t start) const noexcept
    {
        return static_cast<std::size_t>(start / m_slotMs) % m_slots.size();
    }

    std::int64_t m_slotMs;
    std::vector<Slot> m_slots;
    std::int64_t m_oldestMs = -1;
    std::int64_t m_newestMs = -1;
};

} // namespace signalbox
