// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/metricsaggregator.h"

#include <algorithm>

namespace signalbox {

namespace {

const QByteArray otherName = QByteArrayLiteral("other");

HistogramSnapshot snapshotOf(const CumulativeHistogram &histogram)
{
    CumulativeCounts counts = histogram.counts();
    return { std::move(counts.upperBounds), std::move(counts.cumulativeCounts), counts.sum, counts.count };
}

double secondsOf(std::chrono::microseconds time)
{
    return std::chrono::duration<double>(time).count();
}

/// The counter of `key`, or of `other` once there are `limit` of them.
template <typename Key, typename Value>
Value &bounded(QHash<Key, Value> &counters, const Key &key, qsizetype limit, const Key &other)
{
    if (const auto found = counters.find(key); found != counters.end())
        return found.value();
    return counters[counters.size() < limit ? key : other];
}

void add(OutcomeCounts &counts, Outcome outcome)
{
    switch (outcome) {
    case Outcome::Success:
        ++counts.success;
        break;
    case Outcome::Failure:
        ++counts.failure;
        break;
    case Outcome::Throttled:
        ++counts.throttled;
        break;
    case Outcome::Ignored:
        ++counts.ignored;
        break;
    }
}

void add(TokenTotals &totals, const TokenUsage &usage)
{
    if (!usage.known)
        return;
    totals.input += usage.inputTokens;
    totals.cached += usage.cachedTokens;
    totals.cacheWrite += usage.cacheWriteTokens;
    totals.output += usage.outputTokens;
    totals.reasoning += usage.reasoningTokens;
}

std::size_t statusClassOf(int status)
{
    return status >= 100 && status < 600 ? static_cast<std::size_t>(status / 100) : 0;
}

QString dialectName(std::size_t index)
{
    constexpr std::array known { Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini };
    return index < known.size() ? QString::fromLatin1(toString(known[index])) : QString();
}

} // namespace

MetricsAggregator::MetricsAggregator()
    : m_firstByte(CumulativeHistogram::answerBounds()), m_total(CumulativeHistogram::answerBounds())
{
}

MetricsAggregator::EndpointCounts &MetricsAggregator::endpointCounts(std::size_t dialect, const QByteArray &endpoint)
{
    return bounded(m_endpoints[dialect], endpoint, endpointLimit, otherName);
}

void MetricsAggregator::record(const RequestEvent &event)
{
    const std::size_t dialect = event.dialect ? static_cast<std::size_t>(*event.dialect) : dialects - 1;
    ++endpointCounts(dialect, event.endpoint)[static_cast<std::size_t>(event.end)][statusClassOf(event.status)];
    for (const AttemptEvent &attempt : event.attempts)
        recordAttempt(attempt, event.model);
    // Local answers and refusals would drown the model's own times.
    if (event.attempts.empty())
        return;
    if (event.firstByte.count() > 0)
        m_firstByte.observe(secondsOf(event.firstByte));
    m_total.observe(secondsOf(event.total));
}

void MetricsAggregator::recordAttempt(const AttemptEvent &attempt, const QByteArray &model)
{
    ProviderCounts &provider = m_providers[attempt.provider];
    add(bounded(provider.models, model, modelLimit, otherName), attempt.outcome);
    static const QString otherReason = QStringLiteral("other");
    ++bounded(provider.reasons, attempt.reason, reasonLimit, otherReason);
    ProviderTotals &totals = provider.totals;
    add(totals.tokens, attempt.usage);
    if (attempt.costUsd) {
        totals.costUsd += *attempt.costUsd;
        ++totals.costKnown;
    } else if (attempt.outcome == Outcome::Success) {
        ++totals.costUnknown;
    }
    if (attempt.possiblyBilled)
        ++totals.possiblyBilled;
}

void MetricsAggregator::recordTransition(const QString &provider, BreakerState from, BreakerState to)
{
    if (from == to)
        return;
    TransitionTotals &transitions = m_providers[provider].totals.transitions;
    switch (to) {
    case BreakerState::Open:
        ++transitions.toOpen;
        break;
    case BreakerState::HalfOpen:
        ++transitions.toHalfOpen;
        break;
    case BreakerState::Closed:
        ++transitions.toClosed;
        break;
    }
}

void MetricsAggregator::recordStep(const QString &provider, bool slower)
{
    ProviderTotals &totals = m_providers[provider].totals;
    ++(slower ? totals.stepsSlower : totals.stepsFaster);
}

void MetricsAggregator::writeInto(EngineSnapshot &snapshot) const
{
    snapshot.requestFirstByte = snapshotOf(m_firstByte);
    snapshot.requestTotal = snapshotOf(m_total);
    snapshot.endpoints.clear();
    for (std::size_t dialect = 0; dialect < dialects; ++dialect) {
        for (auto it = m_endpoints[dialect].begin(); it != m_endpoints[dialect].end(); ++it) {
            for (std::size_t end = 0; end < ends; ++end) {
                const char *endName = toString(static_cast<RequestEvent::End>(end));
                for (std::size_t status = 0; status < statusClasses; ++status) {
                    if (const std::uint64_t count = it.value()[end][status])
                        snapshot.endpoints.push_back({ dialectName(dialect), QString::fromUtf8(it.key()),
                                                       QString::fromLatin1(endName), static_cast<int>(status), count });
                }
            }
        }
    }
    for (ProviderSnapshot &provider : snapshot.providers) {
        const auto found = m_providers.find(provider.name);
        if (found == m_providers.end())
            continue;
        provider.totals = found->totals;
        for (auto it = found->models.begin(); it != found->models.end(); ++it)
            provider.totals.models.push_back({ QString::fromUtf8(it.key()), it.value() });
        for (auto it = found->reasons.begin(); it != found->reasons.end(); ++it)
            provider.totals.attemptReasons.push_back({ it.key(), it.value() });
        std::sort(provider.totals.models.begin(), provider.totals.models.end(),
                  [](const ModelTotals &a, const ModelTotals &b) { return a.model < b.model; });
        std::sort(provider.totals.attemptReasons.begin(), provider.totals.attemptReasons.end(),
                  [](const ReasonCount &a, const ReasonCount &b) { return a.reason < b.reason; });
    }
}

} // namespace signalbox
