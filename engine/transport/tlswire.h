// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/tlssettings.h"
#include "engine/transport/wire.h"

struct bio_method_st;
struct bio_st;

namespace signalbox {

/// The client's side of TLS (OpenSSL) on another wire. A QSslSocket copies what it reads and writes through three
/// buffers of its own and tells of each by signals.
class TlsWire final : public Wire, private Wire::Listener
{
    Q_OBJECT

public:
    TlsWire(std::unique_ptr<Wire> under, TlsState state, QObject *parent = nullptr);

    /// Begins it, and goes on when something has come. Succeeds by encrypted(), fails by ending.
    void handshake();
    /// Why the server's certificate was refused; empty if it was not.
    const QString &certificateError() const { return m_certificateError; }

    bool isOpen() const override { return !m_over && m_under->isOpen(); }
    qint64 read(char *data, qint64 size) override;
    bool hasMore() const override { return m_more; }
    void setReading(bool on) override { m_under->setReading(on); }
    void write(const QByteArray &bytes) override;
    void flush() override;
    void flushSoon() override;
    qint64 bytesToWrite() const override { return m_under->bytesToWrite(); }
    int descriptor() const override { return m_under->descriptor(); }
    void abort() override;

Q_SIGNALS:
    void encrypted();

private:
    /// What stands between OpenSSL and the wire below.
    static const bio_method_st *method();
    static int readBelow(bio_st *bio, char *data, int size);
    static int writeBelow(bio_st *bio, const char *data, int size);
    static long control(bio_st *bio, int command, long number, void *pointer);

    void wireReadable() override;
    void wireWritten() override;
    void wireEnded() override;
    /// Of an operation of OpenSSL's that did not succeed.
    void noteResult(int error);
    void fail(const QString &reason);
    void passOn();
    void answerPeer();
    void noteWritten();

    std::unique_ptr<Wire> m_under;
    TlsState m_state;
    QByteArray m_sealed; ///< what OpenSSL has written in the present call
    std::int64_t m_taken = 0; ///< of the bytes to write, by the encryption
    std::int64_t m_given = 0; ///< sealed bytes, to the wire below
    QString m_certificateError;
    bool m_encrypted = false;
    bool m_more = false;
    bool m_over = false; ///< nothing can come or go any more
};

} // namespace signalbox
