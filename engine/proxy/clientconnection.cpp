// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/clientconnection.h"

#include "engine/transport/reasonphrase.h"

#include "engine/base/bytes.h"
#include "engine/base/bytewriter.h"
#include "engine/dialect/errors.h"
#include "engine/dialect/headers.h"
#include "engine/dialect/route.h"
#include "engine/proxy/exchange.h"
#include "engine/proxy/modellistjob.h"
#include "engine/proxy/proxycontext.h"
#include "engine/telemetry/prometheus.h"
#include "engine/telemetry/statusjson.h"

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

constexpr qint64 readBufferBytes = 64 << 10;
constexpr qint64 congestedBytes = 256 << 10;
constexpr std::int64_t bodyRateGraceMs = 10'000;
// How long a client may go on sending what nobody reads, so that it gets round to reading its answer.
constexpr std::int64_t lingerMs = 2'000; ///< since its last byte
constexpr std::int64_t longestLingerMs = 30'000; ///< in all; and for the client to take what is left of its answer

/// What the three APIs use. Above all not TRACE, whose answer would show the provider's key.
constexpr std::array<QByteArrayView, 7> methods { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };

/// RFC 6455 4.1; anything less is an Upgrade to be ignored (RFC 9110 7.8).
bool asksForWebSocket(const RequestHead &head)
{
    return head.method == "GET" && head.minorVersion == 1 && head.headers.hasToken("upgrade", "websocket") &&
        head.headers.hasToken("connection", "upgrade");
}

qsizetype wireSize(const HeaderList &headers)
{
    qsizetype size = 0;
    for (const HeaderField &field : headers)
        size += field.name.size() + field.value.size() + 4;
    return size;
}

bool hasNoBody(int status)
{
    return status == 204 || status == 304 || status < 200;
}

QByteArray chunkOf(const QByteArray &bytes)
{
    constexpr qsizetype sizeAndLineEnds = 16 + 4;
    QByteArray chunk;
    ByteWriter out(chunk, bytes.size() + sizeAndLineEnds);
    out.number(bytes.size(), 16) << "\r\n" << bytes << "\r\n";
    out.finish();
    return chunk;
}

} // namespace

ClientConnection::ClientConnection(ProxyContext &context, int descriptor, QObject *parent)
    : QObject(parent), m_context(context), m_socket(descriptor), m_localAddress(m_socket.localAddress()),
      m_parser(*this), m_headStartedMs(context.clock.nowMs())
{
    m_socket.setListener(this);
}

ClientConnection::~ClientConnection()
{
    m_socket.setListener(nullptr);
    delete m_handler;
}

bool ClientConnection::isIdle() const
{
    return !m_handler && !m_parser.isInsideMessage() && m_socket.bytesToWrite() == 0;
}

void ClientConnection::drain()
{
    m_close = true;
    if (isIdle())
        closeAfterWriting();
}

void ClientConnection::interrupt()
{
    if (!m_handler)
        return;
    RequestHandler *handler = std::exchange(m_handler, nullptr);
    handler->interrupt();
    delete handler;
    m_socket.flush();
}

void ClientConnection::wireReadable()
{
    m_lastByteMs = m_context.clock.nowMs();
    m_readable = true;
    if (m_closing)
        return dropInput();
    parse();
    if (m_readable && !m_closing)
        readAhead();
}

qint64 ClientConnection::read(QByteArray &buffer, qint64 atMost)
{
    const qint64 wanted = std::min<qint64>(atMost, buffer.size());
    const qint64 size = m_socket.read(buffer.data(), wanted);
    m_readable = size == wanted;
    return size;
}

/// Nobody takes the bytes now. Reading on shows a hang-up, so it goes on for a while.
void ClientConnection::readAhead()
{
    const qint64 room = readBufferBytes - m_unread.size();
    if (room <= 0)
        return m_socket.hasFailed() ? m_socket.abort() : m_socket.setReading(false);
    QByteArray buffer = m_context.takeReadBuffer();
    const qint64 size = read(buffer, room);
    m_unread.append(QByteArrayView(buffer).first(size));
    m_context.giveReadBuffer(std::move(buffer));
}

void ClientConnection::dropInput()
{
    QByteArray buffer = m_context.takeReadBuffer();
    read(buffer, buffer.size());
    m_context.giveReadBuffer(std::move(buffer));
}

