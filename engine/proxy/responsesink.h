// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"

#include <QByteArray>

namespace signalbox {

/// Where an exchange writes its answer: the client's connection.
class ResponseSink
{
public:
    virtual ~ResponseSink() = default;

    /// contentLength < 0: not known; then chunked, or until close for an HTTP/1.0 client.
    virtual void writeHead(int status, const HeaderList &headers, qint64 contentLength) = 0;
    virtual void writeBody(const QByteArray &bytes) = 0;
    /// Hands what was written to the network now. A client that turns out to be gone is told to the handler from
    /// inside.
    virtual void flush() = 0;
    virtual void finishBody() = 0;
    /// Ends visibly incomplete: what was written goes out, then the connection closes without a clean end.
    virtual void cutBody() = 0;
    /// A whole answer of our own.
    virtual void answer(int status, HeaderList headers, const QByteArray &body) = 0;
    /// The client has been sent a head.
    virtual bool headWritten() const = 0;
    /// Too much is waiting to go out: the upstream should pause until resume.
    virtual bool isCongested() const = 0;
    /// The answer has ended, one way or the other: the handler can be deleted once it is not in a call any more.
    virtual void handlerDone() = 0;
    /// The rest of a request body that streams by is wanted (or not) now.
    virtual void wantRequestBody(bool wanted) = 0;
};

} // namespace signalbox
