// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSslConfiguration>
#include <QString>
#include <QTemporaryDir>

namespace signalbox::test {

/// An authority and server certificates of its own, made with the openssl program and gone with the test.
class TestCertificates
{
public:
    TestCertificates();

    bool isValid() const { return m_valid; }
    QString caFile() const { return path("ca.pem"); }
    QString goodCertificateFile() const { return path("good.pem"); }
    QString goodKeyFile() const { return path("good.key"); }

    QSslConfiguration good() const { return configuration("good"); } ///< localhost and 127.0.0.1
    QSslConfiguration wrongHost() const { return configuration("wronghost"); }
    QSslConfiguration expired() const { return configuration("expired"); }
    QSslConfiguration selfSigned() const { return configuration("ca"); }

private:
    QString path(const char *name) const { return m_directory.filePath(QString::fromLatin1(name)); }
    bool run(const QStringList &arguments) const;
    bool makeAuthority() const;
    bool makeServer(const QString &name, const QString &alternativeNames, int days) const;
    QSslConfiguration configuration(const QString &name) const;
    QSslConfiguration configuration(const char *name) const { return configuration(QString::fromLatin1(name)); }

    QTemporaryDir m_directory;
    bool m_valid = false;
};

} // namespace signalbox::test
