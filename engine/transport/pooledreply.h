// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/transport/phases.h"
#include "engine/transport/responseparser.h"
#include "engine/transport/transporterror.h"
#include "engine/transport/upstreamrequest.h"

#include <QBasicTimer>
#include <QByteArray>
#include <QNetworkAccessManager>
#include <QNetworkReply>

#include <chrono>
#include <cstdint>

namespace signalbox {

class OriginPool;
class UpstreamConnection;

/// Hears of a reply by direct calls, before the signals of the same meaning: for whoever has one reply after the other.
class ReplyReceiver
{
public:
    virtual void replyHasHead() = 0;
    virtual void replyHasBody() = 0;
    virtual void replyFinished() = 0;

protected:
    ~ReplyReceiver() = default;
};

/// The answer to one UpstreamRequest. Signals come in this order: headReceived, bodyReceived (zero or more),
/// finished (once, always, never from inside send()). errorOccurred is not used for HTTP statuses.
/// abort() (which emits finished) and deleting the reply close its connection at once. From its own slots use
/// deleteLater().
class PooledReply : public QNetworkReply
{
    Q_OBJECT

public:
    ~PooledReply() override;

    /// Null: nobody any more.
    void setReceiver(ReplyReceiver *receiver) { m_receiver = receiver; }

    const UpstreamRequest &upstreamRequest() const { return *m_request; }

    /// Valid from headReceived() on.
    const ResponseHead &head() const { return m_head; }
    bool hasHead() const { return m_head.status != 0; }
    /// With ClosedBeforeResponse: some bytes came all the same.
    bool answerStarted() const { return m_answerStarted; }

    /// Everything received and not yet taken.
    QByteArray takeBody();
    std::int64_t bodyBytesReceived() const { return m_bodyBytesReceived; }

    /// While paused the socket is not read, so the upstream is held back; the idle time stands still.
    void setReadPaused(bool paused);
    bool isReadPaused() const { return m_readPaused; }
    /// It has a connection. In slots, false means that finished() follows at once.
    bool isReceiving() const { return m_connection != nullptr; }
    /// Reading also stops while that much is waiting to be taken (1 MiB unless set; 0: no bound).
    void setReadBufferSize(qint64 size) override;

    /// May be changed at any time, also of the running phase; measured from the phase's own start.
    void setTimeouts(const PhaseTimeouts &timeouts);
    const PhaseTimeouts &timeouts() const { return m_timeouts; }

    TransportError transportError() const { return m_transportError; }
    /// In words a person can act on; never holds a header or a body.
    QString transportErrorText() const { return m_transportErrorText; }

    const PhaseTimings &timings() const { return m_timings; }
    /// Went out on a connection that had served a request before.
    bool reused() const { return m_reused; }
    /// Bytes of this request handed to the network.
    std::int64_t bytesSent() const { return m_bytesSent; }
    /// No byte of this request can have reached the upstream.
    bool provablyUnsent() const { return m_bytesSent == 0; }
    /// The whole request went out.
    bool isRequestSent() const { return m_timings.sent.has_value(); }

    void abort() override;
    qint64 bytesAvailable() const override;
    bool isSequential() const override { return true; }

Q_SIGNALS:
    void headReceived();
    void bodyReceived();

protected:
    qint64 readData(char *data, qint64 maxSize) override;

    void timerEvent(QTimerEvent *event) override;

private:
    friend class OriginPool;
    friend class PooledAccessManager;
    friend class UpstreamConnection;
    using TimePoint = std::chrono::steady_clock::time_point;

    PooledReply(UpstreamRequestPointer request, QObject *parent);
    /// Asked for by QNetworkRequest, so the reply shows everything through QNetworkReply too.
    void usePlainly(const QNetworkRequest &request);
    void start(OriginPool &pool, QNetworkAccessManager::Operation operation);

    // What the pool and the connection tell.
    void attach(UpstreamConnection *connection);
    void detach();
    void onWaiting();
    void setOpening(const PhaseTimings &opening, TimePoint openedAt);
    void onSending(bool reusedConnection); ///< directly after attach()
    void onBytesSent(std::int64_t bytes, bool all);
    void storeHead(ResponseHead &&head);
    void storeBody(QByteArrayView piece);
    void deliver();
    void succeed();
    void fail(TransportError error, const QString &reason);
    void failLater(TransportError error, const QString &reason);
    QByteArray takeSerializedHead();
    bool isReadBlocked() const;

    void connectBodyDevice();
    void unblockIf(bool wasBlocked);
    void dropConnection();
    void conclude();
    void fillPlainReply();
    std::chrono::nanoseconds sinceStart() const;
    void armTimer(TimePoint now);
    struct Deadline
    {
        TimePoint at = TimePoint::max();
        TransportError error = TransportError::None;
        std::chrono::milliseconds allowed { 0 };
    };
    Deadline nextDeadline() const;

    void tellFinished();

    ReplyReceiver *m_receiver = nullptr;
    ResponseHead m_head;
    QByteArray m_body;
    UpstreamRequestPointer m_request;
    QByteArray m_serializedHead;
    OriginPool *m_pool = nullptr;
    UpstreamConnection *m_connection = nullptr;
    PhaseTimeouts m_timeouts;
    PhaseTimings m_timings;
    TimePoint m_startedAt;
    TimePoint m_lastActivity; ///< of the present phase: bytes sent, then body bytes received
    TimePoint m_timerDue;
    TimePoint m_awakeSince; ///< after a standstill
    QBasicTimer m_timer;
    TransportError m_transportError = TransportError::None;
    QString m_transportErrorText;
    std::int64_t m_bodyBytesReceived = 0;
    std::int64_t m_bytesSent = 0;
    qint64 m_readBufferSize = qint64 { 1 } << 20;
    bool m_readPaused = false;
    bool m_reused = false;
    bool m_answerStarted = false;
    bool m_waiting = false;
    bool m_sending = false;
    bool m_headAnnounced = false;
    bool m_bodyAnnounced = true;
    bool m_plainUse = false;
    bool m_bodyDeviceFinished = false;
};

} // namespace signalbox
