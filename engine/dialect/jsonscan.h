// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

namespace signalbox {

struct ByteRange
{
    qsizetype begin = 0;
    qsizetype size = 0;
    QByteArrayView of(QByteArrayView text) const { return text.sliced(begin, size); }
    bool operator==(const ByteRange &) const = default;
};

enum class JsonKind { String, Number, Object, Array, True, False, Null };

struct JsonMember
{
    QByteArray key; ///< unescaped; valid as long as the text
    JsonKind kind = JsonKind::Null;
    ByteRange value; ///< of the value in the text; a string's without its quotes
};

/// Walks the members of one JSON object without building a tree: values are skipped, not looked into. Knows nothing
/// that is not needed to find the ends of values, so it is tolerant about the rest.
class JsonObjectWalker
{
public:
    static constexpr int maximumDepth = 512;

    /// The text must outlive the walker.
    explicit JsonObjectWalker(QByteArrayView text);

    /// The next member; nullopt at the end of the object or where the text cannot be read on.
    std::optional<JsonMember> next();
    /// The object's closing brace has been reached.
    bool closed() const { return m_closed; }
    /// It was closed and only white space follows.
    bool complete() const { return m_complete; }

private:
    bool open();
    std::optional<JsonMember> readMember();

    QByteArrayView m_text;
    qsizetype m_position = 0;
    bool m_first = true;
    bool m_done = false;
    bool m_closed = false;
    bool m_complete = false;
};

/// The last member of that name in the object `text`.
std::optional<JsonMember> findJsonMember(QByteArrayView text, QByteArrayView key);
/// The string there, unescaped; nullopt if it is absent or no string.
std::optional<QByteArray> findJsonString(QByteArrayView text, QByteArrayView key);
/// The elements of the array `text` (as far as they can be read), each with an empty key.
std::vector<JsonMember> jsonElements(QByteArrayView text, std::size_t atMost);

/// Where `part` begins in the text, from `from` on, or -1. Looks at fewer bytes than QByteArrayView::indexOf().
qsizetype findText(QByteArrayView text, QByteArrayView part, qsizetype from = 0) noexcept;

/// The UTF-8 meant by what stands between the quotes. Lone surrogates become U+FFFD.
QByteArray unescapeJson(QByteArrayView raw);
/// What to put between quotes. Bytes that are no UTF-8 become U+FFFD.
QByteArray escapeJson(QByteArrayView utf8);

} // namespace signalbox
