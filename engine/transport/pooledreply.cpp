// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/pooledreply.h"

#include "engine/base/bytes.h"
#include "engine/base/standstill.h"
#include "engine/transport/originpool.h"
#include "engine/transport/requesthead.h"
#include "engine/transport/upstreamconnection.h"

#include <QIODevice>
#include <QTimerEvent>

#include <algorithm>
#include <cstring>
#include <utility>

namespace signalbox {

namespace {

constexpr qsizetype bodyInHeadBuffer = 64 << 10; ///< room for the first piece of the body behind the head

QNetworkReply::NetworkError toNetworkError(TransportError error)
{
    switch (error) {
    case TransportError::None:
        return QNetworkReply::NoError;
    case TransportError::InvalidRequest:
        return QNetworkReply::ProtocolInvalidOperationError;
    case TransportError::Dns:
        return QNetworkReply::HostNotFoundError;
    case TransportError::ConnectRefused:
        return QNetworkReply::ConnectionRefusedError;
    case TransportError::ForwardProxy:
        return QNetworkReply::UnknownProxyError;
    case TransportError::Tls:
    case TransportError::CertificateInvalid:
        return QNetworkReply::SslHandshakeFailedError;
    case TransportError::ConnectTimeout:
    case TransportError::TlsTimeout:
    case TransportError::PoolTimeout:
    case TransportError::FirstByteTimeout:
    case TransportError::IdleTimeout:
    case TransportError::TotalTimeout:
        return QNetworkReply::TimeoutError;
    case TransportError::ClosedBeforeResponse:
    case TransportError::Reset:
    case TransportError::TruncatedBody:
        return QNetworkReply::RemoteHostClosedError;
    case TransportError::MalformedResponse:
        return QNetworkReply::ProtocolFailure;
    case TransportError::Aborted:
        return QNetworkReply::OperationCanceledError;
    case TransportError::Unreachable:
    case TransportError::WriteFailed:
        return QNetworkReply::UnknownNetworkError;
    }
    return QNetworkReply::UnknownNetworkError;
}

QString timeoutText(TransportError error, std::chrono::milliseconds allowed)
{
    const QString after = QStringLiteral(" within %1 ms").arg(allowed.count());
    switch (error) {
    case TransportError::PoolTimeout:
        return QStringLiteral("no connection came free") + after;
    case TransportError::FirstByteTimeout:
        return QStringLiteral("no byte of an answer") + after;
    case TransportError::IdleTimeout:
        return QStringLiteral("the answer stalled: nothing more") + after;
    default:
        return QStringLiteral("not complete") + after;
    }
}

} // namespace

PooledReply::PooledReply(UpstreamRequestPointer request, QObject *parent)
    : QNetworkReply(parent), m_request(std::move(request)), m_timeouts(m_request->timeouts)
{
    m_startedAt = std::chrono::steady_clock::now();
    m_lastActivity = m_startedAt;
}

PooledReply::~PooledReply()
{
    dropConnection();
}

void PooledReply::usePlainly(const QNetworkRequest &request)
{
    m_plainUse = true;
    setRequest(request);
    setUrl(request.url());
}

void PooledReply::start(OriginPool &pool, QNetworkAccessManager::Operation operation)
{
    setOperation(operation);
    setOpenMode(QIODevice::ReadOnly | QIODevice::Unbuffered);
    if (!m_request->origin.isValid())
        return failLater(TransportError::InvalidRequest, QStringLiteral("only http and https origins can be reached"));
    auto head = serializeHead(*m_request, std::min(m_request->body.size(), bodyInHeadBuffer));
    if (!head)
        return failLater(TransportError::InvalidRequest, head.error().reason);
    m_serializedHead = std::move(head).value();
    m_pool = &pool;
    if (m_request->bodyDevice)
        connectBodyDevice();
    pool.acquire(this);
    armTimer(m_lastActivity);
}

void PooledReply::connectBodyDevice()
{
    QIODevice *device = m_request->bodyDevice;
    connect(device, &QIODevice::readyRead, this, [this] {
        if (m_connection)
            m_connection->onBodyDeviceReady();
    });
    connect(device, &QIODevice::readChannelFinished, this, [this] {
        m_bodyDeviceFinished = true;
        if (m_connection)
            m_connection->onBodyDeviceFinished();
    });
}

void PooledReply::attach(UpstreamConnection *connection)
{
    m_connection = connection;
    m_waiting = false;
    m_lastActivity = std::chrono::steady_clock::now();
    if (!m_timings.queue)
        m_timings.queue = m_lastActivity - m_startedAt;
}

void PooledReply::detach()
{
    m_connection = nullptr;
    m_waiting = false;
    m_sending = false;
}

void PooledReply::onWaiting()
{
    m_waiting = true;
}

void PooledReply::setOpening(const PhaseTimings &opening, TimePoint openedAt)
{
    const auto shift = openedAt - m_startedAt;
    const auto moved = [shift](const PhaseTimings::Moment &moment) {
        return moment ? PhaseTimings::Moment(std::max(*moment + shift, std::chrono::nanoseconds(0))) : moment;
    };
    m_timings.dns = moved(opening.dns);
    m_timings.connect = moved(opening.connect);
    m_timings.tls = moved(opening.tls);
}

/// Taken, so that the body can be appended without a copy. A second connection, after one that took no byte, makes it
/// again.
QByteArray PooledReply::takeSerializedHead()
{
    if (m_serializedHead.isEmpty())
        return serializeHead(*m_request, std::min(m_request->body.size(), bodyInHeadBuffer)).value();
    return std::exchange(m_serializedHead, {});
}

void PooledReply::onSending(bool reusedConnection)
{
    m_reused = reusedConnection;
    m_sending = true;
    armTimer(m_lastActivity);
}

void PooledReply::onBytesSent(std::int64_t bytes, bool all)
{
    m_bytesSent += bytes;
    m_lastActivity = std::chrono::steady_clock::now();
    if (all && !m_timings.sent)
        m_timings.sent = m_lastActivity - m_startedAt;
}

void PooledReply::storeHead(ResponseHead &&head)
{
    m_head = std::move(head);
    m_timings.firstByte = sinceStart();
}

void PooledReply::storeBody(QByteArrayView piece)
{
    m_lastActivity = std::chrono::steady_clock::now();
    if (m_bodyBytesReceived == 0)
        m_timings.firstBodyByte = m_lastActivity - m_startedAt;
    m_bodyBytesReceived += piece.size();
    appendBytes(m_body, piece);
    m_bodyAnnounced = false;
}

/// Tells what was stored since the last time. Whoever hears it may abort.
void PooledReply::deliver()
{
    if (hasHead() && !m_headAnnounced) {
        m_headAnnounced = true;
        if (m_plainUse)
            fillPlainReply();
        if (m_receiver)
            m_receiver->replyHasHead();
        Q_EMIT headReceived();
        if (m_plainUse)
            Q_EMIT metaDataChanged();
    }
    if (!m_bodyAnnounced && !isFinished()) {
        m_bodyAnnounced = true;
        if (m_connection)
            armTimer(m_lastActivity);
        if (m_receiver)
            m_receiver->replyHasBody();
        Q_EMIT bodyReceived();
        if (!isFinished())
            Q_EMIT readyRead();
    }
}

void PooledReply::fillPlainReply()
{
    setAttribute(QNetworkRequest::HttpStatusCodeAttribute, m_head.status);
    setAttribute(QNetworkRequest::HttpReasonPhraseAttribute, QString::fromLatin1(m_head.reason));
    for (const HeaderField &field : m_head.headers) {
        const QByteArray before = hasRawHeader(field.name) ? rawHeader(field.name) + ", " : QByteArray();
        setRawHeader(field.name, before + field.value);
    }
}

void PooledReply::conclude()
{
    m_timer.stop();
    m_timings.lastByte = sinceStart();
    setFinished(true);
}

void PooledReply::tellFinished()
{
    if (m_receiver)
        m_receiver->replyFinished();
    Q_EMIT finished();
}

void PooledReply::succeed()
{
    m_timer.stop();
    m_timings.lastByte = sinceStart();
    deliver();
    if (isFinished())
        return;
    setFinished(true);
    tellFinished();
}

void PooledReply::fail(TransportError error, const QString &reason)
{
    if (isFinished())
        return;
    deliver();
    if (isFinished())
        return;
    m_transportError = error;
    m_transportErrorText = reason;
    conclude();
    setError(toNetworkError(error), reason);
    Q_EMIT errorOccurred(toNetworkError(error));
    tellFinished();
}

void PooledReply::failLater(TransportError error, const QString &reason)
{
    QMetaObject::invokeMethod(
        this, [this, error, reason] { fail(error, reason); }, Qt::QueuedConnection);
}

void PooledReply::dropConnection()
{
    OriginPool *pool = std::exchange(m_pool, nullptr);
    const bool waiting = m_waiting;
    UpstreamConnection *connection = m_connection;
    detach();
    if (connection)
        connection->close();
    else if (waiting && pool)
        pool->cancelWaiting(this);
}

void PooledReply::abort()
{
    if (isFinished())
        return;
    dropConnection();
    m_transportError = TransportError::Aborted;
    m_transportErrorText = QStringLiteral("given up by our side");
    conclude();
    setError(QNetworkReply::OperationCanceledError, m_transportErrorText);
    Q_EMIT errorOccurred(QNetworkReply::OperationCanceledError);
    tellFinished();
}

// Reading

bool PooledReply::isReadBlocked() const
{
    return m_readPaused || (m_readBufferSize > 0 && m_body.size() >= m_readBufferSize);
}

void PooledReply::unblockIf(bool wasBlocked)
{
    if (!wasBlocked || isReadBlocked() || isFinished())
        return;
    m_lastActivity = std::chrono::steady_clock::now();
    armTimer(m_lastActivity);
    // Later, since whoever takes data is often in the middle of something.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_connection)
                m_connection->resumeReading();
        },
        Qt::QueuedConnection);
}

