// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/targetpath.h"

#include "engine/base/bytes.h"
#include "engine/dialect/jsonscan.h"

#include <algorithm>

namespace signalbox::targetpath {

namespace {

constexpr int decodingRounds = 4; // what some server behind a gateway might decode

bool isUnprintable(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte >= 0x7f;
}

bool isControl(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

/// "..;x=1" counts: some servers cut path parameters off before they resolve dots.
bool hasDotSegment(QByteArrayView path)
{
    if (!path.contains('.'))
        return false;
    for (const QByteArray &segment : path.toByteArray().split('/')) {
        const QByteArray name = segment.left(segment.indexOf(';') < 0 ? segment.size() : segment.indexOf(';'));
        if (name == "." || name == "..")
            return true;
    }
    return false;
}

QString decodedProblem(QByteArrayView path)
{
    if (std::any_of(path.begin(), path.end(), isControl))
        return QStringLiteral("The path contains a control character.");
    if (path.contains('\\'))
        return QStringLiteral("The path contains a backslash.");
    if (hasDotSegment(path))
        return QStringLiteral("The path contains a \".\" or \"..\" segment.");
    return {};
}

} // namespace

QString problemOf(QByteArrayView path)
{
    if (!path.startsWith('/'))
        return QStringLiteral("The request target must be a path that begins with \"/\".");
    if (std::any_of(path.begin(), path.end(), isUnprintable))
        return QStringLiteral("The path contains a character that must be percent-encoded.");
    if (path.contains('#'))
        return QStringLiteral("The request target contains a fragment.");
    if (!path.contains('%'))
        return decodedProblem(path);
    std::optional<QByteArray> decoded = decode(path);
    if (!decoded)
        return QStringLiteral("The path contains a \"%\" that is not followed by two hexadecimal digits.");
    for (int round = 0; round < decodingRounds; ++round) {
        if (QString problem = decodedProblem(*decoded); !problem.isEmpty())
            return problem;
        QByteArray next = QByteArray::fromPercentEncoding(*decoded);
        if (next == *decoded)
            return {};
        decoded = std::move(next);
    }
    return QStringLiteral("The path is percent-encoded too many times.");
}

QString queryProblemOf(QByteArrayView query)
{
    if (std::any_of(query.begin(), query.end(), isUnprintable))
        return QStringLiteral("The query contains a character that must be percent-encoded.");
    if (query.contains('#'))
        return QStringLiteral("The request target contains a fragment.");
    return {};
}

std::optional<QByteArray> decode(QByteArrayView text)
{
    const auto isHex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    for (qsizetype at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
        if (at + 2 >= text.size() || !isHex(text[at + 1]) || !isHex(text[at + 2]))
            return std::nullopt;
    }
    return QByteArray::fromPercentEncoding(text.toByteArray());
}

QByteArray collapseSlashes(QByteArrayView path)
{
    if (findText(path, "//") < 0)
        return path.toByteArray();
    QByteArray result;
    result.reserve(path.size());
    for (char c : path) {
        if (c != '/' || !result.endsWith('/'))
            result += c;
    }
    return result;
}

QList<QByteArray> segments(const QByteArray &path)
{
    QList<QByteArray> result = path.split('/');
    result.removeAll(QByteArray());
    return result;
}

QByteArray firstSegment(const QByteArray &path)
{
    const qsizetype end = path.indexOf('/', 1);
    return path.mid(1, end < 0 ? -1 : end - 1);
}

QByteArray takeFirst(QByteArray &path)
{
    QByteArray first = firstSegment(path);
    path.remove(0, first.size() + 1);
    if (path.isEmpty())
        path = QByteArrayLiteral("/");
    return first;
}

QueryParts splitQuery(QByteArrayView query)
{
    QueryParts parts;
    if (query.isEmpty())
        return parts;
    QList<QByteArray> kept;
    for (const QByteArray &part : query.toByteArray().split('&')) {
        const qsizetype equals = part.indexOf('=');
        const QByteArray name = QByteArray::fromPercentEncoding(equals < 0 ? part : part.left(equals)).toLower();
        if (name == "key")
            parts.key = equals < 0 ? QByteArray() : QByteArray::fromPercentEncoding(part.mid(equals + 1));
        else if (name != "access_token")
            kept.append(part);
    }
    parts.kept = kept.join('&');
    return parts;
}

namespace {

/// A segment "t", or something encoded that may be one.
bool mayHoldToken(QByteArrayView path)
{
    return indexOfByte(path, '%') >= 0 || findText(path, "/t/") >= 0 || path.startsWith("t/");
}

QByteArray withoutToken(QByteArrayView path)
{
    QList<QByteArray> parts = path.toByteArray().split('/');
    for (qsizetype i = 1; i < parts.size(); ++i) {
        qsizetype before = i - 1;
        while (before > 0 && parts[before].isEmpty())
            --before;
        if (!parts[i].isEmpty() && QByteArray::fromPercentEncoding(parts[before]) == "t")
            parts[i] = QByteArrayLiteral("***");
    }
    return parts.join('/');
}

} // namespace

QByteArray loggable(QByteArrayView path)
{
    QByteArray result = (mayHoldToken(path) ? withoutToken(path) : path.toByteArray()).left(512);
    std::replace_if(result.begin(), result.end(), isUnprintable, '?');
    return result;
}

} // namespace signalbox::targetpath
