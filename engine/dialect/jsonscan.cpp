// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/jsonscan.h"

#include "engine/base/bytes.h"

#include <QString>

#include <bitset>
#include <cstring>

namespace signalbox {

namespace {

constexpr char16_t replacement = 0xfffd;

qsizetype skipSpace(QByteArrayView text, qsizetype at)
{
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t'))
        ++at;
    return at;
}

/// Index of the quote that ends the string whose content begins at `from`, or -1.
qsizetype stringEnd(QByteArrayView text, qsizetype from)
{
    qsizetype at = from;
    while (at < text.size()) {
        const void *found = std::memchr(text.data() + at, '"', static_cast<std::size_t>(text.size() - at));
        if (!found)
            return -1;
        const qsizetype quote = static_cast<const char *>(found) - text.data();
        qsizetype slash = quote;
        while (slash > at && text[slash - 1] == '\\')
            --slash;
        if ((quote - slash) % 2 == 0)
            return quote;
        at = quote + 1;
    }
    return -1;
}

/// Index after the container that begins at `from`, or -1. Looks at brackets and strings only.
qsizetype containerEnd(QByteArrayView text, qsizetype from)
{
    std::bitset<JsonObjectWalker::maximumDepth> isObject;
    std::size_t depth = 0;
    for (qsizetype at = from; at < text.size(); ++at) {
        switch (text[at]) {
        case '"':
            at = stringEnd(text, at + 1);
            if (at < 0)
                return -1;
            break;
        case '{':
        case '[':
            if (depth == isObject.size())
                return -1;
            isObject[depth++] = text[at] == '{';
            break;
        case '}':
        case ']':
            if (isObject[--depth] != (text[at] == '}'))
                return -1;
            if (depth == 0)
                return at + 1;
            break;
        default:
            break;
        }
    }
    return -1;
}

struct ReadValue
{
    JsonKind kind;
    ByteRange range;
    qsizetype end; ///< index after the value
};

std::optional<ReadValue> readLiteral(QByteArrayView text, qsizetype at, QByteArrayView word, JsonKind kind)
{
    if (!text.sliced(at).startsWith(word))
        return std::nullopt;
    return ReadValue { kind, { at, word.size() }, at + word.size() };
}

bool isNumberCharacter(char c)
{
    return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

std::optional<ReadValue> readNumber(QByteArrayView text, qsizetype at)
{
    qsizetype end = at;
    while (end < text.size() && isNumberCharacter(text[end]))
        ++end;
    // At the very end of the text more digits may follow.
    if (end == at || end == text.size())
        return std::nullopt;
    return ReadValue { JsonKind::Number, { at, end - at }, end };
}

std::optional<ReadValue> readValue(QByteArrayView text, qsizetype at)
{
    if (at >= text.size())
        return std::nullopt;
    switch (text[at]) {
    case '"': {
        const qsizetype end = stringEnd(text, at + 1);
        if (end < 0)
            return std::nullopt;
        return ReadValue { JsonKind::String, { at + 1, end - at - 1 }, end + 1 };
    }
    case '{':
    case '[': {
        const qsizetype end = containerEnd(text, at);
        if (end < 0)
            return std::nullopt;
        return ReadValue { text[at] == '{' ? JsonKind::Object : JsonKind::Array, { at, end - at }, end };
    }
    case 't':
        return readLiteral(text, at, "true", JsonKind::True);
    case 'f':
        return readLiteral(text, at, "false", JsonKind::False);
    case 'n':
        return readLiteral(text, at, "null", JsonKind::Null);
    default:
        return readNumber(text, at);
    }
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The code unit of the four digits at `at`, or -1.
int codeUnit(QByteArrayView raw, qsizetype at)
{
    if (at + 4 > raw.size())
        return -1;
    int unit = 0;
    for (qsizetype i = at; i < at + 4; ++i) {
        const int digit = hexDigit(raw[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/// Appends what \uXXXX at `at` (of its digits) means; returns the index after it.
qsizetype appendUnicode(QByteArrayView raw, qsizetype at, QByteArray &out)
{
    const int unit = codeUnit(raw, at);
    if (unit < 0) {
        out += 'u';
        return at;
    }
    const auto first = static_cast<char16_t>(unit);
    if (QChar::isHighSurrogate(first) && raw.sliced(at + 4).startsWith("\\u")) {
        const int next = codeUnit(raw, at + 6);
        if (next >= 0 && QChar::isLowSurrogate(static_cast<char16_t>(next))) {
            const char16_t pair[2] = { first, static_cast<char16_t>(next) };
            out += QStringView(pair, 2).toUtf8();
            return at + 10;
        }
    }
    const char16_t single = QChar::isSurrogate(first) ? replacement : first;
    out += QStringView(&single, 1).toUtf8();
    return at + 4;
}

char simpleEscape(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    default:
        return c;
    }
}

void appendEscaped(char c, QByteArray &out)
{
    static constexpr char digits[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
    } else if (c == '\n') {
        out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
        out += "\\u00";
        out += digits[byte >> 4];
        out += digits[byte & 0xf];
    } else {
        out += c;
    }
}

} // namespace

JsonObjectWalker::JsonObjectWalker(QByteArrayView text) : m_text(text)
{
    if (text.startsWith("\xef\xbb\xbf"))
        m_position = 3;
}

bool JsonObjectWalker::open()
{
    m_position = skipSpace(m_text, m_position);
    if (m_position >= m_text.size() || m_text[m_position] != '{')
        return false;
    ++m_position;
    return true;
}

std::optional<JsonMember> JsonObjectWalker::next()
{
    if (m_done)
        return std::nullopt;
    const bool first = std::exchange(m_first, false);
    m_done = true; // until a member has been read
    if (first && !open())
        return std::nullopt;
    m_position = skipSpace(m_text, m_position);
    if (m_position < m_text.size() && m_text[m_position] == '}') {
        m_closed = true;
        m_complete = skipSpace(m_text, m_position + 1) == m_text.size();
        return std::nullopt;
    }
    if (!first) {
        if (m_position >= m_text.size() || m_text[m_position] != ',')
            return std::nullopt;
        m_position = skipSpace(m_text, m_position + 1);
    }
    std::optional<JsonMember> member = readMember();
    m_done = !member;
    return member;
}

std::optional<JsonMember> JsonObjectWalker::readMember()
{
    if (m_position >= m_text.size() || m_text[m_position] != '"')
        return std::nullopt;
    const qsizetype keyBegin = m_position + 1;
    const qsizetype keyEnd = stringEnd(m_text, keyBegin);
    if (keyEnd < 0)
        return std::nullopt;
    const qsizetype colon = skipSpace(m_text, keyEnd + 1);
    if (colon >= m_text.size() || m_text[colon] != ':')
        return std::nullopt;
    const std::optional<ReadValue> value = readValue(m_text, skipSpace(m_text, colon + 1));
    if (!value)
        return std::nullopt;
    m_position = value->end;
    const QByteArrayView key = m_text.sliced(keyBegin, keyEnd - keyBegin);
    return JsonMember { indexOfByte(key, '\\') >= 0 ? unescapeJson(key)
                                                    : QByteArray::fromRawData(key.data(), key.size()),
                        value->kind, value->range };
}

std::optional<JsonMember> findJsonMember(QByteArrayView text, QByteArrayView key)
{
    std::optional<JsonMember> found;
    JsonObjectWalker walker(text);
    while (std::optional<JsonMember> member = walker.next()) {
        if (member->key == key)
            found = std::move(member);
    }
    return found;
}

std::optional<QByteArray> findJsonString(QByteArrayView text, QByteArrayView key)
{
    const std::optional<JsonMember> member = findJsonMember(text, key);
    if (!member || member->kind != JsonKind::String)
        return std::nullopt;
    return unescapeJson(member->value.of(text));
}

std::vector<JsonMember> jsonElements(QByteArrayView text, std::size_t atMost)
{
    std::vector<JsonMember> elements;
    qsizetype at = skipSpace(text, 0);
    if (at >= text.size() || text[at] != '[')
        return elements;
    do {
        at = skipSpace(text, at + 1);
        const std::optional<ReadValue> value = readValue(text, at);
        if (!value)
            break;
        elements.push_back({ {}, value->kind, value->range });
        at = skipSpace(text, value->end);
    } while (elements.size() < atMost && at < text.size() && text[at] == ',');
    return elements;
}

qsizetype findText(QByteArrayView text, QByteArrayView part, qsizetype from) noexcept
{
    if (from >= text.size())
        return -1;
    const void *found = ::memmem(text.data() + from, static_cast<std::size_t>(text.size() - from), part.data(),
                                 static_cast<std::size_t>(part.size()));
    return found ? static_cast<const char *>(found) - text.data() : -1;
}

QByteArray unescapeJson(QByteArrayView raw)
{
    if (indexOfByte(raw, '\\') < 0)
        return raw.toByteArray();
    QByteArray out;
    out.reserve(raw.size());
    for (qsizetype at = 0; at < raw.size(); ++at) {
        if (raw[at] != '\\' || at + 1 == raw.size()) {
            out += raw[at];
        } else if (raw[++at] == 'u') {
            at = appendUnicode(raw, at + 1, out) - 1;
        } else {
            out += simpleEscape(raw[at]);
        }
    }
    return out;
}

QByteArray escapeJson(QByteArrayView utf8)
{
    const QByteArray valid = QString::fromUtf8(utf8).toUtf8();
    QByteArray out;
    out.reserve(valid.size() + 8);
    for (char c : valid)
        appendEscaped(c, out);
    return out;
}

} // namespace signalbox
