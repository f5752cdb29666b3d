// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/wire.h"

#include <QFile>
#include <QProcess>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>

#include <sys/socket.h>

namespace signalbox::test {

namespace {

class PlainWire final : public Wire
{
public:
    explicit PlainWire(RawSocket socket) : m_socket(std::move(socket)) { }
    bool send(QByteArrayView bytes) override { return m_socket.send(bytes); }
    ReadResult receive(QByteArray &into, milliseconds timeout) override { return m_socket.receive(into, timeout); }
    void close() override { m_socket.close(); }
    void reset() override { m_socket.reset(); }

private:
    RawSocket m_socket;
};

class TlsWire final : public Wire
{
public:
    TlsWire(RawSocket socket, const Certificate &certificate) : m_raw(std::move(socket))
    {
        QFile certificateFile(certificate.certificateFile);
        QFile keyFile(certificate.keyFile);
        if (!certificateFile.open(QIODevice::ReadOnly) || !keyFile.open(QIODevice::ReadOnly))
            return;
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificate(QSslCertificate(&certificateFile));
        configuration.setPrivateKey(QSslKey(&keyFile, QSsl::Rsa));
        configuration.setAllowedNextProtocols({ QByteArrayLiteral("http/1.1") });
        m_socket.setSslConfiguration(configuration);
        // A copy, because QSslSocket closes its own with a farewell that a reset must not have.
        m_socket.setSocketDescriptor(::dup(m_raw.descriptor()));
        m_socket.startServerEncryption();
        m_socket.waitForEncrypted(static_cast<int>(patience.count()));
    }

    bool isEncrypted() const { return m_socket.isEncrypted(); }

    bool send(QByteArrayView bytes) override
    {
        m_socket.write(bytes.data(), bytes.size());
        while (m_socket.bytesToWrite() > 0 || m_socket.encryptedBytesToWrite() > 0) {
            if (!m_socket.waitForBytesWritten(static_cast<int>(patience.count())))
                return false;
        }
        return true;
    }

    ReadResult receive(QByteArray &into, milliseconds timeout) override
    {
        if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(static_cast<int>(timeout.count()))) {
            if (m_socket.state() == QAbstractSocket::ConnectedState)
                return ReadResult::Timeout;
            return m_socket.error() == QAbstractSocket::RemoteHostClosedError ? ReadResult::End : ReadResult::Reset;
        }
        into += m_socket.readAll();
        return ReadResult::Data;
    }

    void close() override
    {
        m_raw.close();
        m_socket.disconnectFromHost();
        if (m_socket.state() != QAbstractSocket::UnconnectedState)
            m_socket.waitForDisconnected(1000);
    }

    void reset() override
    {
        const linger hard { 1, 0 };
        setsockopt(m_raw.descriptor(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        m_socket.abort();
        m_raw.close();
    }

private:
    RawSocket m_raw;
    QSslSocket m_socket;
};

} // namespace

std::unique_ptr<Wire> plainWire(RawSocket socket)
{
    return std::make_unique<PlainWire>(std::move(socket));
}

std::unique_ptr<Wire> tlsWire(RawSocket socket, const Certificate &certificate)
{
    auto wire = std::make_unique<TlsWire>(std::move(socket), certificate);
    if (!wire->isEncrypted())
        return nullptr;
    return wire;
}

Certificate makeCertificate(const QString &folder)
{
    const Certificate certificate { folder + QStringLiteral("/certificate.pem"), folder + QStringLiteral("/key.pem") };
    const QStringList arguments { QStringLiteral("req"),
                                  QStringLiteral("-x509"),
                                  QStringLiteral("-newkey"),
                                  QStringLiteral("rsa:2048"),
                                  QStringLiteral("-nodes"),
                                  QStringLiteral("-days"),
                                  QStringLiteral("2"),
                                  QStringLiteral("-subj"),
                                  QStringLiteral("/CN=localhost"),
                                  QStringLiteral("-addext"),
                                  QStringLiteral("subjectAltName=DNS:localhost,IP:127.0.0.1"),
                                  QStringLiteral("-keyout"),
                                  certificate.keyFile,
                                  QStringLiteral("-out"),
                                  certificate.certificateFile };
    return QProcess::execute(QStringLiteral("openssl"), arguments) == 0 ? certificate : Certificate {};
}

} // namespace signalbox::test
