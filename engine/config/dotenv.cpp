// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/dotenv.h"

#include <algorithm>

namespace signalbox {

namespace {

QString unquoted(const QString &raw)
{
    QString value = raw.trimmed();
    if (!value.isEmpty() && (value.front() == QLatin1Char('"') || value.front() == QLatin1Char('\''))) {
        const qsizetype end = value.indexOf(value.front(), 1);
        if (end > 0)
            return value.mid(1, end - 1);
    }
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (value.at(i) == QLatin1Char('#') && (i == 0 || value.at(i - 1).isSpace()))
            return value.left(i).trimmed();
    }
    return value;
}

} // namespace

std::vector<DotEnvEntry> readDotEnv(const QByteArray &text, const QStringList &names)
{
    std::vector<DotEnvEntry> entries;
    int number = 0;
    for (const QByteArray &bytes : text.split('\n')) {
        ++number;
        QString line = QString::fromUtf8(bytes).trimmed();
        if (line.startsWith(QLatin1String("export ")))
            line = line.mid(7).trimmed();
        const qsizetype equals = line.indexOf(QLatin1Char('='));
        const QString name = line.left(qMax(equals, qsizetype { 0 })).trimmed();
        if (equals < 0 || !names.contains(name))
            continue;
        std::erase_if(entries, [&](const DotEnvEntry &entry) { return entry.name == name; });
        entries.push_back({ name, unquoted(line.mid(equals + 1)), number });
    }
    return entries;
}

} // namespace signalbox
