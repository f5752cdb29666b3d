// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configissue.h"

namespace signalbox {

QString ConfigIssue::text() const
{
    QString where = file;
    if (line > 0)
        where += QLatin1Char(':') + QString::number(line);
    for (const QString &part : { pointer, reason }) {
        if (!where.isEmpty() && !part.isEmpty())
            where += QStringLiteral(": ");
        where += part;
    }
    return where;
}

} // namespace signalbox
