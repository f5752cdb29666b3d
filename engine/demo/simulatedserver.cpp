// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demo/simulatedserver.h"

#include "engine/demo/simulatedconnection.h"

#include <QTcpSocket>

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

using namespace std::chrono_literals;

/// Another program may have taken the port while the provider was down.
constexpr auto listenAgainAfter = 100ms;

constexpr std::array vocabulary { "track",  "signal",   "lamp",   "lever", "route", "train",    "block",  "section",
                                  "switch", "platform", "relay",  "bell",  "arm",   "junction", "branch", "line",
                                  "clear",  "caution",  "danger", "held",  "freed", "passed",   "waits",  "departs" };

} // namespace

SimulatedServer::SimulatedServer(SimulatedBehaviour behaviour, const Clock &clock, QObject *parent)
    : QObject(parent), m_behaviour(std::move(behaviour)), m_clock(clock), m_server(this), m_phaseTimer(this),
      m_random(m_behaviour.seed)
{
    m_phaseTimer.setSingleShot(true);
    m_phaseTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_phaseTimer, &QTimer::timeout, this, &SimulatedServer::followScript);
    connect(&m_server, &QTcpServer::newConnection, this, &SimulatedServer::acceptPending);
}

SimulatedServer::~SimulatedServer()
{
    close();
}

Status SimulatedServer::listen(std::uint16_t port)
{
    if (!m_server.listen(QHostAddress::LocalHost, port))
        return Error { m_server.errorString(), m_behaviour.name };
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

QUrl SimulatedServer::url() const
{
    QUrl url(QStringLiteral("http://127.0.0.1"));
    url.setPort(m_port);
    return url;
}

SimulatedServer::Position SimulatedServer::position() const
{
    std::chrono::nanoseconds total { 0 };
    for (const SimulatedPhase &phase : m_behaviour.phases)
        total += phase.length;
    if (total <= 0ns)
        return {};
    std::chrono::nanoseconds into = (m_clock.now() - m_startedAt) % total;
    for (const SimulatedPhase &phase : m_behaviour.phases) {
        if (into < phase.length)
            return { phase, std::chrono::ceil<std::chrono::milliseconds>(phase.length - into) };
        into -= phase.length;
    }
    return {};
}

void SimulatedServer::followScript()
{
    const Position now = position();
    const bool down = now.phase.kind == SimulatedPhase::Kind::Down;
    if (down && m_server.isListening())
        goDown();
    else if (!down && !m_server.isListening())
        comeBack();
    if (!down && !m_server.isListening())
        m_phaseTimer.start(listenAgainAfter);
    else if (now.left > 0ms)
        m_phaseTimer.start(now.left);
}

void SimulatedServer::goDown()
{
    m_server.close();
    dropConnections();
    Q_EMIT wentDown();
}

void SimulatedServer::comeBack()
{
    if (m_server.listen(QHostAddress::LocalHost, m_port))
        Q_EMIT cameBack();
}

void SimulatedServer::dropConnections()
{
    const std::unordered_set<SimulatedConnection *> connections = std::move(m_connections);
    m_connections.clear();
    for (SimulatedConnection *connection : connections)
        connection->cut();
}

void SimulatedServer::acceptPending()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection())
        m_connections.insert(new SimulatedConnection(*this, socket));
}

double SimulatedServer::nextUniform()
{
    return static_cast<double>(m_random() >> 11) * 0x1p-53;
}

SimulatedFault SimulatedServer::nextFault()
{
    if (m_scriptNext < m_behaviour.requestScript.size())
        return m_behaviour.requestScript[m_scriptNext++];
    const Position now = position();
    switch (now.phase.kind) {
    case SimulatedPhase::Kind::Healthy:
        break;
    case SimulatedPhase::Kind::Failing:
        if (nextUniform() < now.phase.failingShare && !m_behaviour.faults.empty())
            return m_behaviour.faults[m_random() % m_behaviour.faults.size()];
        break;
    case SimulatedPhase::Kind::RateLimited:
        return { SimulatedFault::Kind::ErrorStatus, 429, std::chrono::ceil<std::chrono::seconds>(now.left) };
    case SimulatedPhase::Kind::Down:
        return { SimulatedFault::Kind::CutBeforeHead };
    }
    return {};
}

std::chrono::milliseconds SimulatedServer::nextFirstByte()
{
    const double spread = static_cast<double>(m_behaviour.firstByteSpread.count()) * nextUniform();
    return m_behaviour.firstByte + std::chrono::milliseconds(static_cast<std::int64_t>(spread));
}

SimulatedText SimulatedServer::nextText()
{
    SimulatedText text;
    text.id = QByteArray::number(static_cast<qulonglong>(m_random()), 16);
    text.words.push_back(QStringLiteral("Simulated"));
    text.words.push_back(QStringLiteral(" by %1:").arg(m_behaviour.name));
    while (static_cast<int>(text.words.size()) < m_behaviour.tokens)
        text.words.push_back(u' ' + QString::fromLatin1(vocabulary[m_random() % vocabulary.size()]));
    return text;
}

} // namespace signalbox
