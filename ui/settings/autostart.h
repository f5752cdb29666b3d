// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QString>
#include <QStringList>

namespace signalbox {

/// Starting with the session, by an entry in the user's autostart folder (freedesktop's Desktop Application Autostart
/// Specification). Reads and writes a file.
class Autostart
{
public:
    /// directory: the autostart folder; command: program and arguments.
    Autostart(const QString &directory, const QStringList &command);
    /// For this program on this configuration, in the user's own folder.
    static Autostart ofThisProgram(const QString &configPath);

    QString path() const;
    /// There is an entry, and it is not switched off.
    bool isOn() const;
    Status setOn(bool on) const;

private:
    QByteArray entry() const;

    QString m_directory;
    QStringList m_command;
};

/// An argument as the Exec key of a desktop entry wants it.
QString quotedForExec(const QString &argument);

} // namespace signalbox
