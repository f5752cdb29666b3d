// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/upstreamconnection.h"

#include "engine/base/standstill.h"
#include "engine/transport/addressrace.h"
#include "engine/transport/originpool.h"
#include "engine/transport/pooledreply.h"
#include "engine/transport/socketwire.h"
#include "engine/transport/streamsocket.h"
#include "engine/transport/tlswire.h"

#include <QNetworkProxy>
#include <QTcpSocket>
#include <QTimerEvent>

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace signalbox {

namespace {

constexpr qint64 unsentBytes = 128 << 10; ///< more than that waits in the socket: the upstream is slow to take it

enum class Peek { Silent, Data, Ended };

/// What the kernel knows already and no event has told yet.
Peek peek(int descriptor)
{
    if (descriptor < 0)
        return Peek::Silent;
    char byte = 0;
    const auto size = ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (size > 0)
        return Peek::Data;
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Peek::Silent : Peek::Ended;
}

/// Nothing but bytes is on it, so they need no Qt in between. The socket is used up, its connection goes on.
std::unique_ptr<Wire> bareWire(QAbstractSocket *socket)
{
    const bool bare = socket->proxy().type() == QNetworkProxy::NoProxy && socket->bytesAvailable() == 0 &&
        socket->state() == QAbstractSocket::ConnectedState;
    const int descriptor = bare ? ::fcntl(static_cast<int>(socket->socketDescriptor()), F_DUPFD_CLOEXEC, 0) : -1;
    if (descriptor < 0)
        return std::make_unique<SocketWire>(socket);
    socket->abort();
    socket->deleteLater();
    return std::make_unique<StreamSocket>(descriptor);
}

} // namespace

UpstreamConnection::UpstreamConnection(OriginPool &pool) : m_pool(pool) { }

UpstreamConnection::~UpstreamConnection()
{
    if (!m_wire)
        return;
    m_wire->setListener(nullptr);
    m_wire->abort();
    m_wire.release()->deleteLater();
}

void UpstreamConnection::open(PooledReply *reply, const PhaseTimeouts &timeouts)
{
    m_timeouts = timeouts;
    m_openedAt = std::chrono::steady_clock::now();
    if (reply)
        adopt(reply);
    m_race = std::make_unique<AddressRace>(m_pool.origin());
    connect(m_race.get(), &AddressRace::resolved, this,
            [this] { m_opening.dns = std::chrono::steady_clock::now() - m_openedAt; });
    connect(m_race.get(), &AddressRace::connected, this, &UpstreamConnection::onConnected);
    connect(m_race.get(), &AddressRace::failed, this, &UpstreamConnection::onConnectFailed);
    startPhase(m_timeouts.connect);
    m_race->start();
}

void UpstreamConnection::adopt(PooledReply *reply)
{
    m_reply = reply;
    reply->attach(this);
}

void UpstreamConnection::onConnected(QAbstractSocket *socket)
{
    m_phaseTimer.stop();
    m_race.release()->deleteLater();
    m_opening.connect = std::chrono::steady_clock::now() - m_openedAt;
    m_wire = bareWire(socket);
    if (m_pool.origin().tls)
        return startHandshake();
    m_wire->setListener(this);
    onReady();
}

void UpstreamConnection::startHandshake()
{
    m_state = State::Handshaking;
    Result<TlsState> tls = m_pool.tls().newConnection();
    if (!tls) {
        const QString reason = tls.error().reason;
        QMetaObject::invokeMethod(
            this, [this, reason] { onConnectFailed(TransportError::Tls, reason); }, Qt::QueuedConnection);
        return;
    }
    auto wire = std::make_unique<TlsWire>(std::move(m_wire), std::move(tls).value());
    TlsWire &tlsWire = *wire;
    m_wire = std::move(wire);
    m_wire->setListener(this);
    connect(&tlsWire, &TlsWire::encrypted, this, [this] {
        m_opening.tls = std::chrono::steady_clock::now() - m_openedAt;
        onReady();
    });
    startPhase(m_timeouts.tls);
    tlsWire.handshake();
}

void UpstreamConnection::onReady()
{
    m_phaseTimer.stop();
    m_state = State::Ready;
    if (PooledReply *reply = std::exchange(m_reply, nullptr)) {
        reply->setOpening(m_opening, m_openedAt);
        serve(reply);
    } else {
        m_pool.release(this);
    }
}

void UpstreamConnection::startPhase(std::chrono::milliseconds allowed)
{
    if (allowed.count() <= 0)
        return;
    m_phaseDue = std::chrono::steady_clock::now() + allowed;
    m_phaseTimer.start(static_cast<int>(allowed.count()), this);
}

void UpstreamConnection::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_phaseTimer.timerId())
        return QObject::timerEvent(event);
    m_phaseTimer.stop();
    if (std::chrono::steady_clock::now() - m_phaseDue > Standstill::leastTime)
        return startPhase(m_state == State::Handshaking ? m_timeouts.tls : m_timeouts.connect);
    const OriginSettings &origin = m_pool.origin();
    if (m_state == State::Handshaking) {
        onConnectFailed(
            TransportError::TlsTimeout,
            QStringLiteral("no TLS handshake with %1 within %2 ms").arg(origin.host).arg(m_timeouts.tls.count()));
    } else if (m_race && m_race->isResolving()) {
        onConnectFailed(TransportError::ConnectTimeout,
                        QStringLiteral("the name %1 was not resolved within %2 ms")
                            .arg(origin.host)
                            .arg(m_timeouts.connect.count()));
    } else {
        onConnectFailed(TransportError::ConnectTimeout,
                        QStringLiteral("no connection to %1 port %2 within %3 ms")
                            .arg(origin.host)
                            .arg(origin.port)
                            .arg(m_timeouts.connect.count()));
    }
}

