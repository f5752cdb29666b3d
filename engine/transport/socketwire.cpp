// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/socketwire.h"

#include <QNetworkProxy>

#include <utility>

namespace signalbox {

SocketWire::SocketWire(QAbstractSocket *socket, QObject *parent) : Wire(parent), m_socket(socket)
{
    socket->setParent(this);
    connect(socket, &QAbstractSocket::readyRead, this, [this] { tellReadable(); });
    connect(socket, &QAbstractSocket::bytesWritten, this, [this](qint64 bytes) {
        m_bytesWritten += bytes;
        m_telling = true;
        tellWritten();
        m_telling = false;
    });
    // Before disconnected(), and with the reason.
    connect(socket, &QAbstractSocket::errorOccurred, this, [this](QAbstractSocket::SocketError error) {
        m_errorText = m_socket->errorString();
        m_failed = error != QAbstractSocket::RemoteHostClosedError;
        end();
    });
    connect(socket, &QAbstractSocket::disconnected, this, &SocketWire::end);
}

/// Behind a forward proxy Qt's descriptor is not the socket's.
int SocketWire::descriptor() const
{
    return m_socket->proxy().type() == QNetworkProxy::NoProxy ? static_cast<int>(m_socket->socketDescriptor()) : -1;
}

/// Qt's sockets do not tell of what they write while they tell of writing; what is written there goes out by itself.
void SocketWire::flush()
{
    if (!m_telling)
        m_socket->flush();
}

void SocketWire::end()
{
    if (!std::exchange(m_told, true))
        QMetaObject::invokeMethod(
            this, [this] { tellEnded(); }, Qt::QueuedConnection);
}

} // namespace signalbox
