// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/originsettings.h"
#include "engine/transport/upstreamrequest.h"

#include <QDateTime>
#include <QNetworkAccessManager>

#include <chrono>
#include <memory>
#include <vector>

namespace signalbox {

class ConnectionPool;
class PooledReply;

struct PoolSettings
{
    int connectionsPerOrigin = 256;
    int waitingPerOrigin = 1024;
    std::chrono::milliseconds idleExpiry { 30000 }; ///< below the usual server's keep-alive
};

struct PoolStats
{
    OriginSettings origin;
    int active = 0;
    int idle = 0;
    int connecting = 0;
    int waiting = 0;
    std::uint64_t opened = 0; ///< connections ever made
    std::uint64_t reused = 0; ///< requests that went out on one that had served before
    QDateTime certificateExpiry; ///< of the server's certificate last seen; invalid: none seen
};

/// The engine's way to providers: QNetworkAccessManager's interface, but keep-alive connections of its own in the
/// caller's thread, each request sent once, no cookies, redirects, authentication or system proxies.
class PooledAccessManager : public QNetworkAccessManager
{
    Q_OBJECT

public:
    explicit PooledAccessManager(const PoolSettings &settings = {}, QObject *parent = nullptr);
    ~PooledAccessManager() override;

    /// As it is, without the detour of a QNetworkRequest. The reply belongs to the caller (deleteLater); its signals
    /// come later.
    PooledReply *send(UpstreamRequest request);
    /// Opens one connection to the origin unless one is idle or being opened.
    void preconnect(const OriginSettings &origin, const PhaseTimeouts &timeouts = {});
    /// Closes idle connections: after sleep or a change of network they may be dead without a sign.
    void clearIdle();
    std::vector<PoolStats> poolStats() const;

protected:
    /// For get(), post() and the like; only for them are rawHeader() and the status attribute filled in.
    QNetworkReply *createRequest(Operation operation, const QNetworkRequest &request,
                                 QIODevice *outgoingData = nullptr) override;

private:
    std::unique_ptr<ConnectionPool> m_pool;
};

} // namespace signalbox