void UpstreamConnection::onConnectFailed(TransportError error, const QString &reason)
{
    if (m_state == State::Dead)
        return;
    if (m_reply)
        m_reply->setOpening(m_opening, m_openedAt);
    fail(error, reason);
}

void UpstreamConnection::close()
{
    if (m_state == State::Dead)
        return;
    m_state = State::Dead;
    m_reply = nullptr;
    m_phaseTimer.stop();
    if (m_race) {
        m_race->disconnect(this);
        m_race->cancel();
        m_race.release()->deleteLater();
    }
    if (m_wire) {
        m_wire->setListener(nullptr);
        m_wire->abort();
    }
    m_pool.remove(this);
}

bool UpstreamConnection::isFresh() const
{
    return m_state == State::Ready && m_wire->isOpen() && !m_wire->hasMore() &&
        peek(m_wire->descriptor()) == Peek::Silent;
}

bool UpstreamConnection::answerIsWaiting() const
{
    return m_wire->hasMore() || peek(m_wire->descriptor()) == Peek::Data;
}

void UpstreamConnection::serve(PooledReply *reply)
{
    m_reply = reply;
    m_malformed.clear();
    const UpstreamRequest &request = reply->upstreamRequest();
    m_parser.reset(request.method == "HEAD");
    m_body.emplace(reply->m_request);
    if (reply->m_bodyDeviceFinished)
        m_body->setDeviceFinished();
    reply->attach(this);
    reply->onSending(hasServed());
    ++m_served;
    m_wire->setReading(true);
    m_written = m_wire->bytesWritten();
    m_sending = true;
    QByteArray wire = reply->takeSerializedHead();
    if (!m_body->isDone() && !request.bodyDevice)
        m_body->next(wire);
    m_wire->write(wire);
    m_wire->flushSoon();
    m_sending = false;
    noteWritten();
    if (m_wire->isOpen())
        pump();
}

/// Small slices: what lies in the socket is lost when the upstream answers early and closes.
void UpstreamConnection::pump()
{
    while (m_reply && m_body && !m_body->isDone() && m_wire->bytesToWrite() < unsentBytes) {
        if (m_reply->hasHead() ? m_reply->head().status >= 300 : answerIsWaiting())
            return;
        QByteArray wire;
        const BodySource::State state = m_body->next(wire);
        if (state == BodySource::State::Waiting)
            return;
        if (state == BodySource::State::Failed) {
            QMetaObject::invokeMethod(
                this,
                [this] {
                    if (m_reply)
                        fail(TransportError::WriteFailed, QStringLiteral("the request body ended early"));
                },
                Qt::QueuedConnection);
            m_body.reset();
            return;
        }
        m_wire->write(wire);
        m_wire->flush();
        noteWritten();
    }
}

void UpstreamConnection::onBodyDeviceReady()
{
    if (m_state == State::Ready && m_reply)
        pump();
}

void UpstreamConnection::onBodyDeviceFinished()
{
    if (m_body)
        m_body->setDeviceFinished();
    onBodyDeviceReady();
}

void UpstreamConnection::wireWritten()
{
    if (!m_sending && !noteWritten())
        pump();
}

/// True if the whole request is out.
bool UpstreamConnection::noteWritten()
{
    if (!m_reply)
        return true;
    const std::int64_t before = std::exchange(m_written, m_wire->bytesWritten());
    const bool all = m_body && m_body->isDone() && m_wire->bytesToWrite() == 0;
    if (m_written > before)
        m_reply->onBytesSent(m_written - before, all);
    return all;
}

