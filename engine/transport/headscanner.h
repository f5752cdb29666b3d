// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"
#include "engine/transport/httpparser.h"

#include <QByteArray>
#include <QByteArrayView>

#include <vector>

namespace signalbox {

/// Appends bytes to a buffer until a line is whole. Only CR LF ends a line; either of them alone is an error.
class LineReader
{
public:
    enum class Result { NeedMore, Line, BareCr, BareLf, TooLong };

    /// Takes bytes from the front of input. The line in buffer excludes its CR LF only by the caller's arithmetic:
    /// it spans from lineStart() to buffer.size() - 2.
    Result feed(QByteArrayView &input, QByteArray &buffer, std::size_t limit);
    void startLine(qsizetype bufferSize);
    qsizetype lineStart() const { return m_start; }

private:
    qsizetype m_start = 0;
    bool m_sawCr = false;
};

/// One field line, checked: token name, no white space around it, no folding, no control character in the value.
struct FieldLine
{
    QByteArrayView name;
    QByteArrayView value;
};
ParseError parseFieldLine(QByteArrayView line, FieldLine &field);

/// Collects the head of a message and refuses it at its first wrong line, wherever the pieces are cut.
class HeadScanner
{
public:
    /// What requests and responses differ in.
    class StartLine
    {
    public:
        virtual ~StartLine() = default;
        /// Called with what there is of the first line, so that another protocol is refused without waiting.
        virtual ParseError checkBeginning(QByteArrayView beginning) = 0;
        virtual ParseError parse(QByteArrayView line) = 0;
    };

    HeadScanner(StartLine &startLine, const ParserLimits &limits, bool skipEmptyLine)
        : m_startLine(startLine), m_limits(limits), m_skipEmptyLine(skipEmptyLine)
    {
    }

    void reset();
    /// Takes bytes from the front of input up to the end of the head.
    void feed(QByteArrayView &input);

    bool isComplete() const { return m_complete; }
    const ParseError &error() const { return m_error; }
    bool isEmpty() const { return m_buffer.isEmpty() && !m_skippedEmptyLine; }

    /// The head with its empty line, as received.
    QByteArrayView bytes() const { return m_buffer; }
    HeaderList takeHeaders();

private:
    void fail(int status, const char *reason);
    bool checkLimits(LineReader::Result result);
    void takeWholeLines(QByteArrayView &input);
    void readLine(QByteArrayView &input);
    void onLine(QByteArrayView line);

    StartLine &m_startLine;
    ParserLimits m_limits;
    bool m_skipEmptyLine;
    QByteArray m_buffer;
    LineReader m_reader;
    HeaderList m_headers;
    ParseError m_error;
    bool m_haveStartLine = false;
    bool m_skippedEmptyLine = false;
    bool m_complete = false;
};

} // namespace signalbox
