// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demo/simulatedconnection.h"

#include "engine/dialect/errors.h"

#include <QTcpSocket>

namespace signalbox {

using Fault = SimulatedFault::Kind;

SimulatedConnection::SimulatedConnection(SimulatedServer &server, QTcpSocket *socket)
    : QObject(&server), m_server(server), m_socket(socket), m_parser(*this)
{
    m_socket->setParent(this);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] { m_nextEvent == 0 ? beginAnswer() : sendNextEvent(); });
    connect(m_socket, &QTcpSocket::readyRead, this, &SimulatedConnection::read);
}

void SimulatedConnection::reset()
{
    m_timer.stop();
    m_socket->abort();
}

void SimulatedConnection::read()
{
    m_unread += m_socket->readAll();
    if (m_complete || m_unread.isEmpty())
        return;
    const qsizetype used = m_parser.feed(m_unread);
    m_unread.remove(0, used);
    if (m_complete)
        answer();
}

void SimulatedConnection::onRequestError(int, const QString &)
{
    reset();
}

void SimulatedConnection::answer()
{
    ++m_server.m_requests;
    Q_EMIT m_server.requestReceived({ m_head.method, m_head.target, m_head.headers, m_body });
    m_answer = simulatedAnswer(m_server.m_behaviour.name, m_head.target, m_head.headers.contains("anthropic-version"),
                               m_body, m_server.m_behaviour.tokens);
    m_fault = m_answer.generation ? m_server.nextFault() : SimulatedFault {};
    m_nextEvent = 0;
    m_timer.start(m_answer.generation ? m_server.nextFirstByte() : std::chrono::milliseconds(2));
}

void SimulatedConnection::sendHead(int status, const QByteArray &contentType, qsizetype length, const QByteArray &extra)
{
    const QByteArray framing =
        length < 0 ? QByteArray("transfer-encoding: chunked") : "content-length: " + QByteArray::number(length);
    m_socket->write("HTTP/1.1 " + QByteArray::number(status) + " Simulated\r\ncontent-type: " + contentType + "\r\n" +
                    extra + framing + "\r\n\r\n");
}

void SimulatedConnection::sendPlain(int status, const QByteArray &contentType, const QByteArray &body,
                                    const QByteArray &extra)
{
    sendHead(status, contentType, body.size(), extra);
    if (m_head.method != "HEAD")
        m_socket->write(body);
    nextRequest();
}

QByteArray SimulatedConnection::errorText(int status) const
{
    const Dialect dialect = m_head.target.contains("/messages") ? Dialect::Anthropic
        : m_head.target.contains("enerateContent")              ? Dialect::Gemini
                                                                : Dialect::OpenAi;
    return errorBody(dialect, status, {}, QStringLiteral("simulated failure"));
}

void SimulatedConnection::beginAnswer()
{
    switch (m_fault.kind) {
    case Fault::Status: {
        const QByteArray extra = m_fault.retryAfter.count() > 0
            ? "retry-after: " + QByteArray::number(static_cast<qint64>(m_fault.retryAfter.count())) + "\r\n"
            : QByteArray();
        return sendPlain(m_fault.status, "application/json", errorText(m_fault.status), extra);
    }
    case Fault::CutBeforeHead:
        return reset();
    case Fault::EmptyBody:
        return sendPlain(200, m_answer.contentType, {});
    case Fault::Html:
        return sendPlain(200, "text/html", "<!doctype html><title>Simulated</title>");
    case Fault::HangBeforeHead:
        return;
    case Fault::ErrorFirst:
        return m_answer.stream ? sendPlain(200, m_answer.contentType, "data: " + errorText(529) + "\n\n")
                               : sendPlain(200, "application/json", errorText(529));
    default:
        break;
    }
    if (!m_answer.stream) {
        if (m_fault.kind != Fault::CutMidStream)
            return sendPlain(200, m_answer.contentType, m_answer.plain);
        sendHead(200, m_answer.contentType, m_answer.plain.size());
        m_socket->write(m_answer.plain.first(m_answer.plain.size() / 2));
        m_socket->disconnectFromHost();
        return;
    }
    sendHead(200, m_answer.contentType, -1, "cache-control: no-cache\r\n");
    sendNextEvent();
}

void SimulatedConnection::sendNextEvent()
{
    const bool faulty = static_cast<int>(m_nextEvent) >= m_fault.afterEvents;
    if (faulty && m_fault.kind == Fault::CutMidStream) {
        m_socket->disconnectFromHost();
        return;
    }
    if (faulty && m_fault.kind == Fault::HangMidStream)
        return;
    const bool ended = m_nextEvent >= m_answer.events.size() || (faulty && m_fault.kind == Fault::EndWithoutTerminal);
    if (ended) {
        m_socket->write("0\r\n\r\n");
        return nextRequest();
    }
    const QByteArray &event = m_answer.events[m_nextEvent++];
    m_socket->write(QByteArray::number(event.size(), 16) + "\r\n" + event + "\r\n");
    m_timer.start(m_server.m_behaviour.gap);
}

void SimulatedConnection::nextRequest()
{
    m_complete = false;
    m_body.clear();
    if (!m_head.keepAlive) {
        m_socket->disconnectFromHost();
        return;
    }
    m_parser.reset();
    QMetaObject::invokeMethod(this, &SimulatedConnection::read, Qt::QueuedConnection);
}

} // namespace signalbox
