// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/alarm.h"
#include "engine/api/inflightrequest.h"
#include "engine/api/requestdetails.h"
#include "engine/api/requestevent.h"
#include "engine/api/stateevent.h"

#include <QByteArray>
#include <QJsonObject>

namespace signalbox {

/// Of the JSON below: members are added without a new version, never renamed or given another meaning.
constexpr int eventJsonVersion = 1;

// Every object says its version in "v" and its type in "type". Times are ISO 8601 in UTC, durations have their unit in
// the name, what is unknown is absent. Bodies, header fields, keys and tokens are in no event; details hold header
// fields, masked.
QJsonObject toJson(const RequestEvent &event);
QJsonObject toJson(const InFlightRequest &request);
QJsonObject toJson(const RequestDetails &details);
QJsonObject toJson(const StateEvent &event);
QJsonObject toJson(const Alarm &alarm);

/// One line of JSONL, with its line feed.
QByteArray toJsonLine(const QJsonObject &object);

} // namespace signalbox
