// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/listener.h"

#include "engine/proxy/clientconnection.h"
#include "engine/proxy/portowner.h"
#include "engine/proxy/proxycontext.h"

#include <QHostAddress>

#include <algorithm>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

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

namespace {

Status notAnAddress(const QString &address)
{
    return Error { QStringLiteral("'%1' is not an IP address").arg(address), QStringLiteral("/proxy/address") };
}

Status bind(QTcpServer &server, const QHostAddress &host, std::uint16_t port)
{
    server.setListenBacklogSize(512);
    if (server.listen(host, port)) {
        server.pauseAccepting(); // we do it
        return ok();
    }
    const QString owner = server.serverError() == QAbstractSocket::AddressInUseError ? portOwner(port) : QString();
    const QString why = owner.isEmpty() ? server.errorString() : QStringLiteral("it is used by %1").arg(owner);
    return Error { QStringLiteral("Cannot listen on %1:%2: %3").arg(host.toString(), QString::number(port), why),
                   QStringLiteral("/proxy/port") };
}

} // namespace

PlaceReport tryPlace(const QString &address, std::uint16_t port)
{
    constexpr int portsTried = 20;
    constexpr int lastPort = 65535;
    PlaceReport report;
    QHostAddress host;
    Status status = host.setAddress(address) ? ok() : notAnAddress(address);
    if (status) {
        QTcpServer server;
        status = bind(server, host, port);
    }
    report.usable = static_cast<bool>(status);
    if (report.usable)
        return report;
    report.problem = status.error().reason;
    for (int next = port + 1; !host.isNull() && next <= std::min(port + portsTried, lastPort); ++next) {
        QTcpServer server;
        if (server.listen(host, static_cast<std::uint16_t>(next))) {
            report.freePort = static_cast<std::uint16_t>(next);
            break;
        }
    }
    return report;
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

bool Listener::isAt(const QString &address, std::uint16_t port) const
{
    return isListening() && m_address == address && (port == m_port || port == 0);
}

Status Listener::reserve(const QString &address, std::uint16_t port)
{
    m_reserved.reset();
    // Where it cannot be had beside the old one, only listen() can tell.
    if (isAt(address, port) || (isListening() && port == m_port))
        return ok();
    QHostAddress host;
    if (!host.setAddress(address))
        return notAnAddress(address);
    auto server = std::make_unique<QTcpServer>();
    if (Status status = bind(*server, host, port); !status)
        return status;
    m_reserved = std::move(server);
    return ok();
}

Status Listener::listen(const QString &address, std::uint16_t port)
{
    std::unique_ptr<QTcpServer> reserved = std::move(m_reserved);
    if (isAt(address, port))
        return ok();
    QHostAddress host;
    if (!host.setAddress(address))
        return notAnAddress(address);
    if (reserved && reserved->serverAddress() == host && (port == 0 || reserved->serverPort() == port)) {
        adopt(std::move(reserved), address);
        return ok();
    }
    if (isListening() && port == m_port)
        return swapAddress(host, address, port);
    auto server = std::make_unique<QTcpServer>();
    if (Status status = bind(*server, host, port); !status)
        return status;
    adopt(std::move(server), address);
    return ok();
}

Status Listener::swapAddress(const QHostAddress &host, const QString &address, std::uint16_t port)
{
    auto server = std::make_unique<QTcpServer>();
    if (const Status beside = bind(*server, host, port); beside) {
        adopt(std::move(server), address);
        return ok();
    }
    const QHostAddress oldHost = m_server->serverAddress();
    leave();
    Status status = bind(*server, host, port);
    if (status) {
        adopt(std::move(server), address);
        return status;
    }
    auto old = std::make_unique<QTcpServer>();
    if (Status back = bind(*old, oldHost, port); !back)
        return back;
    adopt(std::move(old), m_address);
    return status;
}

/// From now on new connections come here. Those of the old server end with their present answer.
void Listener::adopt(std::unique_ptr<QTcpServer> server, const QString &address)
{
    if (m_server) {
        drain();
        leave();
    }
    m_server = std::move(server);
    m_address = address;
    m_port = m_server->serverPort();
    m_context.listenAddress = m_server->serverAddress();
    m_context.listenPort = m_port;
    m_newConnection = std::make_unique<QSocketNotifier>(m_server->socketDescriptor(), QSocketNotifier::Read);
    connect(m_newConnection.get(), &QSocketNotifier::activated, this, &Listener::accept);
    accept();
}

/// Who has connected before the place is left is not sent away.
void Listener::leave()
{
    accept();
    m_newConnection.reset();
    m_server->close();
}

/// Up to the cap, before descriptors run out. Those that must wait do so in the kernel's queue.
void Listener::accept()
{
    if (!m_newConnection)
        return;
    bool waiting = true;
    while (waiting && connections() < cap()) {
        const int descriptor =
            ::accept4(static_cast<int>(m_server->socketDescriptor()), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        waiting = descriptor >= 0 || errno == EINTR || errno == ECONNABORTED;
        if (descriptor >= 0)
            serve(descriptor);
    }
    // Out of descriptors all the same, accept4() would fail again at once: tick() tries later.
    const bool exhausted = !waiting && errno != EAGAIN && errno != EWOULDBLOCK;
    m_newConnection->setEnabled(!waiting && !exhausted);
}

void Listener::serve(int descriptor)
{
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto *connection = new ClientConnection(m_context, descriptor, this);
    m_connections.insert(connection);
    connect(connection, &ClientConnection::closed, this, [this, connection] { remove(connection); });
}

void Listener::remove(ClientConnection *connection)
{
    if (m_connections.erase(connection) == 0)
        return;
    connection->deleteLater();
    resumeAccepting();
    if (m_connections.empty())
        Q_EMIT emptied();
}

void Listener::resumeAccepting()
{
    if (m_newConnection && !m_newConnection->isEnabled() && connections() < cap())
        m_newConnection->setEnabled(true);
}

void Listener::stopAccepting()
{
    m_reserved.reset();
    m_newConnection.reset();
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
    resumeAccepting();
}

} // namespace signalbox