void PooledReply::setReadPaused(bool paused)
{
    const bool wasBlocked = isReadBlocked();
    m_readPaused = paused;
    unblockIf(wasBlocked);
}

void PooledReply::setReadBufferSize(qint64 size)
{
    const bool wasBlocked = isReadBlocked();
    m_readBufferSize = size;
    QNetworkReply::setReadBufferSize(size);
    unblockIf(wasBlocked);
}

QByteArray PooledReply::takeBody()
{
    const bool wasBlocked = isReadBlocked();
    QByteArray body = std::exchange(m_body, {});
    unblockIf(wasBlocked);
    return body;
}

qint64 PooledReply::bytesAvailable() const
{
    return m_body.size() + QNetworkReply::bytesAvailable();
}

qint64 PooledReply::readData(char *data, qint64 maxSize)
{
    if (m_body.isEmpty())
        return isFinished() ? -1 : 0;
    const bool wasBlocked = isReadBlocked();
    const qint64 size = std::min<qint64>(maxSize, m_body.size());
    std::memcpy(data, m_body.constData(), static_cast<std::size_t>(size));
    m_body.remove(0, size);
    unblockIf(wasBlocked);
    return size;
}

// Time

std::chrono::nanoseconds PooledReply::sinceStart() const
{
    return std::chrono::steady_clock::now() - m_startedAt;
}

