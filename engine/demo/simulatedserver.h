// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/clock.h"
#include "engine/base/headerlist.h"
#include "engine/base/result.h"
#include "engine/demo/simulatedanswer.h"
#include "engine/demo/simulatedbehaviour.h"

#include <QObject>
#include <QTcpServer>
#include <QTimer>
#include <QUrl>

#include <cstdint>
#include <random>
#include <unordered_set>

namespace signalbox {

class SimulatedConnection;

/// A request as the simulated provider got it.
struct SimulatedRequest
{
    QByteArray method;
    QByteArray target;
    HeaderList headers;
    QByteArray body;
};

/// An HTTP/1.1 server on loopback that answers like a provider, in all three dialects. Lives on any thread with an
/// event loop.
class SimulatedServer : public QObject
{
    Q_OBJECT

public:
    SimulatedServer(SimulatedBehaviour behaviour, const Clock &clock, QObject *parent = nullptr);
    ~SimulatedServer() override;

    /// Listens on 127.0.0.1; the phases begin now. Port 0: the kernel picks.
    Status listen(std::uint16_t port = 0);
    void close();

    bool isListening() const { return m_server.isListening(); }
    /// Stays the same while it is down.
    std::uint16_t port() const { return m_port; }
    /// "http://127.0.0.1:PORT"
    QUrl url() const;
    const SimulatedBehaviour &behaviour() const { return m_behaviour; }
    std::uint64_t requests() const { return m_requests; }
    int connections() const { return static_cast<int>(m_connections.size()); }

Q_SIGNALS:
    void requestReceived(const signalbox::SimulatedRequest &request);
    void wentDown();
    void cameBack();

private:
    friend class SimulatedConnection;
    struct Position
    {
        SimulatedPhase phase;
        std::chrono::milliseconds left { 0 }; ///< 0: there is no next phase
    };

    Position position() const;
    void followScript();
    void acceptPending();
    void goDown();
    void comeBack();
    void dropConnections();
    void forget(SimulatedConnection *connection) { m_connections.erase(connection); }
    /// In [0, 1). Not a standard distribution: those differ between libraries.
    double nextUniform();
    SimulatedFault nextFault();
    std::chrono::milliseconds nextFirstByte();
    SimulatedText nextText();

    SimulatedBehaviour m_behaviour;
    const Clock &m_clock;
    QTcpServer m_server;
    QTimer m_phaseTimer;
    std::mt19937_64 m_random;
    std::chrono::nanoseconds m_startedAt { 0 };
    std::size_t m_scriptNext = 0;
    std::uint16_t m_port = 0;
    std::uint64_t m_requests = 0;
    std::unordered_set<SimulatedConnection *> m_connections;
};

} // namespace signalbox
