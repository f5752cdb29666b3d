// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/breaker/callwindow.h"

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

std::int64_t floorDivide(std::int64_t value, std::int64_t divisor)
{
    const std::int64_t quotient = value / divisor;
    return value % divisor < 0 ? quotient - 1 : quotient;
}

} // namespace

CallWindow::CallWindow(std::int64_t bucketMs, int bucketCount)
    : m_bucketMs(std::max<std::int64_t>(1, bucketMs)), m_buckets(static_cast<std::size_t>(std::max(1, bucketCount)))
{
    pointAtNewest();
}

void CallWindow::addSuccess(std::int64_t nowMs)
{
    ++bucketAt(nowMs).calls;
    ++m_sum.calls;
}

void CallWindow::addFailure(std::int64_t nowMs)
{
    WindowCounts &bucket = bucketAt(nowMs);
    ++bucket.calls;
    ++bucket.failures;
    ++m_sum.calls;
    ++m_sum.failures;
}

void CallWindow::addSlow(std::int64_t nowMs)
{
    ++bucketAt(nowMs).slow;
    ++m_sum.slow;
}

WindowCounts CallWindow::counts(std::int64_t nowMs)
{
    bucketAt(nowMs);
    return m_sum;
}

void CallWindow::clear()
{
    std::fill(m_buckets.begin(), m_buckets.end(), WindowCounts());
    m_sum = {};
}

void CallWindow::resize(std::int64_t bucketMs, int bucketCount, std::int64_t nowMs)
{
    CallWindow resized(bucketMs, bucketCount);
    if (resized.m_bucketMs == m_bucketMs && resized.m_buckets.size() == m_buckets.size())
        return;
    resized.m_sum = counts(nowMs);
    resized.m_newest = floorDivide(nowMs, resized.m_bucketMs);
    resized.pointAtNewest();
    resized.slot(resized.m_newest) = resized.m_sum;
    *this = std::move(resized);
}

void CallWindow::restore(std::int64_t newest, const std::vector<WindowCounts> &buckets)
{
    clear();
    m_newest = newest;
    pointAtNewest();
    for (std::size_t age = 0; age < std::min(buckets.size(), m_buckets.size()); ++age) {
        slot(newest - static_cast<std::int64_t>(age)) = buckets[age];
        m_sum.calls += buckets[age].calls;
        m_sum.failures += buckets[age].failures;
        m_sum.slow += buckets[age].slow;
    }
}

std::size_t CallWindow::slotOf(std::int64_t index) const
{
    const auto size = static_cast<std::int64_t>(m_buckets.size());
    return static_cast<std::size_t>(index - floorDivide(index, size) * size);
}

void CallWindow::pointAtNewest()
{
    m_newestFromMs = m_newest * m_bucketMs;
    m_newestToMs = m_newestFromMs + m_bucketMs;
    m_newestSlot = slotOf(m_newest);
}

WindowCounts &CallWindow::rollTo(std::int64_t nowMs)
{
    const std::int64_t index = floorDivide(nowMs, m_bucketMs);
    if (index < m_newest || index - m_newest >= static_cast<std::int64_t>(m_buckets.size())) {
        clear();
        m_newest = index;
    }
    while (m_newest < index) {
        WindowCounts &oldest = slot(++m_newest);
        m_sum.calls -= oldest.calls;
        m_sum.failures -= oldest.failures;
        m_sum.slow -= oldest.slow;
        oldest = {};
    }
    pointAtNewest();
    return m_buckets[m_newestSlot];
}

} // namespace signalbox
