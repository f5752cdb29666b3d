// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/attempt.h"

#include "engine/dialect/credential.h"
#include "engine/dialect/headers.h"
#include "engine/dialect/masking.h"
#include "engine/dialect/retryafter.h"
#include "engine/proxy/proxycontext.h"

#include <QTimerEvent>

#include <algorithm>

namespace signalbox {

namespace {

constexpr qsizetype gateBytes = 8 << 10;
constexpr std::chrono::milliseconds gateTime { 300 };
constexpr qsizetype errorAnswerBytes = 64 << 10;
constexpr std::chrono::milliseconds errorAnswerTime { 2000 };
constexpr std::chrono::milliseconds probeFirstByte { 15000 };

bool isTimeout(TransportError error)
{
    return error == TransportError::FirstByteTimeout || error == TransportError::IdleTimeout ||
        error == TransportError::TotalTimeout;
}

template <typename Duration> std::chrono::microseconds micros(Duration duration)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(duration);
}

} // namespace

Attempt::Attempt(ProxyContext &context, const RequestShape &shape, Selection selection, AttemptListener &listener,
                 std::chrono::nanoseconds begun)
    : m_context(context), m_listener(listener), m_shape(shape), m_selection(std::move(selection)),
      m_judge(shape.route.dialect, shape.route.endpoint, shape.stream), m_begun(begun),
      m_startedMs(std::chrono::duration_cast<std::chrono::milliseconds>(begun).count())
{
    m_event.provider = provider().config().name;
}

void Attempt::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_gateTimer.timerId()) {
        m_gateTimer.stop();
        accept();
    } else if (event->timerId() == m_settleTimer.timerId()) {
        m_settleTimer.stop();
        settle();
    } else {
        QObject::timerEvent(event);
    }
}

Attempt::~Attempt()
{
    cancel(QStringLiteral("the engine stopped"));
    if (m_reply) {
        m_reply->setReceiver(nullptr);
        delete m_reply.data();
    }
}

PhaseTimeouts Attempt::phaseTimeouts() const
{
    const Timeouts &timeouts = provider().config().timeouts;
    PhaseTimeouts phases;
    phases.poolWait = timeouts.connectMs;
    phases.connect = timeouts.connectMs;
    phases.tls = timeouts.tlsMs;
    phases.total = timeouts.totalMs;
    if (!m_shape.route.generation) {
        phases.firstByte = timeouts.defaultMs;
        phases.idle = timeouts.defaultMs;
    } else if (m_shape.stream) {
        phases.firstByte = timeouts.firstByteMs;
        if (m_selection.token.kind() == TokenKind::Probe)
            phases.firstByte = std::min(phases.firstByte, probeFirstByte);
        phases.idle = timeouts.idleMs;
    } else {
        phases.firstByte = timeouts.responseMs;
        phases.idle = timeouts.responseMs;
    }
    return phases;
}

void Attempt::start(UpstreamRequest request, bool ownKey, std::chrono::nanoseconds requestBegun, const QString &why)
{
    m_ownKey = ownKey;
    m_mask = KeyMask(provider().key().reveal());
    m_event.startedAfter = micros(m_begun - requestBegun);
    m_event.chosenBecause = m_selection.token.kind() == TokenKind::Probe ? QStringLiteral("probe")
        : m_selection.token.kind() == TokenKind::Panic                   ? QStringLiteral("panic")
                                                                         : why;
    m_event.skipped = std::move(m_selection.skipped);
    m_event.score = provider().score(m_startedMs).result.score;
    const std::chrono::milliseconds requestLeft = request.timeouts.total;
    request.timeouts = phaseTimeouts();
    m_requestLimited = requestLeft <= request.timeouts.total;
    if (m_requestLimited)
        request.timeouts.total = requestLeft;
    provider().attemptStarted();
    m_reply = m_context.lane.send(std::move(request));
    m_reply->setReceiver(this);
}

