// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>

namespace signalbox::test {

/// A D-Bus session of its own with a real gnome-keyring on it, in a folder of its own. The user's keyring is not
/// touched.
class SessionKeyring
{
public:
    ~SessionKeyring();

    /// The bus alone: no service on it, and none that it could start.
    bool startBus();
    /// The keyring, unlocked. False with a reason in problem().
    bool startKeyring();
    QString problem() const { return m_problem; }

    /// What a program needs to find the bus.
    QByteArray busAddress() const;

    /// As another program stores a key for us, and reads it.
    bool store(const QString &entry, const QByteArray &secret);
    QByteArray lookup(const QString &entry);

private:
    int runSecretTool(const QStringList &arguments, const QByteArray &input, QByteArray *output = nullptr);
    QProcessEnvironment environment() const;
    QString inFolder(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    QTemporaryDir m_folder;
    QProcess m_bus;
    QProcess m_daemon;
    QString m_problem;
};

} // namespace signalbox::test
