// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/replay.h"
#include "engine/base/result.h"

#include <QDateTime>
#include <QJsonObject>
#include <QUrlQuery>

namespace signalbox {

/// since, until (ISO 8601; the last 24 h), provider and set=KEY=VALUE (both any number of times), points.
Result<ReplayQuery> replayQueryFrom(const QUrlQuery &query, const QDateTime &now);

struct ShadowRequest
{
    PolicyDraft draft;
    Milliseconds duration { 0 };
};
/// {"settings": {"breaker.threshold": "3"}, "durationMs": 3600000}
Result<ShadowRequest> shadowRequestFrom(const QJsonObject &object);

QJsonObject toJson(const ReplayResult &result);

} // namespace signalbox