/// A non-streamed answer that has begun must also end in time. Until then only the first byte's limit runs, so that the
/// timeout's name says what was missing.
void Attempt::limitWholeAnswer()
{
    if (!m_shape.route.generation || m_shape.stream || !m_reply->isReceiving())
        return;
    PhaseTimeouts timeouts = m_reply->timeouts();
    timeouts.total = std::min(timeouts.total, std::chrono::milliseconds(provider().config().timeouts.responseMs));
    m_reply->setTimeouts(timeouts);
}

/// Some providers repeat the key in their complaint about it. Content is the provider's own and stays as it is.
bool Attempt::mayHoldKey() const
{
    return m_reply->head().status >= 400;
}

Result<HeaderList> Attempt::headersForClient() const
{
    Result<HeaderList> headers = clientHeaders(m_reply->head().headers);
    if (!headers || !mayHoldKey())
        return headers;
    HeaderList masked;
    masked.reserve(headers.value().size());
    for (const HeaderField &field : headers.value())
        masked.append(field.name, m_mask.masked(field.value));
    return masked;
}

std::optional<Attempt::ErrorAnswer> Attempt::errorAnswer() const
{
    if (!m_errorAnswerWhole)
        return std::nullopt;
    const std::optional<QByteArray> text = decodeBody(m_reply->head().headers.value("content-encoding"), m_errorAnswer);
    if (!text)
        return std::nullopt;
    const QByteArray masked = m_mask.masked(*text);
    if (masked == *text)
        return ErrorAnswer { m_errorAnswer, false };
    return ErrorAnswer { masked, true };
}

void Attempt::setPaused(bool paused)
{
    if (m_reply)
        m_reply->setReadPaused(paused);
}

void Attempt::replyHasHead()
{
    const ResponseHead &head = m_reply->head();
    m_event.status = head.status;
    m_event.reusedConnection = m_reply->reused();
    m_decoder = BodyDecoder(head.headers.value("content-encoding"));
    m_judge.setHead(head.status, head.headers);
    // Compressed against our wish it passes whole: a client reads over one chunk more.
    if (m_hideUsage && isPlainEventStream())
        m_usageFilter.emplace();
    m_verdict = judgeStatus(head.status, m_ownKey, false);
    if (m_verdict.credential == CredentialSignal::Good)
        provider().noteCredential(CredentialSignal::Good);
    const bool unreadable = mayHoldKey() && !m_decoder.isIdentity() && head.framing != Framing::None;
    if (m_verdict.failover || unreadable)
        return refuseByStatus();
    limitWholeAnswer();
    const bool judged = m_shape.route.generation && head.status >= 200 && head.status < 300;
    if (judged && head.framing != Framing::None)
        m_phase = Phase::Gating;
    else
        accept();
}

void Attempt::refuseByStatus()
{
    m_phase = Phase::Rejected;
    m_refusedByStatus = true;
    // Nobody bills what they refuse (401, 429 ...); before a 408 or 5xx the work may have been done.
    const bool gaveUp = m_event.status == 408 || m_event.status >= 500;
    m_event.possiblyBilled = m_shape.route.generation && gaveUp;
    if (m_verdict.failover)
        m_settleTimer.start(static_cast<int>(errorAnswerTime.count()), this);
    m_listener.attemptRejected(this);
}

void Attempt::readBeside(QByteArrayView bytes)
{
    const std::uint64_t eventsBefore = m_judge.dataEvents();
    if (m_decoder.isIdentity())
        m_judge.feed(bytes);
    else if (!m_decoder.stopped() && m_decoder.supported())
        m_judge.feed(m_decoder.decode(bytes));
    if (m_judge.events().isUnstamped() || m_judge.dataEvents() > eventsBefore) {
        const std::chrono::nanoseconds now = m_context.clock.now();
        m_judge.stampEvents(micros(now - m_begun));
        m_gaps.add(m_judge.dataEvents() - eventsBefore, now);
    }
    if (m_judge.firstContent() == FirstContent::Content && !m_proven) {
        m_proven = m_selection.token.kind() == TokenKind::Probe && m_selection.token.isPending() && m_shape.stream;
        if (m_proven)
            provider().proveProbe(m_selection.token);
    }
}

