// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demo/simulatedconnection.h"

#include <QTcpSocket>

#include <algorithm>

namespace signalbox {

namespace {

using namespace std::chrono_literals;

/// More than any tool sends here; a simulated provider needs no limit of its own but this.
constexpr qsizetype maximumBodyBytes = qsizetype { 64 } << 20;

QByteArray chunk(const QByteArray &data)
{
    return QByteArray::number(data.size(), 16) + "\r\n" + data + "\r\n";
}

QByteArray statusLine(int status)
{
    const char *phrase = status == 200 ? "OK" : status == 429 ? "Too Many Requests" : "Simulated";
    return "HTTP/1.1 " + QByteArray::number(status) + ' ' + phrase + "\r\nServer: signalbox-simulated\r\n";
}

QByteArray wholeAnswer(int status, const QByteArray &type, const QByteArray &body, const QByteArray &extraHead = {})
{
    return statusLine(status) + extraHead + "Content-Type: " + type +
        "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

QString errorMessage(const QString &name, int status)
{
    return status == 429 ? QStringLiteral("%1 is simulated: too many requests, wait a little").arg(name)
                         : QStringLiteral("%1 is simulated: it fails with status %2 now").arg(name).arg(status);
}

} // namespace

SimulatedConnection::SimulatedConnection(SimulatedServer &server, QTcpSocket *socket)
    : QObject(&server), m_server(server), m_socket(socket), m_timer(this)
{
    socket->setParent(this);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &SimulatedConnection::play);
    connect(socket, &QTcpSocket::readyRead, this, &SimulatedConnection::read);
    connect(socket, &QTcpSocket::disconnected, this, [this] {
        m_timer.stop();
        m_server.forget(this);
        deleteLater();
    });
}

void SimulatedConnection::cut()
{
    m_timer.stop();
    m_socket->abort();
}

void SimulatedConnection::read()
{
    m_unread += m_socket->readAll();
    while (!m_answering && !m_unread.isEmpty() && !m_parser.hasError()) {
        const qsizetype used = m_parser.feed(m_unread);
        m_unread.remove(0, used);
        if (m_parser.isComplete())
            m_parser.reset();
        else if (used == 0)
            break;
    }
}

void SimulatedConnection::onRequestHead(RequestHead &&head)
{
    m_keepAlive = head.keepAlive;
    if (head.headers.hasToken("expect", "100-continue"))
        m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
    m_request = { head.method, head.target, std::move(head.headers), {} };
}

void SimulatedConnection::onRequestBody(QByteArrayView piece)
{
    if (m_request.body.size() + piece.size() <= maximumBodyBytes)
        m_request.body.append(piece);
}

void SimulatedConnection::onRequestComplete()
{
    m_answering = true;
    answer();
}

void SimulatedConnection::onRequestError(int status, const QString &reason)
{
    m_socket->write(wholeAnswer(status, "text/plain", reason.toUtf8()));
    m_socket->disconnectFromHost();
}

void SimulatedConnection::answer()
{
    ++m_server.m_requests;
    Q_EMIT m_server.requestReceived(m_request);
    const SimulatedCall call = readSimulatedCall(m_request.method, m_request.target,
                                                 m_request.headers.contains("anthropic-version"), m_request.body);
    if (call.kind == SimulatedCall::Kind::Unknown) {
        const QString message = QStringLiteral("a simulated provider does not know this endpoint");
        return sendLater(404, "application/json", simulatedError(call.dialect, 404, message), 0ms);
    }
    if (!call.generates())
        return sendLater(200, "application/json", simulatedBody(call, {}), 0ms);
    const SimulatedFault fault = m_server.nextFault();
    switch (fault.kind) {
    case SimulatedFault::Kind::None:
    case SimulatedFault::Kind::CutMidStream:
    case SimulatedFault::Kind::EndWithoutTerminal:
    case SimulatedFault::Kind::HangMidStream:
        return generate(call, fault);
    default:
        return answerFault(call, fault);
    }
}

void SimulatedConnection::answerFault(const SimulatedCall &call, const SimulatedFault &fault)
{
    const QString message = errorMessage(m_server.behaviour().name, fault.status);
    switch (fault.kind) {
    case SimulatedFault::Kind::ErrorStatus: {
        QByteArray extra;
        if (fault.retryAfter > 0s)
            extra = "Retry-After: " + QByteArray::number(static_cast<qint64>(fault.retryAfter.count())) + "\r\n";
        return sendLater(fault.status, "application/json", simulatedError(call.dialect, fault.status, message), 5ms,
                         extra);
    }
    case SimulatedFault::Kind::ErrorFirst:
        return sendLater(200, contentType(call),
                         call.stream ? simulatedErrorEvent(call, fault.status, message)
                                     : simulatedError(call.dialect, fault.status, message),
                         5ms);
    case SimulatedFault::Kind::EmptyBody:
        return sendLater(200, contentType(call), {}, 5ms);
    case SimulatedFault::Kind::Html:
        return sendLater(200, "text/html", "<!DOCTYPE html><title>Simulated</title><p>Not an API.", 5ms);
    case SimulatedFault::Kind::HangBeforeHead:
        m_ending = Ending::Hang;
        return;
    default:
        m_ending = Ending::Cut;
        m_stopAfter = 0;
        m_timer.start(5ms);
    }
}

void SimulatedConnection::generate(const SimulatedCall &call, const SimulatedFault &fault)
{
    if (call.stream)
        return stream(call, fault);
    QByteArray whole = wholeAnswer(200, contentType(call), simulatedBody(call, m_server.nextText()));
    if (fault.kind == SimulatedFault::Kind::None) {
        m_pieces = { whole };
        m_timer.start(m_server.nextFirstByte());
        return;
    }
    whole.chop(20);
    m_pieces = { whole };
    m_stopAfter = 1;
    m_ending = fault.kind == SimulatedFault::Kind::HangMidStream ? Ending::Hang : Ending::Cut;
    m_timer.start(m_server.nextFirstByte());
}

void SimulatedConnection::stream(const SimulatedCall &call, const SimulatedFault &fault)
{
    std::vector<QByteArray> pieces = simulatedPieces(call, m_server.nextText());
    const auto after = std::min(static_cast<std::size_t>(std::max(fault.afterEvents, 0)), pieces.size() - 1);
    if (fault.kind == SimulatedFault::Kind::EndWithoutTerminal)
        pieces.resize(after);
    m_pieces.push_back(statusLine(200) + "Content-Type: " + contentType(call) +
                       "\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (const QByteArray &piece : pieces)
        m_pieces.push_back(chunk(piece));
    m_pieces.emplace_back("0\r\n\r\n");
    if (fault.kind == SimulatedFault::Kind::CutMidStream || fault.kind == SimulatedFault::Kind::HangMidStream) {
        m_stopAfter = after + 1; // the head is a piece here
        m_ending = fault.kind == SimulatedFault::Kind::HangMidStream ? Ending::Hang : Ending::Cut;
    }
    m_timer.start(m_server.nextFirstByte());
}

void SimulatedConnection::sendLater(int status, const QByteArray &type, const QByteArray &body,
                                    std::chrono::milliseconds after, const QByteArray &extraHead)
{
    QByteArray whole = wholeAnswer(status, type, body, extraHead);
    if (m_request.method == "HEAD")
        whole.chop(body.size());
    m_pieces = { whole };
    m_timer.start(after);
}

void SimulatedConnection::play()
{
    if (m_next >= m_stopAfter) {
        if (m_ending == Ending::Cut)
            m_socket->disconnectFromHost();
        return;
    }
    const bool isHead = m_next == 0 && m_pieces.size() > 1;
    m_socket->write(m_pieces[m_next++]);
    if (isHead && m_next < m_stopAfter)
        m_socket->write(m_pieces[m_next++]);
    const bool closingChunkLeft = m_next + 1 == m_pieces.size() && m_pieces.size() > 1;
    if (closingChunkLeft && m_next < m_stopAfter)
        m_socket->write(m_pieces[m_next++]);
    if (m_next < m_pieces.size() || m_next >= m_stopAfter)
        m_timer.start(m_server.behaviour().gap);
    else
        finish();
}

void SimulatedConnection::finish()
{
    m_pieces.clear();
    m_next = 0;
    m_answering = false;
    if (!m_keepAlive)
        return m_socket->disconnectFromHost();
    read();
}

} // namespace signalbox
