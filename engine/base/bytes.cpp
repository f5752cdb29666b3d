// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/bytes.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace signalbox {

namespace {

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool isTokenCharacter(char c) noexcept
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return true;
    return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

constexpr bool isFieldCharacter(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || c == '\t';
}

using Table = std::array<bool, 256>;

template <typename Test> constexpr Table tableOf(Test test) noexcept
{
    Table table {};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = test(static_cast<char>(i));
    return table;
}

// Every byte of every head is looked up.
constexpr Table tokenCharacters = tableOf(isTokenCharacter);
constexpr Table fieldCharacters = tableOf(isFieldCharacter);

bool allIn(const Table &table, QByteArrayView text) noexcept
{
    return std::all_of(text.begin(), text.end(), [&](char c) { return table[static_cast<unsigned char>(c)]; });
}

} // namespace

bool equalsIgnoringCase(const char *a, const char *b, qsizetype size) noexcept
{
    return std::equal(a, a + size, b, [](char x, char y) { return x == y || lower(x) == lower(y); });
}

bool startsWithIgnoringCase(QByteArrayView text, QByteArrayView prefix) noexcept
{
    return text.size() >= prefix.size() && equalsIgnoringCase(text.first(prefix.size()), prefix);
}

bool isHttpToken(QByteArrayView text) noexcept
{
    return !text.isEmpty() && allIn(tokenCharacters, text);
}

bool isHttpFieldValue(QByteArrayView text) noexcept
{
    // Eight bytes at a time, until one of them may be a control character: below 0x20, or 0x7f.
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highBits = ones << 7;
    qsizetype at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        const std::uint64_t deletes = word ^ (ones * 0x7f);
        if (((((word - ones * 0x20) & ~word) | ((deletes - ones) & ~deletes)) & highBits) != 0)
            break;
    }
    return allIn(fieldCharacters, text.sliced(at));
}

std::optional<std::int64_t> parseDecimal(QByteArrayView text) noexcept
{
    if (text.isEmpty() || text.size() > 18)
        return std::nullopt;
    std::int64_t value = 0;
    for (char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

} // namespace signalbox