void Attempt::replyHasBody()
{
    const QByteArray bytes = m_reply->takeBody();
    if (bytes.isEmpty() || m_phase == Phase::Ended)
        return;
    if (m_phase == Phase::Rejected) {
        m_errorAnswer.append(bytes.first(std::min(bytes.size(), errorAnswerBytes - m_errorAnswer.size())));
        if (m_errorAnswer.size() >= errorAnswerBytes)
            settle();
        return;
    }
    readBeside(bytes);
    // A stream of usage is no error answer, so at most one of the two changes anything.
    const QByteArray shown = m_usageFilter ? m_usageFilter->feed(bytes) : bytes;
    const QByteArray passing = mayHoldKey() ? m_mask.feed(shown) : shown;
    m_held = m_held.isEmpty() ? passing : m_held + passing;
    if (m_phase == Phase::Gating)
        decideGate();
    else if (!m_held.isEmpty())
        m_listener.attemptHasBody();
}

void Attempt::flushMask()
{
    m_held += m_mask.finish();
    if (!m_held.isEmpty())
        m_listener.attemptHasBody();
}

void Attempt::flushUsageFilter()
{
    if (!m_usageFilter || m_phase == Phase::Rejected || m_phase == Phase::Ended)
        return;
    m_held += m_usageFilter->finish();
    if (m_phase == Phase::Accepted && !m_held.isEmpty())
        m_listener.attemptHasBody();
}

void Attempt::decideGate()
{
    switch (m_judge.firstContent()) {
    case FirstContent::Content:
        return accept();
    case FirstContent::Error:
    case FirstContent::Html:
        return finishGate();
    case FirstContent::Pending:
        break;
    }
    if (m_held.size() >= gateBytes)
        accept();
    else if (m_reply->isReceiving() && !m_gateTimer.isActive())
        m_gateTimer.start(static_cast<int>(gateTime.count()), this);
}

/// The answer shows, or has ended, before anything of it went to the client.
void Attempt::finishGate()
{
    const QString name = provider().config().name;
    if (m_judge.firstContent() == FirstContent::Error) {
        const QString message = QString::fromUtf8(printableExcerpt(m_mask.masked(m_judge.errorMessage())));
        return reject({ Outcome::Failure, true, QStringLiteral("error_event"), 502, CredentialSignal::None },
                      QStringLiteral("%1 answered 200 with an error instead of content: %2").arg(name, message));
    }
    if (m_judge.firstContent() == FirstContent::Html) {
        return reject({ Outcome::Failure, true, QStringLiteral("html_answer"), 502, CredentialSignal::None },
                      QStringLiteral("%1 answered 200 with a web page instead of an API answer").arg(name));
    }
    switch (m_judge.verdict()) {
    case StreamVerdict::Success:
        return accept();
    case StreamVerdict::Empty:
        return reject({ Outcome::Failure, true, QStringLiteral("empty_answer"), 502, CredentialSignal::None },
                      QStringLiteral("%1 answered 200 with nothing in it").arg(name));
    default:
        return reject({ Outcome::Failure, true, QStringLiteral("truncated"), 502, CredentialSignal::None },
                      QStringLiteral("%1 ended its answer before any content").arg(name));
    }
}

void Attempt::accept()
{
    if (m_phase != Phase::Gating && m_phase != Phase::Waiting)
        return;
    m_gateTimer.stop();
    m_phase = Phase::Accepted;
    m_answering = true;
    m_listener.attemptAccepted();
    if (!m_held.isEmpty() && m_phase == Phase::Accepted)
        m_listener.attemptHasBody();
}

void Attempt::reject(const Verdict &verdict, const QString &detail)
{
    m_gateTimer.stop();
    m_phase = Phase::Rejected;
    m_verdict = verdict;
    m_event.possiblyBilled = m_shape.route.generation && m_reply->bytesSent() > 0;
    conclude(verdict.outcome, verdict.reason, detail);
    m_listener.attemptRejected(this);
    m_listener.attemptEnded(this);
}

