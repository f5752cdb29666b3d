// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/engine.h"

#include <QJsonObject>
#include <QUrlQuery>

namespace signalbox {

// What callers of the admin API write, checked.
Result<RequestQuery> requestQueryFrom(const QUrlQuery &query);
Result<EventQuery> eventQueryFrom(const QUrlQuery &query);
Result<RouteQuery> routeQueryFrom(const QUrlQuery &query);
Result<ProviderCommand> providerCommandFrom(const QJsonObject &object);

} // namespace signalbox
