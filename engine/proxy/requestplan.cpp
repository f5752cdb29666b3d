// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxy/requestplan.h"

#include "engine/dialect/headers.h"
#include "engine/proxy/proxycontext.h"

#include <algorithm>
#include <limits>

namespace signalbox {

namespace {

constexpr std::size_t firstLook = 8; ///< candidates that a request begins with

} // namespace

RequestPlan::RequestPlan(ProxyContext &context, const Config &config, const RequestShape &shape,
                         const HeaderList &client)
    : m_context(context), m_config(config), m_shape(shape), m_client(client)
{
}

void RequestPlan::prepare()
{
    const Route &route = m_shape.route;
    const bool hasOwner = route.serverObject || m_shape.facts.hasPreviousResponse;
    m_bound = m_bound || hasOwner;
    Plan plan = m_context.registry.plan(route.dialect, m_shape.facts.model, route.pinnedProvider,
                                        m_bound ? std::numeric_limits<std::size_t>::max() : firstLook);
    m_candidates = std::move(plan.candidates);
    m_unsuited = std::move(plan.unsuited);
    m_unseen = plan.unseen;
    note(m_candidates);
    dropUnusable(m_candidates);
    if (hasOwner)
        preferOwner();
    if (m_bound && m_candidates.size() > 1)
        m_candidates.resize(1);
}

void RequestPlan::preferOwner()
{
    const Route &route = m_shape.route;
    const QString owner =
        m_context.objectOwners.ownerOf(route.objectId.isEmpty() ? m_shape.facts.previousResponseId : route.objectId);
    std::stable_partition(m_candidates.begin(), m_candidates.end(),
                          [&](const Candidate &candidate) { return candidate.provider->config().name == owner; });
}

/// Those that a request does not begin with, behind what is left of the others.
void RequestPlan::lookAtRest()
{
    if (m_unseen == 0)
        return;
    const Route &route = m_shape.route;
    Plan plan = m_context.registry.plan(route.dialect, m_shape.facts.model, route.pinnedProvider);
    std::erase_if(plan.candidates, [this](const Candidate &candidate) {
        return std::any_of(m_considered.begin(), m_considered.end(), [&](const TraceCandidate &earlier) {
            return earlier.provider == candidate.provider->config().name;
        });
    });
    m_unsuited = std::move(plan.unsuited);
    m_unseen = 0;
    note(plan.candidates);
    dropUnusable(plan.candidates);
    std::move(plan.candidates.begin(), plan.candidates.end(), std::back_inserter(m_candidates));
}

void RequestPlan::note(const std::vector<Candidate> &candidates)
{
    m_considered.reserve(m_considered.size() + candidates.size());
    for (const Candidate &candidate : candidates) {
        Provider &provider = *candidate.provider;
        m_considered.push_back(
            { provider.config().name, candidate.mappedModel, static_cast<float>(provider.score().result.score) });
    }
}

/// A pass-through provider could only answer 401.
bool RequestPlan::lacksCredential(const ProviderConfig &provider) const
{
    return provider.key.kind == KeySource::Kind::Passthrough && m_config.proxy.token &&
        !hasOwnCredential(m_client, m_shape.route, m_config.proxy.token);
}

void RequestPlan::dropUnusable(std::vector<Candidate> &candidates)
{
    std::erase_if(candidates, [this](const Candidate &candidate) {
        const ProviderConfig &config = candidate.provider->config();
        if (candidate.provider->keyMissing())
            skip(config.name,
                 candidate.provider->keyPending() ? QStringLiteral("key_pending") : QStringLiteral("key_missing"),
                 candidate.provider->keyProblem());
        else if (m_context.pointsAtUs(config.baseUrl))
            skip(config.name, QStringLiteral("loop"), QStringLiteral("its baseUrl is this proxy itself"));
        else if (lacksCredential(config))
            skip(config.name, QStringLiteral("credential_missing"),
                 QStringLiteral("it takes the tool's own credential, and the only one here is Signalbox's token: send "
                                "that as x-signalbox-token or in the path as /t/TOKEN/"));
        else
            return false;
        return true;
    });
}

bool RequestPlan::anyLeft()
{
    if (m_candidates.empty())
        lookAtRest();
    return !m_candidates.empty();
}

std::optional<Selection> RequestPlan::next(SelectionRefusal &refusal)
{
    std::optional<Selection> selection;
    if (m_unseen > 0) {
        selection = m_context.registry.selectReady(m_candidates);
        if (!selection)
            lookAtRest();
    }
    if (!selection)
        selection = m_context.registry.select(m_candidates, refusal);
    if (selection) {
        selection->skipped.insert(selection->skipped.begin(), m_notAsked.begin(), m_notAsked.end());
        m_notAsked.clear();
    }
    return selection;
}

void RequestPlan::skip(const QString &provider, const QString &reason, const QString &detail)
{
    m_skipped << provider % QLatin1String(": ") % detail;
    m_notAsked.push_back({ provider, reason });
}

std::size_t RequestPlan::skippedFor(QLatin1String reason) const
{
    const auto count = std::count_if(m_notAsked.begin(), m_notAsked.end(),
                                     [&](const SkippedProvider &skipped) { return skipped.reason == reason; });
    return static_cast<std::size_t>(count);
}

/// "asked", "not_needed", or why not.
QString RequestPlan::fateOf(const TraceCandidate &candidate, const RequestEvent &event) const
{
    const auto named = [&](const auto &entry) { return entry.provider == candidate.provider; };
    if (std::any_of(event.attempts.begin(), event.attempts.end(), named))
        return QStringLiteral("asked");
    for (const AttemptEvent &attempt : event.attempts) {
        const auto skipped = std::find_if(attempt.skipped.begin(), attempt.skipped.end(), named);
        if (skipped != attempt.skipped.end())
            return skipped->reason;
    }
    const auto notAsked = std::find_if(m_notAsked.begin(), m_notAsked.end(), named);
    if (notAsked != m_notAsked.end())
        return notAsked->reason;
    return event.attempts.empty() ? QStringLiteral("refused") : QStringLiteral("not_needed");
}

void RequestPlan::write(TraceWriter &writer, const RequestEvent &event) const
{
    writer.count(m_considered.size() + m_unsuited.size());
    for (const TraceCandidate &candidate : m_considered)
        writer.candidate(candidate, fateOf(candidate, event));
    for (const SkippedProvider &unsuited : m_unsuited)
        writer.candidate({ unsuited.provider, {}, 0 }, unsuited.reason);
    writer.count(m_unseen);
}

} // namespace signalbox
