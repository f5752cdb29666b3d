// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/filter.h"
#include "engine/api/requestevent.h"
#include "engine/api/stateevent.h"

#include <QDateTime>
#include <QString>

#include <optional>
#include <vector>

namespace signalbox {

constexpr int largestPage = 10'000; ///< of the queries below

/// Finished requests, newest first.
struct RequestQuery
{
    Filter filter;
    std::optional<QDateTime> since; ///< at this time or later
    std::optional<QDateTime> until; ///< before this time
    std::optional<std::uint64_t> beforeSequence; ///< older than this request: the next page
    int limit = 100;
};

struct RequestPage
{
    std::vector<RequestEvent> requests; ///< newest first
    bool more = false; ///< older ones match too
    std::uint64_t searched = 0; ///< requests that were looked at, in memory and in the history
    QString problem; ///< why what is older could not be read; empty: it could, or nothing is recorded
};

/// State events, newest first.
struct EventQuery
{
    std::optional<StateEvent::Kind> kind;
    QString provider; ///< empty: all
    std::optional<QDateTime> since;
    std::optional<QDateTime> until;
    std::optional<std::uint64_t> beforeSequence;
    int limit = 100;
};

struct EventPage
{
    std::vector<StateEvent> events; ///< newest first
    bool more = false;
    QString problem; ///< as in RequestPage
};

/// A request that is not sent: where would it go right now?
struct RouteQuery
{
    Dialect dialect = Dialect::OpenAi;
    QByteArray model; ///< empty: none named
    QString pinnedProvider; ///< empty: none
};

struct DryRunCandidate
{
    QString provider;
    bool usable = false;
    bool chosen = false; ///< would be asked first
    QString reason; ///< machine name: "ok", "open", "throttled", "dialect", "model", "disabled", "key_missing" ...
    QString text; ///< the reason as one sentence
    QByteArray mappedModel; ///< the provider's name for the model; empty: as the client says
    double score = 0; ///< 0..100
};

struct DryRun
{
    std::vector<DryRunCandidate> candidates; ///< usable ones first, in the order in which they would be asked
    QString summary; ///< one sentence
};

} // namespace signalbox
