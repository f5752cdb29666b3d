// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/streamsocket.h"

#include "engine/base/bytes.h"

#include <QEvent>

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace signalbox {

namespace {

constexpr qsizetype joinedBytes = 16 << 10; ///< pieces up to this size go out in one call

bool isTransient(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

} // namespace

StreamSocket::StreamSocket(int descriptor, QObject *parent)
    : Wire(parent), m_descriptor(descriptor), m_reader(descriptor, QSocketNotifier::Read, *this),
      m_writer(descriptor, QSocketNotifier::Write, *this)
{
    m_writer.setEnabled(false);
}

bool StreamSocket::Notifier::event(QEvent *event)
{
    if (event->type() != QEvent::SockAct)
        return QSocketNotifier::event(event);
    if (type() == Write)
        m_socket.onWritable();
    else
        m_socket.tellReadable();
    return true;
}

StreamSocket::~StreamSocket()
{
    sendPostponed();
    close();
}

QHostAddress StreamSocket::localAddress() const
{
    sockaddr_storage address {};
    socklen_t size = sizeof address;
    if (getsockname(m_descriptor, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        return {};
    return QHostAddress(reinterpret_cast<const sockaddr *>(&address));
}

void StreamSocket::setReading(bool on)
{
    if (!isOpen() || std::exchange(m_reading, on) == on)
        return;
    m_reader.setEnabled(on);
}

void StreamSocket::setFull(bool full)
{
    m_full = full;
    m_writer.setEnabled(full);
}

qint64 StreamSocket::read(char *data, qint64 size)
{
    m_more = false;
    if (!isOpen() || size <= 0)
        return 0;
    const ssize_t got = ::recv(m_descriptor, data, static_cast<std::size_t>(size), 0);
    if (got > 0) {
        m_more = got == size;
        return got;
    }
    if (got == 0) {
        end();
    } else if (!isTransient(errno)) {
        noteError(errno);
        end();
    }
    return 0;
}

/// 0 if the peer does not take more now. If it never will, what it said before is still worth reading, and its end is
/// seen there.
qint64 StreamSocket::send(const char *data, qint64 size)
{
    const ssize_t sent = ::send(m_descriptor, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent >= 0) {
        m_bytesWritten += sent;
        return sent;
    }
    if (!isTransient(errno)) {
        noteError(errno);
        m_unwritable = true;
        dropPending();
        setFull(false);
        setReading(true);
        if (m_afterWriting == AfterWriting::Close)
            end();
    }
    return 0;
}

void StreamSocket::noteError(int error)
{
    m_failed = true;
    if (m_errorText.isEmpty())
        m_errorText = qt_error_string(error);
}

void StreamSocket::dropPending()
{
    m_pending = QByteArray();
    m_sent = 0;
}

void StreamSocket::keep(QByteArrayView bytes)
{
    if (m_sent > 0) {
        m_pending.remove(0, m_sent);
        m_sent = 0;
    }
    appendBytes(m_pending, bytes);
}

void StreamSocket::write(const QByteArray &bytes)
{
    if (!isOpen() || m_unwritable || m_afterWriting != AfterWriting::GoOn)
        return;
    if (bytesToWrite() > 0 && (m_full || bytesToWrite() + bytes.size() <= joinedBytes))
        return keep(bytes);
    sendPending();
    if (bytesToWrite() > 0 || bytes.size() <= joinedBytes)
        return keep(bytes);
    const qint64 sent = send(bytes.constData(), bytes.size());
    if (sent < bytes.size() && !m_unwritable) {
        keep(QByteArrayView(bytes).sliced(sent));
        setFull(true);
    }
}

void StreamSocket::flush()
{
    sendPostponed();
    sendPending();
}

void StreamSocket::flushSoon()
{
    if (m_postponed || !isOpen() || m_full || bytesToWrite() == 0)
        return;
    m_postponed = EpollDispatcher::postpone(*this);
    if (!m_postponed)
        sendPending();
}

void StreamSocket::atRoundEnd()
{
    m_postponed = false;
    const std::int64_t before = m_bytesWritten;
    sendPending();
    if (m_bytesWritten > before)
        tellWritten();
}

/// Before it cannot be sent any more.
void StreamSocket::sendPostponed()
{
    if (!std::exchange(m_postponed, false))
        return;
    EpollDispatcher::forget(*this);
    sendPending();
}

void StreamSocket::sendPending()
{
    if (!isOpen() || m_full || bytesToWrite() == 0)
        return;
    m_sent += send(m_pending.constData() + m_sent, bytesToWrite());
    if (m_unwritable)
        return;
    if (bytesToWrite() > 0)
        setFull(true);
    else
        onEmpty();
}

void StreamSocket::onWritable()
{
    const qint64 sent = send(m_pending.constData() + m_sent, bytesToWrite());
    if (m_unwritable)
        return;
    m_sent += sent;
    if (bytesToWrite() == 0) {
        setFull(false);
        onEmpty();
    }
    if (sent > 0)
        tellWritten();
}

/// A large array is given back, a small one serves the next answer.
void StreamSocket::onEmpty()
{
    m_sent = 0;
    if (m_pending.capacity() > joinedBytes)
        m_pending = QByteArray();
    else
        m_pending.resize(0); // keeps its capacity
    if (m_afterWriting == AfterWriting::Shutdown)
        ::shutdown(m_descriptor, SHUT_WR);
    else if (m_afterWriting == AfterWriting::Close)
        end();
}

void StreamSocket::shutdownWhenWritten()
{
    m_afterWriting = AfterWriting::Shutdown;
    if (bytesToWrite() == 0 && isOpen())
        ::shutdown(m_descriptor, SHUT_WR);
    else
        sendPending();
}

void StreamSocket::closeWhenWritten()
{
    m_afterWriting = AfterWriting::Close;
    if (bytesToWrite() == 0)
        end();
    else
        sendPending();
}

void StreamSocket::abort()
{
    sendPostponed();
    dropPending();
    end();
}

/// Told later: whoever reads or writes is in the middle of something.
void StreamSocket::end()
{
    if (std::exchange(m_ended, true))
        return;
    sendPostponed();
    close();
    QMetaObject::invokeMethod(
        this, [this] { tellEnded(); }, Qt::QueuedConnection);
}

void StreamSocket::close()
{
    if (!isOpen())
        return;
    m_reader.setEnabled(false);
    m_writer.setEnabled(false);
    ::close(std::exchange(m_descriptor, -1));
}

} // namespace signalbox
