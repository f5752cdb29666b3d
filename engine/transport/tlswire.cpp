// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transport/tlswire.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr qsizetype keptBytes = 20 << 10; ///< an array of this size serves the next record too

QString lastError()
{
    const char *reason = ERR_reason_error_string(ERR_get_error());
    return reason ? QString::fromLatin1(reason) : QStringLiteral("the protocol was violated");
}

} // namespace

TlsWire::TlsWire(std::unique_ptr<Wire> under, TlsState state, QObject *parent)
    : Wire(parent), m_under(std::move(under)), m_state(std::move(state))
{
    BIO *bio = BIO_new(method());
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(m_state.get(), bio, bio); // the state owns it from here on
    m_under->setListener(this);
}

// Between OpenSSL and the wire below

const bio_method_st *TlsWire::method()
{
    static const BIO_METHOD *shared = [] {
        BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
        BIO_meth_set_read(made, &TlsWire::readBelow);
        BIO_meth_set_write(made, &TlsWire::writeBelow);
        BIO_meth_set_ctrl(made, &TlsWire::control);
        return made;
    }();
    return shared;
}

int TlsWire::readBelow(bio_st *bio, char *data, int size)
{
    BIO_clear_retry_flags(bio);
    Wire &under = *static_cast<TlsWire *>(BIO_get_data(bio))->m_under;
    const auto got = static_cast<int>(under.read(data, size));
    if (got == 0 && under.isOpen()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    return got;
}

int TlsWire::writeBelow(bio_st *bio, const char *data, int size)
{
    BIO_clear_retry_flags(bio);
    static_cast<TlsWire *>(BIO_get_data(bio))->m_sealed.append(data, size);
    return size;
}

long TlsWire::control(bio_st *bio, int command, long, void *)
{
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return static_cast<TlsWire *>(BIO_get_data(bio))->m_under->isOpen() ? 0 : 1;
    default:
        return 0;
    }
}

/// What OpenSSL has written goes to the wire below in one piece.
void TlsWire::passOn()
{
    if (m_sealed.isEmpty())
        return;
    m_given += m_sealed.size();
    m_under->write(m_sealed);
    if (m_sealed.capacity() > keptBytes)
        m_sealed = QByteArray();
    else
        m_sealed.resize(0); // keeps its capacity
}

// Handshake

void TlsWire::handshake()
{
    ERR_clear_error();
    const int result = SSL_do_handshake(m_state.get());
    passOn();
    m_under->flush();
    if (result != 1)
        return noteResult(SSL_get_error(m_state.get(), result));
    m_encrypted = true;
    m_more = SSL_has_pending(m_state.get()) == 1;
    Q_EMIT encrypted();
    if (m_more && isOpen())
        tellReadable();
}

// Bytes

/// Records that came together are read together.
qint64 TlsWire::read(char *data, qint64 size)
{
    m_more = false;
    if (m_over || !m_encrypted || size <= 0)
        return 0;
    ERR_clear_error();
    qint64 total = 0;
    do {
        std::size_t got = 0;
        const int result = SSL_read_ex(m_state.get(), data + total, static_cast<std::size_t>(size - total), &got);
        if (result != 1) {
            m_more = false;
            noteResult(SSL_get_error(m_state.get(), result));
            break;
        }
        total += static_cast<qint64>(got);
        m_more = SSL_has_pending(m_state.get()) == 1 || m_under->hasMore();
    } while (m_more && total < size);
    answerPeer();
    return total;
}

/// Reading may make OpenSSL write, new keys for instance.
void TlsWire::answerPeer()
{
    if (m_sealed.isEmpty())
        return;
    passOn();
    m_under->flush();
}

void TlsWire::write(const QByteArray &bytes)
{
    if (m_over || !m_encrypted || bytes.isEmpty())
        return;
    ERR_clear_error();
    std::size_t taken = 0;
    const int result = SSL_write_ex(m_state.get(), bytes.constData(), static_cast<std::size_t>(bytes.size()), &taken);
    passOn();
    if (result != 1)
        return noteResult(SSL_get_error(m_state.get(), result));
    m_taken += static_cast<std::int64_t>(taken);
    noteWritten();
}

void TlsWire::flush()
{
    m_under->flush();
    noteWritten();
}

void TlsWire::flushSoon()
{
    m_under->flushSoon();
    noteWritten();
}

/// A sealed byte that still waits below is taken for one of ours: so the number is never too high.
void TlsWire::noteWritten()
{
    m_bytesWritten = std::max(m_bytesWritten, m_taken - (m_given - m_under->bytesWritten()));
}

void TlsWire::wireReadable()
{
    if (m_over)
        return;
    if (m_encrypted)
        tellReadable();
    else
        handshake();
}

void TlsWire::wireWritten()
{
    noteWritten();
    if (m_encrypted)
        tellWritten();
}

// The end

void TlsWire::noteResult(int error)
{
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        return;
    if (error == SSL_ERROR_ZERO_RETURN)
        return m_encrypted ? abort() : fail(QStringLiteral("the server closed the connection"));
    if (!m_under->isOpen() && m_under->hasFailed())
        return; // it tells of that by itself
    if (const long verified = SSL_get_verify_result(m_state.get()); !m_encrypted && verified != X509_V_OK)
        m_certificateError = QString::fromLatin1(X509_verify_cert_error_string(verified));
    fail(lastError());
}

void TlsWire::fail(const QString &reason)
{
    m_failed = true;
    m_errorText = reason;
    abort();
}

void TlsWire::abort()
{
    m_over = true;
    m_more = false;
    m_under->abort();
}

void TlsWire::wireEnded()
{
    if (!m_failed) {
        m_failed = m_under->hasFailed();
        m_errorText = m_under->errorText();
    }
    tellEnded();
}

} // namespace signalbox
