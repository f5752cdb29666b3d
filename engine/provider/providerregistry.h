// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "engine/health/stickyselection.h"
#include "engine/provider/provider.h"

#include <limits>
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

/// Who can serve a request, and who cannot.
struct Plan
{
    std::vector<Candidate> candidates; ///< in the order to try them
    std::vector<SkippedProvider>
        unsuited; ///< the first of those that were passed over: "pinned", "dialect", "model", "disabled"
    std::size_t unseen = 0; ///< not looked at, since enough were found before
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

    /// Providers of that dialect and model, those whose key was refused last. Pinned: that one only, whatever its
    /// dialect. Looks no further when `most` are found.
    Plan plan(Dialect dialect, const QByteArray &model, const QString &pinned,
              std::size_t most = std::numeric_limits<std::size_t>::max()) const;
    /// True if any provider, enabled or not, is configured for the dialect.
    bool anyFor(Dialect dialect) const;

    /// The first candidate that admits and is not in its slow start just now. Takes it out of `candidates`.
    std::optional<Selection> selectReady(std::vector<Candidate> &candidates) { return admit(candidates, true); }
    /// Else the first that admits, else the last resort.
    std::optional<Selection> select(std::vector<Candidate> &candidates, SelectionRefusal &refusal);

    /// Once per new score, when the strategy is health: which provider leads, and the order behind it.
    void evaluateLeader();

private:
    using Providers = std::vector<std::shared_ptr<Provider>>;

    const Providers &orderFor(Dialect dialect) const;
    Providers orderByScore(std::optional<int> leader) const;
    std::optional<Selection> admit(std::vector<Candidate> &candidates, bool slowStart);
    std::optional<Selection> admitInPanic(std::vector<Candidate> &candidates);

    const Clock &m_clock;
    std::function<double()> m_uniform;
    Strategy m_strategy = Strategy::Priority;
    Providers m_providers;
    Provider::Observer m_observer;
    std::map<Dialect, StickySelection> m_leaders;
    std::map<Dialect, Providers> m_orders; ///< only when the strategy is health
};

} // namespace signalbox
