// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/addressrace.h"

#include <QHostInfo>
#include <QNetworkProxy>
#include <QTcpSocket>

#include <algorithm>
#include <chrono>
#include <utility>

namespace signalbox {

namespace {

constexpr std::chrono::milliseconds attemptDelay { 250 }; // RFC 8305 section 5
constexpr qint64 socketBufferBytes = 64 << 10;

/// Alternates the families, beginning with the one the resolver prefers.
QList<QHostAddress> interleaved(const QList<QHostAddress> &addresses)
{
    QList<QHostAddress> first;
    QList<QHostAddress> second;
    for (const QHostAddress &address : addresses)
        (address.protocol() == addresses.front().protocol() ? first : second).append(address);
    QList<QHostAddress> result;
    for (qsizetype i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size())
            result.append(first.at(i));
        if (i < second.size())
            result.append(second.at(i));
    }
    return result;
}

TransportError toTransportError(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
        return TransportError::ConnectRefused;
    case QAbstractSocket::HostNotFoundError:
        return TransportError::Dns;
    case QAbstractSocket::SocketTimeoutError:
        return TransportError::ConnectTimeout;
    default:
        return TransportError::Unreachable;
    }
}

} // namespace

AddressRace::AddressRace(const OriginSettings &origin, QObject *parent) : QObject(parent), m_origin(origin)
{
    m_nextTimer.setSingleShot(true);
    m_nextTimer.setInterval(attemptDelay);
    connect(&m_nextTimer, &QTimer::timeout, this, &AddressRace::connectNext);
}

AddressRace::~AddressRace()
{
    cancel();
}

void AddressRace::cancel()
{
    m_decided = true;
    m_nextTimer.stop();
    for (QAbstractSocket *socket : std::exchange(m_sockets, {})) {
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
}

void AddressRace::start()
{
    if (!m_origin.proxy.isEmpty()) {
        QAbstractSocket *socket = newSocket();
        socket->connectToHost(m_origin.host, m_origin.port);
        return;
    }
    const QHostAddress literal(m_origin.host);
    if (!literal.isNull())
        return startConnecting({ literal });
    m_resolving = true;
    QHostInfo::lookupHost(m_origin.host, this, [this](const QHostInfo &info) { onLookedUp(info); });
}

void AddressRace::onLookedUp(const QHostInfo &info)
{
    m_resolving = false;
    if (info.error() != QHostInfo::NoError || info.addresses().isEmpty()) {
        failLater(TransportError::Dns,
                  QStringLiteral("the name %1 was not found: %2").arg(m_origin.host, info.errorString()));
        return;
    }
    Q_EMIT resolved();
    startConnecting(interleaved(info.addresses()));
}

void AddressRace::startConnecting(const QList<QHostAddress> &addresses)
{
    m_addresses = addresses;
    connectNext();
}

void AddressRace::connectNext()
{
    if (m_decided || m_addresses.isEmpty())
        return;
    const QHostAddress address = m_addresses.takeFirst();
    if (!m_addresses.isEmpty())
        m_nextTimer.start();
    newSocket()->connectToHost(address, m_origin.port);
}

QAbstractSocket *AddressRace::newSocket()
{
    auto *socket = new QTcpSocket;
    m_sockets.push_back(socket);
    socket->setProxy(toNetworkProxy(m_origin.proxy));
    socket->setReadBufferSize(socketBufferBytes);
    connect(socket, &QAbstractSocket::connected, this, [this, socket] { onSocketConnected(socket); });
    connect(socket, &QAbstractSocket::errorOccurred, this,
            [this, socket](QAbstractSocket::SocketError error) { onSocketError(socket, error); });
    return socket;
}

void AddressRace::onSocketConnected(QAbstractSocket *socket)
{
    if (m_decided)
        return;
    m_decided = true;
    m_nextTimer.stop();
    std::erase(m_sockets, socket);
    socket->disconnect(this);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    Q_EMIT connected(socket);
}

void AddressRace::onSocketError(QAbstractSocket *socket, QAbstractSocket::SocketError error)
{
    const QString text = socket->errorString();
    std::erase(m_sockets, socket);
    socket->disconnect(this);
    socket->deleteLater();
    if (m_decided)
        return;
    if (!m_addresses.isEmpty())
        return connectNext();
    if (!m_sockets.empty())
        return;
    if (!m_origin.proxy.isEmpty()) {
        failLater(TransportError::ForwardProxy,
                  QStringLiteral("forward proxy %1: %2").arg(m_origin.proxy.host(), text));
        return;
    }
    failLater(toTransportError(error),
              QStringLiteral("no connection to %1 port %2: %3").arg(m_origin.host).arg(m_origin.port).arg(text));
}

void AddressRace::failLater(TransportError error, const QString &reason)
{
    m_decided = true;
    QMetaObject::invokeMethod(
        this, [this, error, reason] { Q_EMIT failed(error, reason); }, Qt::QueuedConnection);
}

} // namespace signalbox
