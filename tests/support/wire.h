// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/rawsocket.h"

#include <QString>

#include <memory>

namespace signalbox::test {

/// A server's end of one connection, plain or TLS.
class Wire
{
public:
    virtual ~Wire() = default;
    virtual bool send(QByteArrayView bytes) = 0;
    virtual ReadResult receive(QByteArray &into, milliseconds timeout) = 0;
    virtual void close() = 0;
    virtual void reset() = 0;
};

/// Files of a certificate for 127.0.0.1 and localhost that signs itself; so it is also the CA file of a client.
struct Certificate
{
    QString certificateFile;
    QString keyFile;
};
/// Made by the openssl command in that folder. The paths are empty if it failed.
Certificate makeCertificate(const QString &folder);

std::unique_ptr<Wire> plainWire(RawSocket socket);
/// Null if the handshake fails. To be used by the calling thread only.
std::unique_ptr<Wire> tlsWire(RawSocket socket, const Certificate &certificate);

} // namespace signalbox::test
