// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/originpool.h"

#include "engine/transport/pooledreply.h"

#include <algorithm>

namespace signalbox {

OriginPool::OriginPool(const OriginSettings &origin, const PoolSettings &settings, QByteArray &readBuffer)
    : m_origin(origin), m_settings(settings), m_readBuffer(readBuffer), m_tls(origin)
{
}

OriginPool::~OriginPool()
{
    for (PooledReply *reply : m_waiting)
        reply->detach();
    for (UpstreamConnection *connection : m_connections) {
        if (connection->reply())
            connection->reply()->detach();
        delete connection;
    }
}

bool OriginPool::isFull() const
{
    return m_connections.size() >= static_cast<std::size_t>(m_settings.connectionsPerOrigin);
}

UpstreamConnection *OriginPool::takeIdle()
{
    while (!m_idle.empty()) {
        UpstreamConnection *connection = m_idle.back();
        m_idle.pop_back();
        if (connection->isFresh())
            return connection;
        connection->close();
    }
    return nullptr;
}

UpstreamConnection *OriginPool::connectingForNobody() const
{
    const auto found = std::find_if(m_connections.begin(), m_connections.end(), [](const UpstreamConnection *c) {
        return !c->reply() &&
            (c->state() == UpstreamConnection::State::Connecting ||
             c->state() == UpstreamConnection::State::Handshaking);
    });
    return found == m_connections.end() ? nullptr : *found;
}

void OriginPool::openConnection(PooledReply *reply, const PhaseTimeouts &timeouts)
{
    auto *connection = new UpstreamConnection(*this);
    m_connections.push_back(connection);
    ++m_opened;
    connection->open(reply, timeouts);
}

void OriginPool::acquire(PooledReply *reply)
{
    if (UpstreamConnection *connection = takeIdle()) {
        if (connection->hasServed())
            ++m_reused;
        connection->serve(reply);
    } else if (UpstreamConnection *connecting = connectingForNobody()) {
        connecting->adopt(reply);
    } else if (!isFull()) {
        openConnection(reply, reply->timeouts());
    } else if (m_waiting.size() < static_cast<std::size_t>(m_settings.waitingPerOrigin)) {
        m_waiting.push_back(reply);
        reply->onWaiting();
    } else {
        reply->failLater(TransportError::PoolTimeout,
                         QStringLiteral("%1 requests wait for a connection already").arg(m_waiting.size()));
    }
}

void OriginPool::cancelWaiting(PooledReply *reply)
{
    std::erase(m_waiting, reply);
}

void OriginPool::preconnect(const PhaseTimeouts &timeouts)
{
    if (m_idle.empty() && !connectingForNobody() && !isFull())
        openConnection(nullptr, timeouts);
}

void OriginPool::release(UpstreamConnection *connection)
{
    if (m_waiting.empty()) {
        connection->setIdleSince(std::chrono::steady_clock::now());
        m_idle.push_back(connection);
        return;
    }
    PooledReply *next = m_waiting.front();
    m_waiting.pop_front();
    if (connection->hasServed())
        ++m_reused;
    connection->serve(next);
}

void OriginPool::remove(UpstreamConnection *connection)
{
    std::erase(m_idle, connection);
    if (std::erase(m_connections, connection) > 0)
        connection->deleteLater();
    serveWaiting();
}

void OriginPool::serveWaiting()
{
    while (!m_waiting.empty() && !isFull()) {
        PooledReply *next = m_waiting.front();
        m_waiting.pop_front();
        openConnection(next, next->timeouts());
    }
}

void OriginPool::closeIdle(UpstreamConnection::TimePoint since)
{
    const std::vector<UpstreamConnection *> idle = m_idle;
    for (UpstreamConnection *connection : idle) {
        if (connection->idleSince() <= since)
            connection->close();
    }
}

PoolStats OriginPool::stats() const
{
    PoolStats stats;
    stats.origin = m_origin;
    stats.idle = static_cast<int>(m_idle.size());
    stats.waiting = static_cast<int>(m_waiting.size());
    stats.connecting = static_cast<int>(std::count_if(m_connections.begin(), m_connections.end(), [](const auto *c) {
        return c->state() != UpstreamConnection::State::Ready;
    }));
    stats.active = static_cast<int>(m_connections.size()) - stats.idle - stats.connecting;
    stats.opened = m_opened;
    stats.reused = m_reused;
    stats.certificateExpiry = m_tls.certificateExpiry();
    return stats;
}

} // namespace signalbox