void ClientConnection::parse()
{
    if (m_parsing)
        return;
    m_parsing = true;
    m_socket.setReading(true);
    QByteArray buffer = m_context.takeReadBuffer();
    while (!m_closing && m_bodyWanted && !m_bodyComplete && !m_parser.hasError()) {
        QByteArray kept = std::exchange(m_unread, {});
        QByteArrayView bytes = kept;
        if (bytes.isEmpty() && m_readable)
            bytes = QByteArrayView(buffer).first(read(buffer, buffer.size()));
        if (bytes.isEmpty())
            break;
        const qsizetype used = m_parser.feed(bytes);
        if (used < bytes.size() && !m_closing)
            m_unread = bytes.sliced(used).toByteArray();
    }
    m_context.giveReadBuffer(std::move(buffer));
    m_parsing = false;
    if (m_answered && (m_bodyComplete || !m_handler))
        nextRequest();
}

void ClientConnection::onRequestHead(RequestHead &&head)
{
    m_bodyStartedMs = m_lastByteMs; // now: set by what made the parser go on
    m_bodyBytes = 0;
    m_head = std::move(head);
    m_close = m_close || !m_head->keepAlive;
    m_noBody = m_head->method == "HEAD";
    if (!checkTarget() || !checkCaller())
        return;
    const LocalGuard &guard = m_context.guard;
    if (guard.isPreflight(m_head->method, m_head->headers)) {
        answer(204, guard.preflightHeaders(m_head->headers), {});
        return;
    }
    m_cors = guard.corsHeaders(m_head->headers);
    Route route = routeRequest(m_head->method, m_head->target, m_head->headers,
                               [this](const QString &name) -> std::optional<Dialect> {
                                   const std::shared_ptr<Provider> provider = m_context.registry.find(name);
                                   return provider ? std::optional(provider->config().dialect) : std::nullopt;
                               });
    if (!checkToken(route) || answerLocally(route))
        return;
    if (isLoop(m_head->headers, m_context.instanceId))
        return refuse(508, "loop_detected", QStringLiteral("A provider's baseUrl leads back to this proxy."));
    if (route.generation && LocalGuard::isFormBody(m_head->headers, route.formBody))
        return refuse(415, "unsupported_media_type",
                      QStringLiteral(
                          "Send application/json: text and form bodies are refused since any web page can send them."));
    if (m_head->headers.hasToken("expect", "100-continue") && m_head->minorVersion == 1)
        sendContinue();
    if (route.kind == Route::Kind::ModelList)
        m_handler = new ModelListJob(m_context, *this, takeHead(), std::move(route));
    else
        m_handler = new Exchange(m_context, *this, takeHead(), std::move(route));
}

/// For the handler, which alone reads its texts; the numbers stay.
RequestHead ClientConnection::takeHead()
{
    return std::move(*m_head);
}

bool ClientConnection::checkTarget()
{
    if (std::find(methods.begin(), methods.end(), QByteArrayView(m_head->method)) == methods.end()) {
        refuse(405, "method_not_allowed",
               QStringLiteral("The method %1 is not for this proxy.").arg(QString::fromLatin1(m_head->method)),
               { { "allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" } });
        return false;
    }
    if (m_head->form != TargetForm::Origin) {
        refuse(421, "misdirected_request", QStringLiteral("This is no forward proxy: send the path only."));
        return false;
    }
    return true;
}

bool ClientConnection::checkCaller()
{
    if (m_head->minorVersion == 0 && m_head->host().isEmpty()) {
        refuse(400, "host_missing", QStringLiteral("The Host field is missing."));
        return false;
    }
    const std::optional<GuardRefusal> refusal = m_context.guard.checkCaller(m_head->headers, m_localAddress);
    if (refusal)
        refuse(refusal->status, "forbidden", refusal->message);
    return !refusal;
}

bool ClientConnection::checkToken(const Route &route)
{
    using Kind = Route::Kind;
    const bool page = route.kind == Kind::Healthz || route.kind == Kind::LocalOk ||
        ((route.kind == Kind::StatusPage || route.kind == Kind::Metrics) && m_localAddress.isLoopback());
    if (page || !m_context.guard.tokenRequired() ||
        m_context.guard.tokenMatches(credentialCandidates(m_head->headers, route)))
        return true;
    m_close = true;
    answerLocalError(
        *this, route, 401, "invalid_api_key",
        QStringLiteral(
            "The local access token is missing or wrong. Paste the token that Signalbox shows as this tool's API key."),
        { { "x-should-retry", "false" }, { "www-authenticate", "Bearer realm=\"signalbox\"" } });
    ++m_context.totals.refusedLocally;
    return false;
}

