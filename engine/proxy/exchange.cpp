// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/exchange.h"

#include "engine/base/bytes.h"
#include "engine/base/bytewriter.h"
#include "engine/dialect/clientkind.h"
#include "engine/dialect/errors.h"
#include "engine/dialect/headers.h"
#include "engine/proxy/proxycontext.h"

#include <QRandomGenerator>

#include <QTimer>

#include <algorithm>

namespace signalbox {

namespace {

QByteArray newRequestId()
{
    constexpr qsizetype longestId = 4 + 13;
    QByteArray id;
    ByteWriter out(id, longestId);
    (out << "req_").number(QRandomGenerator::global()->generate64(), 36);
    out.finish();
    return id;
}

bool isSafe(const QByteArray &method)
{
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

} // namespace

void answerLocalError(ResponseSink &sink, const Route &route, int status, QByteArrayView code, const QString &message,
                      HeaderList extra)
{
    extra.append("content-type", "application/json");
    sink.answer(status, std::move(extra), errorBody(route.dialect, status, code, message));
}

Exchange::Exchange(ProxyContext &context, ResponseSink &sink, RequestHead head, Route route, QObject *parent)
    : RequestHandler(parent), m_context(context), m_sink(sink), m_config(context.config), m_head(std::move(head)),
      m_plan(context, *m_config, m_shape, m_head.headers), m_begun(context.clock.now())
{
    m_shape.route = std::move(route);
    m_event.id = newRequestId();
    m_event.at = QDateTime::currentDateTimeUtc();
    m_event.method = m_head.method;
    m_event.path = m_shape.route.logPath;
    m_event.monotonic = m_begun;
    m_event.dialect = m_shape.route.dialect;
    m_event.endpoint = ofStatic(toString(m_shape.route.endpoint));
    m_event.userAgent = clientKind(m_head.headers);
    m_event.session = sessionKey(m_head.headers);
    ++m_context.totals.requests;
    ++m_context.inFlight;
    m_place = m_context.exchanges.insert(m_context.exchanges.begin(), this);
}

Exchange::~Exchange()
{
    if (!m_done)
        clientGone();
}

bool Exchange::mayBuffer(qint64 bytes)
{
    if (m_context.reserveBody(bytes)) {
        m_reserved += bytes;
        return true;
    }
    answerError(
        503, "overloaded",
        QStringLiteral("The request bodies in flight together exceed limits.allBodiesBytes; try again shortly."),
        { { "retry-after", "1" } });
    return false;
}

bool Exchange::appendBody(QByteArrayView bytes)
{
    if (m_done)
        return false;
    m_event.bytesFromClient += bytes.size();
    if (m_upload) {
        m_upload->append(bytes);
        return true;
    }
    const qint64 expected = std::max<qint64>(m_head.contentLength, m_body.size() + bytes.size());
    if (expected > m_config->limits.bodyBytes) {
        if (m_shape.route.generation) {
            answerError(413, "request_too_large",
                        QStringLiteral("The request body exceeds the limit of %1 bytes (limits.bodyBytes).")
                            .arg(m_config->limits.bodyBytes),
                        {}, true);
            return false;
        }
        startUpload();
        if (m_done || !m_upload)
            return false;
        m_upload->append(bytes);
        return true;
    }
    if (!mayBuffer(bytes.size()))
        return false;
    if (m_body.isEmpty() && m_head.contentLength > bytes.size())
        m_body.reserve(m_head.contentLength);
    appendBytes(m_body, bytes);
    return true;
}

/// A body too large to keep goes by unbuffered, to one provider.
void Exchange::startUpload()
{
    m_upload = new UploadDevice([this](bool wanted) { m_sink.wantRequestBody(wanted); }, this);
    if (!m_body.isEmpty())
        m_upload->append(std::exchange(m_body, {}));
    m_plan.bind();
    dispatch();
}

void Exchange::bodyComplete()
{
    if (m_done)
        return;
    if (m_upload)
        m_upload->finish();
    else
        dispatch();
}

void Exchange::readFacts()
{
    Route &route = m_shape.route;
    if (!m_body.isEmpty()) {
        const QByteArray coding = m_head.headers.value("content-encoding");
        const QByteArray type = m_head.headers.value("content-type");
        const std::optional<QByteArray> plain = coding.isEmpty() ? m_body : decodeBody(coding, m_body);
        if (plain)
            m_shape.facts = scanBody(type, *plain).value_or(RequestFacts {});
    }
    if (m_shape.facts.model.isEmpty())
        m_shape.facts.model = route.modelFromPath;
    m_shape.stream = m_shape.facts.stream || route.streamFromPath;
    m_event.model = m_shape.facts.model;
    m_event.stream = m_shape.stream;
}

/// Providers are configured, but none of them may be asked.
void Exchange::answerNoneUsable()
{
    const QString message =
        QStringLiteral("No provider can be used. %1").arg(m_plan.skipped().join(QLatin1String("; ")));
    if (m_plan.skippedFor(QLatin1String("key_pending")) > 0)
        answerError(503, "no_provider", message, { { "retry-after", "1" } });
    else if (m_plan.skippedFor(QLatin1String("credential_missing")) ==
             static_cast<std::size_t>(m_plan.skipped().size()))
        answerError(401, "credential_missing", message, { { "www-authenticate", "Bearer" } }, true);
    else
        answerError(503, "no_provider", message, {}, true);
}

void Exchange::dispatch()
{
    if (m_dispatched)
        return;
    m_dispatched = true;
    m_oursSince = m_context.clock.now();
    readFacts();
    m_plan.prepare();
    if (m_plan.anyLeft())
        return tryNext();
    const QString dialect = QString::fromLatin1(toString(m_shape.route.dialect));
    if (!m_plan.skipped().isEmpty())
        answerNoneUsable();
    else if (!m_shape.route.pinnedProvider.isEmpty())
        answerError(404, "no_provider",
                    QStringLiteral("No enabled provider is named '%1'.").arg(m_shape.route.pinnedProvider), {}, true);
    else if (!m_context.registry.anyFor(m_shape.route.dialect))
        answerError(503, "no_provider", QStringLiteral("No provider with dialect '%1' is configured.").arg(dialect), {},
                    true);
    else if (m_context.registry.plan(m_shape.route.dialect, {}, {}, 1).candidates.empty())
        answerError(503, "no_provider",
                    QStringLiteral("Every provider with dialect '%1' is disabled or draining.").arg(dialect));
    else
        answerError(
            404, "model_not_found",
            QStringLiteral("No provider with dialect '%1' serves the model '%2' (see \"models\" in the configuration).")
                .arg(dialect, QString::fromUtf8(m_shape.facts.model)),
            {}, true);
}

std::chrono::microseconds Exchange::sinceBegun() const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(m_context.clock.now() - m_begun);
}

std::chrono::milliseconds Exchange::timeLeft(std::chrono::nanoseconds now) const
{
    const std::int64_t begunMs = std::chrono::duration_cast<std::chrono::milliseconds>(m_begun).count();
    const std::int64_t nowMs = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const std::int64_t spentMs = nowMs - std::max(begunMs, m_context.standstill.endedMs(nowMs));
    return std::max(std::chrono::milliseconds(1), m_config->timeouts.totalMs - std::chrono::milliseconds(spentMs));
}

void Exchange::tryNext()
{
    if (m_done)
        return;
    if (!m_attempts.empty() || m_waited)
        m_oursSince = m_context.clock.now();
    while (m_plan.anyLeft()) {
        SelectionRefusal refusal;
        std::optional<Selection> selection = m_plan.next(refusal);
        if (!selection) {
            m_retryAfterMs = refusal.retryAfterMs;
            if (waitForShortRefusal())
                return;
            break;
        }
        if (startAttempt(std::move(*selection)) || m_done)
            return;
    }
    failAll();
}

/// Nobody takes it, but somebody will in a moment: cheaper for everyone than the client's own retry.
bool Exchange::waitForShortRefusal()
{
    constexpr std::int64_t longestWaitMs = 1500;
    if (m_waited || !m_attempts.empty() || !m_retryAfterMs || *m_retryAfterMs > longestWaitMs)
        return false;
    m_waited = true;
    QTimer::singleShot(std::chrono::milliseconds(*m_retryAfterMs + 1), this, &Exchange::tryNext);
    return true;
}

QByteArray Exchange::bodyFor(const Candidate &candidate, HeaderList &headers) const
{
    if (candidate.mappedModel.isEmpty() || m_shape.facts.modelValue.size == 0)
        return m_body;
    const QByteArray coding = m_head.headers.value("content-encoding");
    if (coding.isEmpty())
        return replaceModel(m_body, m_shape.facts, candidate.mappedModel);
    headers.remove("content-encoding");
    return replaceModel(decodeBody(coding, m_body).value_or(m_body), m_shape.facts, candidate.mappedModel);
}

/// True if it does not come from the client that the stream ends with its usage.
bool Exchange::askForUsage(const ProviderConfig &provider, UpstreamRequest &request) const
{
    if (!provider.includeUsage || !m_shape.stream || m_shape.route.endpoint != Endpoint::ChatCompletions ||
        m_shape.facts.includeUsage || m_shape.facts.multipart || request.headers.contains("content-encoding"))
        return false;
    std::optional<QByteArray> body = withIncludeUsage(request.body);
    if (!body)
        return false;
    request.body = std::move(*body);
    request.headers.set("accept-encoding", "identity"); // what is compressed cannot be taken out
    return true;
}

bool Exchange::startAttempt(Selection selection)
{
    const Candidate &candidate = selection.candidate;
    const ProviderConfig &config = candidate.provider->config();
    const UpstreamContext context = m_context.upstreamContext(*candidate.provider);
    Result<HeaderList> headers = upstreamHeaders(m_head.headers, m_shape.route, context);
    if (!headers) {
        m_plan.skip(config.name, QStringLiteral("bad_header"), headers.error().reason);
        return false;
    }
    UpstreamRequest request;
    request.origin = m_context.originOf(*candidate.provider);
    request.method = m_head.method;
    request.target = upstreamTarget(config.baseUrl, m_shape.route, candidate.mappedModel);
    request.headers = std::move(headers.value());
    if (m_upload) {
        request.bodyDevice = m_upload;
        request.bodySize = m_head.contentLength;
    } else {
        request.body = bodyFor(candidate, request.headers);
    }
    const bool hidesUsage = askForUsage(config, request);
    const std::chrono::nanoseconds now = m_context.clock.now();
    request.timeouts.total = timeLeft(now);
    const bool ownKey = !context.auth.passthrough;
    AttemptListener &listener = *this;
    auto attempt = std::make_unique<Attempt>(m_context, m_shape, std::move(selection), listener, now);
    m_current = attempt.get();
    if (hidesUsage)
        m_current->hideUsage();
    m_attempts.push_back(std::move(attempt));
    m_current->start(std::move(request), ownKey, m_begun, whyChosen());
    m_event.overhead += std::chrono::duration_cast<std::chrono::microseconds>(m_context.clock.now() - m_oursSince);
    return true;
}

QString Exchange::whyChosen() const
{
    if (!m_shape.route.pinnedProvider.isEmpty())
        return QStringLiteral("pinned");
    if (m_plan.isBound())
        return QStringLiteral("bound");
    if (m_attempts.size() > 1)
        return QStringLiteral("failover");
    return QString::fromLatin1(toString(m_context.registry.strategy()));
}

void Exchange::appendMarkers(HeaderList &headers, const Attempt *answering) const
{
    if (answering)
        headers.append(QByteArrayLiteral("x-signalbox-provider"), answering->provider().config().name.toUtf8());
    const QByteArray attempts =
        m_attempts.size() == 1 ? QByteArrayLiteral("1") : QByteArray::number(static_cast<int>(m_attempts.size()));
    headers.append(QByteArrayLiteral("x-signalbox-attempts"), attempts);
    headers.append(QByteArrayLiteral("x-signalbox-request-id"), m_event.id);
}

void Exchange::attemptAccepted()
{
    const auto begun = m_context.clock.now();
    Result<HeaderList> headers = m_current->headersForClient();
    if (!headers) {
        m_current->cancel(headers.error().reason);
        return answerError(502, "malformed_answer",
                           QStringLiteral("The provider's answer cannot be passed on: %1").arg(headers.error().reason));
    }
    HeaderList out = std::move(headers.value());
    appendMarkers(out, m_current);
    m_status = m_current->head().status;
    qint64 length = m_current->head().contentLength;
    if (m_current->head().framing == Framing::None && m_head.method != "HEAD")
        length = 0;
    if (m_current->shortensBody()) {
        length = -1;
        out.remove("content-length");
    }
    m_sink.writeHead(m_status, out, length);
    const ProviderConfig &config = m_current->provider().config();
    m_event.provider = config.name;
    m_captureBytes = config.capture.enabled ? config.capture.capBytes + captureMargin : 0;
    m_event.overhead += std::chrono::duration_cast<std::chrono::microseconds>(m_context.clock.now() - begun);
}

void Exchange::attemptHasBody()
{
    const QByteArray bytes = m_current->takeBody();
    if (m_event.bytesToClient == 0)
        m_event.firstByte = sinceBegun();
    m_event.bytesToClient += bytes.size();
    if (m_captureBytes > 0)
        captureAnswer(bytes);
    m_sink.writeBody(bytes);
    if (m_current->isReceiving())
        m_sink.flush();
    if (m_sink.isCongested() && m_current)
        m_current->setPaused(true);
}

void Exchange::resume()
{
    if (m_current)
        m_current->setPaused(false);
}

void Exchange::tick()
{
    for (const auto &attempt : m_attempts)
        attempt->checkOverdue();
}

void Exchange::attemptEnded(Attempt *attempt)
{
    if (m_done || attempt != m_current)
        return;
    if (attempt->isAccepted() || m_sink.headWritten())
        onAcceptedEnded();
    else if (attempt->hasErrorAnswer())
        failAll();
}

void Exchange::onAcceptedEnded()
{
    if (m_current->isComplete()) {
        m_done = true;
        m_sink.finishBody();
        return finish(m_current->record().outcome == Outcome::Failure ? RequestEvent::End::Failed
                                                                      : RequestEvent::End::Completed);
    }
    if (m_current->isPlainEventStream()) {
        m_sink.writeBody(streamErrorEvent(
            m_shape.route.dialect, m_shape.route.endpoint,
            QStringLiteral("The stream broke (%1). %2").arg(m_current->record().reason, m_current->record().detail),
            m_event.id));
    }
    m_done = true;
    m_sink.cutBody();
    finish(RequestEvent::End::Truncated);
}

bool Exchange::mayFailOver(const Attempt &attempt)
{
    if (m_plan.isBound() || timeLeft(m_context.clock.now()) <= std::chrono::milliseconds(1) ||
        !attempt.verdict().failover || !m_plan.anyLeft())
        return false;
    if (isSafe(m_head.method) || attempt.provablyUnsent())
        return true;
    return m_shape.route.generation && m_config->proxy.failoverAfterSend;
}

void Exchange::attemptRejected(Attempt *attempt)
{
    if (m_done || attempt != m_current)
        return;
    const bool ended = attempt->hasEnded();
    if (mayFailOver(*attempt)) {
        ++m_context.failovers[attempt->verdict().reason];
        if (attempt->record().possiblyBilled)
            ++m_context.totals.possiblyBilledTwice;
        return tryNext();
    }
    // A refusal by status has an answer that is still coming: attemptEnded() goes on.
    if (ended)
        failAll();
}

/// Which of the failures tells the client most.
int Exchange::usefulness(const Attempt &attempt)
{
    const int status = attempt.record().status;
    if (!attempt.hasErrorAnswer())
        return status >= 200 ? 3 : 1;
    if (status == 401 || status == 402 || status == 403)
        return 2;
    return status == 429 ? 5 : 4;
}

void Exchange::failAll()
{
    // With nobody left to ask, an answer that is still coming is worth waiting for.
    if (m_current && m_current->hasErrorAnswer() && !m_current->hasEnded())
        return;
    const Attempt *best = nullptr;
    for (const auto &attempt : m_attempts) {
        if (!best || usefulness(*attempt) > usefulness(*best))
            best = attempt.get();
    }
    if (!best) {
        HeaderList extra;
        if (m_retryAfterMs)
            extra.append("retry-after", QByteArray::number((*m_retryAfterMs + 999) / 1000));
        const QString why = m_plan.skipped().isEmpty() ? QStringLiteral("every breaker is open or throttled")
                                                       : m_plan.skipped().join(QLatin1String("; "));
        return answerError(503, "all_providers_refused", QStringLiteral("No provider takes requests now: %1.").arg(why),
                           extra);
    }
    if (best->hasErrorAnswer())
        return passOn(*best);
    const int status = best->verdict().clientStatus;
    answerError(
        status == 0 ? 502 : status, best->record().reason.toLatin1(),
        QStringLiteral("%1 (%2)").arg(best->record().detail, QString(best->record().reason).replace(u'_', u' ')));
}

void Exchange::passOn(const Attempt &attempt)
{
    const Result<HeaderList> headers = attempt.headersForClient();
    const std::optional<Attempt::ErrorAnswer> answer = attempt.errorAnswer();
    const int status = attempt.head().status;
    const bool json = startsWithIgnoringCase(attempt.head().headers.value("content-type"), "application/json") &&
        answer && !answer->body.isEmpty();
    HeaderList out = headers ? headers.value() : HeaderList();
    out.remove("content-length");
    if (attempt.verdict().credential == CredentialSignal::Refused || status == 403)
        out.set("x-should-retry", "false");
    m_status = status;
    m_event.provider = attempt.provider().config().name;
    appendMarkers(out, &attempt);
    const bool asItIs = headers && answer && (json || !attempt.verdict().failover || m_head.method == "HEAD");
    if (!asItIs || answer->decoded)
        out.remove("content-encoding");
    if (!asItIs)
        out.set("content-type", "application/json");
    const QByteArray body = asItIs ? answer->body
                                   : errorBody(m_shape.route.dialect, status, attempt.record().reason.toLatin1(),
                                               attempt.record().detail, m_event.id);
    m_event.bytesToClient += body.size();
    m_done = true;
    m_sink.answer(status, std::move(out), body);
    finish(attempt.verdict().failover ? RequestEvent::End::Failed : RequestEvent::End::Completed);
}

void Exchange::sendError(int status, QByteArrayView code, const QString &message, HeaderList extra,
                         bool retryCannotHelp)
{
    m_status = status;
    extra.append("content-type", "application/json");
    if (retryCannotHelp)
        extra.append("x-should-retry", "false");
    appendMarkers(extra, m_current);
    m_done = true;
    m_sink.answer(status, std::move(extra), errorBody(m_shape.route.dialect, status, code, message, m_event.id));
}

void Exchange::answerError(int status, QByteArrayView code, const QString &message, HeaderList extra,
                           bool retryCannotHelp)
{
    sendError(status, code, message, std::move(extra), retryCannotHelp);
    finish(m_attempts.empty() ? RequestEvent::End::LocalAnswer : RequestEvent::End::Failed);
}

/// Ends whatever the client has got so far in a way that it cannot take for a whole answer. True: with an answer of our
/// own.
bool Exchange::endVisibly(QByteArrayView code, const QString &why, bool retryCannotHelp)
{
    if (!m_sink.headWritten()) {
        sendError(503, code, why, {}, retryCannotHelp);
        return true;
    }
    if (m_current && m_current->isPlainEventStream())
        m_sink.writeBody(streamErrorEvent(m_shape.route.dialect, m_shape.route.endpoint, why, m_event.id));
    m_done = true;
    m_sink.cutBody();
    return false;
}

void Exchange::interrupt()
{
    using End = RequestEvent::End;
    if (m_done)
        return;
    const bool answered = endVisibly("shutting_down", QStringLiteral("Signalbox is shutting down."), false);
    finish(!answered ? End::Truncated : m_attempts.empty() ? End::LocalAnswer : End::Failed);
}

void Exchange::cancel()
{
    if (m_done)
        return;
    endVisibly("cancelled", QStringLiteral("An operator of Signalbox cancelled this request."), true);
    for (const auto &attempt : m_attempts)
        attempt->cancel(QStringLiteral("an operator cancelled the request"));
    finish(RequestEvent::End::Cancelled);
}

void Exchange::clientGone()
{
    if (m_done)
        return;
    for (const auto &attempt : m_attempts)
        attempt->cancel(QStringLiteral("the client hung up"));
    finish(RequestEvent::End::ClientGone);
}

void Exchange::noteStream(const Attempt &attempt, RequestEvent::End end)
{
    using StreamEnd = RequestEvent::StreamEnd;
    m_event.streamEnd = attempt.streamEnd();
    if (m_event.streamEnd == StreamEnd::NoStream)
        return;
    if (end == RequestEvent::End::ClientGone)
        m_event.streamEnd = StreamEnd::ClientGone;
    else if (end == RequestEvent::End::Cancelled)
        m_event.streamEnd = StreamEnd::Cancelled;
    m_event.gaps = attempt.gaps();
}

void Exchange::finish(RequestEvent::End end)
{
    m_done = true;
    m_event.attempts.reserve(m_attempts.size());
    for (const auto &attempt : m_attempts) {
        attempt->cancel(QStringLiteral("the request ended"));
        m_event.attempts.push_back(attempt->takeRecord());
    }
    if (!m_attempts.empty() && m_attempts.back()->isAnswering())
        noteStream(*m_attempts.back(), end);
    m_current = nullptr;
    m_context.releaseBody(std::exchange(m_reserved, 0));
    --m_context.inFlight;
    m_context.exchanges.erase(m_place);
    m_event.end = end;
    m_event.status = m_status;
    m_event.total = sinceBegun();
    const QByteArray id = m_event.id;
    handOverCaptures(m_context.finish(std::move(m_event), trace()), id);
    m_sink.handlerDone();
}

void Exchange::captureAnswer(QByteArrayView bytes)
{
    const qsizetype room = m_captureBytes - m_captured.size();
    m_captureCut = m_captureCut || bytes.size() > room;
    m_captured.append(bytes.first(std::min(bytes.size(), room)));
}

/// The client's body once, and what each captured provider answered.
void Exchange::handOverCaptures(std::uint64_t sequence, const QByteArray &id)
{
    using Kind = CapturedContent::Kind;
    bool requestKept = false;
    for (const auto &attempt : m_attempts) {
        const ProviderConfig &config = attempt->provider().config();
        if (!config.capture.enabled || !m_context.captured)
            continue;
        if (!std::exchange(requestKept, true)) {
            const qsizetype kept = std::min<qsizetype>(m_body.size(), config.capture.capBytes + captureMargin);
            m_context.captured({ sequence, id, config.name, Kind::Request, m_head.headers.value("content-encoding"),
                                 m_body.first(kept), kept == m_body.size() && !m_upload });
        }
        const QByteArray coding = attempt->head().headers.value("content-encoding");
        if (attempt->isAnswering()) {
            m_context.captured({ sequence, id, config.name, Kind::Answer, coding, m_captured, !m_captureCut });
        } else if (const auto error = attempt->errorAnswer()) {
            m_context.captured(
                { sequence, id, config.name, Kind::Answer, error->decoded ? QByteArray() : coding, error->body, true });
        }
    }
}

InFlightRequest::Phase Exchange::phase() const
{
    using Phase = InFlightRequest::Phase;
    if (!m_dispatched)
        return Phase::Receiving;
    if (!m_current || m_current->hasEnded())
        return Phase::Waiting;
    if (m_current->isAccepted())
        return Phase::Streaming;
    return m_current->isSent() ? Phase::FirstByte : Phase::Connecting;
}

InFlightRequest Exchange::inFlight() const
{
    InFlightRequest request;
    request.id = m_event.id;
    request.at = m_event.at;
    request.elapsed = std::chrono::duration_cast<Milliseconds>(sinceBegun());
    request.userAgent = m_event.userAgent;
    request.session = m_event.session;
    request.method = m_event.method;
    request.path = m_event.path;
    request.dialect = m_event.dialect;
    request.model = m_event.model;
    request.stream = m_event.stream;
    if (m_current)
        request.provider = m_current->provider().config().name;
    request.attempt = static_cast<int>(m_attempts.size());
    request.phase = phase();
    request.bytesFromClient = m_event.bytesFromClient;
    request.bytesToClient = m_event.bytesToClient;
    return request;
}

/// Everything about it that is not in its event, packed; valid until the next request ends.
QByteArrayView Exchange::trace() const
{
    TraceWriter writer(m_context.trace);
    writer.begin(m_head.target, m_head.headers);
    m_plan.write(writer, m_event);
    writer.count(m_attempts.size());
    const EventLog *events = nullptr;
    for (const auto &attempt : m_attempts) {
        const ResponseHead &head = attempt->head();
        writer.attempt(attempt->provider().config().name, attempt->sent().target, attempt->sent().headers, head.status,
                       head.headers);
        if (attempt->isAnswering())
            events = &attempt->streamEvents();
    }
    return writer.end(events);
}

std::vector<InFlightRequest> inFlightRequests(const ProxyContext &context, std::size_t limit)
{
    std::vector<InFlightRequest> requests;
    requests.reserve(std::min(context.exchanges.size(), limit));
    for (const Exchange *exchange : context.exchanges) {
        if (requests.size() == limit)
            break;
        requests.push_back(exchange->inFlight());
    }
    return requests;
}

Exchange *findExchange(const ProxyContext &context, const QByteArray &id)
{
    const auto found = std::find_if(context.exchanges.begin(), context.exchanges.end(),
                                    [&](const Exchange *exchange) { return exchange->id() == id; });
    return found == context.exchanges.end() ? nullptr : *found;
}

} // namespace signalbox
