// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"
#include "engine/transport/httpparser.h"

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <memory>

namespace signalbox {

struct ResponseHead
{
    int status = 0;
    QByteArray reason;
    HeaderList headers; ///< in order, repeated names kept; no Content-Length beside a chunked body
    int minorVersion = 1;
    Framing framing = Framing::None; ///< None also for HEAD, 204 and 304
    std::int64_t contentLength = -1; ///< with Framing::Length; -1 otherwise
};

/// Reads the answer to one request as strictly as RequestParser reads requests. Interim answers (1xx) are skipped,
/// but 101 is refused since nobody asked for it; trailers are checked and dropped.
class ResponseParser
{
public:
    /// Called from feed(); must not destroy, feed or reset the parser from inside.
    class Handler
    {
    public:
        virtual ~Handler() = default;
        virtual void onResponseHead(ResponseHead &&head) = 0;
        virtual void onResponseBody(QByteArrayView piece) = 0;
        virtual void onResponseComplete() = 0;
        virtual void onResponseError(const QString &reason) = 0;
    };

    explicit ResponseParser(Handler &handler, const ParserLimits &limits = {});
    ~ResponseParser();
    Q_DISABLE_COPY_MOVE(ResponseParser)

    /// Before every answer: a HEAD request has none of the body that the answer's head announces.
    void reset(bool toHeadRequest);
    /// Tells how many bytes belong to the answer. Fewer than given: the rest is not ours, do not reuse the connection.
    qsizetype feed(QByteArrayView bytes);
    /// The connection ended: completes a body that ends with it; false if the answer is cut.
    bool finish();

    bool isComplete() const;
    bool hasError() const;
    bool isHeadComplete() const;
    /// Some bytes of the answer (interim ones too) were seen.
    bool hasStarted() const;
    /// Another request may follow on the connection (valid once complete).
    bool keepAlive() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox
