// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/rawserver.h"

#include <QSslSocket>
#include <QTcpSocket>

#include <algorithm>

#include <sys/socket.h>

namespace signalbox::test {

RawConnection::RawConnection(RawServer &server, QTcpSocket *socket, int number)
    : QObject(&server), m_server(server), m_socket(socket), m_number(number)
{
    socket->setParent(this);
    connect(socket, &QTcpSocket::readyRead, this, &RawConnection::onReadyRead);
}

void RawConnection::send(const QByteArray &bytes)
{
    m_socket->write(bytes);
    m_socket->flush();
}

void RawConnection::close()
{
    m_socket->disconnectFromHost();
}

void RawConnection::reset()
{
    const linger abortive { 1, 0 };
    ::setsockopt(static_cast<int>(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &abortive, sizeof abortive);
    m_socket->abort();
}

void RawConnection::stopReading()
{
    m_reading = false;
    m_socket->setReadBufferSize(1);
}

bool RawConnection::isOpen() const
{
    return m_socket->state() == QAbstractSocket::ConnectedState;
}

qint64 RawConnection::bytesUnsent() const
{
    const auto *tls = qobject_cast<const QSslSocket *>(m_socket);
    return m_socket->bytesToWrite() + (tls ? tls->encryptedBytesToWrite() : 0);
}

void RawConnection::onReadyRead()
{
    if (!m_reading)
        return;
    const QByteArray bytes = m_socket->readAll();
    m_bytesReceived += bytes.size();
    QByteArrayView rest = bytes;
    while (!rest.isEmpty() && !m_parser.hasError()) {
        rest = rest.sliced(m_parser.feed(rest));
        if (m_parser.isComplete()) {
            m_parser.reset();
            ++m_request.index;
        }
    }
}

void RawConnection::onRequestHead(RequestHead &&head)
{
    m_request.head = std::move(head);
    m_request.body.clear();
    m_request.connection = m_number;
    ++m_server.m_headCount;
    if (m_server.m_headAnswer)
        m_server.m_headAnswer(*this, m_request);
}

void RawConnection::onRequestBody(QByteArrayView piece)
{
    m_request.body.append(piece);
}

void RawConnection::onRequestComplete()
{
    m_server.m_requests.push_back(m_request);
    if (m_server.m_answer)
        m_server.m_answer(*this, m_request);
}

void RawConnection::onRequestError(int, const QString &)
{
    m_server.m_protocolError = true;
}

RawServer::RawServer(const std::optional<QSslConfiguration> &tls) : m_tls(tls)
{
    setMaxPendingConnections(1000);
    listen(QHostAddress::LocalHost);
}

void RawServer::incomingConnection(qintptr descriptor)
{
    if (!m_tls) {
        auto *socket = new QTcpSocket(this);
        socket->setSocketDescriptor(descriptor);
        add(socket);
        return;
    }
    auto *socket = new QSslSocket(this);
    socket->setSocketDescriptor(descriptor);
    socket->setSslConfiguration(*m_tls);
    connect(socket, &QSslSocket::encrypted, this, [this, socket] { add(socket); });
    socket->startServerEncryption();
}

void RawServer::add(QTcpSocket *socket)
{
    auto *connection = new RawConnection(*this, socket, ++m_connectionCount);
    m_connections.push_back(connection);
    if (m_greet)
        m_greet(*connection);
}

int RawServer::openConnections() const
{
    return static_cast<int>(std::count_if(m_connections.begin(), m_connections.end(),
                                          [](const RawConnection *connection) { return connection->isOpen(); }));
}

QByteArray okAnswer(const QByteArray &body)
{
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size()) +
        "\r\n\r\n" + body;
}

QByteArray chunk(const QByteArray &data)
{
    return QByteArray::number(data.size(), 16) + "\r\n" + data + "\r\n";
}

} // namespace signalbox::test
