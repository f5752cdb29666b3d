// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/epolldispatcher.h"
#include "engine/transport/wire.h"

#include <QHostAddress>
#include <QSocketNotifier>

namespace signalbox {

/// A connected TCP socket, for bytes that are only passed on: reads go straight to where the reader wants them, and
/// what the kernel takes at once is not copied. A QTcpSocket copies both, and asks the kernel for the amount before
/// each read. An end of the peer's side counts as the end of both.
class StreamSocket final : public Wire, private RoundWork
{
public:
    /// Takes the descriptor of a connected socket.
    explicit StreamSocket(int descriptor, QObject *parent = nullptr);
    ~StreamSocket() override;

    bool isOpen() const override { return m_descriptor >= 0; }
    QHostAddress localAddress() const;

    qint64 read(char *data, qint64 size) override;
    bool hasMore() const override { return m_more; }
    void setReading(bool on) override;

    void write(const QByteArray &bytes) override;
    void flush() override;
    void flushSoon() override;
    qint64 bytesToWrite() const override { return m_pending.size() - m_sent; }

    /// No more of ours after what is to be written, while the peer's is still read.
    void shutdownWhenWritten();
    /// Closes when everything is written, else at once.
    void closeWhenWritten();
    void abort() override;

    int descriptor() const override { return m_descriptor; }

private:
    enum class AfterWriting { GoOn, Shutdown, Close };

    /// Calls its socket, where a notifier's signal would be one more for every event.
    class Notifier final : public QSocketNotifier
    {
    public:
        Notifier(int descriptor, Type type, StreamSocket &socket) : QSocketNotifier(descriptor, type), m_socket(socket)
        {
        }
        bool event(QEvent *event) override;

    private:
        StreamSocket &m_socket;
    };

    void setFull(bool full);
    void onWritable();
    void atRoundEnd() override;
    void sendPending();
    void sendPostponed();
    qint64 send(const char *data, qint64 size);
    void keep(QByteArrayView bytes);
    void dropPending();
    void noteError(int error);
    void end();
    void close();
    void onEmpty();

    int m_descriptor;
    Notifier m_reader;
    Notifier m_writer;
    QByteArray m_pending;
    qsizetype m_sent = 0; ///< of pending
    AfterWriting m_afterWriting = AfterWriting::GoOn;
    bool m_reading = true;
    bool m_full = false; ///< the kernel takes no more; the writer tells when it does
    bool m_more = false;
    bool m_unwritable = false; ///< the peer takes nothing more; what it has sent is still to be read
    bool m_ended = false;
    bool m_postponed = false; ///< what is pending is sent at the end of the round
};

} // namespace signalbox
