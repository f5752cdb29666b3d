// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <vector>

namespace signalbox {

struct DotEnvEntry
{
    QString name;
    QString value;
    int line = 0; ///< 1-based
};

/// The assignments of these names in the text of an .env file; a later one wins. Understands `export`, quotes and
/// comments; every other line, sound or not, is skipped.
std::vector<DotEnvEntry> readDotEnv(const QByteArray &text, const QStringList &names);

} // namespace signalbox
