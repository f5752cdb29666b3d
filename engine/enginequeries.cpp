// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/enginecore.h"

#include "engine/health/healthscore.h"
#include "engine/provider/modelmap.h"
#include "engine/proxy/exchange.h"

#include <algorithm>

namespace signalbox {

namespace {

void refuse(DryRunCandidate &candidate, const char *reason, const QString &text)
{
    candidate.usable = false;
    candidate.reason = QString::fromLatin1(reason);
    candidate.text = text;
}

/// What the breaker would say to a request, without asking it for admission.
void judgeBreaker(DryRunCandidate &candidate, CircuitBreaker &breaker, std::int64_t nowMs)
{
    const QString wait = QStringLiteral("%1 s").arg((breaker.gateRemainingMs(nowMs) + 999) / 1000);
    if (breaker.mode() == BreakerMode::ForcedOpen)
        return refuse(candidate, "forced_open", QStringLiteral("An operator opened its breaker."));
    if (breaker.mode() != BreakerMode::Auto)
        return;
    if (breaker.isThrottled(nowMs))
        return refuse(candidate, "throttled", QStringLiteral("It asked us to wait; %1 are left.").arg(wait));
    if (breaker.state() == BreakerState::Open)
        return refuse(candidate, "open", QStringLiteral("Its breaker is open for another %1.").arg(wait));
    if (breaker.state() == BreakerState::HalfOpen)
        candidate.text = QStringLiteral("Its breaker is half-open: single requests try whether it is well again.");
    else if (breaker.weight(nowMs) < 1.0)
        candidate.text = QStringLiteral("It has just recovered and gets a growing part of the requests.");
}

DryRunCandidate judge(const ProxyContext &context, Provider &provider, const RouteQuery &query, std::int64_t nowMs)
{
    const ProviderConfig &config = provider.config();
    DryRunCandidate candidate;
    candidate.provider = config.name;
    candidate.usable = true;
    candidate.reason = QStringLiteral("ok");
    candidate.text = QStringLiteral("It would take the request.");
    candidate.score = provider.score().result.score;
    const std::optional<QByteArray> mapped = mapModel(config.models, query.model);
    candidate.mappedModel = mapped.value_or(QByteArray());
    if (!query.pinnedProvider.isEmpty() && query.pinnedProvider != config.name)
        refuse(candidate, "pinned", QStringLiteral("The request names another provider."));
    else if (query.pinnedProvider.isEmpty() && !provider.serves(query.dialect))
        refuse(candidate, "dialect", QStringLiteral("It speaks another dialect."));
    else if (!provider.acceptsRequests())
        refuse(candidate, "disabled", QStringLiteral("It is disabled or draining."));
    else if (!mapped)
        refuse(candidate, "model", QStringLiteral("It does not serve this model (see its models)."));
    else if (provider.keyMissing())
        refuse(candidate, "key_missing", provider.keyProblem());
    else if (context.pointsAtUs(config.baseUrl))
        refuse(candidate, "loop", QStringLiteral("Its baseUrl is this proxy itself."));
    else
        judgeBreaker(candidate, provider.breaker(), nowMs);
    return candidate;
}

} // namespace

FromMemory<EventPage> EngineCore::events(const EventQuery &query) const
{
    return { m_telemetry.recent().events(query), m_telemetry.recent().oldestEvent() };
}

SeriesFromMemory EngineCore::series(const SeriesQuery &query)
{
    return m_telemetry.series().read(query, QDateTime::currentMSecsSinceEpoch());
}

void EngineCore::forgetHistory()
{
    m_traces = {};
    m_telemetry.forget();
}

void EngineCore::historyForgotten(const Status &status)
{
    report(StateEvent::Kind::Recording, {}, {}, {},
           status ? QStringLiteral("An operator deleted everything that was recorded.")
                  : QStringLiteral("What was recorded could not be deleted: %1").arg(status.error().reason));
    publish();
}

Status EngineCore::cancelRequest(const QByteArray &id)
{
    Exchange *exchange = findExchange(m_context, id);
    if (!exchange)
        return Error { QStringLiteral("No request '%1' is in flight (any more).").arg(QString::fromLatin1(id)), {} };
    const InFlightRequest request = exchange->inFlight();
    exchange->cancel();
    report(StateEvent::Kind::Command, request.provider, QString::fromLatin1(toString(request.phase)),
           QStringLiteral("cancelled"),
           QStringLiteral("An operator cancelled the request %1 after %2 s.")
               .arg(QString::fromLatin1(id))
               .arg(static_cast<double>(request.elapsed.count()) / 1000, 0, 'f', 1));
    publish();
    return ok();
}

std::optional<PackedTrace> EngineCore::trace(std::uint64_t sequence) const
{
    const std::optional<QByteArray> bytes = m_traces.find(sequence);
    if (!bytes)
        return std::nullopt;
    return PackedTrace { *bytes, secrets() };
}

std::vector<Secret> EngineCore::secrets() const
{
    std::vector<Secret> all;
    for (const std::shared_ptr<Provider> &provider : m_context.registry.providers())
        all.push_back(provider->key());
    if (m_context.config->proxy.token)
        all.push_back(*m_context.config->proxy.token);
    return all;
}

void EngineCore::keepCapture(CapturedTraffic &&traffic)
{
    const std::shared_ptr<Provider> provider = m_context.registry.find(traffic.provider);
    if (!provider)
        return;
    CapturedBody body;
    body.kind = traffic.kind;
    body.sequence = traffic.sequence;
    body.requestId = std::move(traffic.requestId);
    body.provider = traffic.provider;
    body.coding = std::move(traffic.coding);
    body.body = std::move(traffic.body);
    body.complete = traffic.complete;
    body.limitBytes = provider->config().capture.capBytes;
    body.secrets = secrets();
    m_telemetry.record(std::move(body));
}

DryRun EngineCore::dryRun(const RouteQuery &query)
{
    DryRun run;
    const std::int64_t nowMs = m_clock.nowMs();
    const Plan plan = m_context.registry.plan(query.dialect, query.model, query.pinnedProvider);
    QStringList order;
    for (const Candidate &candidate : plan.candidates)
        order.append(candidate.provider->config().name);
    for (const std::shared_ptr<Provider> &provider : m_context.registry.providers())
        run.candidates.push_back(judge(m_context, *provider, query, nowMs));
    std::stable_sort(run.candidates.begin(), run.candidates.end(),
                     [&](const DryRunCandidate &a, const DryRunCandidate &b) {
                         if (a.usable != b.usable)
                             return a.usable;
                         return a.usable && order.indexOf(a.provider) < order.indexOf(b.provider);
                     });
    if (!run.candidates.empty() && run.candidates.front().usable) {
        run.candidates.front().chosen = true;
        run.summary = QStringLiteral("%1 would be asked first.").arg(run.candidates.front().provider);
    } else {
        run.summary = order.isEmpty()
            ? QStringLiteral("No provider can serve this request.")
            : QStringLiteral("Every provider for it is blocked; as a last resort the one with the shortest wait may be "
                             "asked.");
    }
    return run;
}

} // namespace signalbox
