// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demo/simulatedserver.h"

#include "engine/demo/simulatedconnection.h"

#include <QTcpSocket>

namespace signalbox {

SimulatedServer::SimulatedServer(SimulatedBehaviour behaviour, const Clock &clock, QObject *parent)
    : QObject(parent), m_behaviour(std::move(behaviour)), m_clock(clock), m_server(this), m_phaseTimer(this),
      m_random(m_behaviour.seed)
{
    m_phaseTimer.setSingleShot(true);
    connect(&m_phaseTimer, &QTimer::timeout, this, &SimulatedServer::followScript);
    connect(&m_server, &QTcpServer::newConnection, this, &SimulatedServer::acceptPending);
}

SimulatedServer::~SimulatedServer()
{
    close();
}

QUrl SimulatedServer::url() const
{
    QUrl url(QStringLiteral("http://127.0.0.1"));
    url.setPort(m_port);
    return url;
}

Status SimulatedServer::listen(std::uint16_t port)
{
    if (!m_server.listen(QHostAddress::LocalHost, port))
        return Error { QStringLiteral("a simulated provider cannot listen: %1").arg(m_server.errorString()), {} };
    m_port = m_server.serverPort();
    m_startedAt = m_clock.now();
    followScript();
    return ok();
}

void SimulatedServer::close()
{
    m_phaseTimer.stop();
    m_server.close();
    dropConnections();
}

SimulatedServer::Position SimulatedServer::position() const
{
    std::chrono::milliseconds round { 0 };
    for (const SimulatedPhase &phase : m_behaviour.phases)
        round += phase.length;
    if (round.count() == 0)
        return {};
    auto into = std::chrono::duration_cast<std::chrono::milliseconds>(m_clock.now() - m_startedAt) % round;
    for (const SimulatedPhase &phase : m_behaviour.phases) {
        if (into < phase.length)
            return { phase, phase.length - into };
        into -= phase.length;
    }
    return {};
}

void SimulatedServer::followScript()
{
    const Position now = position();
    if (now.left.count() == 0)
        return;
    if (now.phase.kind == SimulatedPhase::Kind::Down)
        goDown();
    else
        comeBack();
    m_phaseTimer.start(now.left + std::chrono::milliseconds(1));
}

void SimulatedServer::acceptPending()
{
    while (m_server.hasPendingConnections()) {
        QTcpSocket *socket = m_server.nextPendingConnection();
        auto *connection = new SimulatedConnection(*this, socket);
        m_connections.insert(connection);
        connect(socket, &QTcpSocket::disconnected, this, [this, connection] {
            if (m_connections.erase(connection) > 0)
                connection->deleteLater();
        });
    }
}

void SimulatedServer::goDown()
{
    if (!m_server.isListening())
        return;
    m_server.close();
    dropConnections();
    Q_EMIT wentDown();
}

void SimulatedServer::comeBack()
{
    if (m_server.isListening() || !m_server.listen(QHostAddress::LocalHost, m_port))
        return;
    Q_EMIT cameBack();
}

void SimulatedServer::dropConnections()
{
    const auto connections = m_connections;
    for (SimulatedConnection *connection : connections)
        connection->reset();
}

SimulatedFault SimulatedServer::nextFault()
{
    if (m_scriptNext < m_behaviour.requestScript.size())
        return m_behaviour.requestScript[m_scriptNext++];
    const Position now = position();
    std::uniform_real_distribution<double> share(0.0, 1.0);
    if (now.phase.kind == SimulatedPhase::Kind::RateLimited) {
        SimulatedFault limited { SimulatedFault::Kind::Status, 429, {}, 0 };
        limited.retryAfter = std::chrono::ceil<std::chrono::seconds>(now.left);
        return limited;
    }
    if (now.phase.kind != SimulatedPhase::Kind::Failing || m_behaviour.faults.empty() ||
        share(m_random) >= now.phase.failingShare)
        return {};
    return m_behaviour.faults[std::uniform_int_distribution<std::size_t>(0, m_behaviour.faults.size() - 1)(m_random)];
}

std::chrono::milliseconds SimulatedServer::nextFirstByte()
{
    std::uniform_int_distribution<std::int64_t> spread(0, m_behaviour.firstByteSpread.count());
    return m_behaviour.firstByte + std::chrono::milliseconds(spread(m_random));
}

} // namespace signalbox
