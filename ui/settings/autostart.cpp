// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/autostart.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>

namespace signalbox {

namespace {

const QString fileName = QStringLiteral("io.github.signalbox.Signalbox.desktop");

/// Whether one of its lines sets that key to that value. Keys and values are compared as the desktops do, in any case.
bool says(const QByteArray &entry, QByteArrayView key, QByteArrayView value)
{
    const QList<QByteArray> lines = entry.split('\n');
    return std::any_of(lines.begin(), lines.end(), [key, value](const QByteArray &line) {
        const qsizetype equals = line.indexOf('=');
        return equals > 0 && line.first(equals).trimmed().compare(key, Qt::CaseInsensitive) == 0 &&
            line.sliced(equals + 1).trimmed().compare(value, Qt::CaseInsensitive) == 0;
    });
}

QString tr(const char *text)
{
    return QCoreApplication::translate("Autostart", text);
}

} // namespace

QString quotedForExec(const QString &argument)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./:=@,+-]+$"));
    QString text = argument;
    text.replace(QLatin1Char('%'), QLatin1String("%%"));
    if (plain.match(argument).hasMatch())
        return text;
    // Quoted, then escaped once more as every string in a desktop entry.
    static const QRegularExpression special(QStringLiteral("([\"`$\\\\])"));
    text.replace(special, QStringLiteral("\\\\1"));
    text = QLatin1Char('"') + text + QLatin1Char('"');
    return text.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
}

Autostart::Autostart(const QString &directory, const QStringList &command) : m_directory(directory), m_command(command)
{
}

Autostart Autostart::ofThisProgram(const QString &configPath)
{
    QStringList command { QCoreApplication::applicationFilePath(), QStringLiteral("--minimized") };
    const QString config = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    if (!configPath.isEmpty() && configPath != config + QStringLiteral("/signalbox/config.json"))
        command += { QStringLiteral("--config"), configPath };
    return { config + QStringLiteral("/autostart"), command };
}

QString Autostart::path() const
{
    return QDir(m_directory).filePath(fileName);
}

bool Autostart::isOn() const
{
    QFile file(path());
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray text = file.readAll();
    return !says(text, "Hidden", "true") && !says(text, "X-GNOME-Autostart-enabled", "false");
}

QByteArray Autostart::entry() const
{
    QStringList words;
    for (const QString &word : m_command)
        words.append(quotedForExec(word));
    return QStringLiteral("[Desktop Entry]\nType=Application\nName=Signalbox\nComment=%1\nExec=%2\n"
                          "Icon=io.github.signalbox.Signalbox\nTerminal=false\nX-GNOME-Autostart-enabled=true\n")
        .arg(tr("Local proxy for LLM APIs that fails over between providers"), words.join(QLatin1Char(' ')))
        .toUtf8();
}

Status Autostart::setOn(bool on) const
{
    if (!on) {
        QFile file(path());
        if (!file.exists() || file.remove())
            return ok();
        return Error { tr("%1 cannot be removed: %2").arg(path(), file.errorString()), path() };
    }
    QSaveFile file(path());
    const QByteArray text = entry();
    if (!QDir().mkpath(m_directory) || !file.open(QIODevice::WriteOnly) || file.write(text) != text.size() ||
        !file.commit())
        return Error { tr("%1 cannot be written: %2").arg(path(), file.errorString()), path() };
    return ok();
}

} // namespace signalbox