void Attempt::replyFinished()
{
    replyHasBody();
    flushUsageFilter();
    const TransportError error = m_reply->transportError();
    switch (m_phase) {
    case Phase::Ended:
        return;
    case Phase::Rejected:
        m_errorAnswerWhole = error == TransportError::None && m_errorAnswer.size() < errorAnswerBytes;
        return settle();
    case Phase::Accepted:
        return concludeAccepted();
    case Phase::Gating:
    case Phase::Waiting:
        break;
    }
    if (error == TransportError::None) {
        m_judge.finish();
        finishGate();
        if (m_phase == Phase::Accepted)
            concludeAccepted();
        return;
    }
    const bool stale = error == TransportError::ClosedBeforeResponse && m_reply->reused() && !m_reply->answerStarted();
    Verdict verdict = judgeTransport(error, stale);
    // This provider's own time is over, the request's is not.
    if (error == TransportError::TotalTimeout && !m_requestLimited)
        verdict.failover = true;
    reject(verdict, phrase(m_reply->transportErrorText()));
}

QString Attempt::phrase(const QString &what) const
{
    return provider().config().name % QLatin1String(": ") % what;
}

void Attempt::concludeAccepted()
{
    const TransportError error = m_reply->transportError();
    const bool success = m_reply->head().status < 300 || m_reply->head().status == 304;
    if (error != TransportError::None) {
        const QString reason = isTimeout(error) ? judgeTransport(error, false).reason : QStringLiteral("truncated");
        if (m_proven)
            provider().reportLateFailure();
        conclude(success ? Outcome::Failure : Outcome::Ignored, reason, phrase(m_reply->transportErrorText()));
    } else {
        flushMask();
        m_judge.finish();
        const StreamVerdict verdict = success && m_shape.route.generation && m_decoder.supported() &&
                !m_decoder.stopped() && m_reply->head().framing != Framing::None
            ? m_judge.verdict()
            : StreamVerdict::Success;
        m_complete = verdict != StreamVerdict::Truncated;
        if (verdict == StreamVerdict::Success) {
            conclude(m_verdict.outcome, m_verdict.reason, {});
        } else {
            if (m_proven)
                provider().reportLateFailure();
            conclude(Outcome::Failure, QString::fromLatin1(toString(verdict)),
                     phrase(verdict == StreamVerdict::Truncated
                                ? QStringLiteral("the stream ended without its final event")
                                : QStringLiteral("the answer ended with an error")));
        }
        if (!m_judge.objectId().isEmpty())
            m_context.objectOwners.remember(m_judge.objectId(), provider().config().name);
    }
    m_listener.attemptEnded(this);
}

void Attempt::settle()
{
    if (m_phase != Phase::Rejected || !m_refusedByStatus)
        return;
    m_settleTimer.stop();
    const ResponseHead &head = m_reply->head();
    const QByteArray text = decodeBody(head.headers.value("content-encoding"), m_errorAnswer).value_or(QByteArray());
    m_verdict = judgeStatus(head.status, m_ownKey, isQuotaExhausted(m_shape.route.dialect, head.status, text));
    if (m_verdict.credential == CredentialSignal::Refused)
        provider().noteCredential(CredentialSignal::Refused, head.status);
    m_reply->setReceiver(nullptr);
    if (!m_reply->isFinished())
        m_reply->abort();
    const QString excerpt = QString::fromUtf8(printableExcerpt(m_mask.masked(text), 200));
    conclude(m_verdict.outcome, m_verdict.reason,
             QStringLiteral("%1 answered %2%3")
                 .arg(provider().config().name, QString::number(head.status),
                      excerpt.isEmpty() ? excerpt : QLatin1String(": ") % excerpt));
    m_listener.attemptEnded(this);
}

void Attempt::cancel(const QString &why)
{
    if (m_phase == Phase::Ended || !m_reply)
        return;
    m_reply->setReceiver(nullptr);
    if (m_refusedByStatus) {
        settle();
        return;
    }
    conclude(Outcome::Ignored, QStringLiteral("cancelled"), why);
    m_reply->abort();
}

