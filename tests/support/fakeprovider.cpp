// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeprovider.h"

#include "engine/base/bytes.h"

#include <algorithm>

namespace signalbox::test {

namespace {

constexpr milliseconds slice { 20 };

QByteArray statusLine(int status)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Scripted\r\n";
}

QByteArray lines(const HeaderList &fields)
{
    QByteArray out;
    for (const HeaderField &field : fields)
        out += field.name + ": " + field.value + "\r\n";
    return out;
}

} // namespace

void Turn::answer(int status, const QByteArray &body, const HeaderList &extra)
{
    QByteArray out = statusLine(status) + lines(extra);
    if (!extra.contains("content-type"))
        out += "Content-Type: application/json\r\n";
    out += "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n";
    if (m_seen.head.method() != "HEAD")
        out.append(body);
    send(out);
}

void Turn::startChunked(int status, const HeaderList &extra)
{
    send(statusLine(status) + lines(extra) + "Transfer-Encoding: chunked\r\n\r\n");
}

bool Turn::chunk(const QByteArray &bytes)
{
    return send(QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n");
}

void Turn::pause(milliseconds time)
{
    m_provider.sleepUnlessStopping(time);
}

std::optional<milliseconds> Turn::waitUntilPeerCloses(milliseconds timeout)
{
    const Moment start = now();
    QByteArray ignored;
    while (m_open && !m_provider.isStopping() && since(start) < timeout) {
        const ReadResult result = m_wire.receive(ignored, slice);
        if (result == ReadResult::End || result == ReadResult::Reset) {
            close();
            return since(start);
        }
    }
    return std::nullopt;
}

void Turn::close()
{
    m_wire.close();
    m_open = false;
}

void Turn::reset()
{
    m_wire.reset();
    m_open = false;
}

FakeProvider::FakeProvider(Script script, const Certificate &certificate)
    : m_script(std::move(script)), m_certificate(certificate), m_listener(RawSocket::listenOnAnyPort()),
      m_port(m_listener.localPort()), m_acceptThread([this] { acceptLoop(); })
{
}

FakeProvider::~FakeProvider()
{
    m_stopping = true;
    m_changed.notify_all();
    m_acceptThread.join();
    reap(true);
}

QString FakeProvider::baseUrl(const QString &path) const
{
    const QString scheme = m_certificate.keyFile.isEmpty() ? QStringLiteral("http") : QStringLiteral("https");
    return QStringLiteral("%1://127.0.0.1:%2%3").arg(scheme).arg(m_port).arg(path);
}

void FakeProvider::setScript(Script script)
{
    const std::lock_guard lock(m_mutex);
    m_script = std::move(script);
}

std::vector<SeenRequest> FakeProvider::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_seen;
}

std::vector<SeenRequest> FakeProvider::requests(QByteArrayView method) const
{
    std::vector<SeenRequest> found = requests();
    std::erase_if(found, [&](const SeenRequest &seen) { return seen.head.method() != method; });
    return found;
}

bool FakeProvider::waitForCount(int wanted, QByteArrayView method, milliseconds timeout) const
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, timeout, [&] {
        return std::count_if(m_seen.begin(), m_seen.end(),
                             [&](const SeenRequest &seen) { return seen.head.method() == method; }) >= wanted;
    });
}

void FakeProvider::forgetRequests()
{
    const std::lock_guard lock(m_mutex);
    m_seen.clear();
}

void FakeProvider::sleepUnlessStopping(milliseconds time)
{
    const Moment until = now() + time;
    std::unique_lock lock(m_mutex);
    while (!m_stopping && now() < until)
        m_changed.wait_until(lock, until);
}

void FakeProvider::reap(bool all)
{
    m_threads.remove_if([all](const std::unique_ptr<Connection> &connection) {
        if (!all && !connection->done)
            return false;
        connection->thread.join();
        return true;
    });
}

void FakeProvider::acceptLoop()
{
    while (!m_stopping) {
        RawSocket socket = m_listener.accept(slice);
        reap(false);
        if (!socket.isOpen())
            continue;
        const int number = ++m_connections;
        m_threads.push_back(std::make_unique<Connection>());
        Connection &connection = *m_threads.back();
        connection.thread = std::thread([this, number, &connection, taken = std::move(socket)]() mutable {
            serve(std::move(taken), number);
            connection.done = true;
        });
    }
}

void FakeProvider::serve(RawSocket socket, int number)
{
    if (m_acceptHook && m_acceptHook(socket))
        return;
    const bool secure = !m_certificate.keyFile.isEmpty();
    const std::unique_ptr<Wire> wire =
        secure ? tlsWire(std::move(socket), m_certificate) : plainWire(std::move(socket));
    QByteArray buffer;
    SeenRequest seen;
    seen.connection = number;
    while (wire && readRequest(*wire, buffer, seen)) {
        Script script;
        {
            const std::lock_guard lock(m_mutex);
            m_seen.push_back(seen);
            script = m_script;
        }
        m_changed.notify_all();
        Turn turn(*this, *wire, seen);
        script(turn);
        if (!turn.isOpen())
            return;
    }
    if (wire)
        wire->close();
}

bool FakeProvider::fill(Wire &wire, QByteArray &buffer)
{
    while (!m_stopping) {
        const ReadResult result = wire.receive(buffer, slice);
        if (result != ReadResult::Timeout)
            return result == ReadResult::Data;
    }
    return false;
}

bool FakeProvider::readRequest(Wire &wire, QByteArray &buffer, SeenRequest &seen)
{
    std::optional<MessageHead> head;
    while (!(head = takeHead(buffer))) {
        if (!fill(wire, buffer))
            return false;
    }
    seen.head = *head;
    seen.body.clear();
    seen.at = now();
    if (head->headers.hasToken("transfer-encoding", "chunked"))
        return readChunkedBody(wire, buffer, seen.body);
    const qint64 length = parseDecimal(head->headers.value("content-length")).value_or(0);
    while (buffer.size() < length) {
        if (!fill(wire, buffer))
            return false;
    }
    seen.body = buffer.first(length);
    buffer.remove(0, length);
    return true;
}

bool FakeProvider::readChunkedBody(Wire &wire, QByteArray &buffer, QByteArray &body)
{
    for (;;) {
        qsizetype end = 0;
        while ((end = buffer.indexOf("\r\n")) < 0) {
            if (!fill(wire, buffer))
                return false;
        }
        const qsizetype size = buffer.first(end).toLongLong(nullptr, 16);
        while (buffer.size() < end + 2 + size + 2) {
            if (!fill(wire, buffer))
                return false;
        }
        body += buffer.mid(end + 2, size);
        buffer.remove(0, end + 2 + size + 2);
        if (size == 0)
            return true;
    }
}

} // namespace signalbox::test
