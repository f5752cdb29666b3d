// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/wire.h"

#include <QAbstractSocket>

namespace signalbox {

/// A socket of Qt's, for what is behind a forward proxy.
class SocketWire final : public Wire
{
public:
    /// Takes the socket.
    explicit SocketWire(QAbstractSocket *socket, QObject *parent = nullptr);

    bool isOpen() const override { return m_socket->state() == QAbstractSocket::ConnectedState; }
    qint64 read(char *data, qint64 size) override { return m_socket->read(data, size); }
    bool hasMore() const override { return m_socket->bytesAvailable() > 0; }
    void setReading(bool) override { } // the socket's own buffer is bounded
    void write(const QByteArray &bytes) override { m_socket->write(bytes); }
    void flush() override;
    qint64 bytesToWrite() const override { return m_socket->bytesToWrite(); }
    int descriptor() const override;
    void abort() override { m_socket->abort(); }

private:
    void end();

    QAbstractSocket *m_socket;
    bool m_telling = false; ///< of what was written
    bool m_told = false;
};

} // namespace signalbox
