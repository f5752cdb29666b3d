// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/headerlist.h"

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <chrono>
#include <cstdint>
#include <vector>

namespace signalbox {

/// A provider that was thought of when the request came, in the order in which they would have been asked; then those
/// that could not serve it.
struct ConsideredProvider
{
    QString provider;
    /// Machine name: "asked", "not_needed", or why it was not asked: "open", "throttled", "key_missing", "dialect",
    /// "model", "disabled" ... "refused": nobody was asked, since no breaker let it through.
    QString reason;
    double score = 0; ///< health score at that moment, 0..100
    QByteArray mappedModel; ///< its name for the model; empty: as the client says
};

/// What went to a provider and what came back, without bodies.
struct AttemptDetails
{
    QString provider;
    QByteArray target; ///< path and query as sent
    HeaderList sent; ///< without the framing fields that the transport adds
    int status = 0; ///< 0: no answer
    HeaderList received;
};

/// One event of a streamed answer.
struct StreamEventDetails
{
    std::chrono::microseconds at { 0 }; ///< since the attempt began
    QByteArray name; ///< the dialect's type ("content_block_delta"), or the event field; empty: it has none
    std::uint32_t bytes = 0; ///< of its data
};

/// What the inspector shows of one request beside its RequestEvent. Keys, tokens and cookies are masked everywhere.
struct RequestDetails
{
    std::uint64_t sequence = 0;
    QByteArray target; ///< path and query as the client sent it
    HeaderList received; ///< from the client
    std::vector<ConsideredProvider> considered;
    std::uint64_t notLookedAt = 0; ///< further providers: enough could be asked before their turn
    std::vector<AttemptDetails> attempts; ///< in the order of RequestEvent::attempts
    std::vector<StreamEventDetails> events; ///< of the answer; at most the first 500
    std::uint64_t furtherEvents = 0; ///< that came after those
};

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::RequestDetails)
