// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/httpclient.h"

#include "engine/base/bytes.h"

#include <QJsonDocument>

#include <algorithm>

namespace signalbox::test {

int MessageHead::status() const
{
    return startLine.startsWith("HTTP/1.1 ") ? startLine.mid(9, 3).toInt() : 0;
}

std::optional<MessageHead> takeHead(QByteArray &buffer)
{
    const qsizetype end = buffer.indexOf("\r\n\r\n");
    if (end < 0)
        return std::nullopt;
    MessageHead head;
    head.raw = buffer.first(end + 4);
    buffer.remove(0, end + 4);
    const QList<QByteArray> lines = head.raw.first(end).replace("\r\n", "\n").split('\n');
    head.startLine = lines.value(0);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines.at(i).indexOf(':');
        head.headers.append(lines.at(i).first(std::max<qsizetype>(colon, 0)), lines.at(i).mid(colon + 1).trimmed());
    }
    return head;
}

QJsonObject Answer::json() const
{
    return QJsonDocument::fromJson(body).object();
}

QByteArray Answer::summary() const
{
    if (closed)
        return "connection closed without an answer";
    static constexpr const char *ends[] = { "complete", "cut", "invalid framing", "timeout" };
    return head.startLine + " (" + ends[static_cast<int>(end)] + "): " + body.left(400);
}

HttpClient::HttpClient(std::uint16_t port, int receiveBuffer, const char *address)
    : m_socket(RawSocket::connectTo(port, receiveBuffer, address))
{
}

bool HttpClient::fill(milliseconds timeout)
{
    m_lastRead = m_socket.receive(m_buffer, timeout);
    return m_lastRead == ReadResult::Data;
}

std::optional<MessageHead> HttpClient::readHead(std::vector<MessageHead> *interim, milliseconds timeout)
{
    const Moment start = now();
    for (;;) {
        while (auto head = takeHead(m_buffer)) {
            const int status = head->status();
            if (status < 100 || status > 199 || status == 101) {
                startBody(*head, false);
                return head;
            }
            if (interim)
                interim->push_back(*head);
        }
        const auto left = timeout - since(start);
        if (left.count() <= 0 || !fill(left))
            return std::nullopt;
    }
}

void HttpClient::startBody(const MessageHead &head, bool toHead)
{
    m_over = false;
    m_end = BodyEnd::Timeout;
    const int status = head.status();
    const auto length = parseDecimal(head.headers.value("content-length"));
    if (toHead || status == 204 || status == 304)
        m_framing = Framing::None;
    else if (head.headers.hasToken("transfer-encoding", "chunked"))
        m_framing = Framing::ChunkSize;
    else if (length)
        m_framing = Framing::Length;
    else
        m_framing = Framing::UntilClose;
    m_left = length.value_or(0);
    if (m_framing == Framing::None || (m_framing == Framing::Length && m_left == 0))
        finish(BodyEnd::Complete);
}

bool HttpClient::finish(BodyEnd end)
{
    m_over = true;
    m_end = end;
    return false;
}

std::optional<QByteArray> HttpClient::takeLine()
{
    const qsizetype end = m_buffer.indexOf("\r\n");
    if (end < 0)
        return std::nullopt;
    const QByteArray line = m_buffer.first(end);
    m_buffer.remove(0, end + 2);
    return line;
}

bool HttpClient::readChunkSize()
{
    const auto line = takeLine();
    if (!line)
        return false;
    bool valid = false;
    m_left = line->toLongLong(&valid, 16);
    if (!valid || m_left < 0)
        return finish(BodyEnd::Invalid);
    m_framing = m_left == 0 ? Framing::Trailer : Framing::ChunkData;
    return true;
}

