// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/history.h"
#include "engine/api/requestdetails.h"
#include "engine/api/requestevent.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <utility>
#include <vector>

namespace signalbox {

/// Name and value.
using Facts = QList<std::pair<QString, QString>>;

Facts summaryFacts(const RequestEvent &event);
Facts requestFacts(const RequestEvent &event, const RequestDetails *details);
Facts responseFacts(const RequestEvent &event);
/// Every message's fields, hop by hop; masked by the engine.
QString headersText(const RequestDetails &details);

/// JSON indented, also inside an event stream; anything else as it is. May take a while.
QString prettyBody(const QByteArray &body);
/// Bytes that are no text are shown as such.
QString rawBody(const QByteArray &body);
/// Null if there is none of that kind; of the answers the last.
const CapturedContent *capturedOf(const std::vector<CapturedContent> &captured, CapturedContent::Kind kind);

} // namespace signalbox
