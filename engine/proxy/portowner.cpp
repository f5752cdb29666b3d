// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/portowner.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace signalbox {

namespace {

/// The socket inode that listens on the port, from the kernel's table (proc(5)); empty if there is none.
QByteArray listeningInode(const QString &table, std::uint16_t port)
{
    QFile file(table);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray suffix = ':' + QByteArray::number(port, 16).toUpper().rightJustified(4, '0');
    for (const QByteArray &line : file.readAll().split('\n')) {
        const QList<QByteArray> columns = line.simplified().split(' ');
        constexpr int localAddress = 1;
        constexpr int state = 3;
        constexpr int inode = 9;
        if (columns.size() > inode && columns[localAddress].endsWith(suffix) && columns[state] == "0A")
            return columns[inode];
    }
    return {};
}

} // namespace

QString portOwner(std::uint16_t port)
{
    QByteArray inode = listeningInode(QStringLiteral("/proc/net/tcp"), port);
    if (inode.isEmpty())
        inode = listeningInode(QStringLiteral("/proc/net/tcp6"), port);
    if (inode.isEmpty())
        return {};
    const QString wanted = QStringLiteral("socket:[%1]").arg(QString::fromLatin1(inode));
    const QDir proc(QStringLiteral("/proc"));
    for (const QString &pid : proc.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (!pid.at(0).isDigit())
            continue;
        const QDir descriptors(proc.filePath(pid + QLatin1String("/fd")));
        for (const QString &fd : descriptors.entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot)) {
            if (QFile::symLinkTarget(descriptors.filePath(fd)).endsWith(wanted)) {
                QFile name(proc.filePath(pid + QLatin1String("/comm")));
                const QString command =
                    name.open(QIODevice::ReadOnly) ? QString::fromUtf8(name.readAll().trimmed()) : QString();
                return QStringLiteral("%1 (pid %2)")
                    .arg(command.isEmpty() ? QStringLiteral("a process") : command, pid);
            }
        }
    }
    return {};
}

} // namespace signalbox
