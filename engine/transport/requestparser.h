// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"
#include "engine/transport/httpparser.h"

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <memory>

namespace signalbox {

/// RFC 9112 3.2. Only Origin is meant for a server; the others are reported so that it can say so.
enum class TargetForm { Origin, Absolute, Authority, Asterisk };

struct RequestHead
{
    QByteArray method;
    QByteArray target; ///< as received: 0x21..0x7e only, no '#'
    TargetForm form = TargetForm::Origin;
    int minorVersion = 1; ///< HTTP/1.minor
    HeaderList headers;
    Framing framing = Framing::None; ///< None, Length or Chunked
    std::int64_t contentLength = 0; ///< -1 when chunked
    bool keepAlive = true; ///< false for HTTP/1.0 and after "Connection: close"

    /// The field value, or an empty array when there is none (possible in HTTP/1.0 only).
    QByteArray host() const { return headers.value("host"); }
};

/// Reads the requests of one client connection, one message at a time, strictly: what two parsers could read
/// differently is refused. llhttp decides on framing; checks on the raw bytes before it refuse what it would let pass.
class RequestParser
{
public:
    /// Called from feed(). A handler may call pause(), but must not destroy, feed or reset the parser from inside.
    class Handler
    {
    public:
        virtual ~Handler() = default;
        virtual void onRequestHead(RequestHead &&head) = 0;
        virtual void onRequestBody(QByteArrayView piece) = 0;
        virtual void onRequestComplete() = 0;
        /// Answer with this status and close. Nothing follows.
        virtual void onRequestError(int status, const QString &reason) = 0;
    };

    explicit RequestParser(Handler &handler, const ParserLimits &limits = {});
    ~RequestParser();
    Q_DISABLE_COPY_MOVE(RequestParser)

    /// Takes bytes and tells how many were used. Stops after a complete message, after an error and after pause();
    /// the caller keeps the rest and feeds it again after reset() or when it wants to go on.
    qsizetype feed(QByteArrayView bytes);
    /// From inside a handler call: feed() returns before the next event.
    void pause();
    /// Ready for the next message of the connection. Not after an error.
    void reset();

    bool isComplete() const; ///< a whole message was read: reset() comes next
    bool hasError() const;
    bool isHeadComplete() const;
    /// Bytes of the present message were already seen, so a hang-up now cuts it.
    bool isInsideMessage() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// RFC 9110 4.2.3 uri-host [":" port], with IPv6 literals, without user information.
bool isValidHostField(QByteArrayView value) noexcept;

} // namespace signalbox
