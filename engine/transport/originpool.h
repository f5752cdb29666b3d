// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/pooledaccessmanager.h"
#include "engine/transport/tlssettings.h"
#include "engine/transport/upstreamconnection.h"

#include <QByteArray>

#include <deque>
#include <vector>

namespace signalbox {

class PooledReply;

/// The connections of one origin: the one used last is lent first, the number is bounded, and so is the queue.
class OriginPool
{
public:
    OriginPool(const OriginSettings &origin, const PoolSettings &settings, QByteArray &readBuffer);
    ~OriginPool();
    Q_DISABLE_COPY_MOVE(OriginPool)

    const OriginSettings &origin() const { return m_origin; }
    TlsSettings &tls() { return m_tls; }
    /// Shared by all connections: each empties it before anything else runs.
    QByteArray &readBuffer() { return m_readBuffer; }

    /// Gives the reply a connection, now or later, or fails it (later).
    void acquire(PooledReply *reply);
    void cancelWaiting(PooledReply *reply);
    void preconnect(const PhaseTimeouts &timeouts);
    /// A connection that is ready and without reply.
    void release(UpstreamConnection *connection);
    /// A connection that ended.
    void remove(UpstreamConnection *connection);

    void closeIdle(UpstreamConnection::TimePoint since);
    bool hasIdle() const { return !m_idle.empty(); }
    bool isUnused() const { return m_connections.empty() && m_waiting.empty(); }
    PoolStats stats() const;

private:
    UpstreamConnection *takeIdle();
    UpstreamConnection *connectingForNobody() const;
    void openConnection(PooledReply *reply, const PhaseTimeouts &timeouts);
    bool isFull() const;
    void serveWaiting();

    OriginSettings m_origin;
    const PoolSettings &m_settings;
    QByteArray &m_readBuffer;
    TlsSettings m_tls;
    std::vector<UpstreamConnection *> m_connections;
    std::vector<UpstreamConnection *> m_idle; ///< the last is the one used last
    std::deque<PooledReply *> m_waiting;
    std::uint64_t m_opened = 0;
    std::uint64_t m_reused = 0;
};

} // namespace signalbox
