// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "ui/charts/chartdata.h"

namespace signalbox {

/// What of a request with its attempts is drawn. Connect: name lookup is not in it. Connect and Tls: of the provider's
/// attempts that opened a connection. Request: all attempts together, whoever was asked.
enum class RequestTime { Connect, Tls, Request };

/// Median and highest by stretch of the span, in milliseconds.
std::vector<ChartSeries> requestTimeSeries(const std::vector<RequestEvent> &requests, const QString &provider,
                                           RequestTime time, const TimeSpan &span);

} // namespace signalbox
