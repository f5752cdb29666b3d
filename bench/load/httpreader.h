// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace signalbox::bench {

/// Reads one HTTP/1.1 message after another, of well-meaning peers: a bench needs no more.
class HttpReader
{
public:
    /// Of requests and responses alike. A response without a length ends with its connection.
    explicit HttpReader(bool requests) : m_requests(requests) { }

    /// Takes bytes up to the end of the message; returns how many. Body bytes are appended to `body`.
    std::size_t feed(std::string_view bytes, std::string &body);
    /// The connection ended. True if that is a proper end of the message.
    bool finish() const { return m_complete || m_untilClose; }
    /// For the next message.
    void reset();

    bool isHeadComplete() const { return m_headComplete; }
    bool isComplete() const { return m_complete; }
    bool wantsClose() const { return m_close; }
    bool isStarted() const { return !m_head.empty(); }
    int status() const { return m_status; }
    /// The field's value; empty if it is not there. Names are compared without case.
    std::string field(std::string_view name) const;

private:
    void readHead();
    std::size_t feedChunked(std::string_view bytes, std::string &body);
    bool readChunkLine();

    bool m_requests;
    std::string m_head;
    std::string m_line; ///< of a chunk
    bool m_headComplete = false;
    bool m_complete = false;
    bool m_chunked = false;
    bool m_untilClose = false;
    bool m_close = false;
    bool m_lastChunk = false;
    bool m_inData = false;
    std::size_t m_left = 0;
    int m_status = 0;
};

} // namespace signalbox::bench
