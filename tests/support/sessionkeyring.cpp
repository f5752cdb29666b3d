// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sessionkeyring.h"

#include "tests/support/proxyprocess.h"

#include <QDir>
#include <QFile>

namespace signalbox::test {

namespace {

constexpr int longestMs = 20'000;

/// Without a folder of services, so that the bus cannot start any.
const QByteArray busConfig = "<busconfig><type>session</type><listen>unix:path=%1</listen><auth>EXTERNAL</auth>"
                             "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>"
                             "<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";

void endProcess(QProcess &process)
{
    process.terminate();
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(longestMs))
        process.kill();
    process.waitForFinished(longestMs);
}

} // namespace

SessionKeyring::~SessionKeyring()
{
    endProcess(m_daemon);
    endProcess(m_bus);
}

QByteArray SessionKeyring::busAddress() const
{
    return "unix:path=" + QFile::encodeName(inFolder("bus"));
}

QProcessEnvironment SessionKeyring::environment() const
{
    QProcessEnvironment result;
    result.insert(QStringLiteral("PATH"), QString::fromLocal8Bit(qgetenv("PATH")));
    result.insert(QStringLiteral("LANG"), QStringLiteral("C.UTF-8"));
    result.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QString::fromLocal8Bit(busAddress()));
    for (const char *name : { "HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME" }) {
        QDir().mkpath(inFolder(name));
        result.insert(QString::fromLatin1(name), inFolder(name));
    }
    return result;
}

bool SessionKeyring::startBus()
{
    QFile file(inFolder("bus.conf"));
    if (!file.open(QIODevice::WriteOnly))
        return false;
    file.write(QByteArray(busConfig).replace("%1", QFile::encodeName(inFolder("bus"))));
    file.close();
    m_bus.setProcessEnvironment(environment());
    m_bus.setStandardErrorFile(inFolder("bus.log"));
    m_bus.start(QStringLiteral("dbus-daemon"),
                { QStringLiteral("--config-file=") + file.fileName(), QStringLiteral("--nofork") });
    if (m_bus.waitForStarted(longestMs) && waitUntil([this] { return QFile::exists(inFolder("bus")); }))
        return true;
    m_problem = QStringLiteral("dbus-daemon does not start: ") + m_bus.errorString();
    return false;
}

bool SessionKeyring::startKeyring()
{
    m_daemon.setProcessEnvironment(environment());
    m_daemon.setStandardOutputFile(QProcess::nullDevice());
    m_daemon.setStandardErrorFile(inFolder("daemon.log"));
    m_daemon.start(QStringLiteral("gnome-keyring-daemon"),
                   { QStringLiteral("--foreground"), QStringLiteral("--unlock"), QStringLiteral("--components=secrets"),
                     QStringLiteral("--control-directory=") + inFolder("XDG_RUNTIME_DIR") });
    if (!m_daemon.waitForStarted(longestMs)) {
        m_problem = QStringLiteral("gnome-keyring-daemon does not start: ") + m_daemon.errorString();
        return false;
    }
    m_daemon.write("the keyring's password");
    m_daemon.closeWriteChannel();
    m_daemon.waitForBytesWritten(longestMs);
    if (waitUntil([this] { return store(QStringLiteral("ready"), "yes"); }))
        return true;
    m_problem = QStringLiteral("the keyring does not take an entry (is secret-tool installed?)");
    return false;
}

int SessionKeyring::runSecretTool(const QStringList &arguments, const QByteArray &input, QByteArray *output)
{
    QProcess tool;
    tool.setProcessEnvironment(environment());
    tool.start(QStringLiteral("secret-tool"), arguments);
    tool.write(input);
    tool.closeWriteChannel();
    if (!tool.waitForFinished(longestMs)) {
        tool.kill();
        tool.waitForFinished(longestMs);
        return -1;
    }
    if (output)
        *output = tool.readAllStandardOutput();
    return tool.exitStatus() == QProcess::NormalExit ? tool.exitCode() : -1;
}

namespace {

/// The attributes by which QtKeychain finds an entry.
QStringList attributes(const QString &entry)
{
    return { QStringLiteral("user"),       entry,
             QStringLiteral("server"),     QStringLiteral("signalbox"),
             QStringLiteral("type"),       QStringLiteral("plaintext"),
             QStringLiteral("xdg:schema"), QStringLiteral("org.qt.keychain") };
}

} // namespace

bool SessionKeyring::store(const QString &entry, const QByteArray &secret)
{
    const QStringList command { QStringLiteral("store"), QStringLiteral("--label=") + entry };
    return runSecretTool(command + attributes(entry), secret) == 0;
}

QByteArray SessionKeyring::lookup(const QString &entry)
{
    QByteArray found;
    runSecretTool(QStringList { QStringLiteral("lookup") } + attributes(entry), {}, &found);
    return found;
}

} // namespace signalbox::test
