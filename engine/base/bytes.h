// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <cstring>
#include <optional>

namespace signalbox {

/// ASCII only, independent of the locale.
bool equalsIgnoringCase(const char *a, const char *b, qsizetype size) noexcept;
inline bool equalsIgnoringCase(QByteArrayView a, QByteArrayView b) noexcept
{
    return a.size() == b.size() && equalsIgnoringCase(a.data(), b.data(), a.size());
}
bool startsWithIgnoringCase(QByteArrayView text, QByteArrayView prefix) noexcept;

/// Where the byte stands, or -1. Less than half the cost of QByteArrayView::indexOf() where texts are short.
inline qsizetype indexOfByte(QByteArrayView text, char byte) noexcept
{
    const void *found =
        text.isEmpty() ? nullptr : std::memchr(text.data(), byte, static_cast<std::size_t>(text.size()));
    return found ? static_cast<const char *>(found) - text.data() : -1;
}

/// An array of what lives as long as the process, such as a literal: copies of it cost no memory and count no
/// references.
inline QByteArray ofStatic(QByteArrayView text)
{
    return QByteArray::fromRawData(text.data(), text.size());
}

/// Appends. To an array without memory as a copy, which costs half.
inline void appendBytes(QByteArray &array, QByteArrayView bytes)
{
    if (array.isNull())
        array = bytes.toByteArray();
    else
        array.append(bytes);
}

/// RFC 9110 5.6.2: a field name or method.
bool isHttpToken(QByteArrayView text) noexcept;
/// RFC 9110 5.5: no control characters but tab, so nothing that could end a line.
bool isHttpFieldValue(QByteArrayView text) noexcept;

/// Decimal digits only, no sign or space, at most 18 of them.
std::optional<std::int64_t> parseDecimal(QByteArrayView text) noexcept;

} // namespace signalbox
