// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signalbox/singleinstance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QLocalSocket>
#include <QStandardPaths>

namespace signalbox {

namespace {

constexpr int patienceMs = 2000; ///< with one that may hang
constexpr qsizetype longestRequest = 256;
const QByteArray accepted = QByteArrayLiteral("ok\n");

QString pathFor(const QString &key, const QString &directory, const char *ending)
{
    const QByteArray hash = QCryptographicHash::hash(key.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return QStringLiteral("%1/signalbox-%2.%3").arg(directory, QString::fromLatin1(hash), QLatin1String(ending));
}

} // namespace

SingleInstance::SingleInstance(const QString &key, const QString &directory, QObject *parent)
    : QObject(parent), m_socketPath(pathFor(key, directory, "socket")), m_lock(pathFor(key, directory, "lock")),
      m_lockPath(pathFor(key, directory, "lock"))
{
    m_lock.setStaleLockTime(0); // only a process that is gone gives it up
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::takeRequest);
}

SingleInstance::~SingleInstance() = default;

QString SingleInstance::defaultDirectory()
{
    const QString runtime = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    return runtime.isEmpty() ? QDir::tempPath() : runtime;
}

bool SingleInstance::claim()
{
    const QFileInfo left(m_lockPath);
    const QDateTime leftAt = left.exists() ? left.lastModified() : QDateTime();
    if (!m_lock.tryLock(0)) {
        // Without a place for the lock, a second console is better than none.
        return m_lock.error() != QLockFile::LockFailedError;
    }
    m_crashedRun = leftAt;
    QLocalServer::removeServer(m_socketPath);
    m_server.listen(m_socketPath);
    return true;
}

bool SingleInstance::handOver(const QString &page) const
{
    QLocalSocket socket;
    socket.connectToServer(m_socketPath);
    if (!socket.waitForConnected(patienceMs))
        return false;
    socket.write(page.toUtf8() + '\n');
    return socket.waitForBytesWritten(patienceMs) && socket.waitForReadyRead(patienceMs) &&
        socket.readAll() == accepted;
}

void SingleInstance::takeRequest()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (socket->bytesAvailable() > longestRequest) {
                socket->abort();
                return;
            }
            if (!socket->canReadLine())
                return;
            const QString page = QString::fromUtf8(socket->readLine()).trimmed();
            socket->write(accepted);
            socket->disconnectFromServer();
            Q_EMIT raiseRequested(page);
        });
    }
}

} // namespace signalbox
