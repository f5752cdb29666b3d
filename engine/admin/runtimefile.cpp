// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin/runtimefile.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace signalbox {

namespace {

constexpr int fileVersion = 1;

class Descriptor
{
public:
    explicit Descriptor(int descriptor) : m_descriptor(descriptor) { }
    ~Descriptor()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Q_DISABLE_COPY_MOVE(Descriptor)
    explicit operator bool() const { return m_descriptor >= 0; }
    int get() const { return m_descriptor; }

private:
    int m_descriptor;
};

Error systemError(const QString &what, const QString &place)
{
    return { what % QLatin1String(": ") % qt_error_string(errno), place };
}

/// Made if it is missing; must be ours, and becomes private if it is not.
int openPrivateDirectory(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    QDir().mkpath(QFileInfo(path).absolutePath());
    if (::mkdir(name.constData(), 0700) != 0 && errno != EEXIST)
        return -1;
    const int descriptor = ::open(name.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return -1;
    struct stat info
    {
    };
    const bool ours = ::fstat(descriptor, &info) == 0 && info.st_uid == ::geteuid();
    if (ours && ((info.st_mode & 0077) == 0 || ::fchmod(descriptor, 0700) == 0))
        return descriptor;
    ::close(descriptor);
    errno = EPERM;
    return -1;
}

bool writeAll(int descriptor, const QByteArray &content)
{
    qsizetype done = 0;
    while (done < content.size()) {
        const ssize_t written =
            ::write(descriptor, content.constData() + done, static_cast<std::size_t>(content.size() - done));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        done += written;
    }
    return true;
}

QByteArray readAll(int descriptor)
{
    std::array<char, 4096> buffer {};
    const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
    return size > 0 ? QByteArray(buffer.data(), size) : QByteArray();
}

Status replaceFile(int directory, const QByteArray &name, const QByteArray &content)
{
    const QByteArray fresh = '.' + name + '.' + QByteArray::number(QRandomGenerator::system()->generate64(), 36);
    const Descriptor file(
        ::openat(directory, fresh.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file)
        return systemError(QStringLiteral("cannot make the file"), QString::fromLocal8Bit(fresh));
    if (writeAll(file.get(), content) && ::fsync(file.get()) == 0 &&
        ::renameat(directory, fresh.constData(), directory, name.constData()) == 0)
        return ok();
    const Error error = systemError(QStringLiteral("cannot write the file"), QString::fromLocal8Bit(name));
    ::unlinkat(directory, fresh.constData(), 0);
    return error;
}

bool isRunning(const Result<AdminAddress> &address)
{
    return address && address.value().processId != ::getpid() &&
        (::kill(static_cast<pid_t>(address.value().processId), 0) == 0 || errno == EPERM);
}

} // namespace

QString adminFilePath(const QProcessEnvironment &environment, const QString &dataDirectory)
{
    const QString runtime = environment.value(QStringLiteral("XDG_RUNTIME_DIR"));
    if (QDir::isAbsolutePath(runtime) && QFileInfo(runtime).isDir())
        return QDir::cleanPath(runtime + QStringLiteral("/signalbox/admin.json"));
    return QDir::cleanPath(dataDirectory + QStringLiteral("/run/admin.json"));
}

Result<AdminAddress> readAdminFile(const QString &path)
{
    const Descriptor file(::open(QFile::encodeName(path).constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file)
        return systemError(QStringLiteral("No engine is running that could be controlled"), path);
    struct stat info
    {
    };
    if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != ::geteuid() ||
        (info.st_mode & 0077) != 0)
        return Error { QStringLiteral("is not a private file of this user (mode 0600), so it is not trusted"), path };
    const QJsonObject object = QJsonDocument::fromJson(readAll(file.get())).object();
    AdminAddress address;
    const int port = object.value(QStringLiteral("port")).toInt();
    address.processId = object.value(QStringLiteral("pid")).toInteger();
    address.token = Secret(object.value(QStringLiteral("token")).toString().toLatin1());
    const bool known = object.value(QStringLiteral("version")).toInt() == fileVersion;
    if (!known || port < 1 || port > 65535 || address.processId < 1 || address.token.isEmpty())
        return Error { QStringLiteral("does not say where an engine runs, or is of another version"), path };
    address.port = static_cast<std::uint16_t>(port);
    return address;
}

Status RuntimeFile::write(const QString &path, const AdminAddress &address)
{
    const QFileInfo place(path);
    const QString directoryPath = place.absolutePath();
    const Descriptor directory(openPrivateDirectory(directoryPath));
    if (!directory)
        return systemError(QStringLiteral("cannot use the directory"), directoryPath);
    const QString name = isRunning(readAdminFile(path))
        ? QStringLiteral("%1-%2.json").arg(place.completeBaseName()).arg(address.processId)
        : place.fileName();
    const QJsonObject object { { QStringLiteral("version"), fileVersion },
                               { QStringLiteral("port"), address.port },
                               { QStringLiteral("pid"), address.processId },
                               { QStringLiteral("token"), QString::fromLatin1(address.token.reveal()) } };
    const QByteArray content = QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
    if (Status status = replaceFile(directory.get(), QFile::encodeName(name), content); !status)
        return status;
    m_path = directoryPath + QLatin1Char('/') + name;
    m_content = content;
    return ok();
}

void RuntimeFile::remove()
{
    if (m_path.isEmpty())
        return;
    const QByteArray name = QFile::encodeName(std::exchange(m_path, {}));
    const Descriptor file(::open(name.constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file && readAll(file.get()) == m_content)
        ::unlink(name.constData());
}

} // namespace signalbox
