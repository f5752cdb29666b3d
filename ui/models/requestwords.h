// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/inflightrequest.h"
#include "engine/api/requestevent.h"

namespace signalbox {

/// A machine name as words: "half_open_busy" is "half-open, probe under way".
QString reasonWords(const QString &reason);
/// How a request ended, with its whole chain: "served by openai on attempt 2 of 3 (anthropic-eu 529, skipped
/// local-vllm: breaker open)". "of 3" counts every provider that was asked or skipped.
QString outcomeWords(const RequestEvent &event);
/// What a request in flight is doing: "in flight: openai, attempt 2, waiting for the first byte".
QString flightWords(const InFlightRequest &request);
/// Why a provider was asked, from AttemptEvent::chosenBecause: "first in failover order".
QString choiceWords(const QString &chosenBecause);

} // namespace signalbox
