// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstddef>

namespace signalbox {

/// What a parser accepts before it refuses a message.
struct ParserLimits
{
    std::size_t startLineBytes = std::size_t { 16 } << 10;
    std::size_t headBytes = std::size_t { 64 }
        << 10; ///< start line, fields and the empty line; also one trailer section
    int fields = 256;
    std::size_t chunkLineBytes = std::size_t { 4 } << 10;
};

/// Why a message was refused, and the status with which a server says so.
struct ParseError
{
    int status = 0; ///< 0: no error
    QString reason;

    explicit operator bool() const noexcept { return status != 0; }
};

/// How the length of a body is told.
enum class Framing { None, Length, Chunked, Close };

} // namespace signalbox
