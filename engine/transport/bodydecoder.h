// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/headscanner.h"
#include "engine/transport/httpparser.h"

#include <llhttp.h>

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>

namespace signalbox {

/// llhttp behind checks of its own. Where a head leaves room for two opinions on where its message ends, llhttp reads
/// it a second time and must agree; of chunk lines it sees the size only, since extensions and trailers are checked and
/// dropped here. Plain lengths are counted without it.
class MessageBodyDecoder
{
public:
    class Sink
    {
    public:
        virtual ~Sink() = default;
        virtual void onBody(QByteArrayView piece) = 0;
    };

    MessageBodyDecoder(llhttp_type_t type, Sink &sink, const ParserLimits &limits);
    Q_DISABLE_COPY_MOVE(MessageBodyDecoder)

    /// After a checked head: its bytes and what was understood of it.
    void start(QByteArrayView head, Framing framing, std::int64_t contentLength);
    /// After a checked head of a usual method without Transfer-Encoding, with one length or none.
    void startPlain(Framing framing, std::int64_t contentLength);
    /// Takes bytes from the front of input up to the end of the body.
    void feed(QByteArrayView &input);
    /// The connection ended; true if the body ends with it.
    bool finish();

    bool isComplete() const { return m_complete; }
    const ParseError &error() const { return m_error; }

private:
    enum class ChunkState { Size, Data, DataEnd, Trailers };

    static int onHeadersComplete(llhttp_t *parser);
    static int onBodyPiece(llhttp_t *parser, const char *at, std::size_t length);
    static int onMessageComplete(llhttp_t *parser);

    void reset(Framing framing, std::int64_t contentLength);
    bool execute(QByteArrayView bytes);
    void fail(const char *reason);
    void feedLength(QByteArrayView &input);
    void feedChunked(QByteArrayView &input);
    bool readLine(QByteArrayView &input, std::size_t limit);
    void onSizeLine(QByteArrayView line);
    void onTrailerLine(QByteArrayView line);

    llhttp_settings_t m_settings;
    llhttp_t m_parser;
    Sink &m_sink;
    ParserLimits m_limits;
    ParseError m_error;
    Framing m_framing = Framing::None;
    std::int64_t m_left = 0; ///< bytes of the body or of the chunk
    ChunkState m_chunkState = ChunkState::Size;
    QByteArray m_line;
    LineReader m_reader;
    std::size_t m_trailerBytes = 0;
    int m_trailers = 0;
    bool m_headAgreed = false;
    bool m_plain = false; ///< llhttp does not take part
    bool m_complete = false;
};

} // namespace signalbox
