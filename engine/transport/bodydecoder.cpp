// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/bodydecoder.h"

#include "engine/base/bytes.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr qsizetype maximumSizeDigits = 15; ///< stays below 2^60: no overflow anywhere

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// RFC 9112 7.1.1 as far as it matters to whoever drops it: blanks only before the first ';', no control character.
bool isCleanExtension(QByteArrayView text)
{
    const qsizetype semicolon = text.indexOf(';');
    if (semicolon < 0)
        return text.isEmpty();
    const QByteArrayView before = text.first(semicolon);
    return std::all_of(before.begin(), before.end(), [](char c) { return c == ' ' || c == '\t'; }) &&
        isHttpFieldValue(text);
}

bool mayNotTrail(QByteArrayView name)
{
    return equalsIgnoringCase(name, "content-length") || equalsIgnoringCase(name, "transfer-encoding") ||
        equalsIgnoringCase(name, "host");
}

} // namespace

MessageBodyDecoder::MessageBodyDecoder(llhttp_type_t type, Sink &sink, const ParserLimits &limits)
    : m_sink(sink), m_limits(limits)
{
    llhttp_settings_init(&m_settings);
    m_settings.on_headers_complete = &MessageBodyDecoder::onHeadersComplete;
    m_settings.on_body = &MessageBodyDecoder::onBodyPiece;
    m_settings.on_message_complete = &MessageBodyDecoder::onMessageComplete;
    llhttp_init(&m_parser, type, &m_settings);
    m_parser.data = this;
}

/// 1 tells llhttp that there is no body whatever the head says (HEAD, 204, 304).
int MessageBodyDecoder::onHeadersComplete(llhttp_t *parser)
{
    auto *self = static_cast<MessageBodyDecoder *>(parser->data);
    parser->upgrade = 0;
    self->m_headAgreed = true;
    return parser->type == HTTP_RESPONSE && self->m_framing == Framing::None ? 1 : 0;
}

int MessageBodyDecoder::onBodyPiece(llhttp_t *parser, const char *at, std::size_t length)
{
    static_cast<MessageBodyDecoder *>(parser->data)->m_sink.onBody({ at, static_cast<qsizetype>(length) });
    return 0;
}

int MessageBodyDecoder::onMessageComplete(llhttp_t *parser)
{
    static_cast<MessageBodyDecoder *>(parser->data)->m_complete = true;
    return 0;
}

void MessageBodyDecoder::fail(const char *reason)
{
    m_error = { 400, QString::fromLatin1(reason) };
}

bool MessageBodyDecoder::execute(QByteArrayView bytes)
{
    const llhttp_errno_t result = llhttp_execute(&m_parser, bytes.data(), static_cast<std::size_t>(bytes.size()));
    if (result == HPE_OK)
        return true;
    const char *reason = llhttp_get_error_reason(&m_parser);
    m_error = { result == HPE_INVALID_METHOD ? 501 : 400,
                result == HPE_INVALID_METHOD ? QStringLiteral("unknown method")
                                             : QString::fromLatin1(reason ? reason : "invalid message") };
    return false;
}

void MessageBodyDecoder::reset(Framing framing, std::int64_t contentLength)
{
    m_error = {};
    m_framing = framing;
    m_left = framing == Framing::Length ? contentLength : 0;
    m_chunkState = ChunkState::Size;
    m_line.resize(0);
    m_reader.startLine(0);
    m_trailerBytes = 0;
    m_trailers = 0;
    m_headAgreed = false;
    m_complete = false;
    m_plain = false;
}

void MessageBodyDecoder::startPlain(Framing framing, std::int64_t contentLength)
{
    Q_ASSERT(framing == Framing::Length || framing == Framing::None);
    reset(framing, contentLength);
    m_plain = true;
    m_complete = m_left == 0;
}

void MessageBodyDecoder::start(QByteArrayView head, Framing framing, std::int64_t contentLength)
{
    reset(framing, contentLength);
    llhttp_reset(&m_parser);
    m_parser.data = this;
    if (!execute(head))
        return;
    const bool expectComplete = framing == Framing::None || (framing == Framing::Length && contentLength == 0);
    if (!m_headAgreed || m_complete != expectComplete)
        fail("ambiguous framing");
}

