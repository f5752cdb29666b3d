// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace signalbox {

struct DiffLine
{
    enum class Kind { Same, Removed, Added };
    Kind kind = Kind::Same;
    QString text;

    bool operator==(const DiffLine &) const = default;
};

/// Both texts line by line, with as few changes as possible (longest common subsequence). For files a person edits:
/// past 2,000 lines it is everything removed and everything added.
QList<DiffLine> diffLines(const QString &before, const QString &after);

} // namespace signalbox
