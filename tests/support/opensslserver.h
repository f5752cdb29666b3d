// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/lane.h"
#include "tests/support/testcertificates.h"

#include <QProcess>
#include <QTest>

namespace signalbox::test {

/// "openssl s_server", whose protocol can be chosen. It answers one request and ends the connection.
class OpenSslServer
{
public:
    explicit OpenSslServer(const TestCertificates &certificates, const QStringList &arguments = {})
    {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QStringLiteral("openssl"),
                        QStringList { QStringLiteral("s_server"), QStringLiteral("-accept"),
                                      QStringLiteral("127.0.0.1:0"), QStringLiteral("-cert"),
                                      certificates.goodCertificateFile(), QStringLiteral("-key"),
                                      certificates.goodKeyFile(), QStringLiteral("-www") } +
                            arguments);
    }
    ~OpenSslServer()
    {
        m_process.kill();
        m_process.waitForFinished(patience);
    }
    Q_DISABLE_COPY_MOVE(OpenSslServer)

    bool waitForPort()
    {
        return QTest::qWaitFor(
            [this] {
                m_said += m_process.readAll();
                return m_said.contains("ACCEPT 127.0.0.1:") && m_said.endsWith('\n');
            },
            patience);
    }
    quint16 port() const
    {
        return m_said.mid(m_said.indexOf("ACCEPT 127.0.0.1:")).split('\n').first().mid(17).toUShort();
    }

private:
    QProcess m_process;
    QByteArray m_said;
};

} // namespace signalbox::test
