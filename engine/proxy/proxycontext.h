// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "engine/api/snapshot.h"
#include "engine/base/clock.h"
#include "engine/base/standstill.h"
#include "engine/dialect/headers.h"
#include "engine/provider/providerregistry.h"
#include "engine/proxy/localguard.h"
#include "engine/proxy/objectowners.h"
#include "engine/stats/cumulativehistogram.h"
#include "engine/transport/pooledaccessmanager.h"

#include <QHostAddress>

#include <ctime>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <unordered_map>

namespace signalbox {

class Exchange;

/// A body that was captured, as it was on the wire.
struct CapturedTraffic
{
    std::uint64_t sequence = 0; ///< of the request's event
    QByteArray requestId;
    QString provider; ///< that it went to or came from
    CapturedContent::Kind kind = CapturedContent::Kind::Request;
    QByteArray coding; ///< Content-Encoding; empty: none
    QByteArray body; ///< up to captureMargin more than the provider's limit, so that a key at the end is seen whole
    bool complete = true;
};
constexpr qsizetype captureMargin = 512;

/// What every exchange shares. Owned by the engine thread.
struct ProxyContext
{
    ProxyContext(const Clock &engineClock, std::function<double()> uniform);

    void applyConfig(const std::shared_ptr<const Config> &newConfig);
    /// True if the body bytes fit under the limit of all bodies together; they then count until released.
    bool reserveBody(qint64 bytes);
    void releaseBody(qint64 bytes) { bufferedBytes -= bytes; }
    /// A provider whose base URL is this proxy.
    bool pointsAtUs(const QUrl &baseUrl) const;
    /// Where this provider's requests go; reckoned once per configuration.
    const OriginSettings &originOf(const Provider &provider);
    /// How to sign in at this provider, and what must never go to it.
    UpstreamContext upstreamContext(const Provider &provider) const;
    /// `trace`: as of TraceWriter. Gives the event's sequence number.
    std::uint64_t finish(RequestEvent &&event, QByteArrayView trace);

    /// For what a client sends: shared, as an array of that size for each read costs more than the read; taken, as
    /// another client's turn may come before it is given back.
    QByteArray takeReadBuffer();
    void giveReadBuffer(QByteArray &&buffer) { m_readBuffer = std::move(buffer); }
    /// Of an answer that has none.
    const QByteArray &date();

    const Clock &clock;
    Standstill standstill; ///< beaten by whoever ticks
    std::shared_ptr<const Config> config;
    ProviderRegistry registry;
    PooledAccessManager lane;
    LocalGuard guard;
    QByteArray instanceId; ///< in our Via marker, for the loop guard
    QHostAddress listenAddress;
    std::uint16_t listenPort = 0; ///< 0: does not listen

    ObjectOwners objectOwners;
    TotalsSnapshot totals;
    std::map<QString, std::uint64_t> failovers; ///< by reason
    CumulativeHistogram overhead;
    int inFlight = 0;
    std::list<Exchange *> exchanges; ///< those in flight, the newest first
    QByteArray trace; ///< of the request that ends just now; kept for its capacity
    qint64 bufferedBytes = 0;

    std::function<EngineSnapshotPtr()> freshSnapshot;
    std::function<std::uint64_t(RequestEvent &&, QByteArrayView trace)> requestFinished;
    std::function<void(CapturedTraffic &&)> captured;

private:
    std::unordered_map<const Provider *, OriginSettings> m_origins;
    QByteArray m_readBuffer;
    QByteArray m_date;
    std::time_t m_dateOf = 0;
};

} // namespace signalbox
