// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/atomicfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <fcntl.h>
#include <unistd.h>

namespace signalbox {

namespace {

constexpr QFile::Permissions ownerOnly = QFile::ReadOwner | QFile::WriteOwner;

Status makePrivateDirectory(const QString &path)
{
    if (QFileInfo(path).isDir())
        return ok();
    const QString parent = QFileInfo(path).absolutePath();
    if (!QFileInfo::exists(parent) && !QDir().mkpath(parent))
        return Error { QStringLiteral("cannot make the directory"), parent };
    if (!QDir().mkdir(path, ownerOnly | QFile::ExeOwner))
        return Error { QStringLiteral("cannot make the directory"), path };
    return ok();
}

/// QSaveFile syncs the file but not the directory, so the rename could be lost with the power.
void syncDirectory(const QString &path)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ::fsync(descriptor);
    ::close(descriptor);
}

} // namespace

Status writeFileAtomically(const QString &path, const QByteArray &content)
{
    const QString directory = QFileInfo(path).absolutePath();
    if (Status made = makePrivateDirectory(directory); !made)
        return made;
    QSaveFile file(path);
    file.setDirectWriteFallback(false);
    const bool written = file.open(QIODevice::WriteOnly) && file.setPermissions(ownerOnly) &&
        file.write(content) == content.size() && file.flush();
    if (!written || !file.commit()) {
        const QString reason = file.errorString();
        file.cancelWriting();
        return Error { QStringLiteral("cannot write the file, it stays as it was: ") + reason, path };
    }
    syncDirectory(QFileInfo(QFileInfo(path).canonicalFilePath()).absolutePath());
    return ok();
}

Result<QByteArray> readWholeFile(const QString &path, qint64 limit)
{
    QFile file(path);
    const QFileInfo info(path);
    if (info.exists() && !info.isFile())
        return Error { QStringLiteral("is not a regular file"), path };
    if (!file.open(QIODevice::ReadOnly))
        return Error { QStringLiteral("cannot read the file: ") + file.errorString(), path };
    const QByteArray content = file.read(limit + 1);
    if (file.error() != QFileDevice::NoError)
        return Error { QStringLiteral("cannot read the file: ") + file.errorString(), path };
    if (content.size() > limit)
        return Error { QStringLiteral("is larger than %1 bytes").arg(limit), path };
    return content;
}

} // namespace signalbox
