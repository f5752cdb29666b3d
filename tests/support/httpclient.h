// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"
#include "tests/support/rawsocket.h"

#include <QJsonObject>

#include <optional>
#include <vector>

namespace signalbox::test {

/// The first line and the fields of one message, with the bytes they came from.
struct MessageHead
{
    QByteArray raw;
    QByteArray startLine;
    HeaderList headers;

    /// Of a response; 0 if the start line is none.
    int status() const;
    /// Of a request.
    QByteArray method() const { return startLine.split(' ').value(0); }
    QByteArray target() const { return startLine.split(' ').value(1); }
};

/// Nullopt until the blank line is there; then takes the head from the front of the buffer.
std::optional<MessageHead> takeHead(QByteArray &buffer);

/// How a body ended. Only Complete lets a client believe that it has all of it.
enum class BodyEnd { Complete, Cut, Invalid, Timeout };

struct Piece
{
    QByteArray bytes;
    Moment at;
};

struct Answer
{
    std::vector<MessageHead> interim; ///< 1xx
    MessageHead head;
    QByteArray body;
    BodyEnd end = BodyEnd::Timeout;
    std::vector<Piece> pieces; ///< of the body, as they arrived
    bool closed = false; ///< nothing at all came before the connection ended

    int status() const { return head.status(); }
    QByteArray header(QByteArrayView name) const { return head.headers.value(name); }
    bool isComplete() const { return end == BodyEnd::Complete; }
    QJsonObject json() const;
    /// For failure messages.
    QByteArray summary() const;
};

/// One connection to the proxy that shows exactly what came over it.
class HttpClient
{
public:
    explicit HttpClient(std::uint16_t port, int receiveBuffer = 0, const char *address = "127.0.0.1");

    bool send(const QByteArray &bytes) { return m_socket.send(bytes); }
    RawSocket &socket() { return m_socket; }

    /// Reads the next head that is not 1xx; `interim` takes those.
    std::optional<MessageHead> readHead(std::vector<MessageHead> *interim = nullptr, milliseconds timeout = patience);
    /// The next decoded bytes of the body; nullopt when it ended, with end() telling how.
    std::optional<QByteArray> readPiece(milliseconds timeout = patience);
    BodyEnd end() const { return m_end; }

    Answer readAnswer(bool toHead = false, milliseconds timeout = patience);
    /// True if the peer closes without sending anything more.
    bool waitForClose(milliseconds timeout = patience);
    bool hasUnreadBytes() const { return !m_buffer.isEmpty(); }

private:
    enum class Framing { None, Length, ChunkSize, ChunkData, ChunkEnd, Trailer, UntilClose };

    void startBody(const MessageHead &head, bool toHead);
    bool fill(milliseconds timeout);
    bool finish(BodyEnd end);
    std::optional<QByteArray> takeDecoded();
    std::optional<QByteArray> takeLine();
    bool readChunkSize();

    RawSocket m_socket;
    QByteArray m_buffer;
    Framing m_framing = Framing::None;
    qint64 m_left = 0;
    bool m_over = false;
    BodyEnd m_end = BodyEnd::Timeout;
    ReadResult m_lastRead = ReadResult::Data;
};

/// A request as a client writes it: Host, Content-Length if there is a body, and the given fields.
QByteArray request(const QByteArray &method, const QByteArray &target, const QByteArray &body = {},
                   const HeaderList &extra = {});
/// The same with a JSON body.
QByteArray postJson(const QByteArray &target, const QByteArray &body, const HeaderList &extra = {});
QByteArray chunked(const std::vector<QByteArray> &pieces);

/// One request on a connection of its own.
Answer ask(std::uint16_t port, const QByteArray &bytes, milliseconds timeout = patience);

} // namespace signalbox::test
