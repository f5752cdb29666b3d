// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "engine/base/headerlist.h"
#include "engine/base/result.h"
#include "engine/dialect/answerjudge.h"
#include "engine/dialect/bodydecoder.h"
#include "engine/dialect/keymask.h"
#include "engine/dialect/requestfacts.h"
#include "engine/dialect/route.h"
#include "engine/dialect/usagechunk.h"
#include "engine/provider/providerregistry.h"
#include "engine/proxy/outcome.h"
#include "engine/stats/gaprecorder.h"
#include "engine/transport/pooledreply.h"

#include <QBasicTimer>
#include <QObject>
#include <QPointer>

#include <memory>
#include <optional>

namespace signalbox {

struct ProxyContext;

/// What is the same for all attempts of one request.
struct RequestShape
{
    Route route;
    RequestFacts facts;
    bool stream = false;
};

class Attempt;

/// Hears of an attempt: accepted or rejected first, then its body, then its end. Called directly, as signals and their
/// connections are a good part of what a small request costs.
class AttemptListener
{
public:
    virtual void attemptAccepted() = 0;
    virtual void attemptHasBody() = 0;
    virtual void attemptRejected(Attempt *attempt) = 0;
    virtual void attemptEnded(Attempt *attempt) = 0;

protected:
    ~AttemptListener() = default;
};

/// One try at one provider: sends, judges the beginning of the answer before anything of it may reach the client, and
/// reports the outcome once.
class Attempt final : public QObject, private ReplyReceiver
{
    Q_OBJECT

public:
    /// `begun`: the engine's clock now.
    Attempt(ProxyContext &context, const RequestShape &shape, Selection selection, AttemptListener &listener,
            std::chrono::nanoseconds begun);
    ~Attempt() override;

    /// `requestBegun`: the engine's clock at the request's head. `why`: this provider, a machine name.
    void start(UpstreamRequest request, bool ownKey, std::chrono::nanoseconds requestBegun, const QString &why);
    /// Before start(): the client did not ask for the usage of its stream, we did.
    void hideUsage() { m_hideUsage = true; }
    /// Once accepted: the client gets less than the provider's bytes.
    bool shortensBody() const { return m_usageFilter.has_value(); }
    /// The client has gone or the engine stops: nothing of this counts.
    void cancel(const QString &why);
    /// Ends a rejected attempt now, with what is known.
    void settle();
    /// The slow mark, when its time has come.
    void checkOverdue();
    void setPaused(bool paused);

    Provider &provider() const { return *m_selection.candidate.provider; }
    bool isAccepted() const { return m_phase == Phase::Accepted; }
    bool hasEnded() const { return m_phase == Phase::Ended; }
    const ResponseHead &head() const { return m_reply->head(); }
    /// Of the head, what may go to the client. An error is a malformed answer (502).
    Result<HeaderList> headersForClient() const;
    /// Once accepted: bytes for the client, untouched but for our key in an error answer and what shortensBody()
    /// takes out.
    QByteArray takeBody() { return std::exchange(m_held, {}); }
    /// Once ended, of an accepted one: the answer is whole and the dialect says so.
    bool isComplete() const { return m_complete; }
    bool isPlainEventStream() const { return m_judge.isEventStream() && m_decoder.isIdentity(); }

    bool provablyUnsent() const { return m_reply && m_reply->provablyUnsent(); }
    const Verdict &verdict() const { return m_verdict; }
    const AttemptEvent &record() const { return m_event; }
    /// Once ended.
    AttemptEvent takeRecord() { return std::move(m_event); }
    /// Of a stream, when it has ended.
    RequestEvent::StreamEnd streamEnd() const { return m_streamEnd; }
    StreamGaps gaps() const;
    const EventLog &streamEvents() const { return m_judge.events(); }
    /// What went out; valid from start() on.
    const UpstreamRequest &sent() const { return m_reply->upstreamRequest(); }
    bool isSent() const { return m_reply && m_reply->isRequestSent(); }
    /// Its answer is the client's.
    bool isAnswering() const { return m_answering; }
    /// The provider's whole error answer with our key masked, which takes decoding it.
    struct ErrorAnswer
    {
        QByteArray body;
        bool decoded = false; ///< Content-Encoding no longer holds
    };
    /// Of one refused by its status; nullopt if it did not come whole, or cannot be read and so may hold our key.
    std::optional<ErrorAnswer> errorAnswer() const;
    bool hasErrorAnswer() const { return m_refusedByStatus; }

    /// More of its answer may come later.
    bool isReceiving() const { return m_reply->isReceiving(); }

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    enum class Phase { Waiting, Gating, Accepted, Rejected, Ended };

    void replyHasHead() override;
    void replyHasBody() override;
    void replyFinished() override;
    void accept();
    void reject(const Verdict &verdict, const QString &detail);
    void refuseByStatus();
    void decideGate();
    void finishGate();
    void concludeAccepted();
    void readBeside(QByteArrayView bytes);
    void flushUsageFilter();
    void conclude(Outcome outcome, const QString &reason, const QString &detail);
    PhaseTimeouts phaseTimeouts() const;
    void limitWholeAnswer();
    void flushMask();
    bool mayHoldKey() const;
    bool isSlow(std::int64_t nowMs) const;
    std::optional<double> latencyMs(std::int64_t nowMs) const;
    QString phrase(const QString &what) const;
    void noteTimings(std::int64_t nowMs);
    RequestEvent::StreamEnd howStreamEnded(const QString &reason) const;

    ProxyContext &m_context;
    AttemptListener &m_listener;
    const RequestShape &m_shape;
    Selection m_selection;
    QPointer<PooledReply> m_reply; ///< the lane's child: when the engine ends it may go first
    Phase m_phase = Phase::Waiting;
    bool m_ownKey = false;
    bool m_requestLimited = false; ///< what is left of the request's time is less than the provider's own limit
    bool m_refusedByStatus = false;
    bool m_complete = false;
    bool m_answering = false;
    bool m_proven = false;
    AnswerJudge m_judge;
    BodyDecoder m_decoder { {} };
    bool m_hideUsage = false;
    std::optional<UsageChunkFilter> m_usageFilter;
    QByteArray m_held;
    QByteArray m_errorAnswer; ///< as much of it as came, in its own coding
    bool m_errorAnswerWhole = false;
    KeyMask m_mask;
    QBasicTimer m_gateTimer;
    QBasicTimer m_settleTimer;
    Verdict m_verdict;
    AttemptEvent m_event;
    RequestEvent::StreamEnd m_streamEnd = RequestEvent::StreamEnd::NoStream;
    GapRecorder m_gaps;
    std::chrono::nanoseconds m_begun;
    std::int64_t m_startedMs;
};

} // namespace signalbox
