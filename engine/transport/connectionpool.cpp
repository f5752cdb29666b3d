// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/connectionpool.h"

#include <QTimerEvent>

#include <algorithm>

namespace signalbox {

namespace {

constexpr qsizetype readBufferBytes = 64 << 10;

}

ConnectionPool::ConnectionPool(const PoolSettings &settings)
    : m_settings(settings), m_readBuffer(readBufferBytes, Qt::Uninitialized)
{
}

ConnectionPool::~ConnectionPool() = default;

OriginPool &ConnectionPool::poolOf(const OriginSettings &origin)
{
    std::unique_ptr<OriginPool> &pool = m_pools[origin];
    if (!pool)
        pool = std::make_unique<OriginPool>(origin, m_settings, m_readBuffer);
    if (!m_timer.isActive()) {
        const auto period =
            std::max<std::chrono::milliseconds>(m_settings.idleExpiry / 8, std::chrono::milliseconds(5));
        m_timer.start(static_cast<int>(period.count()), this);
    }
    return *pool;
}

void ConnectionPool::closeIdle()
{
    for (auto &[origin, pool] : m_pools)
        pool->closeIdle(UpstreamConnection::TimePoint::max());
}

void ConnectionPool::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer.timerId())
        return QObject::timerEvent(event);
    const auto since = std::chrono::steady_clock::now() - m_settings.idleExpiry;
    for (auto &[origin, pool] : m_pools)
        pool->closeIdle(since);
    const bool unused =
        std::all_of(m_pools.begin(), m_pools.end(), [](const auto &entry) { return entry.second->isUnused(); });
    if (unused)
        m_timer.stop();
}

std::vector<PoolStats> ConnectionPool::stats() const
{
    std::vector<PoolStats> result;
    result.reserve(m_pools.size());
    for (const auto &[origin, pool] : m_pools)
        result.push_back(pool->stats());
    return result;
}

} // namespace signalbox
