// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/configuring.h"
#include "engine/base/result.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTcpServer>

#include <memory>
#include <unordered_set>

class QHostAddress;

namespace signalbox {

class ClientConnection;
struct ProxyContext;

/// The local port. QTcpServer binds it; connections are accepted here, as it would make a QTcpSocket of each, and
/// would spin without a signal when descriptors run out.
class Listener : public QObject
{
    Q_OBJECT

public:
    explicit Listener(ProxyContext &context, QObject *parent = nullptr);
    ~Listener() override;

    /// Binds the new place, then leaves the old one, whose connections end with their present answer. After an error it
    /// listens where it did. Only a new address with the same port cannot be bound beside the old one: then the old one
    /// is left first, and taken again if the new one fails.
    Status listen(const QString &address, std::uint16_t port);
    /// Takes the place without answering there: nobody else can have it any more, and a client that connects waits.
    /// listen() to it then cannot fail.
    Status reserve(const QString &address, std::uint16_t port);
    void cancelReservation() { m_reserved.reset(); }
    void stopAccepting();
    /// Lets every connection end with its present answer.
    void drain();
    void abortAll();

    /// A port of 0 is any.
    bool isAt(const QString &address, std::uint16_t port) const;
    bool isListening() const { return m_server && m_server->isListening(); }
    QString address() const { return m_address; }
    std::uint16_t port() const { return m_port; }
    int connections() const { return static_cast<int>(m_connections.size()); }
    void tick();

Q_SIGNALS:
    /// The last connection has closed.
    void emptied();

private:
    void adopt(std::unique_ptr<QTcpServer> server, const QString &address);
    Status swapAddress(const QHostAddress &host, const QString &address, std::uint16_t port);
    void leave();
    void accept();
    void serve(int descriptor);
    void resumeAccepting();
    void remove(ClientConnection *connection);
    int cap() const;

    ProxyContext &m_context;
    std::unique_ptr<QTcpServer> m_server;
    std::unique_ptr<QSocketNotifier> m_newConnection; ///< off: as many as may be are here
    std::unique_ptr<QTcpServer> m_reserved; ///< bound, and nothing of it is accepted
    std::unordered_set<ClientConnection *> m_connections;
    QString m_address;
    std::uint16_t m_port = 0;
};

/// Whether a place can be had that this process does not have yet. Takes it for a moment. Looks through the processes,
/// so not for the engine's thread.
PlaceReport tryPlace(const QString &address, std::uint16_t port);

/// Raises the soft limit of open files to the hard one; the limit after that.
int raiseFileLimit();

} // namespace signalbox
