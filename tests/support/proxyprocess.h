// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/httpclient.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>

#include <thread>

namespace signalbox::test {

/// True once the condition holds; gives up after `timeout`.
template <typename Condition> bool waitUntil(Condition condition, milliseconds timeout = patience)
{
    const Moment start = now();
    while (!condition()) {
        if (since(start) > timeout)
            return false;
        std::this_thread::sleep_for(milliseconds(10));
    }
    return true;
}

/// The real signalboxd with a configuration and folders of its own. Its end is part of every test: it must leave with 0
/// after SIGTERM, and no key may be in anything that it said or wrote.
class ProxyProcess
{
public:
    ProxyProcess();
    ~ProxyProcess();

    /// The configuration to start with: token null, no active checks, no providers.
    QJsonObject &config() { return m_config; }
    /// Sets one member of a section, e.g. ("limits", "headMs", 500).
    ProxyProcess &set(const QString &section, const QString &member, const QJsonValue &value);
    /// Adds a provider whose key is in the environment; no key if it is empty.
    ProxyProcess &provider(const QString &name, const QString &dialect, const QString &baseUrl, const QByteArray &key,
                           const QJsonObject &more = {});
    /// Must not appear in anything but the configuration file.
    void addSecret(const QByteArray &secret) { m_secrets.append(secret); }
    QProcessEnvironment &environment() { return m_environment; }
    QString configFile() const;
    QString folder() const { return m_folder.path(); }

    /// Writes the configuration, starts and waits until it listens. A failed start fails the test.
    bool start(const QStringList &arguments = {});
    /// Runs it to its end instead, for exit codes.
    int run(const QStringList &arguments);
    void writeConfig() const;
    void writeConfig(const QByteArray &text) const;

    std::uint16_t port() const { return m_port; }
    qint64 processId() const { return m_process.processId(); }
    bool isRunning() const { return m_process.state() == QProcess::Running; }
    QByteArray output() const;
    QByteArray errors() const;

    QJsonObject status() const;
    QJsonObject providerStatus(const QString &name) const;
    QByteArray breakerState(const QString &name) const;
    int outcomes(const QString &name, const QString &outcome) const;
    int failovers(const QString &reason) const;
    QByteArray metrics() const;
    /// Resident memory in KiB.
    qint64 residentKiB() const;

    void sendSigterm() const;
    /// SIGKILL: what the disk has is all that stays. Nothing is checked then.
    void killNow();
    /// The exit code, or -1 if it did not end or crashed.
    int waitForExit(milliseconds timeout = patience);
    /// SIGTERM, wait, and what every test checks. Called by the destructor at the latest.
    void finish();

private:
    void prepareEnvironment();
    void launch(const QStringList &arguments);
    bool readListeningLine();
    void searchForSecrets(const QByteArray &spoken) const;

    QTemporaryDir m_folder;
    QJsonObject m_config;
    QList<QByteArray> m_secrets;
    QProcessEnvironment m_environment;
    QProcess m_process;
    std::uint16_t m_port = 0;
    bool m_finished = true;
};

/// An array with this provider added or changed, for live edits.
QJsonObject providerConfig(const QString &name, const QString &dialect, const QString &baseUrl);

} // namespace signalbox::test
