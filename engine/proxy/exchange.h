// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/inflightrequest.h"
#include "engine/proxy/attempt.h"
#include "engine/proxy/requesthandler.h"
#include "engine/proxy/requestplan.h"
#include "engine/proxy/responsesink.h"
#include "engine/proxy/uploaddevice.h"
#include "engine/transport/requestparser.h"

#include <QPointer>

#include <list>
#include <memory>
#include <vector>

namespace signalbox {

struct ProxyContext;

/// One client request with its attempts, from the head to the end of the answer.
class Exchange : public RequestHandler, private AttemptListener
{
    Q_OBJECT

public:
    Exchange(ProxyContext &context, ResponseSink &sink, RequestHead head, Route route, QObject *parent = nullptr);
    ~Exchange() override;

    bool appendBody(QByteArrayView bytes) override;
    void bodyComplete() override;
    void clientGone() override;
    void interrupt() override;
    void resume() override;
    void tick() override;

    const QByteArray &id() const { return m_event.id; }
    /// How far it is. Not after its end.
    InFlightRequest inFlight() const;
    /// An operator's wish: the client gets an error in its dialect, the provider's connection is closed.
    void cancel();

private:
    bool mayBuffer(qint64 bytes);
    void startUpload();
    void dispatch();
    void answerNoneUsable();
    void readFacts();
    void tryNext();
    bool waitForShortRefusal();
    bool startAttempt(Selection selection);
    QByteArray bodyFor(const Candidate &candidate, HeaderList &headers) const;
    bool askForUsage(const ProviderConfig &provider, UpstreamRequest &request) const;
    void attemptAccepted() override;
    void attemptRejected(Attempt *attempt) override;
    void attemptEnded(Attempt *attempt) override;
    void attemptHasBody() override;
    void onAcceptedEnded();
    bool mayFailOver(const Attempt &attempt);
    void failAll();
    void passOn(const Attempt &attempt);
    void answerError(int status, QByteArrayView code, const QString &message, HeaderList extra = {},
                     bool retryCannotHelp = false);
    void sendError(int status, QByteArrayView code, const QString &message, HeaderList extra, bool retryCannotHelp);
    bool endVisibly(QByteArrayView code, const QString &why, bool retryCannotHelp);
    InFlightRequest::Phase phase() const;
    void captureAnswer(QByteArrayView bytes);
    void handOverCaptures(std::uint64_t sequence, const QByteArray &id);
    QByteArrayView trace() const;
    void finish(RequestEvent::End end);
    void appendMarkers(HeaderList &headers, const Attempt *answering) const;
    void noteStream(const Attempt &attempt, RequestEvent::End end);
    QString whyChosen() const;
    std::chrono::microseconds sinceBegun() const;
    std::chrono::milliseconds timeLeft(std::chrono::nanoseconds now) const;
    static int usefulness(const Attempt &attempt);

    ProxyContext &m_context;
    ResponseSink &m_sink;
    std::shared_ptr<const Config> m_config;
    RequestHead m_head;
    RequestShape m_shape;
    RequestPlan m_plan;
    QByteArray m_body;
    qint64 m_reserved = 0;
    QPointer<UploadDevice> m_upload;
    bool m_dispatched = false;
    bool m_done = false; ///< set before the sink is told: ending the connection is then not the client leaving
    bool m_waited = false; ///< once, for a short refusal
    std::vector<std::unique_ptr<Attempt>> m_attempts;
    Attempt *m_current = nullptr;
    std::optional<std::int64_t> m_retryAfterMs;
    RequestEvent m_event;
    std::chrono::nanoseconds m_begun { 0 };
    std::chrono::nanoseconds m_oursSince { 0 }; ///< the client, or the attempt before, has done its part
    int m_status = 0;
    qsizetype m_captureBytes = 0; ///< of the answer at most; 0: it is not captured
    QByteArray m_captured;
    bool m_captureCut = false;
    std::list<Exchange *>::iterator m_place; ///< in the context's list, until the end
};

/// The newest first, at most `limit` of them.
std::vector<InFlightRequest> inFlightRequests(const ProxyContext &context, std::size_t limit);
/// Nullptr: no such request is in flight.
Exchange *findExchange(const ProxyContext &context, const QByteArray &id);

/// A header or body of a request that may not go on, as an answer in the caller's dialect.
void answerLocalError(ResponseSink &sink, const Route &route, int status, QByteArrayView code, const QString &message,
                      HeaderList extra = {});

} // namespace signalbox