bool ClientConnection::answerLocally(const Route &route)
{
    const auto answerJson = [this](const QByteArray &body) {
        answer(200, { { "content-type", "application/json" }, { "cache-control", "no-store" } }, body);
    };
    if (asksForWebSocket(*m_head)) {
        m_close = true;
        answer(426, { { "upgrade", "websocket" } }, {});
        return true;
    }
    switch (route.kind) {
    case Route::Kind::Healthz:
        answerJson("{\"status\":\"ok\"}\n");
        return true;
    case Route::Kind::LocalOk:
        answer(200, {}, {});
        return true;
    case Route::Kind::StatusPage:
        answerJson(statusJson(*m_context.freshSnapshot()));
        return true;
    case Route::Kind::Metrics:
        answer(200, { { "content-type", prometheusContentType } }, prometheusText(*m_context.freshSnapshot()));
        return true;
    case Route::Kind::NotFound:
        answerLocalError(*this, route, 404, "not_found", route.problem);
        return true;
    case Route::Kind::Rejected:
        answerLocalError(*this, route, 400, "bad_path", route.problem);
        return true;
    case Route::Kind::Forward:
    case Route::Kind::ModelList:
        break;
    }
    return false;
}

/// A request that breaks a rule of the local port: says why and closes.
void ClientConnection::refuse(int status, QByteArrayView code, const QString &message, HeaderList extra)
{
    m_close = true;
    ++m_context.totals.refusedLocally;
    extra.append("content-type", "application/json");
    answer(status, std::move(extra), errorBody(Dialect::OpenAi, status, code, message));
}

void ClientConnection::onRequestBody(QByteArrayView piece)
{
    m_bodyBytes += piece.size();
    if (m_handler && !m_answered && !m_handler->appendBody(piece))
        m_close = true;
}

void ClientConnection::onRequestComplete()
{
    m_bodyComplete = true;
    if (m_handler && !m_answered)
        m_handler->bodyComplete();
}

void ClientConnection::onRequestError(int status, const QString &reason)
{
    if (m_headWritten || m_answered)
        return closeAfterWriting();
    dropHandler();
    refuse(status, "bad_request", reason);
}

void ClientConnection::handlerDone()
{
    if (!m_handler)
        return;
    std::exchange(m_handler, nullptr)->deleteLater();
    m_socket.flushSoon();
    if (m_answered && !m_closing && !m_parsing && !m_gone)
        nextRequest();
}

/// Nobody waits for its answer any more. Its end is then no news.
void ClientConnection::dropHandler()
{
    if (RequestHandler *handler = std::exchange(m_handler, nullptr)) {
        handler->clientGone();
        handler->deleteLater();
    }
}

/// The answer is out. Goes on with the next request, or closes.
void ClientConnection::nextRequest()
{
    if (m_close || !m_bodyComplete)
        return closeAfterWriting();
    if (m_handler) {
        m_handler->deleteLater();
        m_handler = nullptr;
    }
    m_parser.reset();
    m_head.reset();
    m_cors.clear();
    m_bodyComplete = m_headWritten = m_answered = m_chunked = m_noBody = false;
    m_bodyWanted = true;
    m_headStartedMs = m_lastByteMs = m_context.clock.nowMs();
    parse();
}

void ClientConnection::closeAfterWriting()
{
    if (m_closing)
        return;
    m_closing = true;
    m_closingSinceMs = m_context.clock.nowMs();
    m_unread.clear();
    m_socket.flush(); // before a look that may show the client's end
    dropInput();
    // Closing with unread bytes resets the connection, and the client may lose the answer: say that nothing more
    // comes, and read on for a while.
    m_socket.setReading(true);
    if (!m_bodyComplete || m_parser.hasError())
        m_socket.shutdownWhenWritten();
    else
        m_socket.closeWhenWritten();
}

void ClientConnection::wireEnded()
{
    if (std::exchange(m_gone, true))
        return;
    dropHandler();
    Q_EMIT closed();
}

void ClientConnection::wireWritten()
{
    m_lastByteMs = m_context.clock.nowMs();
    if (!m_congested || m_socket.bytesToWrite() > congestedBytes / 2)
        return;
    m_congested = false;
    if (m_handler)
        m_handler->resume();
}

bool ClientConnection::isCongested() const
{
    return m_congested;
}

void ClientConnection::wantRequestBody(bool wanted)
{
    if (m_bodyWanted == wanted)
        return;
    m_bodyWanted = wanted;
    m_lastByteMs = m_context.clock.nowMs();
    if (wanted)
        QMetaObject::invokeMethod(this, &ClientConnection::parse, Qt::QueuedConnection);
}

void ClientConnection::sendContinue()
{
    m_socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    m_socket.flush();
}

void ClientConnection::writeHead(int status, const HeaderList &headers, qint64 contentLength)
{
    const bool http11 = !m_head || m_head->minorVersion == 1;
    m_headWritten = true;
    m_noBody = m_noBody || hasNoBody(status);
    m_chunked = !m_noBody && contentLength < 0 && http11;
    // Without a length an HTTP/1.0 client reads until we close.
    m_close = m_close || (!m_noBody && contentLength < 0 && !http11);
    m_socket.write(serializeAnswerHead(status, headers, contentLength));
}

