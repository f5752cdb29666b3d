// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/provider/providerregistry.h"

#include "engine/base/clock.h"
#include "engine/provider/modelmap.h"

#include <algorithm>

namespace signalbox {

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
    evaluateLeader();
}

bool ProviderRegistry::anyFor(Dialect dialect) const
{
    return std::any_of(m_providers.begin(), m_providers.end(),
                       [&](const auto &provider) { return provider->serves(dialect); });
}

std::vector<Candidate> ProviderRegistry::plan(Dialect dialect, const QByteArray &model, const QString &pinned) const
{
    std::vector<Candidate> result;
    for (const auto &provider : m_providers) {
        const bool meant = pinned.isEmpty() ? provider->serves(dialect) : provider->config().name == pinned;
        if (!meant || !provider->acceptsRequests())
            continue;
        if (const std::optional<QByteArray> mapped = mapModel(provider->config().models, model))
            result.push_back({ provider, *mapped });
    }
    if (const auto leader = m_leaders.find(dialect); m_strategy == Strategy::Health && leader != m_leaders.end()) {
        std::stable_sort(result.begin(), result.end(), [](const Candidate &a, const Candidate &b) {
            return a.provider->score().result.score > b.provider->score().result.score;
        });
        const int current = leader->second.current().value_or(-1);
        std::stable_partition(result.begin(), result.end(), [&](const Candidate &candidate) {
            return current >= 0 && current < static_cast<int>(m_providers.size()) &&
                m_providers[static_cast<std::size_t>(current)] == candidate.provider;
        });
    }
    std::stable_partition(result.begin(), result.end(), [](const Candidate &c) { return !c.provider->authBlocked(); });
    return result;
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
        m_leaders[dialect].evaluate(candidates);
    }
}

} // namespace signalbox
