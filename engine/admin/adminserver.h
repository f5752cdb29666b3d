// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/admin/adminapi.h"
#include "engine/admin/runtimefile.h"

#include <QTcpServer>

#include <unordered_set>

namespace signalbox {

class AdminConnection;

/// The admin API: HTTP on a loopback port that the system picks, for whoever can read the admin file.
class AdminServer : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostConnections = 32;

    explicit AdminServer(Engine &engine, QObject *parent = nullptr);
    ~AdminServer() override;

    /// Listens and writes the admin file.
    Status start(const QString &adminFile);
    std::uint16_t port() const { return m_server.serverPort(); }
    const QString &adminFile() const { return m_file.path(); }

private:
    void accept();

    Engine &m_engine;
    AdminApi m_api;
    Secret m_token;
    QTcpServer m_server;
    RuntimeFile m_file;
    std::unordered_set<AdminConnection *> m_connections;
};

} // namespace signalbox
