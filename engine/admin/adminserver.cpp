// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin/adminserver.h"

#include "engine/admin/adminconnection.h"

#include <QCoreApplication>
#include <QRandomGenerator>
#include <QTcpSocket>

#include <array>

namespace signalbox {

namespace {

Secret randomToken()
{
    std::array<quint32, 4> words {};
    QRandomGenerator::system()->fillRange(words.data(), static_cast<qsizetype>(words.size()));
    return Secret(QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words).toHex());
}

} // namespace

AdminServer::AdminServer(Engine &engine, QObject *parent)
    : QObject(parent), m_engine(engine), m_api(engine), m_token(randomToken())
{
    connect(&m_server, &QTcpServer::newConnection, this, &AdminServer::accept);
}

AdminServer::~AdminServer()
{
    for (AdminConnection *connection : std::exchange(m_connections, {}))
        delete connection;
}

Status AdminServer::start(const QString &adminFile)
{
    if (!m_server.listen(QHostAddress(QHostAddress::LocalHost), 0))
        return Error { QStringLiteral("cannot listen: ") + m_server.errorString(), {} };
    Status written = m_file.write(adminFile, { m_server.serverPort(), QCoreApplication::applicationPid(), m_token });
    if (!written)
        m_server.close();
    return written;
}

void AdminServer::accept()
{
    while (m_server.hasPendingConnections()) {
        QTcpSocket *socket = m_server.nextPendingConnection();
        if (m_connections.size() >= mostConnections) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        auto *connection = new AdminConnection(socket, m_engine, m_api, m_token, this);
        m_connections.insert(connection);
        connect(connection, &AdminConnection::closed, this, [this, connection] {
            m_connections.erase(connection);
            connection->deleteLater();
        });
    }
}

} // namespace signalbox
