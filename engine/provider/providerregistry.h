// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "engine/health/stickyselection.h"
#include "engine/provider/provider.h"

#include <map>
#include <memory>
#include <vector>

namespace signalbox {

/// A provider that can serve a request, with its name for the model.
struct Candidate
{
    std::shared_ptr<Provider> provider;
    QByteArray mappedModel; ///< empty: the client's
};

struct Selection
{
    Candidate candidate;
    BreakerToken token;
    std::vector<SkippedProvider> skipped; ///< came before it and were not chosen
};

/// Why nobody took the request.
struct SelectionRefusal
{
    std::optional<std::int64_t> retryAfterMs; ///< least remaining wait, if waiting helps
};

/// All providers in failover order, and the choice between them. Lives on the engine thread.
class ProviderRegistry
{
public:
    ProviderRegistry(const Clock &clock, std::function<double()> uniform);

    /// Keeps the state of providers whose name stays; drops and adds the others.
    void apply(const std::vector<ProviderConfig> &configs, Strategy strategy);
    void setObserver(Provider::Observer observer) { m_observer = std::move(observer); }

    Strategy strategy() const { return m_strategy; }
    const std::vector<std::shared_ptr<Provider>> &providers() const { return m_providers; }
    std::shared_ptr<Provider> find(const QString &name) const;

    /// Providers of that dialect and model in the order to try them. Pinned: that one only, whatever its dialect.
    std::vector<Candidate> plan(Dialect dialect, const QByteArray &model, const QString &pinned) const;
    /// True if any provider, enabled or not, is configured for the dialect.
    bool anyFor(Dialect dialect) const;

    /// The first candidate that admits, else the last resort. Takes the chosen one out of `candidates`.
    std::optional<Selection> select(std::vector<Candidate> &candidates, SelectionRefusal &refusal);

    /// Once per new score: which provider leads when the strategy is health.
    void evaluateLeader();

private:
    std::optional<Selection> admit(std::vector<Candidate> &candidates, bool slowStart);
    std::optional<Selection> admitInPanic(std::vector<Candidate> &candidates);

    const Clock &m_clock;
    std::function<double()> m_uniform;
    Strategy m_strategy = Strategy::Priority;
    std::vector<std::shared_ptr<Provider>> m_providers;
    Provider::Observer m_observer;
    std::map<Dialect, StickySelection> m_leaders;
};

} // namespace signalbox
