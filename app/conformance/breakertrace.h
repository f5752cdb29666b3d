// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/conformance/caseresult.h"

#include <QJsonObject>

namespace signalbox::conformance {

/// Replays {"id", "cfg", "u", "steps"}; cfg overrides defaults, times are milliseconds, u is the jitter. Steps:
///   ["call", t, OUTCOME, {slow, ra}, state after or null]   acquire and complete at t; must be admitted
///   ["acq", t, name, "normal" | "probe" | "bypass" | ["no", why, retry after?]]
///   ["panic", t, name, "panic" | ["no", why, retry after?]]
///   ["done", t, name, OUTCOME, {slow, ra}, result or null]
///   ["slow", t, name]  ["tick", t]  ["health", t, ok]  ["force", t, MODE]  ["trip_for", t, ms]  ["reset", t]
///   ["is", t, {field: value}]
/// Stops at the first difference.
CaseResult runBreakerTrace(const QJsonObject &trace, const QJsonObject &defaults);

} // namespace signalbox::conformance
