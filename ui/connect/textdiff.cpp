// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/textdiff.h"

#include <QStringList>

#include <vector>

namespace signalbox {

namespace {

constexpr qsizetype mostLines = 2000;

QStringList linesOf(const QString &text)
{
    QStringList lines = text.split(QLatin1Char('\n'));
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

/// lengths[i][j]: of the longest common subsequence of a from i and b from j.
std::vector<std::vector<int>> commonLengths(const QStringList &a, const QStringList &b)
{
    std::vector<std::vector<int>> lengths(static_cast<std::size_t>(a.size()) + 1,
                                          std::vector<int>(static_cast<std::size_t>(b.size()) + 1, 0));
    for (qsizetype i = a.size() - 1; i >= 0; --i) {
        auto &row = lengths[static_cast<std::size_t>(i)];
        const auto &below = lengths[static_cast<std::size_t>(i) + 1];
        for (qsizetype j = b.size() - 1; j >= 0; --j) {
            const auto at = static_cast<std::size_t>(j);
            row[at] = a.at(i) == b.at(j) ? below[at + 1] + 1 : qMax(below[at], row[at + 1]);
        }
    }
    return lengths;
}

} // namespace

QList<DiffLine> diffLines(const QString &before, const QString &after)
{
    const QStringList a = linesOf(before);
    const QStringList b = linesOf(after);
    QList<DiffLine> diff;
    qsizetype i = 0;
    qsizetype j = 0;
    if (a.size() <= mostLines && b.size() <= mostLines) {
        const auto lengths = commonLengths(a, b);
        while (i < a.size() && j < b.size()) {
            const auto &row = lengths[static_cast<std::size_t>(i)];
            if (a.at(i) == b.at(j)) {
                diff.append({ DiffLine::Kind::Same, a.at(i++) });
                ++j;
            } else if (lengths[static_cast<std::size_t>(i) + 1][static_cast<std::size_t>(j)] >=
                       row[static_cast<std::size_t>(j) + 1]) {
                diff.append({ DiffLine::Kind::Removed, a.at(i++) });
            } else {
                diff.append({ DiffLine::Kind::Added, b.at(j++) });
            }
        }
    }
    while (i < a.size())
        diff.append({ DiffLine::Kind::Removed, a.at(i++) });
    while (j < b.size())
        diff.append({ DiffLine::Kind::Added, b.at(j++) });
    return diff;
}

} // namespace signalbox
