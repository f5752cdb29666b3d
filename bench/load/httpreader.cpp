// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/load/httpreader.h"

#include <algorithm>
#include <cstdlib>
#include <strings.h>

namespace signalbox::bench {

void HttpReader::reset()
{
    *this = HttpReader(m_requests);
}

std::string HttpReader::field(std::string_view name) const
{
    std::size_t start = m_head.find("\r\n");
    while (start != std::string::npos && start + 2 < m_head.size()) {
        start += 2;
        const std::size_t end = m_head.find("\r\n", start);
        const std::string_view line = std::string_view(m_head).substr(start, end - start);
        if (line.size() > name.size() && line[name.size()] == ':' &&
            strncasecmp(line.data(), name.data(), name.size()) == 0) {
            const std::size_t value = line.find_first_not_of(' ', name.size() + 1);
            return value == std::string_view::npos ? std::string() : std::string(line.substr(value));
        }
        start = end;
    }
    return {};
}

void HttpReader::readHead()
{
    m_headComplete = true;
    m_status = m_requests ? 0 : std::atoi(m_head.c_str() + std::min<std::size_t>(m_head.size(), 9));
    m_close = strcasecmp(field("connection").c_str(), "close") == 0;
    m_chunked = strcasecmp(field("transfer-encoding").c_str(), "chunked") == 0;
    const std::string length = field("content-length");
    m_left = static_cast<std::size_t>(std::atoll(length.c_str()));
    m_untilClose = !m_requests && !m_chunked && length.empty() && m_status != 204 && m_status != 304;
    m_complete = !m_chunked && !m_untilClose && m_left == 0;
}

std::size_t HttpReader::feed(std::string_view bytes, std::string &body)
{
    std::size_t used = 0;
    if (!m_headComplete) {
        const std::size_t before = m_head.size();
        m_head.append(bytes);
        const std::size_t end = m_head.find("\r\n\r\n", before > 3 ? before - 3 : 0);
        if (end == std::string::npos)
            return bytes.size();
        used = end + 4 - before;
        m_head.resize(end + 4);
        readHead();
        if (m_status >= 100 && m_status < 200) {
            reset();
            return used + feed(bytes.substr(used), body);
        }
    }
    const std::string_view rest = bytes.substr(used);
    if (m_complete || rest.empty())
        return used;
    if (m_chunked)
        return used + feedChunked(rest, body);
    const std::size_t size = m_untilClose ? rest.size() : std::min(m_left, rest.size());
    body.append(rest.substr(0, size));
    m_left -= m_untilClose ? 0 : size;
    m_complete = !m_untilClose && m_left == 0;
    return used + size;
}

std::size_t HttpReader::feedChunked(std::string_view bytes, std::string &body)
{
    std::size_t used = 0;
    while (used < bytes.size() && !m_complete) {
        if (m_inData) {
            const std::size_t size = std::min(m_left, bytes.size() - used);
            body.append(bytes.substr(used, size));
            m_left -= size;
            used += size;
            m_inData = m_left > 0;
            continue;
        }
        m_line += bytes[used++];
        if (m_line.back() == '\n')
            m_complete = readChunkLine();
    }
    return used;
}

/// True at the end of the message.
bool HttpReader::readChunkLine()
{
    const std::string line = m_line;
    m_line.clear();
    if (m_lastChunk)
        return line == "\r\n";
    if (line == "\r\n")
        return false; // behind a chunk's data
    m_left = std::strtoull(line.c_str(), nullptr, 16);
    m_lastChunk = m_left == 0;
    m_inData = m_left > 0;
    return false;
}

} // namespace signalbox::bench
