// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/originsettings.h"
#include "engine/transport/transporterror.h"

#include <QAbstractSocket>
#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QTimer>

#include <vector>

class QHostInfo;

namespace signalbox {

/// Finds the addresses of an origin and connects to them: alternating families, the next one 250 ms after the last or
/// as soon as it failed (RFC 8305). With a forward proxy that proxy does the finding. Destroy it to give up.
class AddressRace : public QObject
{
    Q_OBJECT

public:
    explicit AddressRace(const OriginSettings &origin, QObject *parent = nullptr);
    ~AddressRace() override;

    void start();
    /// Gives up now: no signal follows, and no socket that has just connected is left behind.
    void cancel();
    /// What is going on, for a timeout's text.
    bool isResolving() const { return m_resolving; }

Q_SIGNALS:
    void resolved();
    /// The socket has no parent: whoever gets this signal owns it.
    void connected(QAbstractSocket *socket);
    /// Never from inside start().
    void failed(signalbox::TransportError error, const QString &reason);

private:
    void onLookedUp(const QHostInfo &info);
    void startConnecting(const QList<QHostAddress> &addresses);
    void connectNext();
    QAbstractSocket *newSocket();
    void onSocketConnected(QAbstractSocket *socket);
    void onSocketError(QAbstractSocket *socket, QAbstractSocket::SocketError error);
    void failLater(TransportError error, const QString &reason);

    OriginSettings m_origin;
    QList<QHostAddress> m_addresses; ///< not tried yet
    std::vector<QAbstractSocket *> m_sockets;
    QTimer m_nextTimer;
    bool m_resolving = false;
    bool m_decided = false;
};

} // namespace signalbox
