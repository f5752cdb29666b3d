// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/bodysource.h"
#include "engine/transport/phases.h"
#include "engine/transport/responseparser.h"
#include "engine/transport/transporterror.h"
#include "engine/transport/wire.h"

#include <QBasicTimer>
#include <QObject>

#include <chrono>
#include <memory>
#include <optional>

class QAbstractSocket;

namespace signalbox {

class AddressRace;
class OriginPool;
class PooledReply;

/// One connection to an origin from its first SYN to its end; serves one reply at a time. Created, lent and removed by
/// its OriginPool.
class UpstreamConnection final : public QObject, private ResponseParser::Handler, private Wire::Listener
{
    Q_OBJECT

public:
    using TimePoint = std::chrono::steady_clock::time_point;
    enum class State { Connecting, Handshaking, Ready, Dead };

    explicit UpstreamConnection(OriginPool &pool);
    ~UpstreamConnection() override;

    /// Begins to connect; for a reply, or for nobody yet.
    void open(PooledReply *reply, const PhaseTimeouts &timeouts);
    /// Takes on a reply while still connecting for nobody.
    void adopt(PooledReply *reply);
    /// Sends a reply's request. The connection must be ready and free.
    void serve(PooledReply *reply);
    /// Ends it at once. Its reply, if any, hears nothing.
    void close();
    /// The reply wants data again.
    void resumeReading();
    void onBodyDeviceReady();
    void onBodyDeviceFinished();

    State state() const { return m_state; }
    PooledReply *reply() const { return m_reply; }
    bool hasServed() const { return m_served > 0; }
    TimePoint idleSince() const { return m_idleSince; }
    void setIdleSince(TimePoint when) { m_idleSince = when; }
    /// Nothing hints that the other side has closed it or sent what was not asked for.
    bool isFresh() const;

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    void onResponseHead(ResponseHead &&head) override;
    void onResponseBody(QByteArrayView piece) override;
    void onResponseComplete() override { }
    void onResponseError(const QString &reason) override;

    void onConnected(QAbstractSocket *socket);
    void startHandshake();
    void startPhase(std::chrono::milliseconds allowed);
    void onReady();
    void onConnectFailed(TransportError error, const QString &reason);
    void onHandshakeFailed();
    void wireReadable() override;
    void wireWritten() override;
    void wireEnded() override;
    bool noteWritten();
    void onLost();

    void readAvailable();
    void handleBytes(QByteArrayView bytes);
    void pump();
    bool answerIsWaiting() const;
    void complete(bool reusable);
    void fail(TransportError error, const QString &reason);
    QString lossText() const;

    OriginPool &m_pool;
    PooledReply *m_reply = nullptr;
    std::unique_ptr<AddressRace> m_race;
    std::unique_ptr<Wire> m_wire; ///< once connected
    ResponseParser m_parser { *this };
    std::optional<BodySource> m_body;
    QString m_malformed; ///< why the parser refused the answer
    PhaseTimeouts m_timeouts;
    QBasicTimer m_phaseTimer;
    TimePoint m_phaseDue;
    PhaseTimings m_opening; ///< DNS, connect and TLS since m_openedAt
    TimePoint m_openedAt;
    TimePoint m_idleSince;
    std::uint64_t m_served = 0;
    State m_state = State::Connecting;
    std::int64_t m_written = 0; ///< of the wire's bytes, those that are counted already
    bool m_sending = false; ///< inside serve(), which goes on itself
    bool m_lost = false; ///< the socket ended, what it still holds is not read yet
};

} // namespace signalbox
