// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/provider/providerregistry.h"

#include "engine/base/clock.h"
#include "engine/provider/modelmap.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace signalbox {

namespace {
constexpr std::size_t mostUnsuited = 16; ///< noted of those that cannot serve a request
}

ProviderRegistry::ProviderRegistry(const Clock &clock, std::function<double()> uniform)
    : m_clock(clock), m_uniform(std::move(uniform))
{
}

std::shared_ptr<Provider> ProviderRegistry::find(const QString &name) const
{
    const auto found = std::find_if(m_providers.begin(), m_providers.end(),
                                    [&](const auto &provider) { return provider->config().name == name; });
    return found == m_providers.end() ? nullptr : *found;
}

void ProviderRegistry::apply(const std::vector<ProviderConfig> &configs, Strategy strategy)
{
    std::vector<std::shared_ptr<Provider>> providers;
    for (const ProviderConfig &config : configs) {
        std::shared_ptr<Provider> provider = find(config.name);
        if (provider)
            provider->setConfig(config);
        else
            provider = std::make_shared<Provider>(config, m_clock, m_uniform);
        provider->setObserver(m_observer);
        providers.push_back(std::move(provider));
    }
    m_providers = std::move(providers);
    m_strategy = strategy;
    m_leaders.clear();
    m_orders.clear();
    evaluateLeader();
}

bool ProviderRegistry::anyFor(Dialect dialect) const
{
    return std::any_of(m_providers.begin(), m_providers.end(),
                       [&](const auto &provider) { return provider->serves(dialect); });
}

const ProviderRegistry::Providers &ProviderRegistry::orderFor(Dialect dialect) const
{
    const auto order = m_orders.find(dialect);
    return order == m_orders.end() ? m_providers : order->second;
}

Plan ProviderRegistry::plan(Dialect dialect, const QByteArray &model, const QString &pinned, std::size_t most) const
{
    Plan plan;
    const Providers &order = orderFor(dialect);
    const auto passOver = [&plan](const Provider &provider, const QString &reason) {
        if (plan.unsuited.size() < mostUnsuited)
            plan.unsuited.push_back({ provider.config().name, reason });
    };
    std::vector<Candidate> refusedKeys;
    std::size_t seen = 0;
    for (; seen < order.size() && plan.candidates.size() < most; ++seen) {
        const std::shared_ptr<Provider> &provider = order[seen];
        if (!pinned.isEmpty() && provider->config().name != pinned)
            passOver(*provider, QStringLiteral("pinned"));
        else if (pinned.isEmpty() && !provider->serves(dialect))
            passOver(*provider, QStringLiteral("dialect"));
        else if (!provider->acceptsRequests())
            passOver(*provider, QStringLiteral("disabled"));
        else if (std::optional<QByteArray> mapped = mapModel(provider->config().models, model))
            (provider->authBlocked() ? refusedKeys : plan.candidates).push_back({ provider, std::move(*mapped) });
        else
            passOver(*provider, QStringLiteral("model"));
    }
    plan.unseen = order.size() - seen;
    if (plan.candidates.size() < most)
        std::move(refusedKeys.begin(), refusedKeys.end(), std::back_inserter(plan.candidates));
    else
        plan.unseen += refusedKeys.size();
    return plan;
}

std::optional<Selection> ProviderRegistry::admit(std::vector<Candidate> &candidates, bool slowStart)
{
    const std::int64_t nowMs = m_clock.nowMs();
    std::vector<SkippedProvider> skipped;
    for (auto it = candidates.begin(); it != candidates.end(); ++it) {
        CircuitBreaker &breaker = it->provider->breaker();
        const bool recovering = breaker.mode() == BreakerMode::Auto && breaker.state() == BreakerState::Closed &&
            breaker.weight(nowMs) < 1.0;
        if (slowStart && recovering && m_uniform() >= breaker.weight(nowMs)) {
            skipped.push_back({ it->provider->config().name, QStringLiteral("slow_start") });
            continue;
        }
        Admission admission = breaker.acquire(nowMs);
        if (!admission) {
            skipped.push_back({ it->provider->config().name, QString::fromLatin1(toString(admission.refusal)) });
            continue;
        }
        Selection selection { std::move(*it), std::move(admission.token), std::move(skipped) };
        candidates.erase(it);
        return selection;
    }
    return std::nullopt;
}

std::optional<Selection> ProviderRegistry::admitInPanic(std::vector<Candidate> &candidates)
{
    const std::int64_t nowMs = m_clock.nowMs();
    std::stable_sort(candidates.begin(), candidates.end(), [&](const Candidate &a, const Candidate &b) {
        return a.provider->breaker().gateRemainingMs(nowMs) < b.provider->breaker().gateRemainingMs(nowMs);
    });
    for (auto it = candidates.begin(); it != candidates.end(); ++it) {
        Admission admission = it->provider->breaker().acquirePanic(nowMs);
        if (!admission)
            continue;
        Selection selection { std::move(*it), std::move(admission.token), {} };
        candidates.erase(it);
        return selection;
    }
    return std::nullopt;
}

std::optional<Selection> ProviderRegistry::select(std::vector<Candidate> &candidates, SelectionRefusal &refusal)
{
    refusal = {};
    for (bool slowStart : { true, false }) {
        if (std::optional<Selection> selection = admit(candidates, slowStart))
            return selection;
    }
    if (std::optional<Selection> selection = admitInPanic(candidates))
        return selection;
    for (const Candidate &candidate : candidates) {
        CircuitBreaker &breaker = candidate.provider->breaker();
        if (breaker.mode() != BreakerMode::Auto)
            continue;
        const std::int64_t remaining = breaker.gateRemainingMs(m_clock.nowMs());
        refusal.retryAfterMs = std::min(refusal.retryAfterMs.value_or(remaining), remaining);
    }
    return std::nullopt;
}

ProviderRegistry::Providers ProviderRegistry::orderByScore(std::optional<int> leader) const
{
    std::vector<std::pair<double, std::shared_ptr<Provider>>> scored;
    scored.reserve(m_providers.size());
    for (std::size_t i = 0; i < m_providers.size(); ++i) {
        const bool leads = leader == static_cast<int>(i);
        const double score = m_providers[i]->score().result.score;
        scored.emplace_back(leads ? std::numeric_limits<double>::infinity() : score, m_providers[i]);
    }
    std::stable_sort(scored.begin(), scored.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    Providers order;
    order.reserve(scored.size());
    for (auto &[score, provider] : scored)
        order.push_back(std::move(provider));
    return order;
}

void ProviderRegistry::evaluateLeader()
{
    if (m_strategy != Strategy::Health)
        return;
    for (Dialect dialect : { Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini }) {
        std::vector<SelectionCandidate> candidates;
        for (std::size_t i = 0; i < m_providers.size(); ++i) {
            Provider &provider = *m_providers[i];
            if (!provider.serves(dialect))
                continue;
            const Gate gate = gateOf(provider.breaker().mode(), provider.breaker().state(),
                                     provider.breaker().isThrottled(m_clock.nowMs()));
            candidates.push_back({ static_cast<int>(i), provider.acceptsRequests() && gate == Gate::Closed,
                                   provider.score().result.score });
        }
        StickySelection &leader = m_leaders[dialect];
        leader.evaluate(candidates);
        m_orders[dialect] = orderByScore(leader.current());
    }
}

} // namespace signalbox
