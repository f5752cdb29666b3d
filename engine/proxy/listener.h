// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QObject>
#include <QTcpServer>

#include <memory>
#include <unordered_set>

namespace signalbox {

class ClientConnection;
struct ProxyContext;

/// The local port. Stops accepting at the connection cap, before descriptors run out: QTcpServer would spin without a
/// signal on EMFILE.
class Listener : public QObject
{
    Q_OBJECT

public:
    explicit Listener(ProxyContext &context, QObject *parent = nullptr);
    ~Listener() override;

    /// Binds the address of the configuration. Already listening elsewhere: binds the new one first.
    Status listen(const QString &address, std::uint16_t port);
    void stopAccepting();
    /// Lets every connection end with its present answer.
    void drain();
    void abortAll();

    bool isListening() const { return m_server && m_server->isListening(); }
    QString address() const { return m_address; }
    std::uint16_t port() const { return m_port; }
    int connections() const { return static_cast<int>(m_connections.size()); }
    void tick();

Q_SIGNALS:
    /// The last connection has closed.
    void emptied();

private:
    void accept();
    void remove(ClientConnection *connection);
    int cap() const;

    ProxyContext &m_context;
    std::unique_ptr<QTcpServer> m_server;
    std::unordered_set<ClientConnection *> m_connections;
    QString m_address;
    std::uint16_t m_port = 0;
    bool m_paused = false;
};

/// Raises the soft limit of open files to the hard one; the limit after that.
int raiseFileLimit();

} // namespace signalbox