void UpstreamConnection::wireReadable()
{
    if (!m_reply) {
        char unasked = 0;
        if (m_state == State::Ready && m_wire->read(&unasked, 1) > 0)
            close();
        return;
    }
    readAvailable();
    if (m_reply && m_body && !m_body->isDone())
        pump(); // what came may have been TLS's own
}

void UpstreamConnection::resumeReading()
{
    if (!m_reply || m_state != State::Ready)
        return;
    m_wire->setReading(true);
    readAvailable();
    if (m_lost)
        onLost();
}

void UpstreamConnection::readAvailable()
{
    QByteArray &buffer = m_pool.readBuffer();
    bool more = true;
    while (more && m_reply && !m_reply->isReadBlocked()) {
        const qint64 size = m_wire->read(buffer.data(), buffer.size());
        more = size > 0 && m_wire->hasMore();
        if (size > 0)
            handleBytes(QByteArrayView(buffer).first(size));
    }
    if (m_reply && m_reply->isReadBlocked())
        m_wire->setReading(false);
}

void UpstreamConnection::handleBytes(QByteArrayView bytes)
{
    const qsizetype used = m_parser.feed(bytes);
    if (m_parser.isComplete()) {
        const bool all = used == bytes.size() && !m_wire->hasMore();
        complete(all && m_parser.keepAlive() && m_reply->isRequestSent() && !m_lost);
        return;
    }
    PooledReply *reply = m_reply;
    reply->deliver();
    if (m_reply != reply)
        return;
    if (m_parser.hasError())
        fail(TransportError::MalformedResponse, m_malformed);
    else if (m_body && !m_body->isDone())
        pump();
}

void UpstreamConnection::onResponseHead(ResponseHead &&head)
{
    m_reply->storeHead(std::move(head));
}

void UpstreamConnection::onResponseBody(QByteArrayView piece)
{
    m_reply->storeBody(piece);
}

void UpstreamConnection::onResponseError(const QString &reason)
{
    m_malformed = reason;
}

/// The connection goes back first, so that a request made by whoever hears of the end can use it.
void UpstreamConnection::complete(bool reusable)
{
    PooledReply *reply = std::exchange(m_reply, nullptr);
    reply->detach();
    m_body.reset();
    if (reusable)
        m_pool.release(this);
    else
        close();
    reply->succeed();
}

void UpstreamConnection::fail(TransportError error, const QString &reason)
{
    PooledReply *reply = std::exchange(m_reply, nullptr);
    close();
    if (reply) {
        reply->detach();
        reply->fail(error, reason);
    }
}

void UpstreamConnection::onHandshakeFailed()
{
    const QString host = m_pool.origin().host;
    const QString certificateError = static_cast<const TlsWire &>(*m_wire).certificateError();
    if (certificateError.isEmpty())
        onConnectFailed(TransportError::Tls, QStringLiteral("TLS with %1 failed: %2").arg(host, m_wire->errorText()));
    else
        onConnectFailed(TransportError::CertificateInvalid,
                        QStringLiteral("the certificate of %1 is not valid: %2").arg(host, certificateError));
}

void UpstreamConnection::wireEnded()
{
    if (m_state == State::Handshaking)
        return onHandshakeFailed();
    m_lost = true;
    onLost();
}

void UpstreamConnection::onLost()
{
    if (m_state == State::Dead)
        return;
    readAvailable();
    if (m_state == State::Dead)
        return;
    if (!m_reply)
        return close();
    if (m_reply->isReadBlocked() && m_wire->hasMore())
        return; // resumeReading() goes on from here
    if (m_parser.finish())
        return complete(false);
    if (m_parser.isHeadComplete())
        return fail(m_wire->hasFailed() ? TransportError::Reset : TransportError::TruncatedBody, lossText());
    PooledReply *reply = m_reply;
    if (reply->reused() && reply->provablyUnsent() && !reply->upstreamRequest().bodyDevice) {
        OriginPool &pool = m_pool;
        reply->detach();
        close();
        pool.acquire(reply);
        return;
    }
    reply->m_answerStarted = m_parser.hasStarted();
    fail(TransportError::ClosedBeforeResponse, lossText());
}

QString UpstreamConnection::lossText() const
{
    const QString host = m_pool.origin().host;
    const QString &error = m_wire->errorText();
    const QString detail = error.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(error);
    if (m_parser.isHeadComplete())
        return QStringLiteral("%1 ended the connection in the middle of the answer%2").arg(host, detail);
    if (m_parser.hasStarted())
        return QStringLiteral("%1 ended the connection in the middle of the answer's head%2").arg(host, detail);
    return QStringLiteral("%1 ended the connection without an answer%2").arg(host, detail);
}

} // namespace signalbox
