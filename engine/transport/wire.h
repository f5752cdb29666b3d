// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>

#include <cstdint>

namespace signalbox {

/// The two directions of a connected socket, whatever is between them and the kernel.
class Wire : public QObject
{
public:
    /// Calls instead of signals, which would be the dearest part of a short read.
    class Listener
    {
    public:
        virtual ~Listener() = default;
        virtual void wireReadable() = 0;
        /// Some of what had to wait, for the end of the round or for the peer, was written.
        virtual void wireWritten() = 0;
        /// Once, and never from inside a call. What came before may still be read.
        virtual void wireEnded() = 0;
    };

    using QObject::QObject;
    /// Outlives the wire or takes itself away (nullptr).
    void setListener(Listener *listener) { m_listener = listener; }

    virtual bool isOpen() const = 0;
    /// As many bytes as there are and fit; 0 if there are none now.
    virtual qint64 read(char *data, qint64 size) = 0;
    /// There is more than the last read() took. If false, wireReadable() will tell.
    virtual bool hasMore() const = 0;
    /// Switched off, nothing is read that is not asked for, and a hang-up may go unseen.
    virtual void setReading(bool on) = 0;

    /// Small pieces may be kept until flush(), which has to come in the same turn of the event loop.
    virtual void write(const QByteArray &bytes) = 0;
    virtual void flush() = 0;
    /// The same, or together with what others write in this round of the event loop: for whole messages, of which many
    /// may end at once.
    virtual void flushSoon() { flush(); }
    virtual qint64 bytesToWrite() const = 0;
    /// What the kernel (with TLS, the encryption) has taken so far.
    std::int64_t bytesWritten() const { return m_bytesWritten; }

    /// Of the socket; -1 if what the kernel holds is not what read() would give.
    virtual int descriptor() const = 0;
    /// Closes without writing the rest.
    virtual void abort() = 0;

    /// Why it ended, in the system's words; empty if the peer closed it.
    const QString &errorText() const { return m_errorText; }
    /// It ended by a failure, not because the peer closed it.
    bool hasFailed() const { return m_failed; }

protected:
    void tellReadable()
    {
        if (m_listener)
            m_listener->wireReadable();
    }
    void tellWritten()
    {
        if (m_listener)
            m_listener->wireWritten();
    }
    void tellEnded()
    {
        if (m_listener)
            m_listener->wireEnded();
    }

    std::int64_t m_bytesWritten = 0;
    QString m_errorText;
    bool m_failed = false;

private:
    Listener *m_listener = nullptr;
};

} // namespace signalbox