QByteArray ClientConnection::serializeAnswerHead(int status, const HeaderList &headers, qint64 contentLength) const
{
    constexpr qsizetype ownLines = 256; ///< status, framing, date, connection
    const QByteArrayView reason = reasonPhrase(status);
    QByteArray head;
    ByteWriter out(head, ownLines + reason.size() + wireSize(headers) + wireSize(m_cors));
    out << "HTTP/1.1 ";
    out.number(status) << " " << reason << "\r\n";
    // What a HEAD or 304 would have had; a 204 has none (RFC 9110 8.6).
    const bool lengthOfOther = m_noBody && status != 204;
    for (const HeaderField &field : headers) {
        if (lengthOfOther || !equalsIgnoringCase(field.name, "content-length"))
            out << field.name << ": " << field.value << "\r\n";
    }
    if (!headers.contains("date")) // RFC 9110 6.6.1
        out << "date: " << m_context.date() << "\r\n";
    for (const HeaderField &field : m_cors)
        out << field.name << ": " << field.value << "\r\n";
    if (m_chunked)
        out << "transfer-encoding: chunked\r\n";
    else if (!m_noBody && contentLength >= 0)
        (out << "content-length: ").number(contentLength) << "\r\n";
    if (headers.contains("upgrade"))
        out << "connection: upgrade\r\n"; // RFC 9110 7.8
    out << (m_close || !m_bodyComplete ? "connection: close\r\n\r\n" : "\r\n");
    out.finish();
    return head;
}

void ClientConnection::writeBody(const QByteArray &bytes)
{
    if (m_noBody || bytes.isEmpty() || m_closing)
        return;
    if (m_chunked)
        m_socket.write(chunkOf(bytes));
    else
        m_socket.write(bytes);
    if (m_socket.bytesToWrite() > congestedBytes)
        m_congested = true;
}

void ClientConnection::flush()
{
    m_socket.flush();
}

void ClientConnection::finishBody()
{
    if (m_chunked)
        m_socket.write("0\r\n\r\n");
    m_answered = true;
    if (!m_bodyComplete)
        m_close = true;
    m_socket.flushSoon(); // before the bookkeeping, if nothing else is to go with it
}

void ClientConnection::cutBody()
{
    m_answered = true;
    m_close = true;
    closeAfterWriting();
}

void ClientConnection::answer(int status, HeaderList headers, const QByteArray &body)
{
    if (m_headWritten || m_closing)
        return;
    // A body that nobody will read must not be taken for the next request.
    if (m_head && m_head->framing != Framing::None && !m_bodyComplete && !m_handler)
        m_close = true;
    m_close = m_close || m_parser.hasError();
    if (m_head && m_head->framing == Framing::None)
        m_bodyComplete = true;
    writeHead(status, headers, body.size());
    writeBody(body);
    m_answered = true;
    if (m_close)
        closeAfterWriting();
    else
        m_socket.flush();
}

void ClientConnection::tick()
{
    const LimitsConfig &limits = m_context.config->limits;
    const std::int64_t nowMs = m_context.clock.nowMs();
    if (m_closing) {
        const std::int64_t quietMs = nowMs - std::max(m_closingSinceMs, m_lastByteMs);
        const bool written = m_socket.bytesToWrite() == 0;
        const bool overdue = written && nowMs - m_closingSinceMs > longestLingerMs;
        if (overdue || quietMs > (written ? lingerMs : longestLingerMs))
            m_socket.abort();
        return;
    }
    if (m_handler)
        m_handler->tick();
    if (m_answered || m_headWritten || m_bodyComplete)
        return;
    if (!m_parser.isHeadComplete()) {
        if (m_parser.isInsideMessage() && nowMs - m_headStartedMs > limits.headMs.count())
            refuse(408, "request_timeout",
                   QStringLiteral("The request head was not complete within %1 s (limits.headMs).")
                       .arg(limits.headMs.count() / 1000));
        else if (!m_parser.isInsideMessage() && nowMs - m_headStartedMs > 75'000)
            closeAfterWriting();
        return;
    }
    if (!m_bodyWanted) {
        m_lastByteMs = nowMs;
        return;
    }
    const std::int64_t spentMs = nowMs - m_bodyStartedMs;
    const bool slow = spentMs > bodyRateGraceMs && m_bodyBytes * 1000 < limits.bodyBytesPerSecond * spentMs;
    if (slow || nowMs - m_lastByteMs > limits.bodyGapMs.count())
        onRequestError(
            408, QStringLiteral("The request body came too slowly (limits.bodyGapMs, limits.bodyBytesPerSecond)."));
}

} // namespace signalbox
