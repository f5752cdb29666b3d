// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/proxyprocess.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <csignal>

namespace signalbox::test {

namespace {

void fail(const QByteArray &why)
{
    QTest::qFail(why.constData(), __FILE__, __LINE__);
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

QJsonObject providerConfig(const QString &name, const QString &dialect, const QString &baseUrl)
{
    return { { QStringLiteral("name"), name },
             { QStringLiteral("dialect"), dialect },
             { QStringLiteral("baseUrl"), baseUrl },
             { QStringLiteral("key"), QJsonValue::Null } };
}

ProxyProcess::ProxyProcess()
{
    m_config = { { QStringLiteral("version"), 1 },
                 { QStringLiteral("proxy"), QJsonObject { { QStringLiteral("token"), QJsonValue::Null } } },
                 { QStringLiteral("health"), QJsonObject { { QStringLiteral("enabled"), false } } },
                 { QStringLiteral("providers"), QJsonArray {} } };
    prepareEnvironment();
}

ProxyProcess::~ProxyProcess()
{
    finish();
}

void ProxyProcess::prepareEnvironment()
{
    const QProcessEnvironment ours = QProcessEnvironment::systemEnvironment();
    for (const char *kept : { "PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS" }) {
        const QString name = QString::fromLatin1(kept);
        if (ours.contains(name))
            m_environment.insert(name, ours.value(name));
    }
    const QDir folder(m_folder.path());
    for (const char *part : { "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME" }) {
        const QString name = QString::fromLatin1(part);
        folder.mkpath(name);
        m_environment.insert(name, folder.filePath(name));
    }
    folder.mkpath(QStringLiteral("XDG_CONFIG_HOME/signalbox"));
    m_environment.insert(QStringLiteral("LANG"), QStringLiteral("C.UTF-8"));
}

QString ProxyProcess::configFile() const
{
    return m_folder.filePath(QStringLiteral("XDG_CONFIG_HOME/signalbox/config.json"));
}

ProxyProcess &ProxyProcess::set(const QString &section, const QString &member, const QJsonValue &value)
{
    QJsonObject changed = m_config.value(section).toObject();
    changed.insert(member, value);
    m_config.insert(section, changed);
    return *this;
}

ProxyProcess &ProxyProcess::provider(const QString &name, const QString &dialect, const QString &baseUrl,
                                     const QByteArray &key, const QJsonObject &more)
{
    QJsonObject entry = providerConfig(name, dialect, baseUrl);
    if (!key.isEmpty()) {
        const QString variable = name.toUpper() + QStringLiteral("_KEY");
        m_environment.insert(variable, QString::fromUtf8(key));
        entry.insert(QStringLiteral("key"), QJsonObject { { QStringLiteral("env"), variable } });
        addSecret(key);
    }
    for (auto it = more.begin(); it != more.end(); ++it)
        entry.insert(it.key(), it.value());
    QJsonArray providers = m_config.value(QStringLiteral("providers")).toArray();
    providers.append(entry);
    m_config.insert(QStringLiteral("providers"), providers);
    return *this;
}

void ProxyProcess::writeConfig() const
{
    writeConfig(QJsonDocument(m_config).toJson());
}

void ProxyProcess::writeConfig(const QByteArray &text) const
{
    // As an editor does it: a new file that takes the old one's place.
    const QString draft = configFile() + QStringLiteral(".draft");
    QFile file(draft);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return fail("cannot write the configuration");
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.close();
    if (std::rename(QFile::encodeName(draft).constData(), QFile::encodeName(configFile()).constData()) != 0)
        fail("cannot replace the configuration");
}

void ProxyProcess::launch(const QStringList &arguments)
{
    m_process.setProcessEnvironment(m_environment);
    m_process.setWorkingDirectory(m_folder.filePath(QStringLiteral("HOME")));
    // Files, because nobody would empty pipes while a test blocks.
    m_process.setStandardOutputFile(m_folder.filePath(QStringLiteral("stdout")));
    m_process.setStandardErrorFile(m_folder.filePath(QStringLiteral("stderr")));
    m_process.start(QStringLiteral(SIGNALBOXD_PROGRAM), arguments);
    if (!m_process.waitForStarted(static_cast<int>(patience.count())))
        fail("signalboxd does not start");
}

bool ProxyProcess::start(const QStringList &arguments)
{
    writeConfig();
    m_finished = false;
    launch(QStringList { QStringLiteral("--config"), configFile(), QStringLiteral("--port"), QStringLiteral("0") } +
           arguments);
    const bool listening = waitUntil([this] { return readListeningLine() || m_process.waitForFinished(0); });
    if (listening && m_port != 0)
        return true;
    fail("signalboxd does not listen: " + output() + errors());
    return false;
}

bool ProxyProcess::readListeningLine()
{
    const QByteArray text = output();
    const qsizetype end = text.indexOf('\n');
    if (end < 0)
        return false;
    const QJsonObject line = QJsonDocument::fromJson(text.first(end)).object();
    if (line.value(QStringLiteral("event")).toString() != QLatin1String("listening"))
        return false;
    m_port = static_cast<std::uint16_t>(QUrl(line.value(QStringLiteral("url")).toString()).port(0));
    return true;
}

int ProxyProcess::run(const QStringList &arguments)
{
    launch(arguments);
    return waitForExit();
}

QByteArray ProxyProcess::output() const
{
    return contents(m_folder.filePath(QStringLiteral("stdout")));
}

QByteArray ProxyProcess::errors() const
{
    return contents(m_folder.filePath(QStringLiteral("stderr")));
}

QJsonObject ProxyProcess::status() const
{
    return ask(m_port, request("GET", "/status")).json();
}

QJsonObject ProxyProcess::providerStatus(const QString &name) const
{
    const QJsonArray providers = status().value(QStringLiteral("providers")).toArray();
    for (const QJsonValue &entry : providers) {
        if (entry.toObject().value(QStringLiteral("name")).toString() == name)
            return entry.toObject();
    }
    return {};
}

QByteArray ProxyProcess::breakerState(const QString &name) const
{
    const QJsonObject breaker = providerStatus(name).value(QStringLiteral("breaker")).toObject();
    return breaker.value(QStringLiteral("state")).toString().toUtf8();
}

int ProxyProcess::outcomes(const QString &name, const QString &outcome) const
{
    return providerStatus(name).value(QStringLiteral("outcomes")).toObject().value(outcome).toInt(-1);
}

int ProxyProcess::failovers(const QString &reason) const
{
    const QJsonArray counts = status().value(QStringLiteral("failovers")).toArray();
    for (const QJsonValue &entry : counts) {
        if (entry.toObject().value(QStringLiteral("reason")).toString() == reason)
            return entry.toObject().value(QStringLiteral("count")).toInt();
    }
    return 0;
}

QByteArray ProxyProcess::metrics() const
{
    return ask(m_port, request("GET", "/metrics")).body;
}

qint64 ProxyProcess::residentKiB() const
{
    const QByteArray text = contents(QStringLiteral("/proc/%1/status").arg(processId()));
    const qsizetype at = text.indexOf("VmRSS:");
    return at < 0 ? 0 : text.mid(at + 6, text.indexOf("kB", at) - at - 6).trimmed().toLongLong();
}

void ProxyProcess::sendSigterm() const
{
    ::kill(static_cast<pid_t>(processId()), SIGTERM);
}

void ProxyProcess::killNow()
{
    ::kill(static_cast<pid_t>(processId()), SIGKILL);
    m_process.waitForFinished(static_cast<int>(patience.count()));
    m_finished = true;
}

int ProxyProcess::waitForExit(milliseconds timeout)
{
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(static_cast<int>(timeout.count()))) {
        m_process.kill();
        m_process.waitForFinished(5000);
        return -1;
    }
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

void ProxyProcess::finish()
{
    if (m_finished)
        return;
    m_finished = true;
    QByteArray spoken;
    if (isRunning() && m_port != 0) {
        spoken = ask(m_port, request("GET", "/status")).body + metrics();
        sendSigterm();
    }
    const int code = waitForExit();
    if (code != 0)
        fail("signalboxd ended with " + QByteArray::number(code) + " instead of 0: " + errors().right(4000));
    searchForSecrets(spoken);
}

void ProxyProcess::searchForSecrets(const QByteArray &spoken) const
{
    for (const QByteArray &secret : m_secrets) {
        if (spoken.contains(secret))
            fail("a secret is in /status or /metrics");
    }
    QDirIterator files(m_folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        if (path.contains(QLatin1String("/keys/")) || path.startsWith(configFile()))
            continue;
        const QByteArray text = contents(path);
        for (const QByteArray &secret : m_secrets) {
            if (text.contains(secret))
                fail("a secret is in " + QFile::encodeName(path));
        }
    }
}

} // namespace signalbox::test
