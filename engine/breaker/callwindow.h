// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace signalbox {

struct WindowCounts
{
    std::int64_t calls = 0;
    std::int64_t failures = 0;
    std::int64_t slow = 0;
    bool operator==(const WindowCounts &) const = default;
};

/// Counts of the last bucketCount * bucketMs, in buckets aligned to multiples of bucketMs. Constant time per call
/// (amortised over the buckets that passed), no allocation after the constructor.
class CallWindow
{
public:
    CallWindow(std::int64_t bucketMs, int bucketCount);

    void addSuccess(std::int64_t nowMs);
    void addFailure(std::int64_t nowMs);
    void addSlow(std::int64_t nowMs);
    WindowCounts counts(std::int64_t nowMs);
    void clear();

    /// Keeps the counts: those of the old buckets go into the newest one if the layout differs.
    void resize(std::int64_t bucketMs, int bucketCount, std::int64_t nowMs);

    std::int64_t bucketMs() const noexcept { return m_bucketMs; }
    int bucketCount() const noexcept { return static_cast<int>(m_buckets.size()); }
    /// Where the newest bucket starts, in units of bucketMs.
    std::int64_t newest() const noexcept { return m_newest; }
    /// 0: the newest bucket, up to bucketCount - 1.
    const WindowCounts &bucket(int age) const { return m_buckets[slotOf(m_newest - age)]; }
    /// Of all buckets, whatever time it is.
    const WindowCounts &total() const noexcept { return m_sum; }
    /// As it was saved: newest first, at most bucketCount of them.
    void restore(std::int64_t newest, const std::vector<WindowCounts> &buckets);
    bool operator==(const CallWindow &) const = default;

private:
    WindowCounts &bucketAt(std::int64_t nowMs)
    {
        return nowMs >= m_newestFromMs && nowMs < m_newestToMs ? m_buckets[m_newestSlot] : rollTo(nowMs);
    }
    WindowCounts &rollTo(std::int64_t nowMs);
    void pointAtNewest();
    std::size_t slotOf(std::int64_t index) const;
    WindowCounts &slot(std::int64_t index) { return m_buckets[slotOf(index)]; }

    std::int64_t m_bucketMs;
    std::vector<WindowCounts> m_buckets;
    std::int64_t m_newest = 0; ///< index of the newest bucket: its start time / bucketMs
    // What follows from m_newest, to divide once a bucket instead of once a call.
    std::int64_t m_newestFromMs = 0;
    std::int64_t m_newestToMs = 0;
    std::size_t m_newestSlot = 0;
    WindowCounts m_sum;
};

} // namespace signalbox
