// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/provider/providerregistry.h"
#include "engine/proxy/attempt.h"
#include "engine/proxy/requesttrace.h"

#include <QStringList>

#include <optional>
#include <vector>

namespace signalbox {

/// Who may be asked for one request, in which order, and why the others are not. Of many providers only the first few
/// are looked at until those are used up, so that a request costs the same with two of them and with a hundred.
class RequestPlan
{
public:
    /// All must outlive it; the shape may change until prepare().
    RequestPlan(ProxyContext &context, const Config &config, const RequestShape &shape, const HeaderList &client);

    /// To one provider: the request cannot be repeated, or the provider keeps an object of its.
    void bind() { m_bound = true; }
    bool isBound() const { return m_bound; }

    void prepare();
    /// Somebody else could be asked.
    bool anyLeft();
    /// The next to ask, with those who were passed over for it.
    std::optional<Selection> next(SelectionRefusal &refusal);
    /// It turned out that it cannot be asked. `reason`: machine name; `detail`: for a person.
    void skip(const QString &provider, const QString &reason, const QString &detail);

    /// "name: detail" of all that were skipped.
    const QStringList &skipped() const { return m_skipped; }
    std::size_t skippedFor(QLatin1String reason) const;

    /// Who was thought of, in which order and with which score. `event` has its attempts by now.
    void write(TraceWriter &writer, const RequestEvent &event) const;

private:
    void preferOwner();
    void lookAtRest();
    void note(const std::vector<Candidate> &candidates);
    void dropUnusable(std::vector<Candidate> &candidates);
    bool lacksCredential(const ProviderConfig &provider) const;
    QString fateOf(const TraceCandidate &candidate, const RequestEvent &event) const;

    ProxyContext &m_context;
    const Config &m_config;
    const RequestShape &m_shape;
    const HeaderList &m_client;
    bool m_bound = false;
    std::vector<Candidate> m_candidates;
    std::vector<TraceCandidate> m_considered; ///< those that were candidates
    std::vector<SkippedProvider> m_unsuited;
    std::size_t m_unseen = 0;
    QStringList m_skipped;
    std::vector<SkippedProvider> m_notAsked; ///< the same by machine name, since the attempt before
};

} // namespace signalbox
