// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testcertificates.h"

#include <QFile>
#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

namespace signalbox::test {

namespace {

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(QLatin1Char(' '));
}

} // namespace

TestCertificates::TestCertificates()
{
    const QString local = QStringLiteral("DNS:localhost,IP:127.0.0.1");
    m_valid = m_directory.isValid() && makeAuthority() && makeServer(QStringLiteral("good"), local, 30) &&
        makeServer(QStringLiteral("wronghost"), QStringLiteral("DNS:elsewhere.example"), 30) &&
        makeServer(QStringLiteral("expired"), local, -1);
}

bool TestCertificates::run(const QStringList &arguments) const
{
    QProcess openssl;
    openssl.setWorkingDirectory(m_directory.path());
    openssl.start(QStringLiteral("openssl"), arguments);
    return openssl.waitForFinished(30000) && openssl.exitStatus() == QProcess::NormalExit && openssl.exitCode() == 0;
}

bool TestCertificates::makeAuthority() const
{
    return run(words("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem "
                     "-subj /CN=Authority -days 30 -addext basicConstraints=critical,CA:TRUE"));
}

bool TestCertificates::makeServer(const QString &name, const QString &alternativeNames, int days) const
{
    const QStringList request = words("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=server");
    const QString keyFile = name + QStringLiteral(".key");
    const QString requestFile = name + QStringLiteral(".csr");
    return run(request +
               QStringList { QStringLiteral("-keyout"), keyFile, QStringLiteral("-out"), requestFile,
                             QStringLiteral("-addext"), QStringLiteral("subjectAltName=") + alternativeNames }) &&
        run(words("x509 -req -CA ca.pem -CAkey ca.key -copy_extensions copy") +
            QStringList { QStringLiteral("-in"), requestFile, QStringLiteral("-out"), name + QStringLiteral(".pem"),
                          QStringLiteral("-days"), QString::number(days) });
}

QSslConfiguration TestCertificates::configuration(const QString &name) const
{
    QFile keyFile(m_directory.filePath(name + QStringLiteral(".key")));
    if (!keyFile.open(QIODevice::ReadOnly))
        return {};
    QSslConfiguration result = QSslConfiguration::defaultConfiguration();
    result.setLocalCertificateChain(
        QSslCertificate::fromPath(m_directory.filePath(name + QStringLiteral(".pem")), QSsl::Pem));
    result.setPrivateKey(QSslKey(&keyFile, QSsl::Ec, QSsl::Pem));
    result.setPeerVerifyMode(QSslSocket::VerifyNone);
    result.setAllowedNextProtocols({ QSslConfiguration::NextProtocolHttp1_1 });
    return result;
}

} // namespace signalbox::test
