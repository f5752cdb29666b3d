// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace signalbox {

/// One thread puts, one other thread takes; neither ever waits. When it is full, what is put is dropped and counted.
template <typename T> class BoundedQueue
{
public:
    /// Holds at least that many.
    explicit BoundedQueue(std::size_t capacity) : m_slots(std::bit_ceil(capacity < 2 ? 2 : capacity)) { }
    BoundedQueue(const BoundedQueue &) = delete;
    BoundedQueue &operator=(const BoundedQueue &) = delete;

    /// Producer. False: full, so the value was dropped.
    bool put(T value)
    {
        const std::size_t tail = m_tail.load(std::memory_order_relaxed);
        if (tail - m_seenHead == m_slots.size()) {
            m_seenHead = m_head.load(std::memory_order_acquire);
            if (tail - m_seenHead == m_slots.size()) {
                m_dropped.fetch_add(1, std::memory_order_relaxed);
                return false;
            }
        }
        m_slots[tail & (m_slots.size() - 1)] = std::move(value);
        m_tail.store(tail + 1, std::memory_order_release);
        return true;
    }

    /// Consumer. False: empty.
    bool take(T &value)
    {
        const std::size_t head = m_head.load(std::memory_order_relaxed);
        if (head == m_seenTail) {
            m_seenTail = m_tail.load(std::memory_order_acquire);
            if (head == m_seenTail)
                return false;
        }
        value = std::exchange(m_slots[head & (m_slots.size() - 1)], T());
        m_head.store(head + 1, std::memory_order_release);
        return true;
    }

    /// Any thread; a moment's view.
    std::size_t size() const
    {
        const std::size_t head = m_head.load(std::memory_order_acquire);
        return m_tail.load(std::memory_order_acquire) - head;
    }
    std::size_t capacity() const { return m_slots.size(); }
    std::uint64_t dropped() const { return m_dropped.load(std::memory_order_relaxed); }

private:
    // Each side writes a cache line of its own, and looks at the other's only when its last view is used up.
    static constexpr std::size_t lineBytes = 64;

    std::vector<T> m_slots;
    alignas(lineBytes) std::atomic<std::size_t> m_tail { 0 };
    std::size_t m_seenHead = 0;
    std::atomic<std::uint64_t> m_dropped { 0 };
    alignas(lineBytes) std::atomic<std::size_t> m_head { 0 };
    std::size_t m_seenTail = 0;
};

} // namespace signalbox