void MessageBodyDecoder::feed(QByteArrayView &input)
{
    while (!input.isEmpty() && !m_complete && !m_error) {
        if (m_framing == Framing::Length) {
            feedLength(input);
        } else if (m_framing == Framing::Chunked) {
            feedChunked(input);
        } else {
            execute(input);
            input = {};
        }
    }
}

void MessageBodyDecoder::feedLength(QByteArrayView &input)
{
    const qsizetype size = static_cast<qsizetype>(std::min<std::int64_t>(m_left, input.size()));
    const QByteArrayView piece = input.first(size);
    m_left -= size;
    input = input.sliced(size);
    if (m_plain) {
        m_complete = m_left == 0;
        m_sink.onBody(piece);
        return;
    }
    execute(piece);
    if (!m_error && m_complete != (m_left == 0))
        fail("ambiguous framing");
}

/// True with a whole line in m_line (its CR LF included).
bool MessageBodyDecoder::readLine(QByteArrayView &input, std::size_t limit)
{
    switch (m_reader.feed(input, m_line, limit)) {
    case LineReader::Result::Line:
        return true;
    case LineReader::Result::NeedMore:
        return false;
    case LineReader::Result::BareCr:
        fail("CR without LF in chunked body");
        return false;
    case LineReader::Result::BareLf:
        fail("LF without CR in chunked body");
        return false;
    case LineReader::Result::TooLong:
        fail("line too long in chunked body");
        return false;
    }
    return false;
}

void MessageBodyDecoder::feedChunked(QByteArrayView &input)
{
    if (m_chunkState == ChunkState::Data) {
        const qsizetype size = static_cast<qsizetype>(std::min<std::int64_t>(m_left, input.size()));
        m_left -= size;
        execute(input.first(size));
        input = input.sliced(size);
        if (m_left == 0)
            m_chunkState = ChunkState::DataEnd;
        return;
    }
    const bool atDataEnd = m_chunkState == ChunkState::DataEnd;
    if (!readLine(input, atDataEnd ? 0 : m_limits.chunkLineBytes))
        return;
    const QByteArrayView line = QByteArrayView(m_line).chopped(2);
    if (atDataEnd) {
        m_chunkState = ChunkState::Size;
        execute("\r\n");
    } else if (m_chunkState == ChunkState::Size) {
        onSizeLine(line);
    } else {
        onTrailerLine(line);
    }
    m_line.resize(0);
    m_reader.startLine(0);
}

void MessageBodyDecoder::onSizeLine(QByteArrayView line)
{
    qsizetype digits = 0;
    std::int64_t size = 0;
    while (digits < line.size() && digits < maximumSizeDigits && hexDigit(line.at(digits)) >= 0)
        size = size * 16 + hexDigit(line.at(digits++));
    // A further digit is no extension either, so an overlong size ends here too.
    if (digits == 0 || !isCleanExtension(line.sliced(digits)))
        return fail("invalid chunk size");
    m_left = size;
    m_chunkState = size == 0 ? ChunkState::Trailers : ChunkState::Data;
    if (execute(line.first(digits)))
        execute("\r\n");
}

void MessageBodyDecoder::onTrailerLine(QByteArrayView line)
{
    if (line.isEmpty()) {
        if (execute("\r\n") && !m_complete)
            fail("ambiguous framing");
        return;
    }
    FieldLine field;
    m_error = parseFieldLine(line, field);
    m_trailerBytes += static_cast<std::size_t>(line.size());
    if (!m_error && mayNotTrail(field.name))
        fail("field not allowed in a trailer");
    if (!m_error && (++m_trailers > m_limits.fields || m_trailerBytes > m_limits.headBytes))
        m_error = { 431, QStringLiteral("trailers too large") };
}

bool MessageBodyDecoder::finish()
{
    if (m_framing == Framing::Close && !m_error && llhttp_finish(&m_parser) == HPE_OK)
        m_complete = true;
    return m_complete;
}

} // namespace signalbox