bool Attempt::isSlow(std::int64_t nowMs) const
{
    if (m_context.standstill.isSince(m_startedMs, nowMs))
        return false; // ours is not the provider's slowness
    const Timeouts &timeouts = provider().config().timeouts;
    const auto sinceStart = std::chrono::milliseconds(nowMs - m_startedMs);
    if (!m_shape.stream)
        return m_shape.route.generation && sinceStart > timeouts.slowTotalMs;
    const PhaseTimings::Moment first = m_reply->timings().firstBodyByte;
    return first ? *first > timeouts.slowStreamMs : sinceStart > timeouts.slowStreamMs;
}

void Attempt::checkOverdue()
{
    if (m_phase == Phase::Ended || !m_selection.token.isPending())
        return;
    const std::int64_t nowMs = m_context.clock.nowMs();
    if (isSlow(nowMs))
        provider().breaker().markOverdue(m_selection.token, nowMs);
}

std::optional<double> Attempt::latencyMs(std::int64_t nowMs) const
{
    using Millis = std::chrono::duration<double, std::milli>;
    if (!m_shape.route.generation || m_context.standstill.isSince(m_startedMs, nowMs))
        return std::nullopt;
    const PhaseTimings &timings = m_reply->timings();
    const PhaseTimings::Moment moment = m_shape.stream ? timings.firstBodyByte : timings.lastByte;
    return moment ? std::optional(Millis(*moment).count()) : std::nullopt;
}

void Attempt::noteTimings(std::int64_t nowMs)
{
    const auto moment = [](const PhaseTimings::Moment &at) { return at ? micros(*at) : AttemptPhases::none; };
    const PhaseTimings &timings = m_reply->timings();
    m_event.phases = { moment(timings.queue),         moment(timings.dns),     moment(timings.connect),
                       moment(timings.tls),           moment(timings.sent),    moment(timings.firstByte),
                       moment(timings.firstBodyByte), moment(timings.lastByte) };
    m_event.firstByte = micros(timings.firstByte.value_or(std::chrono::nanoseconds(0)));
    m_event.total = timings.lastByte ? micros(*timings.lastByte)
                                     : std::chrono::microseconds(std::chrono::milliseconds(nowMs - m_startedMs));
    m_event.bytesSent = m_reply->bytesSent();
    m_event.bytesReceived = m_reply->bodyBytesReceived();
    m_event.usage = m_judge.usage().usage();
    m_event.servedModel = m_judge.usage().servedModel();
}

RequestEvent::StreamEnd Attempt::howStreamEnded(const QString &reason) const
{
    using StreamEnd = RequestEvent::StreamEnd;
    if (!m_judge.isEventStream())
        return StreamEnd::NoStream;
    if (m_judge.errorSeen())
        return StreamEnd::ErrorEvent;
    if (m_complete || m_judge.terminalSeen())
        return StreamEnd::Completed;
    if (reason == QLatin1String("cancelled"))
        return StreamEnd::ClientGone;
    return isTimeout(m_reply->transportError()) ? StreamEnd::Stalled : StreamEnd::Truncated;
}

StreamGaps Attempt::gaps() const
{
    return { static_cast<std::uint32_t>(m_gaps.events()), m_gaps.quantile(0.5), m_gaps.quantile(0.99),
             m_gaps.longest() };
}

void Attempt::conclude(Outcome outcome, const QString &reason, const QString &detail)
{
    const std::int64_t nowMs = m_context.clock.nowMs();
    AttemptResult result;
    result.outcome = outcome;
    result.latencyClass = m_shape.stream ? LatencyClass::FirstByte : LatencyClass::Total;
    result.reason = detail;
    result.slow = isSlow(nowMs);
    if (outcome == Outcome::Success)
        result.latencyMs = latencyMs(nowMs);
    if (m_reply->hasHead() && m_reply->head().status >= 400)
        result.retryAfterMs = retryAfterMs(m_reply->head().headers, m_errorAnswer, QDateTime::currentDateTimeUtc());
    m_phase = Phase::Ended;
    m_event.outcome = outcome;
    m_event.reason = reason;
    m_event.detail = detail;
    noteTimings(nowMs);
    m_streamEnd = howStreamEnded(reason);
    provider().attemptEnded(m_selection.token, result);
}

} // namespace signalbox
