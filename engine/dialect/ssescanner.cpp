// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/ssescanner.h"

#include "engine/base/bytes.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr qsizetype longestName = 256;
constexpr QByteArrayView byteOrderMark("\xef\xbb\xbf");

/// In steps: lines that end by one of the two are not searched to the end of all bytes for the other.
qsizetype lineEnd(QByteArrayView bytes)
{
    constexpr qsizetype step = 512;
    for (qsizetype at = 0; at < bytes.size(); at += step) {
        const QByteArrayView part = bytes.sliced(at, std::min(step, bytes.size() - at));
        const qsizetype lf = indexOfByte(part, '\n');
        const qsizetype cr = indexOfByte(lf < 0 ? part : part.first(lf), '\r');
        if (cr >= 0 || lf >= 0)
            return at + (cr >= 0 ? cr : lf);
    }
    return bytes.size();
}

} // namespace

bool SseScanner::inEvent() const
{
    return !m_line.isEmpty() || (!m_dispatched && (m_hasData || !m_name.isEmpty()));
}

SseEvent *SseScanner::take(QByteArrayView &bytes)
{
    while (!bytes.isEmpty()) {
        if (m_afterCr && bytes.front() == '\n') {
            m_afterCr = false;
            bytes = bytes.sliced(1);
            continue;
        }
        m_afterCr = false;
        const qsizetype length = lineEnd(bytes);
        appendToLine(bytes.first(length));
        if (length == bytes.size()) {
            bytes = {};
            return nullptr;
        }
        m_afterCr = bytes[length] == '\r';
        bytes = bytes.sliced(length + 1);
        if (endLine())
            return &m_event;
    }
    return nullptr;
}

SseEvent *SseScanner::takeLast()
{
    if (!m_line.isEmpty() && endLine())
        return &m_event;
    return dispatch() ? &m_event : nullptr;
}

void SseScanner::appendToLine(QByteArrayView bytes)
{
    const qsizetype room = std::max<qsizetype>(keptBytes - m_line.size(), 0);
    if (bytes.size() > room)
        m_lineTruncated = true;
    m_line += bytes.first(std::min(bytes.size(), room));
}

/// True if the line was the blank one that ends an event.
bool SseScanner::endLine()
{
    QByteArrayView line(m_line);
    if (!m_started && line.startsWith(byteOrderMark))
        line = line.sliced(byteOrderMark.size());
    m_started = true;
    const bool dispatched = line.isEmpty() && dispatch();
    if (line.startsWith(':'))
        m_sawComment = true;
    else if (!line.isEmpty())
        addField(line);
    m_line.truncate(0);
    m_lineTruncated = false;
    return dispatched;
}

bool SseScanner::dispatch()
{
    const bool has = m_hasData && !m_dispatched;
    m_event = has ? SseEvent { m_name, m_data, m_truncated } : SseEvent {};
    m_dispatched = true;
    return has;
}

void SseScanner::addField(QByteArrayView line)
{
    if (m_dispatched) {
        m_name.truncate(0);
        m_data.truncate(0);
        m_hasData = m_truncated = m_dispatched = false;
    }
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView field = colon < 0 ? line : line.first(colon);
    QByteArrayView value = colon < 0 ? QByteArrayView() : line.sliced(colon + 1);
    if (value.startsWith(' '))
        value = value.sliced(1);
    if (field == QByteArrayView("data"))
        addData(value);
    else if (field == QByteArrayView("event"))
        m_name = value.first(std::min(value.size(), longestName)).toByteArray();
}

void SseScanner::addData(QByteArrayView value)
{
    if (m_hasData && m_data.size() < keptBytes)
        m_data += '\n';
    m_hasData = true;
    const qsizetype room = keptBytes - m_data.size();
    m_truncated = m_truncated || m_lineTruncated || value.size() > room;
    m_data += value.first(std::min(value.size(), room));
}

} // namespace signalbox
