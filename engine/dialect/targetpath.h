// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

#include <optional>

/// Request targets as bytes: what may be joined to a base URL, and its segments.
namespace signalbox::targetpath {

/// Why this path must not be forwarded; empty if it may. However it is decoded, no segment of an accepted path is "."
/// or "..", and it holds no control character and no backslash.
QString problemOf(QByteArrayView path);
QString queryProblemOf(QByteArrayView query);

/// nullopt: a '%' without two hexadecimal digits.
std::optional<QByteArray> decode(QByteArrayView text);

/// "//a///b" becomes "/a/b".
QByteArray collapseSlashes(QByteArrayView path);
/// Still encoded; "/" has none.
QList<QByteArray> segments(const QByteArray &path);
QByteArray firstSegment(const QByteArray &path);
/// Removes the first segment from the path, which stays "/" at least.
QByteArray takeFirst(QByteArray &path);

struct QueryParts
{
    QByteArray kept; ///< everything but credentials, byte for byte
    QByteArray key; ///< the last key=, decoded
};
/// Takes key= and access_token= out of a query.
QueryParts splitQuery(QByteArrayView query);

/// The path with the segment after "/t/" masked and what is not printable replaced, at most 512 bytes.
QByteArray loggable(QByteArrayView path);

} // namespace signalbox::targetpath
