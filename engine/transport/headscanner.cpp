// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/headscanner.h"

#include "engine/base/bytes.h"

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

qsizetype findLineEnd(QByteArrayView bytes)
{
    const qsizetype lf = indexOfByte(bytes, '\n');
    const QByteArrayView before = lf < 0 ? bytes : bytes.first(lf);
    const qsizetype cr = indexOfByte(before, '\r');
    return cr >= 0 ? cr : lf;
}

QByteArrayView withoutOuterBlanks(QByteArrayView text)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.isEmpty() && blank(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && blank(text.back()))
        text.chop(1);
    return text;
}

constexpr std::size_t usualFields = 16;

} // namespace

void LineReader::startLine(qsizetype bufferSize)
{
    m_start = bufferSize;
    m_sawCr = false;
}

LineReader::Result LineReader::feed(QByteArrayView &input, QByteArray &buffer, std::size_t limit)
{
    while (!input.isEmpty()) {
        if (m_sawCr) {
            if (input.front() != '\n')
                return Result::BareCr;
            buffer.append('\n');
            input = input.sliced(1);
            return Result::Line;
        }
        const qsizetype end = findLineEnd(input);
        const QByteArrayView text = end < 0 ? input : input.first(end);
        const auto space = static_cast<qsizetype>(limit) - (buffer.size() - m_start);
        if (end >= 0 && text.size() <= space && input.sliced(end).startsWith("\r\n")) {
            buffer.append(input.first(end + 2)); // as below, at once
            input = input.sliced(end + 2);
            return Result::Line;
        }
        if (text.size() > space) {
            buffer.append(text.first(std::max<qsizetype>(space, 0)));
            return Result::TooLong;
        }
        buffer.append(text);
        if (end < 0) {
            input = {};
            return Result::NeedMore;
        }
        if (input.at(end) == '\n')
            return Result::BareLf;
        buffer.append('\r');
        m_sawCr = true;
        input = input.sliced(end + 1);
    }
    return Result::NeedMore;
}

ParseError parseFieldLine(QByteArrayView line, FieldLine &field)
{
    if (line.front() == ' ' || line.front() == '\t')
        return { 400, QStringLiteral("folded field line") };
    const qsizetype colon = indexOfByte(line, ':');
    if (colon < 0)
        return { 400, QStringLiteral("field line without colon") };
    field.name = line.first(colon);
    if (!isHttpToken(field.name))
        return { 400, QStringLiteral("invalid field name") };
    field.value = withoutOuterBlanks(line.sliced(colon + 1));
    if (!isHttpFieldValue(field.value))
        return { 400, QStringLiteral("control character in a field value") };
    return {};
}

void HeadScanner::reset()
{
    m_buffer.resize(0); // keeps its capacity
    m_reader.startLine(0);
    m_headers.clear();
    m_error = {};
    m_haveStartLine = false;
    m_skippedEmptyLine = false;
    m_complete = false;
}

void HeadScanner::fail(int status, const char *reason)
{
    m_error = { status, QString::fromLatin1(reason) };
}

/// The limit of the line is checked before its end is, so that the verdict does not depend on where reads were cut.
bool HeadScanner::checkLimits(LineReader::Result result)
{
    if (result == LineReader::Result::TooLong) {
        if (m_haveStartLine)
            fail(431, "head too large");
        else
            fail(414, "start line too long");
        return false;
    }
    if (result == LineReader::Result::BareCr)
        fail(400, "CR without LF");
    else if (result == LineReader::Result::BareLf)
        fail(400, "LF without CR");
    else if (static_cast<std::size_t>(m_buffer.size()) > m_limits.headBytes)
        fail(431, "head too large");
    return !m_error;
}

void HeadScanner::feed(QByteArrayView &input)
{
    while (!m_complete && !m_error && !input.isEmpty()) {
        if (m_haveStartLine && m_reader.lineStart() == m_buffer.size())
            takeWholeLines(input);
        if (!m_complete && !m_error && !input.isEmpty())
            readLine(input);
    }
}

/// Field lines that are whole in the input, as they are in nearly all heads: they go into the buffer together. Whatever
/// is unusual about a line is left to readLine().
void HeadScanner::takeWholeLines(QByteArrayView &input)
{
    const qsizetype room = static_cast<qsizetype>(m_limits.headBytes) - m_buffer.size();
    qsizetype taken = 0;
    while (!m_complete && !m_error) {
        const QByteArrayView rest = input.sliced(taken);
        const qsizetype end = indexOfByte(rest, '\n');
        if (end < 1 || taken + end + 1 > room || indexOfByte(rest.first(end), '\r') != end - 1)
            break;
        taken += end + 1;
        onLine(rest.first(end - 1));
    }
    m_buffer.append(input.first(taken));
    m_reader.startLine(m_buffer.size());
    input = input.sliced(taken);
}

void HeadScanner::readLine(QByteArrayView &input)
{
    const auto used = static_cast<std::size_t>(m_reader.lineStart());
    const std::size_t left = m_limits.headBytes > used ? m_limits.headBytes - used : 0;
    const LineReader::Result result = m_reader.feed(input, m_buffer, m_haveStartLine ? left : m_limits.startLineBytes);
    if (!m_haveStartLine && !m_buffer.isEmpty() && m_buffer.front() != '\r') {
        m_error = m_startLine.checkBeginning(m_buffer);
        if (m_error)
            return;
    }
    if (!checkLimits(result) || result == LineReader::Result::NeedMore)
        return;
    const qsizetype start = m_reader.lineStart();
    onLine(QByteArrayView(m_buffer).sliced(start, m_buffer.size() - start - 2));
    m_reader.startLine(m_buffer.size());
}

void HeadScanner::onLine(QByteArrayView line)
{
    if (!m_haveStartLine && line.isEmpty()) {
        if (!m_skipEmptyLine || m_skippedEmptyLine)
            return fail(400, "empty line before the start line");
        m_skippedEmptyLine = true;
        m_buffer.resize(0);
    } else if (!m_haveStartLine) {
        m_haveStartLine = true;
        m_error = m_startLine.parse(line);
    } else if (line.isEmpty()) {
        m_complete = true;
    } else {
        FieldLine field;
        m_error = parseFieldLine(line, field);
        if (!m_error && m_headers.size() >= static_cast<std::size_t>(m_limits.fields))
            fail(431, "too many fields");
        if (m_headers.isEmpty())
            m_headers.reserve(usualFields);
        if (!m_error)
            m_headers.append(headerName(field.name), field.value.toByteArray());
    }
}

HeaderList HeadScanner::takeHeaders()
{
    return std::exchange(m_headers, {});
}

} // namespace signalbox