std::optional<QByteArray> HttpClient::takeDecoded()
{
    while (!m_over) {
        if (m_framing == Framing::ChunkSize) {
            if (!readChunkSize())
                return std::nullopt;
        } else if (m_framing == Framing::ChunkEnd) {
            if (m_buffer.size() < 2)
                return std::nullopt;
            if (!m_buffer.startsWith("\r\n"))
                finish(BodyEnd::Invalid);
            m_buffer.remove(0, 2);
            m_framing = Framing::ChunkSize;
        } else if (m_framing == Framing::Trailer) {
            const auto line = takeLine();
            if (!line)
                return std::nullopt;
            if (line->isEmpty())
                finish(BodyEnd::Complete);
        } else {
            if (m_buffer.isEmpty())
                return std::nullopt;
            const qsizetype size =
                m_framing == Framing::UntilClose ? m_buffer.size() : std::min<qint64>(m_left, m_buffer.size());
            const QByteArray bytes = m_buffer.first(size);
            m_buffer.remove(0, size);
            m_left -= size;
            if (m_left == 0 && m_framing == Framing::ChunkData)
                m_framing = Framing::ChunkEnd;
            else if (m_left == 0 && m_framing == Framing::Length)
                finish(BodyEnd::Complete);
            return bytes;
        }
    }
    return std::nullopt;
}

std::optional<QByteArray> HttpClient::readPiece(milliseconds timeout)
{
    const Moment start = now();
    for (;;) {
        if (auto bytes = takeDecoded())
            return bytes;
        if (m_over)
            return std::nullopt;
        const auto left = timeout - since(start);
        if (left.count() <= 0)
            return std::nullopt;
        if (fill(left))
            continue;
        if (m_lastRead != ReadResult::Timeout) {
            const bool clean = m_lastRead == ReadResult::End && m_framing == Framing::UntilClose;
            finish(clean ? BodyEnd::Complete : BodyEnd::Cut);
        }
    }
}

Answer HttpClient::readAnswer(bool toHead, milliseconds timeout)
{
    Answer answer;
    const auto head = readHead(&answer.interim, timeout);
    if (!head) {
        answer.closed = m_lastRead != ReadResult::Timeout;
        return answer;
    }
    answer.head = *head;
    if (toHead)
        startBody(*head, true);
    while (auto bytes = readPiece(timeout)) {
        answer.pieces.push_back({ *bytes, now() });
        answer.body += *bytes;
    }
    answer.end = m_end;
    return answer;
}

bool HttpClient::waitForClose(milliseconds timeout)
{
    const Moment start = now();
    while (m_buffer.isEmpty() && since(start) < timeout) {
        m_lastRead = m_socket.receive(m_buffer, timeout - since(start));
        if (m_lastRead == ReadResult::End || m_lastRead == ReadResult::Reset)
            return true;
    }
    return false;
}

QByteArray request(const QByteArray &method, const QByteArray &target, const QByteArray &body, const HeaderList &extra)
{
    QByteArray out;
    out.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    if (!extra.contains("host"))
        out.append("Host: 127.0.0.1\r\n");
    for (const HeaderField &field : extra)
        out.append(field.name).append(": ").append(field.value).append("\r\n");
    const bool framed = extra.contains("transfer-encoding") || extra.contains("content-length");
    if (!framed && (!body.isEmpty() || method == "POST"))
        out.append("Content-Length: ").append(QByteArray::number(body.size())).append("\r\n");
    return out.append("\r\n").append(body);
}

QByteArray postJson(const QByteArray &target, const QByteArray &body, const HeaderList &extra)
{
    HeaderList headers = extra;
    if (!headers.contains("content-type"))
        headers.append("Content-Type", "application/json");
    return request("POST", target, body, headers);
}

QByteArray chunked(const std::vector<QByteArray> &pieces)
{
    QByteArray out;
    for (const QByteArray &piece : pieces)
        out += QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
    return out + "0\r\n\r\n";
}

Answer ask(std::uint16_t port, const QByteArray &bytes, milliseconds timeout)
{
    HttpClient client(port);
    client.send(bytes);
    return client.readAnswer(bytes.startsWith("HEAD "), timeout);
}

} // namespace signalbox::test