void PooledReply::setTimeouts(const PhaseTimeouts &timeouts)
{
    m_timeouts = timeouts;
    if (!isFinished())
        armTimer(std::chrono::steady_clock::now());
}

PooledReply::Deadline PooledReply::nextDeadline() const
{
    Deadline deadline;
    const auto consider = [&](TimePoint since, std::chrono::milliseconds allowed, TransportError error) {
        const TimePoint from = std::max(since, m_awakeSince);
        if (allowed.count() > 0 && from + allowed < deadline.at)
            deadline = { from + allowed, error, allowed };
    };
    consider(m_startedAt, m_timeouts.total, TransportError::TotalTimeout);
    if (m_waiting)
        consider(m_startedAt, m_timeouts.poolWait, TransportError::PoolTimeout);
    if (m_sending && !isReadBlocked()) {
        if (m_bodyBytesReceived == 0)
            consider(m_lastActivity, m_timeouts.firstByte, TransportError::FirstByteTimeout);
        else
            consider(m_lastActivity, m_timeouts.idle, TransportError::IdleTimeout);
    }
    return deadline;
}

/// Activity only moves the deadline away, so the running timer is left alone unless it would fire too late.
void PooledReply::armTimer(TimePoint now)
{
    const Deadline deadline = nextDeadline();
    if (deadline.error == TransportError::None || (m_timer.isActive() && m_timerDue <= deadline.at))
        return;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.at - now);
    m_timerDue = deadline.at;
    m_timer.start(static_cast<int>(std::max<std::int64_t>(left.count(), 0)), Qt::CoarseTimer, this);
}

void PooledReply::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer.timerId())
        return QNetworkReply::timerEvent(event);
    m_timer.stop();
    const TimePoint now = std::chrono::steady_clock::now();
    if (now - m_timerDue > Standstill::leastTime)
        m_awakeSince = now;
    const Deadline deadline = nextDeadline();
    if (deadline.error == TransportError::None)
        return;
    if (deadline.at > now)
        return armTimer(now);
    dropConnection();
    fail(deadline.error, timeoutText(deadline.error, deadline.allowed));
}

} // namespace signalbox
