// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/snippets.h"

namespace signalbox {

namespace {

template <typename Line> QString lines(const Variables &variables, Line line)
{
    QString text;
    for (const auto &[name, value] : variables)
        text += line(name, value) + QLatin1Char('\n');
    return text;
}

/// For bash: nothing inside is special.
QString singleQuoted(QString value)
{
    return QLatin1Char('\'') + value.replace(QLatin1Char('\''), QLatin1String("'\\''")) + QLatin1Char('\'');
}

QString fishQuoted(QString value)
{
    value.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('\''), QLatin1String("\\'"));
    return QLatin1Char('\'') + value + QLatin1Char('\'');
}

QString powerShellQuoted(QString value)
{
    return QLatin1Char('\'') + value.replace(QLatin1Char('\''), QLatin1String("''")) + QLatin1Char('\'');
}

} // namespace

QList<Snippet> environmentSnippets(const Variables &variables)
{
    return {
        { QStringLiteral("bash"),
          lines(variables,
                [](const QString &name, const QString &value) -> QString {
                    return QStringLiteral("export ") + name + QLatin1Char('=') + singleQuoted(value);
                }) },
        { QStringLiteral("fish"),
          lines(variables,
                [](const QString &name, const QString &value) -> QString {
                    return QStringLiteral("set -gx ") + name + QLatin1Char(' ') + fishQuoted(value);
                }) },
        { QStringLiteral("PowerShell"),
          lines(variables,
                [](const QString &name, const QString &value) -> QString {
                    return QStringLiteral("$env:") + name + QStringLiteral(" = ") + powerShellQuoted(value);
                }) },
        { QStringLiteral("cmd"),
          lines(variables,
                [](const QString &name, const QString &value) -> QString {
                    return QStringLiteral("set \"") + name + QLatin1Char('=') + value + QLatin1Char('"');
                }) },
        { QStringLiteral(".env"),
          lines(variables,
                [](const QString &name, const QString &value) -> QString { return name + QLatin1Char('=') + value; }) },
    };
}

} // namespace signalbox
