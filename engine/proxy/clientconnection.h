// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/proxy/requesthandler.h"
#include "engine/proxy/responsesink.h"
#include "engine/transport/requestparser.h"
#include "engine/transport/streamsocket.h"

#include <QObject>

#include <memory>
#include <optional>

namespace signalbox {

struct ProxyContext;
struct Route;

/// One client's connection: reads requests one at a time, checks who may ask, writes the answers.
class ClientConnection : public QObject, private Wire::Listener, private RequestParser::Handler, private ResponseSink
{
    Q_OBJECT

public:
    /// Takes the descriptor of a connected socket.
    ClientConnection(ProxyContext &context, int descriptor, QObject *parent = nullptr);
    ~ClientConnection() override;

    /// A few times a second: deadlines of the head and the body.
    void tick();
    bool isIdle() const;
    /// No further request: closes now if idle, else after the answer.
    void drain();
    /// Ends a running answer visibly. The connection may be deleted right after it.
    void interrupt();

Q_SIGNALS:
    void closed();

private:
    void wireReadable() override;
    void wireWritten() override;
    void wireEnded() override;

    qint64 read(QByteArray &buffer, qint64 atMost);
    void readAhead();
    void dropInput();
    void parse();
    void nextRequest();

    void onRequestHead(RequestHead &&head) override;
    void onRequestBody(QByteArrayView piece) override;
    void onRequestComplete() override;
    void onRequestError(int status, const QString &reason) override;

    RequestHead takeHead();
    bool checkTarget();
    bool checkCaller();
    bool checkToken(const Route &route);
    bool answerLocally(const Route &route);
    void refuse(int status, QByteArrayView code, const QString &message, HeaderList extra = {});
    void closeAfterWriting();
    void sendContinue();

    void writeHead(int status, const HeaderList &headers, qint64 contentLength) override;
    QByteArray serializeAnswerHead(int status, const HeaderList &headers, qint64 contentLength) const;
    void writeBody(const QByteArray &bytes) override;
    void flush() override;
    void finishBody() override;
    void cutBody() override;
    void answer(int status, HeaderList headers, const QByteArray &body) override;
    bool headWritten() const override { return m_headWritten; }
    bool isCongested() const override;
    void wantRequestBody(bool wanted) override;
    void handlerDone() override;
    void dropHandler();

    ProxyContext &m_context;
    StreamSocket m_socket;
    const QHostAddress m_localAddress;
    RequestParser m_parser;
    QByteArray m_unread; ///< bytes of the next requests, at most 64 KiB
    std::optional<RequestHead> m_head;
    HeaderList m_cors;
    RequestHandler *m_handler = nullptr;
    bool m_bodyWanted = true;
    bool m_bodyComplete = false;
    bool m_headWritten = false;
    bool m_answered = false; ///< the answer is complete
    bool m_chunked = false;
    bool m_noBody = false; ///< to HEAD, or of a 204 or 304
    bool m_close = false; ///< no further request on this connection
    bool m_closing = false;
    bool m_gone = false;
    bool m_parsing = false;
    bool m_readable = false; ///< there may be more in the socket
    bool m_congested = false;
    std::int64_t m_headStartedMs = 0;
    std::int64_t m_bodyStartedMs = 0;
    std::int64_t m_lastByteMs = 0; ///< either way
    std::int64_t m_bodyBytes = 0;
    std::int64_t m_closingSinceMs = 0;
};

} // namespace signalbox
