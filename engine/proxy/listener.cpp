// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/listener.h"

#include "engine/proxy/clientconnection.h"
#include "engine/proxy/portowner.h"
#include "engine/proxy/proxycontext.h"

#include <QHostAddress>
#include <QTcpSocket>

#include <algorithm>

#include <sys/resource.h>

namespace signalbox {

int raiseFileLimit()
{
    rlimit limit {};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1024;
    if (limit.rlim_cur < limit.rlim_max) {
        rlimit raised = limit;
        raised.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
            limit = raised;
    }
    constexpr rlim_t enough = 1 << 20;
    return static_cast<int>(std::min(limit.rlim_cur, enough));
}

Listener::Listener(ProxyContext &context, QObject *parent) : QObject(parent), m_context(context) { }

Listener::~Listener()
{
    abortAll();
}

int Listener::cap() const
{
    // Each connection may need one descriptor to its provider too; some stay for files and probes.
    static const int byDescriptors = std::max(8, (raiseFileLimit() - 48) / 2);
    return std::min(m_context.config->limits.connections, byDescriptors);
}

Status Listener::listen(const QString &address, std::uint16_t port)
{
    if (isListening() && m_address == address && (port == m_port || port == 0))
        return ok();
    QHostAddress host;
    if (!host.setAddress(address))
        return Error { QStringLiteral("'%1' is not an IP address").arg(address), QStringLiteral("/proxy/address") };
    auto server = std::make_unique<QTcpServer>();
    server->setListenBacklogSize(512);
    if (!server->listen(host, port)) {
        const QString owner = server->serverError() == QAbstractSocket::AddressInUseError ? portOwner(port) : QString();
        const QString why = owner.isEmpty() ? server->errorString() : QStringLiteral("it is used by %1").arg(owner);
        return Error { QStringLiteral("Cannot listen on %1:%2: %3").arg(address, QString::number(port), why),
                       QStringLiteral("/proxy/port") };
    }
    connect(server.get(), &QTcpServer::newConnection, this, &Listener::accept);
    m_server = std::move(server);
    m_address = address;
    m_port = m_server->serverPort();
    m_context.listenPort = m_port;
    m_paused = false;
    return ok();
}

void Listener::accept()
{
    while (!m_paused && m_server && m_server->hasPendingConnections()) {
        auto *connection = new ClientConnection(m_context, m_server->nextPendingConnection(), this);
        m_connections.insert(connection);
        connect(connection, &ClientConnection::closed, this, [this, connection] { remove(connection); });
        if (connections() >= cap()) {
            m_paused = true;
            m_server->pauseAccepting();
        }
    }
}

void Listener::remove(ClientConnection *connection)
{
    if (m_connections.erase(connection) == 0)
        return;
    connection->deleteLater();
    if (m_paused && m_server && connections() < cap()) {
        m_paused = false;
        m_server->resumeAccepting();
        QMetaObject::invokeMethod(this, &Listener::accept, Qt::QueuedConnection);
    }
    if (m_connections.empty())
        Q_EMIT emptied();
}

void Listener::stopAccepting()
{
    m_server.reset();
    m_context.listenPort = 0;
}

void Listener::drain()
{
    const auto connections = m_connections;
    for (ClientConnection *connection : connections)
        connection->drain();
}

void Listener::abortAll()
{
    const auto connections = std::exchange(m_connections, {});
    for (ClientConnection *connection : connections) {
        connection->disconnect(this);
        connection->interrupt();
        delete connection;
    }
}

void Listener::tick()
{
    const auto connections = m_connections;
    for (ClientConnection *connection : connections) {
        if (m_connections.count(connection) > 0)
            connection->tick();
    }
}

} // namespace signalbox
