// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/conformance/caseresult.h"

#include <QJsonObject>

namespace signalbox::conformance {

/// {"name", "input": {ok, fail, lat: {ttfb|total: [n, p50, p95]}, gate, probe_ok, probe_n, closed, med}, and of S, R,
/// A, T, slope, tau, score those that are to be compared, within 1e-9}.
CaseResult runScoreCase(const QJsonObject &scoreCase);

} // namespace signalbox::conformance
